import { VrlFloat } from './value';

/** A float value. NaN, which the language does not have, must be dealt with by the caller. */
export function floatOf(value: number): VrlFloat {
  return new VrlFloat(value);
}

/** Shortest digits that give the float back, never with an exponent; whole numbers without a point. */
export function floatText(value: number): string {
  if (Number.isFinite(value)) {
    if (Object.is(value, -0)) return '-0';
    const text = String(value);
    return text.includes('e') ? withoutExponent(text) : text;
  }
  return value > 0 ? 'inf' : value < 0 ? '-inf' : 'NaN';
}

/** Largest decimal exponent that JSON text writes out in digits; beyond it an exponent is used. */
const MAX_PLAIN_EXPONENT = 16;
const MIN_PLAIN_EXPONENT = -5;

/** The float as JSON: shortest digits, always with a point or an exponent; infinities, which JSON lacks, are null. */
export function floatJson(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return `${Object.is(value, -0) ? '-0' : value}.0`;
  const magnitude = Math.abs(value);
  if (magnitude < 1e16 && magnitude >= 1e-5) {
    const text = String(value);
    return text.includes('e') ? withoutExponent(text) : text;
  }
  const { sign, digits, exponent } = decompose(value);
  if (exponent > MIN_PLAIN_EXPONENT && exponent <= MAX_PLAIN_EXPONENT) return withoutExponent(String(value));
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${sign}${digits[0]}${fraction}e${exponent - 1}`;
}

/** Sign, digits and the position of the point: value = 0.digits × 10^exponent. */
function decompose(value: number): { sign: string; digits: string; exponent: number } {
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  const sign = mantissa.startsWith('-') ? '-' : '';
  return { sign, digits: mantissa.replace(/[-.]/g, ''), exponent: Number(exponent) + 1 };
}

/** Writes out `1.5e-7` as `0.00000015`. */
function withoutExponent(text: string): string {
  const { sign, digits, exponent } = decompose(Number(text));
  if (exponent <= 0) return `${sign}0.${'0'.repeat(-exponent)}${digits}`;
  if (exponent >= digits.length) return `${sign}${digits}${'0'.repeat(exponent - digits.length)}`;
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}
