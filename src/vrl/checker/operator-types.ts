import type { BinaryOperator } from '../syntax/tree';
import { BOOLEAN, FLOAT, INTEGER, isWithin, STRING, undefinedToNull, union, type Kind } from '../types/kind';
import { KindBit, VrlFloat, type VrlValue } from '../value/value';

const NUMBER_BITS = KindBit.integer | KindBit.float;
const STRING_OR_NULL = KindBit.string | KindBit.null;

/** An operator's own result; the operands' fallibility comes on top. */
export interface OperatorType {
  readonly kind: Kind;
  readonly fallible: boolean;
}

const ADD_RESULT = union(STRING, union(INTEGER, FLOAT));

/** Kinds of `+ - * /` (language reference, section 5). */
export function arithmeticType(
  operator: '+' | '-' | '*' | '/',
  left: Kind,
  right: Kind,
  divisor?: VrlValue,
): OperatorType {
  const a = undefinedToNull(left);
  const b = undefinedToNull(right);
  if (operator === '/') return { kind: FLOAT, fallible: !dividesSafely(a, divisor) };
  if (isWithin(a, KindBit.integer) && isWithin(b, KindBit.integer)) return { kind: INTEGER, fallible: false };
  if (isWithin(a, KindBit.float) || isWithin(b, KindBit.float)) {
    return { kind: FLOAT, fallible: !(isWithin(a, NUMBER_BITS) && isWithin(b, NUMBER_BITS)) };
  }
  if (operator === '+' && (isWithin(a, KindBit.string) || isWithin(b, KindBit.string))) {
    return { kind: STRING, fallible: !(isWithin(a, STRING_OR_NULL) && isWithin(b, STRING_OR_NULL)) };
  }
  if (operator === '*' && isRepetition(a, b)) return { kind: STRING, fallible: false };
  return { kind: operator === '-' ? union(INTEGER, FLOAT) : ADD_RESULT, fallible: true };
}

function isRepetition(a: Kind, b: Kind): boolean {
  const stringFirst = isWithin(a, KindBit.string) && isWithin(b, KindBit.integer);
  return stringFirst || (isWithin(a, KindBit.integer) && isWithin(b, KindBit.string));
}

/** Smallest float that is not subnormal. */
const MIN_NORMAL = 2.2250738585072014e-308;

function dividesSafely(dividend: Kind, divisor: VrlValue | undefined): boolean {
  if (!isWithin(dividend, KindBit.integer) && !isWithin(dividend, KindBit.float)) return false;
  if (typeof divisor === 'number') return divisor !== 0;
  if (typeof divisor === 'bigint') return true;
  if (!(divisor instanceof VrlFloat)) return false;
  return Number.isFinite(divisor.value) && Math.abs(divisor.value) >= MIN_NORMAL;
}

/** Kinds of `< <= > >=`. */
export function comparisonType(left: Kind, right: Kind): OperatorType {
  const safe = [KindBit.string, KindBit.timestamp, NUMBER_BITS].some(
    (bits) => isWithin(left, bits) && isWithin(right, bits),
  );
  return { kind: BOOLEAN, fallible: !safe };
}

export function isComparison(operator: BinaryOperator): boolean {
  return ['==', '!=', '<', '<=', '>', '>='].includes(operator);
}

/** Is one side of `&&` sure not to fail it? */
export function isLogical(kind: Kind): boolean {
  return isWithin(undefinedToNull(kind), KindBit.boolean | KindBit.null);
}
