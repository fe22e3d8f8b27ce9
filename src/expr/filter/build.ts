import { Compiler } from '../compile/compiler';
import type { Compiled } from '../compile/compiled';
import { literalPattern } from '../compile/matching';
import { linksOf, notOfType, operandsOf } from '../compile/logic';
import { ExprCompileError } from '../errors';
import type { BinaryNode, ExprNode } from '../syntax/tree';
import { describeType } from '../types/static-type';
import type { Value } from '../value/value';
import { allOf, ANY, NONE, oneOf, type Constraint } from './constraint';
import { FIELD_TYPES, FieldFrame } from './field-frame';
import { fieldOf } from './field-reference';
import { leafConstraint } from './leaf-constraint';
import type { FilterLeaf, FilterNode, FilterTest } from './node';
import { literalOf, simpleLeafOf, simpleTest } from './simple-leaf';
import { located } from '../compile/guard';

/** A part of a filter with what it, and what its negation, says about matching records. */
export interface Built {
  readonly node: FilterNode;
  readonly whenTrue: Constraint;
  readonly whenFalse: Constraint;
  /** The result, where literals alone decide it. */
  readonly constant?: boolean;
}

/** Builds the conditions of a filter from its tree. */
export class FilterBuilder {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  /** @throws ExprCompileError also where the result is not known to be a bool. */
  build(root: ExprNode): Built {
    const { type } = this.#compile(root).compiled;
    if (type.kind !== 'bool') {
      const message = `expected bool, but got ${describeType(type)}`;
      throw new ExprCompileError('not_boolean', message, this.#source, root.at, true);
    }
    return this.#condition(root, true, root.at);
  }

  /**
   * `last` is set where the value is the filter's own result when it is evaluated: there nil counts as false. `testedAt` is
   * the offset of what asks for a bool.
   */
  #condition(node: ExprNode, last: boolean, testedAt: number): Built {
    if (node.kind === 'unary' && node.operator === 'not') return this.#not(node.operand, node.at);
    if (node.kind === 'binary' && (node.operator === 'and' || node.operator === 'or')) return this.#logic(node, last);
    if (node.kind === 'binary' && node.operator === '!=' && this.#simple({ ...node, operator: '==' }) !== undefined) {
      return this.#not({ ...node, operator: '==' }, node.at);
    }
    return this.#leaf(node, last, testedAt);
  }

  #not(operand: ExprNode, at: number): Built {
    const child = this.#condition(operand, false, at);
    if (child.constant !== undefined) return constantCondition(!child.constant);
    return { node: { kind: 'not', child: child.node }, whenTrue: child.whenFalse, whenFalse: child.whenTrue };
  }

  #logic(root: BinaryNode, last: boolean): Built {
    const settling = root.operator === 'or';
    const operands = operandsOf(root);
    const links = linksOf(root);
    const built = operands.map((operand, at) =>
      this.#condition(operand, last && at === operands.length - 1, links[at]?.at ?? operand.at),
    );
    if (built.some((child) => child.constant === settling)) return constantCondition(settling);
    const open = built.filter((child) => child.constant === undefined);
    const [first] = open;
    if (first === undefined) return constantCondition(!settling);
    this.#promoteLast(operands, built, open, last);
    const [only = first] = open;
    if (open.length === 1) return only;
    const combine = settling ? [oneOf, allOf] : [allOf, oneOf];
    const [whenTrue = allOf, whenFalse = oneOf] = combine;
    return {
      node: { kind: settling ? 'or' : 'and', children: open.map((child) => child.node) },
      whenTrue: whenTrue(open.map((child) => child.whenTrue)),
      whenFalse: whenFalse(open.map((child) => child.whenFalse)),
    };
  }

  /** Behind the last operand that is no literal nothing is evaluated, so that its value is the result, too. */
  #promoteLast(operands: readonly ExprNode[], built: readonly Built[], open: Built[], last: boolean): void {
    const at = built.findLastIndex((child) => child.constant === undefined);
    const operand = operands[at];
    if (!last || operand === undefined || at === operands.length - 1) return;
    open[open.length - 1] = this.#condition(operand, true, operand.at);
  }

  #leaf(node: ExprNode, last: boolean, testedAt: number): Built {
    const { compiled, fields } = this.#compile(node);
    if (typeof compiled.constant === 'boolean') return constantCondition(compiled.constant);
    const simple = this.#simple(node);
    const test =
      (simple && simpleTest(simple)) ?? this.#pattern(node) ?? generalTest(compiled, last, this.#source, testedAt);
    const leaf: FilterLeaf =
      simple === undefined ? { kind: 'leaf', fields, test } : { kind: 'leaf', fields, test, simple };
    const empty = simple?.operator === 'equals' && simple.values.includes('');
    return {
      node: leaf,
      whenTrue: leafConstraint(node, this.#source),
      // What is not empty is not missing; nothing else follows from a leaf that does not hold.
      whenFalse: empty ? { kind: 'present', field: simple.field } : ANY,
    };
  }

  #compile(node: ExprNode): { readonly compiled: Compiled; readonly fields: readonly string[] | undefined } {
    const compiler = new Compiler(this.#source, FIELD_TYPES);
    const compiled = compiler.compile(node);
    return { compiled, fields: compiler.use.all ? undefined : [...compiler.use.names] };
  }

  #simple(node: ExprNode): ReturnType<typeof simpleLeafOf> {
    return simpleLeafOf(node, this.#source);
  }

  /** `field matches "literal"`, which needs no frame to run in. */
  #pattern(node: ExprNode): FilterTest | undefined {
    if (node.kind !== 'binary' || node.operator !== 'matches') return undefined;
    const field = fieldOf(node.left);
    const literal = literalOf(node.right, this.#source);
    if (field === undefined || typeof literal !== 'string') return undefined;
    const pattern = literalPattern(literal, this.#source, node.right.at);
    return (lookup) => pattern.test(lookup.get(field) ?? '');
  }
}

function constantCondition(constant: boolean): Built {
  return {
    node: { kind: 'leaf', fields: [], test: () => constant },
    whenTrue: constant ? ANY : NONE,
    whenFalse: constant ? NONE : ANY,
    constant,
  };
}

function generalTest(compiled: Compiled, last: boolean, source: string, testedAt: number): FilterTest {
  const { run, at } = compiled;
  return (lookup) => {
    let value: Value;
    try {
      value = run(new FieldFrame(lookup));
    } catch (error) {
      throw located(error, source, at);
    }
    return typeof value === 'boolean' ? value : verdict(value, last, source, testedAt);
  };
}

function verdict(value: Value, last: boolean, source: string, at: number): boolean {
  if (value === null && last) return false;
  throw notOfType('not_boolean', value, 'bool', at).locate(source);
}
