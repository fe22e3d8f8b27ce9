import { cbc, cfb } from '@noble/ciphers/aes';
import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha';
import { xsalsa20poly1305 } from '@noble/ciphers/salsa';
import { sivDecrypt, sivEncrypt } from './aes-siv';
import { BLOCK_BYTES } from './block';
import { ctr64BigEndian, ctr64LittleEndian, ofb } from './keystream';
import { PADDINGS, type Padding } from './padding';

/** A cipher under one of the names that programs use; keys and IVs have exactly the stated bytes. */
export interface CipherAlgorithm {
  readonly keyBytes: number;
  readonly ivBytes: number;
  encrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array;
  /** Undefined when the data cannot have been made with this key and IV. */
  decrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array | undefined;
}

type Transform = (key: Uint8Array, iv: Uint8Array, data: Uint8Array) => Uint8Array;

/** A mode of AES that combines with a key stream, so that the same encrypts and decrypts. */
function stream(keyBytes: number, transform: Transform): CipherAlgorithm {
  return { keyBytes, ivBytes: BLOCK_BYTES, encrypt: transform, decrypt: transform };
}

function cfbMode(keyBytes: number): CipherAlgorithm {
  return {
    keyBytes,
    ivBytes: BLOCK_BYTES,
    // The library refuses to work on nothing.
    encrypt: (key, iv, data) => (data.length === 0 ? data : cfb(key, iv).encrypt(data)),
    decrypt: (key, iv, data) => (data.length === 0 ? data : cfb(key, iv).decrypt(data)),
  };
}

function cbcMode(keyBytes: number, padding: Padding): CipherAlgorithm {
  return {
    keyBytes,
    ivBytes: BLOCK_BYTES,
    encrypt: (key, iv, data) => cbc(key, iv, { disablePadding: true }).encrypt(padding.pad(data)),
    decrypt: (key, iv, data) => {
      if (data.length === 0 || data.length % BLOCK_BYTES !== 0) return undefined;
      return padding.unpad(cbc(key, iv, { disablePadding: true }).decrypt(data));
    },
  };
}

function siv(keyBytes: number): CipherAlgorithm {
  return { keyBytes, ivBytes: BLOCK_BYTES, encrypt: sivEncrypt, decrypt: sivDecrypt };
}

const SECRET_KEY_BYTES = 32;

/** Ciphers of the ChaCha and Salsa family with a Poly1305 tag. */
function sealed(ivBytes: number, cipher: typeof chacha20poly1305 | typeof xsalsa20poly1305): CipherAlgorithm {
  return {
    keyBytes: SECRET_KEY_BYTES,
    ivBytes,
    encrypt: (key, iv, data) => cipher(key, iv).encrypt(data),
    decrypt: (key, iv, data) => {
      try {
        return cipher(key, iv).decrypt(data);
      } catch {
        return undefined;
      }
    },
  };
}

function aesModes(bits: number): [string, CipherAlgorithm][] {
  const bytes = bits / 8;
  return [
    [`AES-${bits}-CFB`, cfbMode(bytes)],
    [`AES-${bits}-OFB`, stream(bytes, ofb)],
    // The name without byte order is deprecated and means the same.
    [`AES-${bits}-CTR`, stream(bytes, ctr64LittleEndian)],
    [`AES-${bits}-CTR-LE`, stream(bytes, ctr64LittleEndian)],
    [`AES-${bits}-CTR-BE`, stream(bytes, ctr64BigEndian)],
    ...Array.from(PADDINGS, ([name, padding]): [string, CipherAlgorithm] => [
      `AES-${bits}-CBC-${name}`,
      cbcMode(bytes, padding),
    ]),
  ];
}

/** Every algorithm by name. */
export const CIPHERS: ReadonlyMap<string, CipherAlgorithm> = new Map<string, CipherAlgorithm>([
  ...aesModes(256),
  ...aesModes(192),
  ...aesModes(128),
  // Two keys each.
  ['AES-128-SIV', siv(32)],
  ['AES-256-SIV', siv(64)],
  ['CHACHA20-POLY1305', sealed(12, chacha20poly1305)],
  ['XCHACHA20-POLY1305', sealed(24, xchacha20poly1305)],
  ['XSALSA20-POLY1305', sealed(24, xsalsa20poly1305)],
]);
