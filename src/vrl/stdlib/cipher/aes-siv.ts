import { AesBlocks, BLOCK_BYTES, xor } from './block';
import { ctr128 } from './keystream';

/** Multiplication by x in GF(2^128) (RFC 5297 section 2.3). */
function doubled(block: Uint8Array): Uint8Array {
  const result = new Uint8Array(BLOCK_BYTES);
  for (let i = 0; i < BLOCK_BYTES; i++) {
    result[i] = ((block[i] as number) << 1) | ((block[i + 1] ?? 0) >> 7);
  }
  if ((block[0] as number) >= 0x80) result[BLOCK_BYTES - 1] = (result[BLOCK_BYTES - 1] as number) ^ 0x87;
  return result;
}

/** CMAC (RFC 4493) with one key. */
class Cmac {
  readonly #aes: AesBlocks;
  readonly #whole: Uint8Array;
  readonly #padded: Uint8Array;

  constructor(key: Uint8Array) {
    this.#aes = new AesBlocks(key);
    this.#whole = doubled(this.#aes.encrypt(new Uint8Array(BLOCK_BYTES)));
    this.#padded = doubled(this.#whole);
  }

  of(message: Uint8Array): Uint8Array {
    const lastStart = Math.max(Math.ceil(message.length / BLOCK_BYTES) - 1, 0) * BLOCK_BYTES;
    let state: Uint8Array = new Uint8Array(BLOCK_BYTES);
    for (let at = 0; at < lastStart; at += BLOCK_BYTES) {
      state = this.#aes.encrypt(xor(state, message.subarray(at, at + BLOCK_BYTES)));
    }
    const last = message.subarray(lastStart);
    const block = last.length === BLOCK_BYTES ? xor(last, this.#whole) : xor(filledUp(last), this.#padded);
    return this.#aes.encrypt(xor(state, block));
  }
}

/** A block begun by some bytes and filled up with a single one bit and zeros. */
function filledUp(bytes: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(bytes);
  block[bytes.length] = 0x80;
  return block;
}

/** S2V (RFC 5297 section 2.4) over headers and message. */
function synthesizedIv(key: Uint8Array, headers: readonly Uint8Array[], message: Uint8Array): Uint8Array {
  const cmac = new Cmac(key);
  let state = cmac.of(new Uint8Array(BLOCK_BYTES));
  for (const header of headers) state = xor(doubled(state), cmac.of(header));
  if (message.length < BLOCK_BYTES) return cmac.of(xor(doubled(state), filledUp(message)));
  const end = Uint8Array.from(message);
  const tail = end.subarray(message.length - BLOCK_BYTES);
  tail.set(xor(tail, state));
  return cmac.of(end);
}

/** The counter's start: two bits of the IV are cleared so that counters of 32 bits would do as well. */
function counterFrom(iv: Uint8Array): Uint8Array {
  const counter = Uint8Array.from(iv);
  counter[8] = (counter[8] as number) & 0x7f;
  counter[12] = (counter[12] as number) & 0x7f;
  return counter;
}

/** Nonce-based SIV has the associated data (we have none, which is the empty header) and then the nonce as headers. */
function headersFor(nonce: Uint8Array): readonly Uint8Array[] {
  return [new Uint8Array(), nonce];
}

/**
 * Encrypts with AES-SIV (RFC 5297); the result is the synthetic IV and the ciphertext.
 *
 * @param key two AES keys in a row: for authentication, for encryption
 */
export function sivEncrypt(key: Uint8Array, nonce: Uint8Array, data: Uint8Array): Uint8Array {
  const half = key.length / 2;
  const iv = synthesizedIv(key.subarray(0, half), headersFor(nonce), data);
  const result = new Uint8Array(BLOCK_BYTES + data.length);
  result.set(iv);
  result.set(ctr128(new AesBlocks(key.subarray(half)), counterFrom(iv), data), BLOCK_BYTES);
  return result;
}

/** Undoes {@link sivEncrypt}; undefined when the data was not made with this key and nonce. */
export function sivDecrypt(key: Uint8Array, nonce: Uint8Array, data: Uint8Array): Uint8Array | undefined {
  if (data.length < BLOCK_BYTES) return undefined;
  const half = key.length / 2;
  const iv = data.subarray(0, BLOCK_BYTES);
  const plain = ctr128(new AesBlocks(key.subarray(half)), counterFrom(iv), data.subarray(BLOCK_BYTES));
  const expected = synthesizedIv(key.subarray(0, half), headersFor(nonce), plain);
  // Every byte is looked at, so that the time tells nothing about where they differ.
  return xor(expected, iv).reduce((all, byte) => all | byte, 0) === 0 ? plain : undefined;
}
