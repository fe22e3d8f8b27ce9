const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/;
const HEXADECIMAL = /^([+-]?)0x(?:([0-9a-f]+)\.?([0-9a-f]*)|\.([0-9a-f]+))p([+-]?\d+)$/;
const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['inf', Infinity],
  ['infinity', Infinity],
  ['nan', NaN],
]);

/**
 * Number of a text: decimal or hexadecimal notation, `inf`, `infinity` and `nan` in any case; underscores may stand
 * between digits. Undefined when it is none or beyond 64 bits.
 */
export function parseFloatText(written: string): number | undefined {
  if (/_/.test(written) && /^_|_$|__|[^0-9a-f]_|_[^0-9a-f]/i.test(written.replace(/^([+-]?0)x_/i, '$1x')))
    return undefined;
  const text = written.replaceAll('_', '').toLowerCase();
  const special = SPECIAL.get(text.replace(/^[+-]/, ''));
  if (special !== undefined) return text.startsWith('-') ? -special : special;
  const number = DECIMAL.test(text) ? Number(text) : parseHexadecimal(text);
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

/** Digits of more than 16 places are cut, which can only matter for the last bit of the result. */
const MAX_HEX_DIGITS = 16;

function parseHexadecimal(text: string): number | undefined {
  const match = HEXADECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', behind = '', fraction = '', exponent] = match;
  const digits = (whole + behind + fraction).replace(/^0+/, '');
  const kept = digits.slice(0, MAX_HEX_DIGITS);
  const shift = 4 * (digits.length - kept.length) - 4 * (behind.length + fraction.length) + Number(exponent);
  const value = scale(Number(kept === '' ? 0n : BigInt(`0x${kept}`)), shift);
  return sign === '-' ? -value : value;
}

/** Times two to the power, in steps that neither over- nor underflow on the way. */
function scale(value: number, exponent: number): number {
  let result = value;
  let left = Math.max(-2500, Math.min(2500, exponent));
  while (left !== 0 && result !== 0 && Number.isFinite(result)) {
    const step = Math.max(-1000, Math.min(1000, left));
    result *= 2 ** step;
    left -= step;
  }
  return result;
}

/** Text of a float as `%v` prints it: shortest digits, an exponent below 1e-4 and from 1e6 on. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return String(value);
}
