import { unsafe } from '@noble/ciphers/aes';

export const BLOCK_BYTES = 16;

/** AES as a function of blocks, its key expanded once. ("Unsafe" says that this alone hides nothing; the modes are ours.) */
export class AesBlocks {
  readonly #key: Uint32Array;

  constructor(key: Uint8Array) {
    this.#key = unsafe.expandKeyLE(key);
  }

  /** A block encrypted, as a new array. */
  encrypt(block: Uint8Array): Uint8Array {
    const copy = Uint8Array.from(block);
    unsafe.encryptBlock(this.#key, copy);
    return copy;
  }
}

/** Combines two byte strings, of the shorter one's length. */
export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  const result = new Uint8Array(Math.min(a.length, b.length));
  for (let i = 0; i < result.length; i++) result[i] = (a[i] as number) ^ (b[i] as number);
  return result;
}
