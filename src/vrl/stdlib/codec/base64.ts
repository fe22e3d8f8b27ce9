const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export type Base64Charset = 'standard' | 'url_safe';

const ALPHABETS: Readonly<Record<Base64Charset, string>> = { standard: STANDARD, url_safe: URL_SAFE };

/** Bytes encoded at a time, so that the text grows by long pieces. */
const PIECE_BYTES = 3 * 4096;

/**
 * Base64 (RFC 4648 sections 4 and 5).
 *
 * @param padding with `=` up to a multiple of four characters
 */
export function encodeBase64(bytes: Uint8Array, charset: Base64Charset = 'standard', padding = true): string {
  const alphabet = ALPHABETS[charset];
  let text = '';
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    text += encodePiece(bytes, start, Math.min(start + PIECE_BYTES, bytes.length), alphabet);
  }
  return padding ? text.padEnd(Math.ceil(text.length / 4) * 4, '=') : text;
}

function encodePiece(bytes: Uint8Array, start: number, end: number, alphabet: string): string {
  let text = '';
  for (let i = start; i < end; i += 3) {
    const a = bytes[i] as number;
    const b = i + 1 < end ? (bytes[i + 1] as number) : undefined;
    const c = i + 2 < end ? (bytes[i + 2] as number) : undefined;
    text += alphabet.charAt(a >> 2) + alphabet.charAt(((a & 3) << 4) | ((b ?? 0) >> 4));
    if (b !== undefined) text += alphabet.charAt(((b & 15) << 2) | ((c ?? 0) >> 6));
    if (c !== undefined) text += alphabet.charAt(c & 63);
  }
  return text;
}

const INVALID = 255;

function valuesOf(alphabet: string): Uint8Array {
  const values = new Uint8Array(256).fill(INVALID);
  for (let i = 0; i < 64; i++) values[alphabet.charCodeAt(i)] = i;
  return values;
}
const VALUES: Readonly<Record<Base64Charset, Uint8Array>> = {
  standard: valuesOf(STANDARD),
  url_safe: valuesOf(URL_SAFE),
};
const EQUALS = 0x3d;

/**
 * Reads Base64; padding may be there or not, everything else must be canonical (no blanks, no stray bits at the end).
 *
 * @returns undefined when the text is no Base64 of the alphabet
 */
export function decodeBase64(text: Uint8Array, charset: Base64Charset = 'standard'): Uint8Array | undefined {
  const values = VALUES[charset];
  let length = text.length;
  while (length > 0 && text[length - 1] === EQUALS) length--;
  const rest = length % 4;
  if (rest === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let count = 0;
  let at = 0;
  for (let i = 0; i < length; i++) {
    const value = values[text[i] as number] as number;
    if (value === INVALID) return undefined;
    bits = (bits << 6) | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes[at++] = bits >> count;
      bits &= (1 << count) - 1;
    }
  }
  return bits === 0 ? bytes : undefined;
}
