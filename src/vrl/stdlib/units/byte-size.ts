import { fail, type Failure } from '../../failure';

/** The greatest size that there is: sizes are unsigned and of 64 bits. */
const MAX_SIZE = 2n ** 64n - 1n;

/** Letters of the unit prefixes, by power. */
const PREFIXES = 'kmgtpe';

/** The greatest power of ten that is still a size. */
const MAX_POWER_OF_TEN = 19;

/** Decimal places that can still make a difference; what is smaller than that is 0. */
const MAX_PLACES = 38;

/**
 * Reads a size: digits with a fraction and an exponent (blanks and underscores between them do not count), then a unit
 * of any case, of which the B or all may be missing. An `i` in the unit asks for powers of 1024 whatever the base is.
 *
 * @param step what a prefix multiplies with: 1000, or 1024
 * @returns whole bytes, rounded half up
 * @example byteSize('1.5 kB', 1024n) // 1536n
 */
export function byteSize(text: string, step: bigint): bigint | Failure {
  let end = text.length;
  const last = (): string => (end > 0 ? (text[end - 1] as string).toLowerCase() : '');
  if (last() === 'b') end--;
  const binary = last() === 'i';
  if (binary) end--;
  const power = last() === '' ? 0 : PREFIXES.indexOf(last()) + 1;
  if (power > 0) end--;
  const digits = text.slice(0, end).replace(/[ _]+/g, '');
  if (digits === '') return problem('cannot parse integer from empty string');
  const match = /^([0-9]+)(?:\.([0-9]*))?(?:[eE](\+*)(-?)([0-9]*))?$/.exec(digits);
  if (match === null) return problem('invalid digit found in string');
  const [, whole = '', fraction = '', , sign = '', exponentDigits = ''] = match;
  return scaled(
    whole + fraction,
    fraction.length,
    Number(`${sign}${exponentDigits || '0'}`),
    (binary ? 1024n : step) ** BigInt(power),
  );
}

/** Digits of a mantissa that decide: more than any size has. */
const MANTISSA_DIGITS = 60;

function scaled(digits: string, places: number, exponent: number, factor: bigint): bigint | Failure {
  if (exponent - places > MAX_POWER_OF_TEN) return problem('number too large to fit in target type');
  const significant = digits.replace(/^0+/, '');
  if (significant === '') return 0n;
  const kept = significant.slice(0, MANTISSA_DIGITS);
  const scale = exponent - places + (significant.length - kept.length);
  if (scale > MAX_POWER_OF_TEN) return problem('number too large to fit in target type');
  if (scale < -MAX_PLACES - MANTISSA_DIGITS) return 0n;
  const product = BigInt(kept) * factor;
  const divisor = scale < 0 ? 10n ** BigInt(-scale) : 1n;
  const size = scale < 0 ? (product + divisor / 2n) / divisor : product * 10n ** BigInt(scale);
  return size > MAX_SIZE ? problem('number too large to fit in target type') : size;
}

function problem(what: string): Failure {
  return fail(`unable to parse bytes: '${what}'`);
}
