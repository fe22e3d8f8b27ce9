import { ExprRuntimeError } from '../errors';
import type { BinaryNode, ExprNode } from '../syntax/tree';
import { BOOL } from '../types/static-type';
import { kindOf } from '../value/kind-of';
import type { Value } from '../value/value';
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

/** The value as a condition. */
export function truth(value: Value, at: number): boolean {
  if (typeof value === 'boolean') return value;
  throw new ExprRuntimeError('not_boolean', `expected a bool, got ${kindOf(value)}`, at);
}

/**
 * Drops operands that literals decide: with one that settles the result (false for and, true for or) nothing else is
 * evaluated, and its opposite takes no part. Returns the settled result instead where there is one.
 */
export function foldOperands(operator: 'and' | 'or', operands: readonly Compiled[]): readonly Compiled[] | boolean {
  const settling = operator === 'or';
  if (operands.some((operand) => operand.constant === settling)) return settling;
  const rest = operands.filter((operand) => operand.constant !== !settling);
  return rest.length === 0 ? !settling : rest;
}

/** A chain of `and` or of `or`: stops at the first operand that settles it; the last operand's value is the result. */
export function compileLogic(operator: 'and' | 'or', operands: readonly Compiled[], at: number): Compiled {
  const folded = foldOperands(operator, operands);
  if (typeof folded === 'boolean') return constantOf(folded, BOOL, at);
  const settling = operator === 'or';
  const runs = folded.map((operand) => operand.run);
  const last = runs.pop() ?? ((): Value => !settling);
  const [first] = runs;
  if (first === undefined) return { type: BOOL, run: last, at };
  if (runs.length > 1) return { type: BOOL, run: chain(runs, last, settling, at), at };
  return { type: BOOL, at, run: (frame) => (truth(first(frame), at) === settling ? settling : last(frame)) };
}

function chain(runs: readonly Run[], last: Run, settling: boolean, at: number): Run {
  return (frame) => {
    for (const run of runs) {
      if (truth(run(frame), at) === settling) return settling;
    }
    return last(frame);
  };
}
