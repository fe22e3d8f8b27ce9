const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export type Base64Charset = 'standard' | 'url_safe';

/** For every 12 bits their two characters: half as many steps as one character at a time. */
function pairsOf(alphabet: string): readonly string[] {
  return Array.from({ length: 4096 }, (_, bits) => alphabet.charAt(bits >> 6) + alphabet.charAt(bits & 63));
}
const PAIRS: Readonly<Record<Base64Charset, readonly string[]>> = {
  standard: pairsOf(STANDARD),
  url_safe: pairsOf(URL_SAFE),
};

/** Bytes that are joined at once, a multiple of three: the pieces of a long text take more memory than the text. */
const MAX_JOINED_BYTES = 24_576;

/**
 * Base64 (RFC 4648 sections 4 and 5).
 *
 * @param padding with `=` up to a multiple of four characters
 */
export function encodeBase64(bytes: Uint8Array, charset: Base64Charset = 'standard', padding = true): string {
  if (bytes.length > MAX_JOINED_BYTES) {
    const pieces: string[] = [];
    for (let start = 0; start < bytes.length; start += MAX_JOINED_BYTES) {
      pieces.push(encodeBase64(bytes.subarray(start, start + MAX_JOINED_BYTES), charset, padding));
    }
    return pieces.join('');
  }
  const pairs = PAIRS[charset];
  const rest = bytes.length % 3;
  const whole = bytes.length - rest;
  let text = '';
  for (let i = 0; i < whole; i += 3) {
    const bits = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    text += (pairs[bits >> 12] as string) + (pairs[bits & 4095] as string);
  }
  if (rest === 1) text += pairs[(bytes[whole] as number) << 4] as string;
  if (rest === 2) {
    const bits = ((bytes[whole] as number) << 10) | ((bytes[whole + 1] as number) << 2);
    text += (pairs[bits >> 6] as string) + (pairs[(bits & 63) << 6] as string).charAt(0);
  }
  return padding ? text.padEnd(Math.ceil(text.length / 4) * 4, '=') : text;
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
