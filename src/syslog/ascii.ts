/** The bytes that give a syslog message its shape; all of them are ASCII, so they mean the same inside UTF-8. */
export const NUL = 0x00;
export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const HASH = 0x23;
export const PERCENT = 0x25;
export const APOSTROPHE = 0x27;
export const OPEN_PARENTHESIS = 0x28;
export const CLOSE_PARENTHESIS = 0x29;
export const ASTERISK = 0x2a;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const DOT = 0x2e;
export const SLASH = 0x2f;
export const DIGIT_0 = 0x30;
export const DIGIT_1 = 0x31;
export const DIGIT_9 = 0x39;
export const COLON = 0x3a;
export const LESS_THAN = 0x3c;
export const EQUALS = 0x3d;
export const GREATER_THAN = 0x3e;
export const AT = 0x40;
export const UPPER_A = 0x41;
export const UPPER_M = 0x4d;
export const UPPER_P = 0x50;
export const UPPER_T = 0x54;
export const UPPER_Z = 0x5a;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const UNDERSCORE = 0x5f;
export const OPEN_BRACE = 0x7b;

/** True for `0` to `9`. */
export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= DIGIT_0 && byte <= DIGIT_9;
}

/** True for an ASCII letter of either case. */
export function isLetter(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** True for an ASCII capital letter. */
export function isUpper(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x41 && byte <= 0x5a;
}

/** The first position at or after `position` that is not a space. */
export function skipSpaces(bytes: Uint8Array, position: number, end: number): number {
  while (position < end && bytes[position] === SPACE) position++;
  return position;
}

/** The value of two digits at `position`, or -1 when there are none. */
export function twoDigits(bytes: Uint8Array, position: number, end: number): number {
  if (position + 2 > end) return -1;
  const tens = (bytes[position] as number) - DIGIT_0;
  const ones = (bytes[position + 1] as number) - DIGIT_0;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** The value of four digits at `position`, or -1 when there are none. */
export function fourDigits(bytes: Uint8Array, position: number, end: number): number {
  const high = twoDigits(bytes, position, end);
  const low = twoDigits(bytes, position + 2, end);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}
