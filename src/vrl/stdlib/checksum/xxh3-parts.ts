import {
  MASK32,
  PRIME32_1,
  PRIME32_2,
  PRIME32_3,
  PRIME64_1,
  PRIME64_2,
  PRIME64_3,
  PRIME64_4,
  PRIME64_5,
  u64,
  Words,
} from './words';

/** The default secret of XXH3. */
export const SECRET = new Words(
  Uint8Array.from(
    (
      'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f' +
      'cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c' +
      '3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8' +
      'fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364ea' +
      'c5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b' +
      '16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e'
    ).match(/../g) ?? [],
    (digits) => parseInt(digits, 16),
  ),
);

/** Smallest secret that the algorithm allows; some offsets are counted from its end. */
export const MIN_SECRET = 136;
const STRIPE_BYTES = 64;
const STRIPE_SECRET = 8;

/** High and low half of a product, combined. */
export function foldedProduct(a: bigint, b: bigint): bigint {
  const product = a * b;
  return u64(product) ^ (product >> 64n);
}

/** Final mixing of XXH3. */
export function avalanche3(hash: bigint): bigint {
  const h = u64((hash ^ (hash >> 37n)) * 0x1656_6791_9e37_79f9n);
  return h ^ (h >> 32n);
}

/** Mixes 16 bytes of input with 16 of the secret (seed 0). */
export function mix16(input: Words, at: number, secretAt: number): bigint {
  return foldedProduct(input.read64(at) ^ SECRET.read64(secretAt), input.read64(at + 8) ^ SECRET.read64(secretAt + 8));
}

/** The eight accumulators after all input, for inputs beyond 240 bytes. */
export function accumulate(input: Words): BigUint64Array {
  const lanes = BigUint64Array.of(
    PRIME32_3,
    PRIME64_1,
    PRIME64_2,
    PRIME64_3,
    PRIME64_4,
    PRIME32_2,
    PRIME64_5,
    PRIME32_1,
  );
  const stripesPerBlock = (SECRET.length - STRIPE_BYTES) / STRIPE_SECRET;
  // The last stripe is taken from the very end and may overlap with the one before.
  const stripes = Math.floor((input.length - 1) / STRIPE_BYTES);
  for (let stripe = 0; stripe < stripes; stripe++) {
    const inBlock = stripe % stripesPerBlock;
    accumulateStripe(lanes, input, stripe * STRIPE_BYTES, inBlock * STRIPE_SECRET);
    if (inBlock === stripesPerBlock - 1) scramble(lanes);
  }
  accumulateStripe(lanes, input, input.length - STRIPE_BYTES, SECRET.length - STRIPE_BYTES - 7);
  return lanes;
}

function accumulateStripe(lanes: BigUint64Array, input: Words, at: number, secretAt: number): void {
  for (let lane = 0; lane < 8; lane++) {
    const value = input.read64(at + 8 * lane);
    const key = value ^ SECRET.read64(secretAt + 8 * lane);
    // Assignments to the array keep 64 bits.
    lanes[lane ^ 1] = (lanes[lane ^ 1] as bigint) + value;
    lanes[lane] = (lanes[lane] as bigint) + (key & MASK32) * (key >> 32n);
  }
}

function scramble(lanes: BigUint64Array): void {
  for (let lane = 0; lane < 8; lane++) {
    const value = lanes[lane] as bigint;
    const key = SECRET.read64(SECRET.length - STRIPE_BYTES + 8 * lane);
    lanes[lane] = (value ^ (value >> 47n) ^ key) * PRIME32_1;
  }
}

/** One word out of all accumulators. */
export function mergeLanes(lanes: BigUint64Array, secretAt: number, start: bigint): bigint {
  let result = start;
  for (let pair = 0; pair < 4; pair++) {
    result += foldedProduct(
      (lanes[2 * pair] as bigint) ^ SECRET.read64(secretAt + 16 * pair),
      (lanes[2 * pair + 1] as bigint) ^ SECRET.read64(secretAt + 16 * pair + 8),
    );
  }
  return avalanche3(u64(result));
}
