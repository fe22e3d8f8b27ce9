import { add, divide, multiply, subtract } from '../compiler/operators';
import { Failure } from '../failure';
import type { Binary, Expression } from '../syntax/tree';
import { kindOfValue } from '../types/kind-of-value';
import { kindText } from '../types/kind-text';
import { BOOLEAN, isWithin, mayBe, objectOfKind, NEVER, union, without, type Kind, type Shape } from '../types/kind';
import { KindBit, VrlFloat, type VrlValue } from '../value/value';
import type { CheckContext } from './context';
import { errorAt, labelAt } from './diagnostic';
import { arithmeticType, comparisonType, isComparison, isLogical, isNothingBut } from './operator-types';
import type { Typed } from './typed';
import type { TypeInfo } from './type-state';

const ARITHMETIC = { '+': add, '-': subtract, '*': multiply, '/': divide } as const;

export function checkBinary(context: CheckContext, node: Binary): Typed {
  const before = context.pending.length;
  const typed = checkOperator(context, node);
  // An operator that cannot fail has handled what its sides may do (`??`), or never evaluates the one that can.
  if (!typed.fallible) context.pending.length = before;
  return typed;
}

function checkOperator(context: CheckContext, node: Binary): Typed {
  const { operator } = node;
  switch (operator) {
    case '??':
      return checkCoalesce(context, node);
    case '||':
      return checkOr(context, node);
    case '&&':
      return checkAnd(context, node);
    case '|':
      return checkMerge(context, node);
    default: {
      const left = context.check(node.left);
      const right = context.check(node.right);
      if (isComparison(operator)) refuseChain(context, node);
      if (operator === '==' || operator === '!=') return combine(node, left, right, { kind: BOOLEAN, fallible: false });
      if (operator === '+' || operator === '-' || operator === '*' || operator === '/') {
        const folded = fold(operator, left.constant, right.constant);
        const type = arithmeticType(operator, left.kind, right.kind, right.constant);
        const own = { kind: type.kind, fallible: type.fallible || folded.fails };
        const whole = combine(node, left, right, own, folded.value);
        // The language takes a division that is safe in itself for infallible, even where what is divided can fail.
        return operator === '/' ? { ...whole, fallible: own.fallible } : whole;
      }
      return combine(node, left, right, comparisonType(left.kind, right.kind));
    }
  }
}

function refuseChain(context: CheckContext, { left, operatorSpan }: Binary): void {
  if (left.type !== 'binary' || !isComparison(left.operator)) return;
  const label = 'put parentheses around one of the comparisons';
  context.stop(
    errorAt(650, "comparison operators can't be chained together", operatorSpan, label, undefined, [
      labelAt(left.operatorSpan, 'this is a comparison already'),
    ]),
  );
}

/** An operator's expression whose sides are both evaluated. */
function combine(
  node: Binary,
  left: Typed,
  right: Typed,
  own: { readonly kind: Kind; readonly fallible: boolean },
  constant?: VrlValue,
): Typed {
  return {
    type: 'binary',
    operator: node.operator,
    left,
    right,
    kind: own.kind,
    fallible: left.fallible || right.fallible || own.fallible,
    returns: union(left.returns, right.returns),
    constant,
  };
}

function isNumber(value: VrlValue | undefined): value is number | bigint | VrlFloat {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof VrlFloat;
}

/** The value of an operator on constant numbers, or that it is known to fail. */
function fold(
  operator: keyof typeof ARITHMETIC,
  left: VrlValue | undefined,
  right: VrlValue | undefined,
): { readonly value: VrlValue | undefined; readonly fails: boolean } {
  if (!isNumber(left) || !isNumber(right)) return { value: undefined, fails: false };
  try {
    return { value: ARITHMETIC[operator](left, right), fails: false };
  } catch (failure) {
    if (failure instanceof Failure) return { value: undefined, fails: true };
    throw failure;
  }
}

function checkCoalesce(context: CheckContext, node: Binary): Typed {
  const beforeLeft = context.state.copy();
  const left = context.handlingFailures(() => context.check(node.left));
  context.state.forgetConstantsSince(beforeLeft);
  const before = context.state.copy();
  const right = context.check(node.right);
  context.state.merge(before);
  if (!left.fallible) {
    context.stop(
      errorAt(651, 'unnecessary error coalescing operation', node.left, "this expression can't fail", undefined, [
        labelAt(node.right, 'so this is never reached'),
      ]),
    );
  }
  return {
    type: 'binary',
    operator: '??',
    left,
    right,
    kind: union(left.kind, right.kind),
    fallible: right.fallible,
    returns: union(left.returns, right.returns),
    constant: undefined,
  };
}

/** What is known of the left side of a short-circuit operator: does the right side run? */
type RightSide = 'runs' | 'may run' | 'never runs';

/** Checks the right side and applies its state as far as it runs. */
function checkRight(context: CheckContext, node: Expression, runs: RightSide): Typed {
  const before = context.state.copy();
  const right = context.check(node);
  if (runs === 'never runs') context.state.become(before);
  else if (runs === 'may run') context.state.merge(before);
  else before.release();
  return right;
}

function shortCircuit(node: Binary, left: Typed, right: Typed, type: TypeInfo): Typed {
  return { type: 'binary', operator: node.operator, left, right, ...type, constant: undefined };
}

function checkOr(context: CheckContext, node: Binary): Typed {
  const left = context.check(node.left);
  const { kind } = left;
  const falsy = left.constant === false || isNothingBut(kind, KindBit.null);
  const truthy = left.constant === true || !mayBe(kind, KindBit.boolean | KindBit.null);
  const runs: RightSide = falsy ? 'runs' : truthy ? 'never runs' : 'may run';
  const right = checkRight(context, node.right, runs);
  const returns = union(left.returns, right.returns);
  if (runs === 'never runs') return shortCircuit(node, left, right, { kind, fallible: left.fallible, returns });
  return shortCircuit(node, left, right, {
    kind: runs === 'runs' ? right.kind : union(without(kind, KindBit.null), right.kind),
    fallible: left.fallible || right.fallible,
    returns,
  });
}

function checkAnd(context: CheckContext, node: Binary): Typed {
  const left = context.check(node.left);
  const falsy = left.constant === false || isNothingBut(left.kind, KindBit.null);
  const truthy = left.constant === true;
  const right = checkRight(context, node.right, truthy ? 'runs' : falsy ? 'never runs' : 'may run');
  // Behind a constant `true` the right side answers for itself, even where it is no boolean.
  const mixed = !truthy && !(isLogical(left.kind) && isLogical(right.kind));
  return shortCircuit(node, left, right, {
    kind: BOOLEAN,
    fallible: left.fallible || (!falsy && (right.fallible || mixed)),
    returns: union(left.returns, right.returns),
  });
}

function checkMerge(context: CheckContext, node: Binary): Typed {
  const left = context.check(node.left);
  const right = context.check(node.right);
  requireObjects(context, node.left, left);
  requireObjects(context, node.right, right);
  return combine(node, left, right, { kind: mergedKind(left.kind, right.kind), fallible: false });
}

/** Only what certainly is an object can be merged (652). */
export function requireObjects(context: CheckContext, node: { start: number; end: number }, typed: TypeInfo): void {
  if (isWithin(typed.kind, KindBit.object) || typed.kind.bits === 0) return;
  context.stop(errorAt(652, 'only objects can be merged', node, `this expression resolves to ${kindText(typed.kind)}`));
}

/** An operand that never gives a value adds none. */
const NO_MEMBERS: Shape<string> = { known: new Map(), unknown: NEVER };

/** The kind of two objects merged: the right one's members win where they certainly exist. */
export function mergedKind(left: Kind, right: Kind): Kind {
  if (left.bits === 0 && right.bits === 0) return NEVER;
  const a = left.object ?? NO_MEMBERS;
  const b = right.object ?? NO_MEMBERS;
  const known = new Map<string, Kind>();
  for (const [key, kind] of a.known)
    if (!b.known.has(key)) known.set(key, union(kind, without(b.unknown, KindBit.undefined)));
  for (const [key, kind] of b.known) {
    const absent = mayBe(kind, KindBit.undefined);
    known.set(key, absent ? union(without(kind, KindBit.undefined), a.known.get(key) ?? a.unknown) : kind);
  }
  return objectOfKind(union(a.unknown, b.unknown), known);
}

/** The kind that an infallible assignment gives its first target: the value's, or the default after an error. */
export function withDefault(kind: Kind, fallback: VrlValue): Kind {
  return union(kind, kindOfValue(fallback));
}
