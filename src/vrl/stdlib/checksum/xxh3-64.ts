import { avalanche64, PRIME64_1, rotateLeft64, swap64, u64, Words } from './words';
import { accumulate, avalanche3, foldedProduct, mergeLanes, MIN_SECRET, mix16, SECRET } from './xxh3-parts';

const MIX_MULTIPLIER = 0x9fb2_1c65_1e98_df25n;

/** XXH3 with 64 bits, default secret and seed 0 (xxHash specification 0.2.0), unsigned. */
export function xxh3Bits64(bytes: Uint8Array): bigint {
  const input = new Words(bytes);
  const length = BigInt(input.length);
  if (input.length === 0) return avalanche64(SECRET.read64(56) ^ SECRET.read64(64));
  if (input.length <= 3) return avalanche64(combined(bytes) ^ SECRET.read32(0) ^ SECRET.read32(4));
  if (input.length <= 8) {
    const word = input.read32(input.length - 4) + (input.read32(0) << 32n);
    return mix(word ^ SECRET.read64(8) ^ SECRET.read64(16), length);
  }
  if (input.length <= 16) {
    const low = input.read64(0) ^ SECRET.read64(24) ^ SECRET.read64(32);
    const high = input.read64(input.length - 8) ^ SECRET.read64(40) ^ SECRET.read64(48);
    return avalanche3(u64(length + swap64(low) + high + foldedProduct(low, high)));
  }
  if (input.length <= 128) return medium(input);
  if (input.length <= 240) return large(input);
  return mergeLanes(accumulate(input), 11, u64(length * PRIME64_1));
}

/** First, middle and last byte and the length of up to three bytes. */
export function combined(bytes: Uint8Array): bigint {
  const [first, middle, last] = [0, bytes.length >> 1, bytes.length - 1].map((at) => BigInt(bytes[at] as number)) as [
    bigint,
    bigint,
    bigint,
  ];
  return (first << 16n) | (middle << 24n) | last | (BigInt(bytes.length) << 8n);
}

function mix(word: bigint, length: bigint): bigint {
  let h = u64((word ^ rotateLeft64(word, 49n) ^ rotateLeft64(word, 24n)) * MIX_MULTIPLIER);
  h = u64((h ^ ((h >> 35n) + length)) * MIX_MULTIPLIER);
  return h ^ (h >> 28n);
}

/** 17 to 128 bytes: pairs of 16 bytes from both ends. */
function medium(input: Words): bigint {
  let hash = BigInt(input.length) * PRIME64_1;
  const pairs = Math.ceil(input.length / 32);
  for (let pair = 0; pair < pairs; pair++) {
    hash += mix16(input, 16 * pair, 32 * pair);
    hash += mix16(input, input.length - 16 * (pair + 1), 32 * pair + 16);
  }
  return avalanche3(u64(hash));
}

/** 129 to 240 bytes: 16 bytes at a time, with two passes over the secret. */
function large(input: Words): bigint {
  let hash = BigInt(input.length) * PRIME64_1;
  for (let i = 0; i < 8; i++) hash += mix16(input, 16 * i, 16 * i);
  hash = avalanche3(u64(hash));
  const rounds = Math.floor(input.length / 16);
  for (let i = 8; i < rounds; i++) hash += mix16(input, 16 * i, 16 * (i - 8) + 3);
  hash += mix16(input, input.length - 16, MIN_SECRET - 17);
  return avalanche3(u64(hash));
}
