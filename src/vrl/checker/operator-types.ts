import type { BinaryOperator } from '../syntax/tree';
import { BOOLEAN, FLOAT, INTEGER, STRING, union, type Kind } from '../types/kind';
import { KindBit, VrlFloat, type VrlValue } from '../value/value';

const NUMBER_BITS = KindBit.integer | KindBit.float;
const STRING_OR_NULL = KindBit.string | KindBit.null;

/** Is the operand of nothing but these kinds, should it give a value at all? */
export function isNothingBut(kind: Kind, bits: number): boolean {
  return (kind.bits & ~bits) === 0;
}

/** An operator's own result; the operands' fallibility comes on top. */
export interface OperatorType {
  readonly kind: Kind;
  readonly fallible: boolean;
}

const ADD_RESULT = union(STRING, union(INTEGER, FLOAT));

/** Kinds of `+ - * /` (language reference, section 5). */
export function arithmeticType(operator: '+' | '-' | '*' | '/', a: Kind, b: Kind, divisor?: VrlValue): OperatorType {
  if (operator === '/') return { kind: FLOAT, fallible: !dividesSafely(a, divisor) };
  if (operator === '+' && (isNothingBut(a, KindBit.string) || isNothingBut(b, KindBit.string))) {
    return { kind: STRING, fallible: !(isNothingBut(a, STRING_OR_NULL) && isNothingBut(b, STRING_OR_NULL)) };
  }
  if (isNothingBut(a, KindBit.float) || isNothingBut(b, KindBit.float)) {
    return { kind: FLOAT, fallible: !(isNothingBut(a, NUMBER_BITS) && isNothingBut(b, NUMBER_BITS)) };
  }
  if (isNothingBut(a, KindBit.integer) && isNothingBut(b, KindBit.integer)) return { kind: INTEGER, fallible: false };
  if (operator === '*' && isRepetition(a, b)) return { kind: STRING, fallible: false };
  return { kind: operator === '-' ? union(INTEGER, FLOAT) : ADD_RESULT, fallible: true };
}

function isRepetition(a: Kind, b: Kind): boolean {
  const stringFirst = isNothingBut(a, KindBit.string) && isNothingBut(b, KindBit.integer);
  return stringFirst || (isNothingBut(a, KindBit.integer) && isNothingBut(b, KindBit.string));
}

/** Smallest float that is not subnormal. */
const MIN_NORMAL = 2.2250738585072014e-308;

function dividesSafely(dividend: Kind, divisor: VrlValue | undefined): boolean {
  if (!isNothingBut(dividend, KindBit.integer) && !isNothingBut(dividend, KindBit.float)) return false;
  if (typeof divisor === 'number') return divisor !== 0;
  if (typeof divisor === 'bigint') return true;
  if (!(divisor instanceof VrlFloat)) return false;
  return Number.isFinite(divisor.value) && Math.abs(divisor.value) >= MIN_NORMAL;
}

/** Kinds of `< <= > >=`. */
export function comparisonType(left: Kind, right: Kind): OperatorType {
  const safe = [KindBit.string, KindBit.timestamp, NUMBER_BITS].some(
    (bits) => isNothingBut(left, bits) && isNothingBut(right, bits),
  );
  return { kind: BOOLEAN, fallible: !safe };
}

export function isComparison(operator: BinaryOperator): boolean {
  return ['==', '!=', '<', '<=', '>', '>='].includes(operator);
}

/** Is one side of `&&` sure not to fail it? A side that never gives a value is. */
export function isLogical(kind: Kind): boolean {
  return isNothingBut(kind, KindBit.boolean | KindBit.null);
}
