import { textOf, stringFromBytes } from '../../value/bytes';

const PERCENT = 0x25;
const PLUS = 0x2b;
const BLANK = 0x20;

/**
 * Calls back for each pair of a form-encoded text (WHATWG URL, `application/x-www-form-urlencoded` parsing): `+` is a
 * blank, `%XX` a byte, bytes that are no UTF-8 become U+FFFD.
 */
export function forEachFormPair(text: string, callback: (name: string, value: string) => void): void {
  let start = 0;
  while (start < text.length) {
    const separator = text.indexOf('&', start);
    const end = separator === -1 ? text.length : separator;
    if (end > start) {
      const pair = text.slice(start, end);
      const equals = pair.indexOf('=');
      if (equals === -1) callback(decodeFormText(pair), '');
      else callback(decodeFormText(pair.slice(0, equals)), decodeFormText(pair.slice(equals + 1)));
    }
    start = end + 1;
  }
}

const encoder = new TextEncoder();

/** Decodes one name or value. */
function decodeFormText(text: string): string {
  if (!text.includes('%')) return text.includes('+') ? text.replaceAll('+', ' ') : text;
  const source = encoder.encode(text);
  const bytes = new Uint8Array(source.length);
  let length = 0;
  for (let i = 0; i < source.length; i++) {
    let byte = source[i] as number;
    if (byte === PLUS) byte = BLANK;
    else if (byte === PERCENT) {
      const high = hexValue(source[i + 1]);
      const low = hexValue(source[i + 2]);
      if (high !== -1 && low !== -1) {
        byte = high * 16 + low;
        i += 2;
      }
    }
    bytes[length++] = byte;
  }
  return textOf(stringFromBytes(bytes.subarray(0, length)));
}

/** Value of a hexadecimal digit; -1 for anything else. */
function hexValue(unit: number | undefined): number {
  if (unit === undefined) return -1;
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}
