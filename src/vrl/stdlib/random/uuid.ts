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
const TOO_LARGE = 'it does not fit 128 bits';

/** The UUID whose number some base-62 text is, or what is wrong with the text. */
export function uuidFromBase62(text: string): string | { readonly problem: string } {
  const digits = text.replace(/^0+(?=.)/, '');
  if (digits === '') return { problem: 'it is empty' };
  if (digits.length > MAX_BASE62_DIGITS) return { problem: TOO_LARGE };
  let number = 0n;
  for (const digit of digits) {
    const value = BASE62.indexOf(digit);
    if (value < 0) return { problem: `invalid character "${digit}"` };
    number = number * 62n + BigInt(value);
  }
  if (number >= LIMIT) return { problem: TOO_LARGE };
  const bytes = new Uint8Array(UUID_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, number >> 64n);
  view.setBigUint64(8, number & 0xffff_ffff_ffff_ffffn);
  return formatUuid(bytes);
}
