import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2';
import { sha3_224, sha3_256, sha3_384, sha3_512 } from '@noble/hashes/sha3';

/** A hash function. */
export type Digest = typeof sha256;

/** SHA-2 (FIPS 180-4) by the variants' names in programs. */
export const SHA2: ReadonlyMap<string, Digest> = new Map<string, Digest>([
  ['SHA-224', sha224],
  ['SHA-256', sha256],
  ['SHA-384', sha384],
  ['SHA-512', sha512],
  ['SHA-512/224', sha512_224],
  ['SHA-512/256', sha512_256],
] as [string, Digest][]);

/** SHA-3 (FIPS 202) by the variants' names in programs. */
export const SHA3: ReadonlyMap<string, Digest> = new Map<string, Digest>([
  ['SHA3-224', sha3_224],
  ['SHA3-256', sha3_256],
  ['SHA3-384', sha3_384],
  ['SHA3-512', sha3_512],
] as unknown as [string, Digest][]);

export const DEFAULT_SHA2 = 'SHA-512/256';
export const DEFAULT_SHA3 = 'SHA3-512';

/** Bytes in lower-case hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  if (bytes.length > MAX_JOINED_BYTES) return longHex(bytes);
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** Longest input whose text is joined digit by digit: joining is quick for a digest, but takes memory for a long text. */
const MAX_JOINED_BYTES = 256;

function longHex(bytes: Uint8Array): string {
  const digits = new Uint8Array(bytes.length * 2);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    digits[2 * i] = DIGITS.charCodeAt(byte >> 4);
    digits[2 * i + 1] = DIGITS.charCodeAt(byte & 15);
  }
  return new TextDecoder().decode(digits);
}
const DIGITS = '0123456789abcdef';

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
