import type { ExprInteger } from './value';

/** Brings any bigint into 64 bits (two's complement) and into its canonical form. */
export function wrap(value: bigint): ExprInteger {
  const wrapped = BigInt.asIntN(64, value);
  const number = Number(wrapped);
  return Number.isSafeInteger(number) ? number : wrapped;
}

/** Sum, wrapping at 64 bits. */
export function addIntegers(left: ExprInteger, right: ExprInteger): ExprInteger {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return wrap(BigInt(left) + BigInt(right));
}

/** Difference, wrapping at 64 bits. */
export function subtractIntegers(left: ExprInteger, right: ExprInteger): ExprInteger {
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return wrap(BigInt(left) - BigInt(right));
}

/** Product, wrapping at 64 bits. */
export function multiplyIntegers(left: ExprInteger, right: ExprInteger): ExprInteger {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right;
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return wrap(BigInt(left) * BigInt(right));
}

/** Remainder with the sign of the left side; the divisor must not be zero. */
export function remainderOfIntegers(left: ExprInteger, right: ExprInteger): ExprInteger {
  if (typeof left === 'number' && typeof right === 'number') return (left % right) + 0;
  return wrap(BigInt(left) % BigInt(right));
}

/** -1, 0 or 1. */
export function compareIntegers(left: ExprInteger, right: ExprInteger): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

const INT64_MIN = -(2n ** 63n);
const FLOAT_2_63 = 2 ** 63;

/** Truncates a float; what does not fit into 64 bits, NaN included, becomes the least integer as on amd64. */
export function truncateToInteger(value: number): ExprInteger {
  if (!(value >= -FLOAT_2_63 && value < FLOAT_2_63)) return INT64_MIN;
  const whole = Math.trunc(value) + 0;
  return Number.isSafeInteger(whole) ? whole : BigInt(whole);
}

const DECIMAL = /^[+-]?[0-9]+$/;

/** Decimal text with an optional sign, nothing else; undefined when it is none or beyond 64 bits. */
export function parseInteger(text: string): ExprInteger | undefined {
  if (!DECIMAL.test(text)) return undefined;
  // Up to 15 digits a number is exact.
  if (text.length <= 15) return Number(text) + 0;
  const digits = text.startsWith('+') ? text.slice(1) : text;
  // Leading zeros aside, 20 characters hold every 64-bit integer; longer text need not be converted.
  if (digits.replace(/^(-?)0+/, '$1').length > 20) return undefined;
  const value = BigInt(digits);
  return BigInt.asIntN(64, value) === value ? wrap(value) : undefined;
}
