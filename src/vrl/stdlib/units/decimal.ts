import { fail } from '../../failure';

/** A decimal number: mantissa / 10^scale; the mantissa has 96 bits, the scale is at most 28. */
export interface Decimal {
  readonly mantissa: bigint;
  readonly scale: number;
}

const MAX_MANTISSA = 2n ** 96n - 1n;
const MAX_SCALE = 28;

/**
 * Reads digits with at most one point; of a fraction only what the mantissa has room for counts.
 *
 * @throws Failure for a number of more digits than decimals have
 */
export function readDecimal(text: string): Decimal {
  const [whole = '', fraction = ''] = text.split('.');
  const digits = whole.replace(/^0+/, '');
  if (digits.length > MAX_SCALE + 1 || BigInt(digits) > MAX_MANTISSA) {
    throw fail('unable to parse number: Invalid decimal: overflow from too many digits');
  }
  return fitted(BigInt(digits + fraction.slice(0, 2 * MAX_SCALE)), Math.min(fraction.length, 2 * MAX_SCALE));
}

/**
 * `value * factor / divisor` as the language's decimals have it: every step is rounded to what a decimal holds.
 *
 * @returns undefined when the quotient is greater than any decimal
 */
export function scaleDecimal(value: Decimal, factor: Decimal, divisor: Decimal): Decimal | undefined {
  const product = fitted(value.mantissa * factor.mantissa, value.scale + factor.scale);
  let scale = product.scale - divisor.scale;
  let quotient = product.mantissa / divisor.mantissa;
  let rest = product.mantissa % divisor.mantissa;
  let grown = false;
  while (rest !== 0n || scale < 0) {
    grown ||= rest !== 0n;
    const digits = rest === 0n ? Math.min(DIGITS_A_STEP, -scale) : digitsThatFit(quotient, scale);
    if (digits === 0) break;
    const power = 10n ** BigInt(digits);
    quotient = quotient * power + (rest * power) / divisor.mantissa;
    rest = (rest * power) % divisor.mantissa;
    scale += digits;
    if (quotient > MAX_MANTISSA) return undefined;
  }
  if (isNearerToNext(quotient, rest, divisor.mantissa)) quotient += 1n;
  return grown ? withoutZeros(quotient, scale) : { mantissa: quotient, scale };
}

/** Decimal places that one step of a division adds. */
const DIGITS_A_STEP = 9;

function digitsThatFit(quotient: bigint, scale: number): number {
  let digits = Math.min(DIGITS_A_STEP, MAX_SCALE - scale);
  while (digits > 0 && (quotient + 1n) * 10n ** BigInt(digits) > MAX_MANTISSA) digits--;
  return digits;
}

/** The nearest whole quotient, the even one of two. */
function dividedEvenly(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return isNearerToNext(quotient, dividend % divisor, divisor) ? quotient + 1n : quotient;
}

function isNearerToNext(quotient: bigint, rest: bigint, divisor: bigint): boolean {
  return rest * 2n > divisor || (rest * 2n === divisor && quotient % 2n === 1n);
}

/** Drops decimal places until a decimal holds the number. */
function fitted(mantissa: bigint, scale: number): Decimal {
  for (let kept = Math.min(scale, MAX_SCALE); kept >= 0; kept--) {
    const rounded = dividedEvenly(mantissa, 10n ** BigInt(scale - kept));
    if (rounded <= MAX_MANTISSA || kept === 0) return { mantissa: rounded, scale: kept };
  }
  return { mantissa, scale };
}

/** Most zeros that are taken off the end of a quotient. */
const MAX_DROPPED_ZEROS = 7;

function withoutZeros(mantissa: bigint, scale: number): Decimal {
  let digits = mantissa;
  let places = scale;
  while (places > 0 && scale - places < MAX_DROPPED_ZEROS && digits % 10n === 0n) {
    digits /= 10n;
    places--;
  }
  return { mantissa: digits, scale: places };
}

/**
 * The float that stands for a decimal: whole part and fraction are turned into floats, added, and the sum is rounded to
 * the decimal's places. Now and then that is the neighbour of the nearest float; programs see it, so it stays.
 */
export function floatFromDecimal({ mantissa, scale }: Decimal): number {
  const unit = 10n ** BigInt(scale);
  const whole = Number(mantissa / unit);
  const fraction = Number(mantissa % unit) / Number(unit);
  if (fraction === 0) return whole;
  const places = powerOfTen(scale);
  return roundedAwayFromZero((whole + fraction) * places) / places;
}

/** Ten to a power by squaring, with a float's rounding in each step. */
function powerOfTen(exponent: number): number {
  let result = 1;
  let base = 10;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= base;
    base *= base;
  }
  return result;
}

function roundedAwayFromZero(value: number): number {
  const whole = Math.trunc(value);
  return value - whole >= 0.5 ? whole + 1 : whole;
}
