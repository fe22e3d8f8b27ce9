import { ExprCompileError } from '../errors';
import { countUpTo, KEPT } from '../builtins/predicates';
import { builtinType } from '../builtins/signatures';
import { BUILTIN_NAMES } from '../syntax/builtin-names';
import type {
  ArrayNode,
  BinaryNode,
  BuiltinNode,
  ConditionalNode,
  ExprNode,
  IdentifierNode,
  LetNode,
  MapNode,
  MemberNode,
  PointerNode,
  SequenceNode,
  UnaryNode,
} from '../syntax/tree';
import { sameKind, unaryType } from '../types/operator-types';
import {
  ARRAY,
  arrayOf,
  BOOL,
  BYTES,
  describeType,
  FLOAT,
  INT,
  MAP,
  NIL,
  STRING,
  unify,
  UNKNOWN,
  type StaticType,
} from '../types/static-type';
import { ExprFloat, type Value } from '../value/value';
import { compileMember, compileSlice, SKIPPED } from './access';
import { identityOf, negate, toFloat } from './arithmetic';
import { compileBinary } from './binary';
import { compileBuiltin } from './builtin-call';
import { compileCall } from './call';
import { constantOf, type Compiled } from './compiled';
import { EnvironmentUse, type EnvironmentTypes } from './environment';
import { checkLogic, compileLogic, linksOf, operandsOf, truth } from './logic';
import { compileMap } from './map-literal';
import { compileFilterEdge, compilePredicateCall } from './predicate-call';
import { Scope, type SlotVariable } from './scope';

/** Name of the environment as a whole. */
export const WHOLE_ENVIRONMENT = '$env';

/** Turns a tree into closures and checks its types on the way. One compiler compiles one expression. */
export class Compiler {
  readonly source: string;
  readonly scope = new Scope();
  readonly use = new EnvironmentUse();
  readonly #environment: EnvironmentTypes;

  constructor(source: string, environment: EnvironmentTypes) {
    this.source = source;
    this.#environment = environment;
  }

  /** @throws ExprCompileError where types can never fit, a name is unknown or a literal is bad. */
  compile(node: ExprNode): Compiled {
    const at = node.at;
    switch (node.kind) {
      case 'nil':
        return constantOf(null, NIL, at);
      case 'bool':
        return constantOf(node.value, BOOL, at);
      case 'integer':
        return constantOf(node.value, INT, at);
      case 'float':
        return constantOf(new ExprFloat(node.value), FLOAT, at);
      case 'string':
        return constantOf(node.value, STRING, at);
      case 'bytes':
        return constantOf(Uint8Array.from(node.value), BYTES, at);
      case 'identifier':
        return this.#identifier(node);
      case 'pointer':
        return this.#pointer(node);
      case 'unary':
        return this.#unary(node);
      case 'binary':
        return this.#binary(node);
      case 'member':
        return this.#member(node);
      case 'slice':
        return compileSlice(
          node,
          this.compile(node.target),
          node.from && this.compile(node.from),
          node.to && this.compile(node.to),
          this.source,
        );
      case 'chain':
        return this.#chain(node.expression);
      case 'call':
        return compileCall(node, this);
      case 'builtin':
        return compileBuiltin(node, this);
      case 'predicate':
        throw this.error('predicate', 'a predicate may only stand in the arguments of a builtin', at);
      case 'conditional':
        return this.#conditional(node);
      case 'let':
        return this.#let(node);
      case 'sequence':
        return this.#sequence(node);
      case 'array':
        return this.#array(node);
      case 'map':
        return this.#map(node);
    }
  }

  error(code: string, message: string, at: number): ExprCompileError {
    return new ExprCompileError(code, message, this.source, at);
  }

  #identifier(node: IdentifierNode): Compiled {
    const { name, at } = node;
    const variable = this.scope.variable(name);
    if (variable !== undefined) return readSlot(variable, at);
    if (name === WHOLE_ENVIRONMENT) {
      this.use.all = true;
      return { type: UNKNOWN, at, run: (frame) => frame.whole() };
    }
    const shadowed = BUILTIN_NAMES.has(name) && !this.#environment.declares(name);
    const type = shadowed ? builtinType(name) : this.#environment.typeOf(name);
    if (type === undefined) throw this.error('unknown_name', `unknown name ${name}`, at);
    this.use.require(name, at);
    return this.#read(name, type, at);
  }

  #read(name: string, type: StaticType, at: number): Compiled {
    this.use.read(name);
    return { type, at, run: (frame) => frame.get(name) };
  }

  #pointer(node: PointerNode): Compiled {
    const scope = this.scope.predicate;
    const variables = new Map([
      ['', scope?.element],
      ['index', scope?.index],
      ['acc', scope?.accumulator],
    ]);
    const variable = variables.get(node.name);
    if (variable === undefined) throw this.error('unknown_name', `unknown pointer #${node.name}`, node.at);
    return readSlot(variable, node.at);
  }

  #unary(node: UnaryNode): Compiled {
    const { operator, at } = node;
    const operand = this.compile(node.operand);
    const type = unaryType(operator, operand.type);
    if (type === undefined) {
      const written = operator === 'not' && this.source.startsWith('!', at) ? '!' : operator;
      const message = `invalid operation: ${written} (mismatched type ${describeType(operand.type)})`;
      throw this.error('operand_type', message, at);
    }
    const { run, constant } = operand;
    if (operator === 'not') {
      if (typeof constant === 'boolean') return constantOf(!constant, type, at);
      return { type, at, run: (frame) => !truth(run(frame), at) };
    }
    const operate = operator === '-' ? negate : identityOf;
    if (constant !== undefined && toFloat(constant) !== undefined) return constantOf(operate(constant, at), type, at);
    return { type, at, run: (frame) => operate(run(frame), at) };
  }

  #binary(node: BinaryNode): Compiled {
    if (node.operator === 'and' || node.operator === 'or') return this.#logic(node, node.operator);
    if (node.operator === 'in' && this.isWhole(node.right)) return this.#inEnvironment(node);
    const counted = countLimit(node);
    const left =
      counted === undefined
        ? this.compile(node.left)
        : compilePredicateCall(counted.call, this, countUpTo(counted.limit));
    return compileBinary(node, left, this.compile(node.right), this.source);
  }

  #logic(node: BinaryNode, operator: 'and' | 'or'): Compiled {
    const operands = operandsOf(node).map((operand) => this.compile(operand));
    const links = linksOf(node);
    checkLogic(operands, links, this.source);
    return compileLogic(
      operator,
      operands,
      links.map((link) => link.at),
    );
  }

  /** `"name" in $env` looks the name up without making a map of the environment. */
  #inEnvironment(node: BinaryNode): Compiled {
    if (node.left.kind !== 'string') {
      return compileBinary(node, this.compile(node.left), this.compile(node.right), this.source);
    }
    const name = node.left.value;
    this.use.read(name);
    return { type: BOOL, at: node.at, run: (frame) => frame.find(name) !== undefined };
  }

  /** Whether the node is the environment itself. */
  isWhole(node: ExprNode): boolean {
    return (
      node.kind === 'identifier' &&
      node.name === WHOLE_ENVIRONMENT &&
      this.scope.variable(WHOLE_ENVIRONMENT) === undefined
    );
  }

  #member(node: MemberNode): Compiled {
    const edge = node.optional ? undefined : edgeOf(node.property);
    const kept = edge && compileFilterEdge(node, node.target, KEPT[edge], this);
    if (kept !== undefined) return kept;
    if (!this.isWhole(node.target)) {
      return compileMember(node, this.compile(node.target), this.compile(node.property), this.source);
    }
    if (node.property.kind === 'string') return this.#ownMember(node, node.property.value);
    return compileMember(node, this.compile(node.target), this.compile(node.property), this.source);
  }

  /** `$env.name`: a name that the host did not declare is an error, unless `?.` asks for it. */
  #ownMember(node: MemberNode, name: string): Compiled {
    const type = this.#environment.typeOf(name);
    if (type === undefined && !node.optional) throw this.error('unknown_name', `unknown name ${name}`, node.at);
    if (!node.optional) this.use.require(name, node.at);
    return this.#read(name, type ?? UNKNOWN, node.at);
  }

  #chain(expression: ExprNode): Compiled {
    const { type, run, at } = this.compile(expression);
    return {
      type,
      at,
      run: (frame) => {
        const value = run(frame);
        return value === SKIPPED ? null : value;
      },
    };
  }

  #conditional(node: ConditionalNode): Compiled {
    const condition = this.compile(node.condition);
    if (condition.type.kind !== 'bool' && condition.type.kind !== 'unknown') {
      const message = `non-bool expression (type ${describeType(condition.type)}) used as condition`;
      throw this.error('not_boolean', message, node.condition.at);
    }
    const consequent = this.compile(node.consequent);
    const alternate = this.compile(node.alternate);
    return {
      type: unify(consequent.type, alternate.type),
      at: node.at,
      run: (frame) => (truth(condition.run(frame), condition.at) ? consequent.run(frame) : alternate.run(frame)),
    };
  }

  #let(node: LetNode): Compiled {
    const { name, at } = node;
    const held = this.#holder(name);
    if (held !== undefined) throw this.error('redeclared', `cannot redeclare ${held}${name}`, at);
    const value = this.compile(node.value);
    const variable = this.scope.slot(value.type);
    this.scope.declare(name, variable);
    const body = this.compile(node.body);
    this.scope.remove(name);
    const { slot } = variable;
    return {
      type: body.type,
      at,
      run: (frame) => {
        frame.slots[slot] = value.run(frame);
        return body.run(frame);
      },
    };
  }

  /** What a name stands for already: a word before it in a message, undefined where it is free. */
  #holder(name: string): string | undefined {
    if (this.#environment.declares(name) || name === WHOLE_ENVIRONMENT) return '';
    if (BUILTIN_NAMES.has(name)) return 'builtin ';
    return this.scope.variable(name) === undefined ? undefined : 'variable ';
  }

  #sequence(node: SequenceNode): Compiled {
    const parts = node.expressions.map((expression) => this.compile(expression));
    const runs = parts.map((part) => part.run);
    return {
      type: parts.at(-1)?.type ?? NIL,
      at: node.at,
      run: (frame) => {
        let value: Value = null;
        for (const run of runs) value = run(frame);
        return value;
      },
    };
  }

  #array(node: ArrayNode): Compiled {
    const at = node.at;
    const items = node.elements.map((element) => this.compile(element));
    const last = items.at(-1);
    const uniform = last !== undefined && items.every((item) => sameKind(item.type, last.type));
    const type = uniform ? arrayOf(last.type) : ARRAY;
    const constants: Value[] = [];
    for (const { constant } of items) if (constant !== undefined) constants.push(constant);
    if (constants.length === items.length) return constantOf(Object.freeze(constants), type, at);
    const runs = items.map((item) => item.run);
    return {
      type,
      at,
      run: (frame) => {
        frame.chargeElements(runs.length, at);
        return runs.map((run) => run(frame));
      },
    };
  }

  #map(node: MapNode): Compiled {
    const pairs = node.pairs.map((pair) => ({ key: this.compile(pair.key), value: this.compile(pair.value) }));
    return { type: MAP, at: node.at, run: compileMap(pairs, node.at) };
  }
}

/** `count(...) > n` and `count(...) >= n` with a predicate and a literal n, and how far has to be counted. */
function countLimit(node: BinaryNode): { readonly call: BuiltinNode; readonly limit: number } | undefined {
  const { operator, left, right } = node;
  if ((operator !== '>' && operator !== '>=') || right.kind !== 'integer' || left.kind !== 'builtin') return undefined;
  if (left.name !== 'count' || left.arguments.length !== 2) return undefined;
  const limit = Number(right.value) + (operator === '>' ? 1 : 0);
  return limit > 0 ? { call: left, limit } : undefined;
}

/** Which end of an array the index stands for, where it is a literal that stands for one. */
function edgeOf(index: ExprNode): 'first' | 'last' | undefined {
  if (index.kind === 'integer') return index.value === 0 ? 'first' : undefined;
  if (index.kind !== 'unary' || index.operator !== '-' || index.operand.kind !== 'integer') return undefined;
  return index.operand.value === 1 ? 'last' : undefined;
}

function readSlot(variable: SlotVariable, at: number): Compiled {
  const { slot, type } = variable;
  return { type, at, run: (frame) => frame.slots[slot] ?? null };
}
