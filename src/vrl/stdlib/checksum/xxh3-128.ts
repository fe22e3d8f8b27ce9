import { avalanche64, MASK32, PRIME32_2, PRIME64_1, PRIME64_2, PRIME64_4, swap32, swap64, u64, Words } from './words';
import { combined } from './xxh3-64';
import { accumulate, avalanche3, mergeLanes, MIN_SECRET, mix16, SECRET } from './xxh3-parts';

const MIX_MULTIPLIER = 0x9fb2_1c65_1e98_df25n;

function joined(low: bigint, high: bigint): bigint {
  return (high << 64n) | low;
}

/** XXH3 with 128 bits, default secret and seed 0 (xxHash specification 0.2.0), unsigned. */
export function xxh3Bits128(bytes: Uint8Array): bigint {
  const input = new Words(bytes);
  if (input.length === 0) {
    return joined(
      avalanche64(SECRET.read64(64) ^ SECRET.read64(72)),
      avalanche64(SECRET.read64(80) ^ SECRET.read64(88)),
    );
  }
  if (input.length <= 3) return tiny(bytes);
  if (input.length <= 8) return small(input);
  if (input.length <= 16) return short(input);
  if (input.length <= 240) return new Pair(input).hash();
  const lanes = accumulate(input);
  const length = BigInt(input.length);
  return joined(
    mergeLanes(lanes, 11, u64(length * PRIME64_1)),
    mergeLanes(lanes, SECRET.length - 64 - 11, u64(~(length * PRIME64_2))),
  );
}

function tiny(bytes: Uint8Array): bigint {
  const low = combined(bytes);
  const swapped = swap32(low);
  const high = ((swapped << 13n) & MASK32) | (swapped >> 19n);
  return joined(
    avalanche64(low ^ SECRET.read32(0) ^ SECRET.read32(4)),
    avalanche64(high ^ SECRET.read32(8) ^ SECRET.read32(12)),
  );
}

function small(input: Words): bigint {
  const word = input.read32(0) + (input.read32(input.length - 4) << 32n);
  const keyed = word ^ SECRET.read64(16) ^ SECRET.read64(24);
  const product = keyed * u64(PRIME64_1 + BigInt(input.length << 2));
  let low = u64(product);
  const high = u64((product >> 64n) + (low << 1n));
  low ^= high >> 3n;
  low = u64((low ^ (low >> 35n)) * MIX_MULTIPLIER);
  low ^= low >> 28n;
  return joined(low, avalanche3(high));
}

function short(input: Words): bigint {
  const head = input.read64(0);
  const tail = input.read64(input.length - 8);
  const product = (head ^ tail ^ SECRET.read64(32) ^ SECRET.read64(40)) * PRIME64_1;
  const low = u64(u64(product) + (BigInt(input.length - 1) << 54n));
  const keyed = tail ^ SECRET.read64(48) ^ SECRET.read64(56);
  const high = u64((product >> 64n) + keyed + (keyed & MASK32) * (PRIME32_2 - 1n));
  const mixed = (low ^ swap64(high)) * PRIME64_2;
  return joined(avalanche3(u64(mixed)), avalanche3(u64((mixed >> 64n) + high * PRIME64_2)));
}

/** Two accumulators, for 17 to 240 bytes. */
class Pair {
  readonly #input: Words;
  #low: bigint;
  #high = 0n;

  constructor(input: Words) {
    this.#input = input;
    this.#low = u64(BigInt(input.length) * PRIME64_1);
  }

  hash(): bigint {
    const length = this.#input.length;
    if (length <= 128) {
      for (let i = Math.ceil(length / 32) - 1; i >= 0; i--) this.#mix(16 * i, length - 16 * (i + 1), 32 * i);
    } else {
      for (let i = 0; i < 4; i++) this.#mix(32 * i, 32 * i + 16, 32 * i);
      this.#low = avalanche3(this.#low);
      this.#high = avalanche3(this.#high);
      const rounds = Math.floor(length / 32);
      for (let i = 4; i < rounds; i++) this.#mix(32 * i, 32 * i + 16, 3 + 32 * (i - 4));
      this.#mix(length - 16, length - 32, MIN_SECRET - 17 - 16);
    }
    const sum = u64(this.#low + this.#high);
    const product = u64(this.#low * PRIME64_1 + this.#high * PRIME64_4 + BigInt(length) * PRIME64_2);
    return joined(avalanche3(sum), u64(-avalanche3(product)));
  }

  #mix(first: number, second: number, secretAt: number): void {
    const input = this.#input;
    this.#low = u64(this.#low + mix16(input, first, secretAt)) ^ u64(input.read64(second) + input.read64(second + 8));
    this.#high =
      u64(this.#high + mix16(input, second, secretAt + 16)) ^ u64(input.read64(first) + input.read64(first + 8));
  }
}
