import { floatText } from '../value/float';
import type { Argument, Closure, Expression, If, ProgramTree, Query, Segment, Target } from './tree';

/** Writes a tree as program text that parses to the same tree. */
export function printProgram(tree: ProgramTree): string {
  return tree.roots.map((root) => printExpression(root)).join('\n');
}

export function printExpression(node: Expression): string {
  switch (node.type) {
    case 'string':
      return node.raw ? `s'${node.text}'` : quoteString(node.text);
    case 'template':
      return `"${node.parts.map((part) => (typeof part === 'string' ? escapeString(part) : `{{ ${part.name} }}`)).join('')}"`;
    case 'integer':
      return String(node.value);
    case 'float': {
      const text = floatText(node.value);
      return text.includes('.') ? text : `${text}.0`;
    }
    case 'boolean':
      return String(node.value);
    case 'null':
      return 'null';
    case 'regex':
      return `r'${node.text.replace(/'/g, "\\'")}'`;
    case 'timestamp':
      return `t'${node.text.replace(/'/g, "\\'")}'`;
    case 'array':
      return `[${node.items.map(printExpression).join(', ')}]`;
    case 'object':
      return `{${node.members.map(({ key, value }) => ` ${quoteString(key)}: ${printExpression(value)}`).join(',')} }`;
    case 'group':
      return `(${printExpression(node.inner)})`;
    case 'block':
      return `{\n${node.body.map(printExpression).join('\n')}\n}`;
    case 'if':
      return printIf(node);
    case 'binary':
      return `${printExpression(node.left)} ${node.operator} ${printExpression(node.right)}`;
    case 'not':
      return `!${printExpression(node.operand)}`;
    case 'query':
      return printQuery(node);
    case 'call': {
      const args = node.arguments.map(printArgument).join(', ');
      return `${node.name}${node.aborts ? '!' : ''}(${args})${node.closure === undefined ? '' : printClosure(node.closure)}`;
    }
    case 'assignment': {
      const second = node.errorTarget === undefined ? '' : `, ${printTarget(node.errorTarget)}`;
      return `${printTarget(node.target)}${second} ${node.operator} ${printExpression(node.value)}`;
    }
    case 'abort':
      return node.message === undefined ? 'abort' : `abort ${printExpression(node.message)}`;
    case 'return':
      return `return ${printExpression(node.value)}`;
  }
}

function printIf(node: If): string {
  const lines = node.predicate.map(printExpression);
  const predicate = lines.length === 1 ? (lines[0] as string) : `(${lines.join('; ')})`;
  const head = `if ${predicate} ${printExpression(node.then)}`;
  return node.otherwise === undefined ? head : `${head} else ${printExpression(node.otherwise)}`;
}

export function printTarget(target: Target): string {
  return target.type === 'ignore' ? '_' : printQuery(target);
}

function printArgument(argument: Argument): string {
  return (argument.keyword === undefined ? '' : `${argument.keyword}: `) + printExpression(argument.value);
}

function printClosure(closure: Closure): string {
  return ` -> |${closure.variables.map((name) => name ?? '_').join(', ')}| ${printExpression(closure.block)}`;
}

function printQuery(query: Query): string {
  const { base } = query;
  const path = pathText(query.path);
  switch (base.type) {
    case 'event':
      return path.startsWith('.') ? path : `.${path}`;
    case 'metadata':
      return `%${path.startsWith('.') ? path.slice(1) : path}`;
    case 'variable':
      return base.name + path;
    case 'expression':
      return printExpression(base.expression) + path;
  }
}

const PLAIN_FIELD = /^(?![0-9]+$)[A-Za-z_@0-9]+$/;

/** A path's segments as text, each field with its dot: `.a."b c"[0]`. */
export function pathText(path: readonly Segment[]): string {
  return path
    .map((segment) =>
      typeof segment === 'number' ? `[${segment}]` : `.${PLAIN_FIELD.test(segment) ? segment : quoteString(segment)}`,
    )
    .join('');
}

function quoteString(text: string): string {
  return `"${escapeString(text)}"`;
}

function escapeString(text: string): string {
  return text
    .replace(/[\\"]/g, '\\$&')
    .replace(/\{\{/g, '\\{\\{')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')
    .replace(/\0/g, '\\0');
}
