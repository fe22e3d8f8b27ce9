import { isName } from './characters';
import { quote } from './quote';
import type { BinaryNode, ExprNode, MapPair, MemberNode, UnaryNode } from './tree';

/**
 * The tree as source text. Parsing it gives an equal tree, positions aside.
 *
 * @example print(parse('a&&!b')) // 'a and not b'
 */
export function print(node: ExprNode): string {
  switch (node.kind) {
    case 'nil':
      return 'nil';
    case 'bool':
    case 'integer':
      return String(node.value);
    case 'float':
      return printFloat(node.value);
    case 'string':
      return quote(node.value);
    case 'bytes':
      return `b"${node.value.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`;
    case 'identifier':
      return node.name;
    case 'pointer':
      return `#${node.name}`;
    case 'unary':
      return printUnary(node);
    case 'binary':
      return printBinary(node);
    case 'member':
      return printMember(node);
    case 'slice':
      return `${printTarget(node.target)}[${node.from ? printWhole(node.from) : ''}:${node.to ? printWhole(node.to) : ''}]`;
    case 'chain':
      return print(node.expression);
    case 'call':
      return `${printTarget(node.callee)}(${node.arguments.map(printWhole).join(', ')})`;
    case 'builtin':
      return `${node.name}(${node.arguments.map(printWhole).join(', ')})`;
    case 'predicate':
      return `{ ${print(node.body)} }`;
    case 'conditional':
      return `${printOperand(node.condition)} ? ${printOperand(node.consequent)} : ${printOperand(node.alternate)}`;
    case 'let':
      return `let ${node.name} = ${printWhole(node.value)}; ${print(node.body)}`;
    case 'sequence':
      return node.expressions.map(printWhole).join('; ');
    case 'array':
      return `[${node.elements.map(printWhole).join(', ')}]`;
    case 'map':
      return `{${node.pairs.map(printPair).join(', ')}}`;
  }
}

/** A float must not read as an integer. */
function printFloat(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Where a whole expression may stand, but neither a sequence nor a `let` whose body could be taken for one. */
function printWhole(node: ExprNode): string {
  return node.kind === 'sequence' || node.kind === 'let' ? `(${print(node)})` : print(node);
}

/** In an operator's place: whatever is no operand by itself gets parentheses. */
function printOperand(node: ExprNode): string {
  switch (node.kind) {
    case 'unary':
    case 'binary':
    case 'conditional':
    case 'let':
    case 'sequence':
      return `(${print(node)})`;
    default:
      return print(node);
  }
}

/** Before a postfix, which numbers and the literal names do not take. */
function printTarget(node: ExprNode): string {
  switch (node.kind) {
    case 'nil':
    case 'bool':
    case 'integer':
    case 'float':
      return `(${print(node)})`;
    default:
      return printOperand(node);
  }
}

function printUnary(node: UnaryNode): string {
  return node.operator === 'not' ? `not ${printOperand(node.operand)}` : node.operator + printOperand(node.operand);
}

/** A chain of `and` or of `or` may be thousands of operands long: it is printed flat, without parentheses or recursion. */
function printBinary(root: BinaryNode): string {
  const flat = root.operator === 'and' || root.operator === 'or';
  const parts = [printOperand(root.right)];
  let { left } = root;
  while (flat && left.kind === 'binary' && left.operator === root.operator) {
    parts.push(printOperand(left.right));
    left = left.left;
  }
  parts.push(printOperand(left));
  return parts.reverse().join(` ${root.operator} `);
}

function printMember(node: MemberNode): string {
  const { property, optional } = node;
  const target = printTarget(node.target);
  if (property.kind === 'string' && isName(property.value)) return `${target}${optional ? '?.' : '.'}${property.value}`;
  return `${target}${optional ? '?.' : ''}[${printWhole(property)}]`;
}

function printPair({ key, value }: MapPair): string {
  return `${key.kind === 'string' ? quote(key.value) : `(${print(key)})`}: ${printWhole(value)}`;
}
