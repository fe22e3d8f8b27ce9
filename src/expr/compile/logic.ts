import { ExprCompileError, ExprRuntimeError } from '../errors';
import type { BinaryNode, ExprNode } from '../syntax/tree';
import { binaryType } from '../types/operator-types';
import { BOOL, describeKind, type StaticType } from '../types/static-type';
import { kindOf } from '../value/kind-of';
import type { Value } from '../value/value';
import { mismatchedTypes, writtenOperator } from './mismatch';
import { constantOf, type Compiled, type Run } from './compiled';

/** The operands of a chain of one operator, left to right, however they are grouped. */
export function operandsOf(root: BinaryNode): readonly ExprNode[] {
  const operands: ExprNode[] = [];
  const pending: ExprNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === 'binary' && node.operator === root.operator) pending.push(node.right, node.left);
    else operands.push(node);
  }
  return operands;
}

/** The operators between the operands of {@link operandsOf}, left to right. */
export function linksOf(root: BinaryNode): readonly BinaryNode[] {
  const links: BinaryNode[] = [];
  const pending: { readonly node: ExprNode; readonly open: boolean }[] = [{ node: root, open: true }];
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    const { node, open } = entry;
    if (node.kind !== 'binary' || node.operator !== root.operator) continue;
    if (open) pending.push({ node: node.right, open }, { node, open: false }, { node: node.left, open });
    else links.push(node);
  }
  return links;
}

/** @throws ExprCompileError where an operand is known to be no bool. */
export function checkLogic(
  operands: readonly { readonly type: StaticType }[],
  links: readonly BinaryNode[],
  source: string,
): void {
  for (const [index, link] of links.entries()) {
    const left = index === 0 ? (operands[0]?.type ?? BOOL) : BOOL;
    const right = operands[index + 1]?.type ?? BOOL;
    if (binaryType(link.operator, left, right) !== undefined) continue;
    const message = mismatchedTypes(writtenOperator(link, source), left, right);
    throw new ExprCompileError('operand_type', message, source, link.at);
  }
}

/** The value as a condition. */
export function truth(value: Value, at: number): boolean {
  if (typeof value === 'boolean') return value;
  throw notOfType('not_boolean', value, 'bool', at);
}

/** The error of a value that is not of the one type that fits. */
export function notOfType(code: string, value: Value, wanted: string, at: number): ExprRuntimeError {
  const kind = value === null ? 'nil' : describeKind(kindOf(value));
  return new ExprRuntimeError(code, `interface conversion: interface {} is ${kind}, not ${wanted}`, at);
}

/**
 * Drops operands that literals decide: with one that settles the result (false for and, true for or) nothing else is
 * evaluated, and its opposite takes no part. Returns the settled result instead where there is one.
 */
function foldOperands(operator: 'and' | 'or', operands: readonly Operand[]): readonly Operand[] | boolean {
  const settling = operator === 'or';
  if (operands.some(({ compiled }) => compiled.constant === settling)) return settling;
  const rest = operands.filter(({ compiled }) => compiled.constant !== !settling);
  return rest.length === 0 ? !settling : rest;
}

/** An operand and the place of the operator that tests it, which is the one behind it. */
interface Operand {
  readonly compiled: Compiled;
  readonly at: number;
}

/** A chain of `and` or of `or`: stops at the first operand that settles it; the last operand's value is the result. */
export function compileLogic(
  operator: 'and' | 'or',
  operands: readonly Compiled[],
  links: readonly number[],
): Compiled {
  const at = links.at(-1) ?? 0;
  const folded = foldOperands(
    operator,
    operands.map((compiled, index) => ({ compiled, at: links[index] ?? at })),
  );
  if (typeof folded === 'boolean') return constantOf(folded, BOOL, at);
  const settling = operator === 'or';
  const [first, second] = folded;
  if (first === undefined) return constantOf(!settling, BOOL, at);
  if (second === undefined) return { type: BOOL, run: first.compiled.run, at };
  if (folded.length > 2) return { type: BOOL, run: chain(folded, settling), at };
  const { run: left } = first.compiled;
  const { run: right } = second.compiled;
  return { type: BOOL, at, run: (frame) => (truth(left(frame), first.at) === settling ? settling : right(frame)) };
}

function chain(operands: readonly Operand[], settling: boolean): Run {
  const tests = operands.map(({ compiled, at }) => ({ run: compiled.run, at }));
  const last = tests.pop()?.run ?? ((): Value => !settling);
  return (frame) => {
    for (const { run, at } of tests) {
      if (truth(run(frame), at) === settling) return settling;
    }
    return last(frame);
  };
}
