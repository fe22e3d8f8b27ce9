import { avalanche64, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME64_5, rotateLeft64, u64, Words } from './words';

const STRIPE_BYTES = 32;

function round(accumulator: bigint, input: bigint): bigint {
  return u64(rotateLeft64(u64(accumulator + input * PRIME64_2), 31n) * PRIME64_1);
}

/** XXH64 with seed 0 (xxHash specification 0.1.1), unsigned. */
export function xxh64(bytes: Uint8Array): bigint {
  const words = new Words(bytes);
  let at = 0;
  let hash = PRIME64_5;
  if (words.length >= STRIPE_BYTES) {
    const lanes = [u64(PRIME64_1 + PRIME64_2), PRIME64_2, 0n, u64(-PRIME64_1)];
    for (; at + STRIPE_BYTES <= words.length; at += STRIPE_BYTES) {
      for (let lane = 0; lane < 4; lane++) {
        lanes[lane] = round(lanes[lane] as bigint, words.read64(at + 8 * lane));
      }
    }
    const [a, b, c, d] = lanes as [bigint, bigint, bigint, bigint];
    hash = u64(rotateLeft64(a, 1n) + rotateLeft64(b, 7n) + rotateLeft64(c, 12n) + rotateLeft64(d, 18n));
    for (const lane of lanes) hash = u64((hash ^ round(0n, lane)) * PRIME64_1 + PRIME64_4);
  }
  hash = u64(hash + BigInt(words.length));
  for (; at + 8 <= words.length; at += 8) {
    hash = u64(rotateLeft64(hash ^ round(0n, words.read64(at)), 27n) * PRIME64_1 + PRIME64_4);
  }
  if (at + 4 <= words.length) {
    hash = u64(rotateLeft64(hash ^ u64(words.read32(at) * PRIME64_1), 23n) * PRIME64_2 + PRIME64_3);
    at += 4;
  }
  for (; at < words.length; at++) {
    hash = u64(rotateLeft64(hash ^ u64(BigInt(bytes[at] as number) * PRIME64_5), 11n) * PRIME64_1);
  }
  return avalanche64(hash);
}
