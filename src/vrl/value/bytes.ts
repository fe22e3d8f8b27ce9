import { VrlBytes, type VrlString } from './value';

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lossyDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The language's string for some bytes: text when they are valid UTF-8, else {@link VrlBytes}. The bytes are not copied. */
export function stringFromBytes(bytes: Uint8Array): VrlString {
  if (bytes.length <= MAX_CHECKED_BYTES && !isUtf8(bytes)) return new VrlBytes(bytes);
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return new VrlBytes(bytes);
  }
}

/** Up to so many bytes are looked at before they are decoded: the decoder's exception costs some microseconds. */
const MAX_CHECKED_BYTES = 256;

/** Are the bytes valid UTF-8? */
export function isUtf8(bytes: Uint8Array): boolean {
  let i = 0;
  while (i < bytes.length) {
    const first = bytes[i] as number;
    const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length === 0 || i + length > bytes.length) return false;
    if (length > 1 && !isSecondByte(first, bytes[i + 1] as number)) return false;
    for (let k = 2; k < length; k++) if (((bytes[i + k] as number) & 0xc0) !== 0x80) return false;
    i += length;
  }
  return true;
}

/** May the byte follow the first one of a character? Refuses overlong forms, surrogates and what is beyond U+10FFFF. */
function isSecondByte(first: number, second: number): boolean {
  if (first === 0xe0) return second >= 0xa0 && second <= 0xbf;
  if (first === 0xed) return second >= 0x80 && second <= 0x9f;
  if (first === 0xf0) return second >= 0x90 && second <= 0xbf;
  if (first === 0xf4) return second >= 0x80 && second <= 0x8f;
  return second >= 0x80 && second <= 0xbf;
}

/** The bytes of a string. Must not be changed: invalid strings hand out their own. */
export function bytesOf(value: VrlString): Uint8Array {
  return typeof value === 'string' ? encoder.encode(value) : value.bytes;
}

/** The string as text, invalid UTF-8 replaced by U+FFFD. */
export function textOf(value: VrlString): string {
  return typeof value === 'string' ? value : lossyDecoder.decode(value.bytes);
}

/** Makes text of foreign origin well-formed: a lone surrogate becomes U+FFFD, as when it is encoded. */
export function wellFormed(text: string): string {
  return isWellFormed(text) ? text : lossyDecoder.decode(encoder.encode(text));
}

/** Strings of engines of 2023 and later answer this themselves, most in no time. */
interface SelfTestingString {
  isWellFormed?(): boolean;
}

function isWellFormed(text: string): boolean {
  return (text as SelfTestingString).isWellFormed?.() ?? !LONE_SURROGATE.test(text);
}
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Number of bytes that the text takes in UTF-8, without encoding it. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // A surrogate pair is 4 bytes and 2 units: each half adds one more.
    length += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return length;
}

/** Byte length of a string. */
export function byteLength(value: VrlString): number {
  return typeof value === 'string' ? utf8Length(value) : value.bytes.length;
}

/** UTF-8 offset of a UTF-16 position. */
export function byteOffsetOf(text: string, position: number): number {
  return utf8Length(position >= text.length ? text : text.slice(0, position));
}

/** UTF-16 position of a UTF-8 offset; an offset inside a character gives the position of the next one. */
export function positionOfByteOffset(text: string, offset: number): number {
  let bytes = 0;
  let i = 0;
  while (i < text.length && bytes < offset) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit <= 0xdbff) {
      bytes += 4;
      i++;
    } else bytes += 3;
    i++;
  }
  return i;
}

/** True when every character is ASCII, so that bytes and UTF-16 units are the same. */
export function isAscii(text: string): boolean {
  return !NON_ASCII.test(text);
}
const NON_ASCII = /[^\x00-\x7f]/;

/** Part of a string by byte offsets; cutting through a character gives bytes that are not text. */
export function sliceBytes(value: VrlString, start: number, end: number): VrlString {
  if (typeof value === 'string' && isAscii(value)) return value.slice(start, end);
  return stringFromBytes(bytesOf(value).slice(start, end));
}

/** One string after the other; two invalid halves may become valid text. */
export function concatStrings(a: VrlString, b: VrlString): VrlString {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  const left = bytesOf(a);
  const right = bytesOf(b);
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return stringFromBytes(joined);
}
