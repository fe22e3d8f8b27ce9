import { bytesOf } from '../../value/bytes';
import { toHex } from '../crypto/digests';
import { randomBytes } from './entropy';

const UUID_BYTES = 16;

/** A UUID in the hyphenated form (RFC 9562 section 4). */
export function formatUuid(bytes: Uint8Array): string {
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Sets version and variant (RFC 9562 sections 4.1 and 4.2). */
function marked(bytes: Uint8Array, version: number): Uint8Array {
  bytes[6] = ((bytes[6] as number) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes;
}

/** A random UUID (RFC 9562 section 5.4). */
export function uuidV4(): string {
  return formatUuid(marked(randomBytes(UUID_BYTES), 4));
}

/**
 * A UUID that begins with a time (RFC 9562 section 5.7).
 *
 * @param epochMs milliseconds since the Unix epoch; 48 bits of them are kept
 */
export function uuidV7(epochMs: number): string {
  const bytes = marked(randomBytes(UUID_BYTES), 7);
  const view = new DataView(bytes.buffer);
  const ms = BigInt.asUintN(48, BigInt(Math.max(epochMs, 0)));
  view.setUint32(0, Number(ms >> 16n));
  view.setUint16(4, Number(ms & 0xffffn));
  return formatUuid(bytes);
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^22 is the first power beyond 128 bits. */
const MAX_BASE62_DIGITS = 22;
const LIMIT = 2n ** 128n;
const TOO_LARGE = 'Decoded number cannot fit into a `u128`';

/** A byte of a text as messages show it: escaped unless it is a printable character of ASCII. */
function shownByte(text: string, at: number): string {
  const byte = bytesOf(text)[at] as number;
  const escaped = ESCAPED_BYTES.get(byte);
  if (escaped !== undefined) return escaped;
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
}

const ESCAPED_BYTES = new Map([
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x22, '\\"'],
  [0x27, "\\'"],
  [0x5c, '\\\\'],
]);

/** The UUID whose number some base-62 text is, or what is wrong with the text. */
export function uuidFromBase62(text: string): string | { readonly problem: string } {
  const invalid = bytesOf(text).findIndex((byte) => !BASE62.includes(String.fromCharCode(byte)));
  if (invalid >= 0)
    return { problem: `Encoded input contains the invalid byte b'${shownByte(text, invalid)}' at index ${invalid}` };
  const digits = text.replace(/^0+(?=.)/, '');
  if (digits === '') return { problem: 'Encoded input is an empty string' };
  if (digits.length > MAX_BASE62_DIGITS) return { problem: TOO_LARGE };
  let number = 0n;
  for (const digit of digits) {
    number = number * 62n + BigInt(BASE62.indexOf(digit));
  }
  if (number >= LIMIT) return { problem: TOO_LARGE };
  const bytes = new Uint8Array(UUID_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, number >> 64n);
  view.setBigUint64(8, number & 0xffff_ffff_ffff_ffffn);
  return formatUuid(bytes);
}
