import { AesBlocks, BLOCK_BYTES } from './block';

/** Combines data with a stream of blocks; the same undoes it. */
function combined(data: Uint8Array, nextBlock: () => Uint8Array): Uint8Array {
  const result = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += BLOCK_BYTES) {
    const block = nextBlock();
    const end = Math.min(at + BLOCK_BYTES, data.length);
    for (let i = at; i < end; i++) result[i] = (data[i] as number) ^ (block[i - at] as number);
  }
  return result;
}

/** Output feedback (NIST SP 800-38A section 6.4). */
export function ofb(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const aes = new AesBlocks(key);
  let block = iv;
  return combined(data, () => (block = aes.encrypt(block)));
}

/** Counter mode whose counter is the last 8 bytes of the block, big-endian, wrapping without a carry into the first 8. */
export function ctr64BigEndian(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  return counterMode(key, iv, data, 8, false);
}

/** Counter mode whose counter is the first 8 bytes of the block, little-endian, wrapping likewise. */
export function ctr64LittleEndian(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  return counterMode(key, iv, data, 0, true);
}

function counterMode(
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
  counterAt: number,
  littleEndian: boolean,
): Uint8Array {
  const aes = new AesBlocks(key);
  const block = Uint8Array.from(iv);
  const view = new DataView(block.buffer);
  return combined(data, () => {
    const encrypted = aes.encrypt(block);
    view.setBigUint64(counterAt, view.getBigUint64(counterAt, littleEndian) + 1n, littleEndian);
    return encrypted;
  });
}

/** Counter mode with the whole block as the counter, as SIV needs it. */
export function ctr128(aes: AesBlocks, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const block = Uint8Array.from(iv);
  return combined(data, () => {
    const encrypted = aes.encrypt(block);
    for (let i = BLOCK_BYTES - 1; i >= 0; i--) {
      block[i] = (block[i] as number) + 1;
      if (block[i] !== 0) break;
    }
    return encrypted;
  });
}
