/** Bytes up to which an ASCII text is made by one call of String.fromCharCode; longer ones are left to Buffer. */
const MAX_CHAR_CODES = 16;

/**
 * The text of UTF-8 bytes from `start` up to `end`; bytes that are not valid UTF-8 become U+FFFD.
 *
 * A short ASCII text, which most values are, is made without a call into Buffer: a third of the time
 * (bench/otlp-decode.js).
 */
export function utf8Text(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length === 0) return '';
  if (length > MAX_CHAR_CODES) return bytes.toString('utf8', start, end);
  let bits = 0;
  for (let i = start; i < end; i++) bits |= bytes[i] as number;
  return bits > 0x7f ? bytes.toString('utf8', start, end) : shortAscii(bytes, start, length);
}

/** The string of 1 to 16 ASCII bytes: one call with that many arguments neither leaves JavaScript nor concatenates. */
function shortAscii(bytes: Buffer, start: number, length: number): string {
  const text = String.fromCharCode;
  const a = bytes[start] as number;
  if (length === 1) return text(a);
  const b = bytes[start + 1] as number;
  if (length === 2) return text(a, b);
  const c = bytes[start + 2] as number;
  if (length === 3) return text(a, b, c);
  const d = bytes[start + 3] as number;
  if (length === 4) return text(a, b, c, d);
  const e = bytes[start + 4] as number;
  if (length === 5) return text(a, b, c, d, e);
  const f = bytes[start + 5] as number;
  if (length === 6) return text(a, b, c, d, e, f);
  const g = bytes[start + 6] as number;
  if (length === 7) return text(a, b, c, d, e, f, g);
  const h = bytes[start + 7] as number;
  if (length === 8) return text(a, b, c, d, e, f, g, h);
  const i = bytes[start + 8] as number;
  if (length === 9) return text(a, b, c, d, e, f, g, h, i);
  const j = bytes[start + 9] as number;
  if (length === 10) return text(a, b, c, d, e, f, g, h, i, j);
  const k = bytes[start + 10] as number;
  if (length === 11) return text(a, b, c, d, e, f, g, h, i, j, k);
  const l = bytes[start + 11] as number;
  if (length === 12) return text(a, b, c, d, e, f, g, h, i, j, k, l);
  const m = bytes[start + 12] as number;
  if (length === 13) return text(a, b, c, d, e, f, g, h, i, j, k, l, m);
  const n = bytes[start + 13] as number;
  if (length === 14) return text(a, b, c, d, e, f, g, h, i, j, k, l, m, n);
  const o = bytes[start + 14] as number;
  if (length === 15) return text(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o);
  const p = bytes[start + 15] as number;
  return text(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
}
