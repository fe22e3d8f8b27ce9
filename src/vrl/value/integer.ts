import type { VrlInteger } from './value';

export const I64_MIN = -(2n ** 63n);
export const I64_MAX = 2n ** 63n - 1n;

/** The one form of an integer that fits 64 bits: a number when safe, else a bigint. */
export function normalizeInteger(value: bigint): VrlInteger {
  return value >= MIN_SAFE && value <= MAX_SAFE ? Number(value) : value;
}
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const MIN_SAFE = BigInt(Number.MIN_SAFE_INTEGER);

/** Wraps to signed 64 bits. */
export function wrapInteger(value: bigint): VrlInteger {
  return normalizeInteger(BigInt.asIntN(64, value));
}

/** True when the integer fits signed 64 bits. */
export function fitsI64(value: bigint): boolean {
  return value >= I64_MIN && value <= I64_MAX;
}

/** a + b, wrapping at 64 bits. */
export function addIntegers(a: VrlInteger, b: VrlInteger): VrlInteger {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return wrapInteger(BigInt(a) + BigInt(b));
}

/** a - b, wrapping at 64 bits. */
export function subtractIntegers(a: VrlInteger, b: VrlInteger): VrlInteger {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return wrapInteger(BigInt(a) - BigInt(b));
}

/** a * b, wrapping at 64 bits. */
export function multiplyIntegers(a: VrlInteger, b: VrlInteger): VrlInteger {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    // Adding 0 turns -0, which no integer is, into 0.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return wrapInteger(BigInt(a) * BigInt(b));
}

/** The integer part of a float as a 64-bit integer; beyond the range the nearest end (as Rust's `as i64`). */
export function integerFromFloat(value: number): VrlInteger {
  const whole = Math.trunc(value) + 0;
  if (Number.isSafeInteger(whole)) return whole;
  if (whole >= 2 ** 63) return I64_MAX;
  if (whole <= -(2 ** 63)) return I64_MIN;
  return BigInt(whole);
}

/** The integer as a number for counts and limits: beyond ±2^53 the nearest safe integer. */
export function saturateToSafe(value: VrlInteger): number {
  if (typeof value === 'number') return value;
  return value > 0n ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER;
}

/** Reads decimal digits with an optional sign; undefined when the text is something else or exceeds 64 bits. */
export function parseDecimalInteger(text: string): VrlInteger | undefined {
  if (!DECIMAL.test(text)) return undefined;
  if (text.length < 16) return Number(text) + 0;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return fitsI64(value) ? normalizeInteger(value) : undefined;
}
const DECIMAL = /^[+-]?[0-9]+$/;
