/** Bytes of a span id, and half of a trace id. */
const SPAN_ID_BYTES = 8;
const TRACE_ID_BYTES = 16;

/** ASCII codes of the two hex digits of 0 to 255: `HEX_PAIRS[2 * n]` and the one after it. */
const HEX_PAIRS = new Uint8Array(512);
for (let n = 0; n < 256; n++) {
  HEX_PAIRS[2 * n] = '0123456789abcdef'.charCodeAt(n >>> 4);
  HEX_PAIRS[2 * n + 1] = '0123456789abcdef'.charCodeAt(n & 15);
}

/** Lower-case hex of the bytes from `start` up to `end`; ids of the usual sizes do not leave JavaScript. */
export function hexText(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length === SPAN_ID_BYTES) return eightBytes(bytes, start);
  if (length === TRACE_ID_BYTES) return eightBytes(bytes, start) + eightBytes(bytes, start + SPAN_ID_BYTES);
  return bytes.toString('hex', start, end);
}

function eightBytes(bytes: Buffer, start: number): string {
  const hex = HEX_PAIRS;
  const a = (bytes[start] as number) << 1;
  const b = (bytes[start + 1] as number) << 1;
  const c = (bytes[start + 2] as number) << 1;
  const d = (bytes[start + 3] as number) << 1;
  const e = (bytes[start + 4] as number) << 1;
  const f = (bytes[start + 5] as number) << 1;
  const g = (bytes[start + 6] as number) << 1;
  const h = (bytes[start + 7] as number) << 1;
  return String.fromCharCode(
    hex[a] as number,
    hex[a + 1] as number,
    hex[b] as number,
    hex[b + 1] as number,
    hex[c] as number,
    hex[c + 1] as number,
    hex[d] as number,
    hex[d + 1] as number,
    hex[e] as number,
    hex[e + 1] as number,
    hex[f] as number,
    hex[f + 1] as number,
    hex[g] as number,
    hex[g + 1] as number,
    hex[h] as number,
    hex[h + 1] as number,
  );
}
