/** Parameters of punycode (RFC 3492 section 5). */
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const INITIAL_CODE_POINT = 128;
const MAX_CODE_POINT = 0x10ffff;
const DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Longest label that is encoded or decoded, in characters. Both take quadratic time, and a label of a name in the DNS
 * has 63 octets at most.
 */
export const MAX_LABEL_LENGTH = 1000;

function adapt(delta: number, points: number, first: boolean): number {
  let scaled = Math.floor(delta / (first ? DAMP : 2));
  scaled += Math.floor(scaled / points);
  let k = 0;
  for (; scaled > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) scaled = Math.floor(scaled / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * scaled) / (scaled + SKEW));
}

function threshold(k: number, bias: number): number {
  return Math.min(Math.max(k - bias, T_MIN), T_MAX);
}

/** The label in punycode, without the prefix `xn--`; undefined when it is too long. */
export function encodePunycode(label: string): string | undefined {
  const points = Array.from(label, (character) => character.codePointAt(0) as number);
  if (points.length > MAX_LABEL_LENGTH) return undefined;
  const basic = points.filter((point) => point < INITIAL_CODE_POINT);
  let output = String.fromCharCode(...basic) + (basic.length > 0 ? '-' : '');
  let code = INITIAL_CODE_POINT;
  let delta = 0;
  let bias = INITIAL_BIAS;
  let handled = basic.length;
  while (handled < points.length) {
    const next = Math.min(...points.filter((point) => point >= code));
    delta += (next - code) * (handled + 1);
    code = next;
    for (const point of points) {
      if (point < code) delta++;
      if (point !== code) continue;
      output += digitsOf(delta, bias);
      bias = adapt(delta, handled + 1, handled === basic.length);
      delta = 0;
      handled++;
    }
    delta++;
    code++;
  }
  return output;
}

function digitsOf(delta: number, bias: number): string {
  let digits = '';
  let rest = delta;
  for (let k = BASE; ; k += BASE) {
    const t = threshold(k, bias);
    if (rest < t) return digits + DIGITS.charAt(rest);
    digits += DIGITS.charAt(t + ((rest - t) % (BASE - t)));
    rest = Math.floor((rest - t) / (BASE - t));
  }
}

/** The label that some punycode (without `xn--`) stands for; undefined when it is none. */
export function decodePunycode(input: string): string | undefined {
  if (input.length > MAX_LABEL_LENGTH) return undefined;
  const delimiter = input.lastIndexOf('-');
  const points = Array.from(input.slice(0, Math.max(delimiter, 0)), (character) => character.codePointAt(0) as number);
  if (points.some((point) => point >= INITIAL_CODE_POINT)) return undefined;
  let at = delimiter > 0 ? delimiter + 1 : 0;
  let code = INITIAL_CODE_POINT;
  let index = 0;
  let bias = INITIAL_BIAS;
  while (at < input.length) {
    const before = index;
    for (let k = BASE, weight = 1; ; k += BASE) {
      const digit = DIGITS.indexOf(input.charAt(at++).toLowerCase());
      // charAt gives '' beyond the end, which is found at 0.
      if (digit < 0 || at > input.length) return undefined;
      index += digit * weight;
      if (index > Number.MAX_SAFE_INTEGER / BASE) return undefined;
      const t = threshold(k, bias);
      if (digit < t) break;
      weight *= BASE - t;
    }
    const length = points.length + 1;
    bias = adapt(index - before, length, before === 0);
    code += Math.floor(index / length);
    index %= length;
    if (code > MAX_CODE_POINT || (code >= 0xd800 && code <= 0xdfff)) return undefined;
    points.splice(index++, 0, code);
  }
  return points.map((point) => String.fromCodePoint(point)).join('');
}
