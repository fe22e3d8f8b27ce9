/** Bits by which the exponent may be off before the result is zero or infinite whatever follows. */
const HOPELESS_EXPONENT = 4096;

/**
 * `base ** exponent` as the reference computes it, which decides the last digit: whole powers by squaring, the fraction of
 * the exponent by its logarithm.
 */
export function raise(base: number, exponent: number): number {
  const size = Math.abs(exponent);
  if (base === 0 || !Number.isFinite(base) || !(size < 2 ** 53)) return base ** exponent;
  if (size === 0.5) return exponent > 0 ? Math.sqrt(base) : 1 / Math.sqrt(base);
  let whole = Math.trunc(size);
  let fraction = size - whole;
  if (fraction > 0.5) {
    fraction--;
    whole++;
  }
  let [square, squareBits] = split(base);
  let factor = fraction === 0 ? 1 : Math.exp(fraction * Math.log(base));
  let bits = 0;
  for (let left = whole; left > 0; left = Math.floor(left / 2)) {
    if (Math.abs(squareBits) > HOPELESS_EXPONENT) {
      bits += squareBits;
      break;
    }
    if (left % 2 === 1) {
      factor *= square;
      bits += squareBits;
    }
    square *= square;
    squareBits *= 2;
    if (square < 0.5) {
      square *= 2;
      squareBits--;
    }
  }
  return exponent < 0 ? scale(1 / factor, -bits) : scale(factor, bits);
}

/** The number as a fraction of a half up to one, times two to a power. */
function split(value: number): [number, number] {
  let fraction = value;
  let bits = 0;
  for (; Math.abs(fraction) >= 1; bits++) fraction /= 2;
  for (; Math.abs(fraction) < 0.5; bits--) fraction *= 2;
  return [fraction, bits];
}

/** Times two to a power, rounded once: only the last step may leave the range of normal numbers. */
function scale(value: number, bits: number): number {
  if (bits > 1000) return bits > 2200 ? value * Infinity : value * 2 ** 1000 * 2 ** (bits - 1000);
  if (bits >= -1000) return value * 2 ** bits;
  return bits < -2200 ? value * 0 : value * 2 ** -900 * 2 ** (bits + 900);
}
