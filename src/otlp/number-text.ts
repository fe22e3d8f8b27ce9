const TWO_32 = 4294967296;
const NANOS_PER_SECOND = 1e9;
/** Seconds with exactly ten digits, i.e. the years 2001 to 2286: those are formatted without BigInt. */
const MIN_TEN_DIGITS = 1e9;
const MAX_TEN_DIGITS = 1e10;
const ZERO = 48;

/** ASCII codes of the two digits of 0 to 99: `DIGIT_PAIRS[2 * n]` and the one after it. */
const DIGIT_PAIRS = new Uint8Array(200);
for (let n = 0; n < 100; n++) {
  DIGIT_PAIRS[2 * n] = ZERO + Math.floor(n / 10);
  DIGIT_PAIRS[2 * n + 1] = ZERO + (n % 10);
}

/**
 * Decimal text of an unsigned 64-bit integer given as two unsigned halves.
 *
 * Made for nanoseconds since 1970: today's values take the quick way (bench/otlp-decode.js), all others BigInt.
 *
 * @example uint64Text(0, 7); // '7'
 */
export function uint64Text(high: number, low: number): string {
  if (high === 0) return String(low);
  // Long division by 10^9 in steps whose intermediate values stay below 2^53.
  const quotient2 = Math.floor(high / NANOS_PER_SECOND);
  let dividend = (high - quotient2 * NANOS_PER_SECOND) * 65536 + (low >>> 16);
  const quotient1 = Math.floor(dividend / NANOS_PER_SECOND);
  dividend = (dividend - quotient1 * NANOS_PER_SECOND) * 65536 + (low & 65535);
  const quotient0 = Math.floor(dividend / NANOS_PER_SECOND);
  const nanos = dividend - quotient0 * NANOS_PER_SECOND;
  const seconds = quotient2 * TWO_32 + quotient1 * 65536 + quotient0;
  if (seconds < MIN_TEN_DIGITS || seconds >= MAX_TEN_DIGITS) {
    return ((BigInt(high) << 32n) | BigInt(low)).toString();
  }
  return nineteenDigits(seconds, nanos);
}

function nineteenDigits(seconds: number, nanos: number): string {
  const d = DIGIT_PAIRS;
  const upper = Math.floor(seconds / 1e5) | 0;
  const lower = (seconds - upper * 1e5) | 0;
  const u1 = ((upper / 1000) | 0) << 1;
  const u23 = upper - u1 * 500;
  const u2 = ((u23 / 10) | 0) << 1;
  const l1 = ((lower / 1000) | 0) << 1;
  const l23 = lower - l1 * 500;
  const l2 = ((l23 / 10) | 0) << 1;
  const n0 = (nanos / 1e8) | 0;
  const n1234 = (nanos - n0 * 1e8) | 0;
  const n12 = (n1234 / 1e4) | 0;
  const n34 = n1234 - n12 * 1e4;
  const n1 = ((n12 / 100) | 0) << 1;
  const n2 = (n12 - n1 * 50) << 1;
  const n3 = ((n34 / 100) | 0) << 1;
  const n4 = (n34 - n3 * 50) << 1;
  // One call with all digits makes one flat string; concatenation would leave a tree to flatten later.
  return String.fromCharCode(
    d[u1] as number,
    d[u1 + 1] as number,
    d[u2] as number,
    d[u2 + 1] as number,
    ZERO + u23 - u2 * 5,
    d[l1] as number,
    d[l1 + 1] as number,
    d[l2] as number,
    d[l2 + 1] as number,
    ZERO + l23 - l2 * 5,
    ZERO + n0,
    d[n1] as number,
    d[n1 + 1] as number,
    d[n2] as number,
    d[n2 + 1] as number,
    d[n3] as number,
    d[n3 + 1] as number,
    d[n4] as number,
    d[n4 + 1] as number,
  );
}

/**
 * Decimal text of a signed 64-bit integer given as two unsigned halves of its two's complement.
 *
 * @example int64Text(0xffffffff, 0xffffffff); // '-1'
 */
export function int64Text(high: number, low: number): string {
  if (high === 0) return String(low);
  return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low)).toString();
}

/**
 * Shortest text that reads back as the same double, the form of JavaScript numbers; `NaN`, `Infinity`, `-Infinity`
 * as the protobuf JSON mapping spells them.
 *
 * @example doubleText(0.1); // '0.1'
 */
export function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
