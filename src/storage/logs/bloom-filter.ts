import type { HashSet } from './token';

/** Ten bits a token and six probes: about one wrong "perhaps" in a hundred. */
const BITS_PER_TOKEN = 10;
const PROBES = 6;

/** An odd constant that makes the second hash of double hashing. */
const SECOND_HASH_FACTOR = 0x9e3779b1;

/** The filter of a set of token hashes. */
export function buildBloomFilter(tokens: HashSet): Uint8Array {
  const filter = new Uint8Array(Math.max(1, Math.ceil((tokens.size * BITS_PER_TOKEN) / 8)));
  const bits = filter.length * 8;
  for (const hash of tokens.values()) {
    let probe = hash;
    const step = (Math.imul(hash, SECOND_HASH_FACTOR) | 1) >>> 0;
    for (let i = 0; i < PROBES; i++) {
      const bit = probe % bits;
      filter[bit >>> 3] = (filter[bit >>> 3] as number) | (1 << (bit & 7));
      probe = (probe + step) >>> 0;
    }
  }
  return filter;
}

/** False when the token is certainly not in the set. */
export function mayContain(filter: Uint8Array, hash: number): boolean {
  const bits = filter.length * 8;
  let probe = hash;
  const step = (Math.imul(hash, SECOND_HASH_FACTOR) | 1) >>> 0;
  for (let i = 0; i < PROBES; i++) {
    const bit = probe % bits;
    if (((filter[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return false;
    probe = (probe + step) >>> 0;
  }
  return true;
}
