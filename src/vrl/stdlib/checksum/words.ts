export const MASK64 = 0xffff_ffff_ffff_ffffn;
export const MASK32 = 0xffff_ffffn;

export const PRIME32_1 = 0x9e37_79b1n;
export const PRIME32_2 = 0x85eb_ca77n;
export const PRIME32_3 = 0xc2b2_ae3dn;
export const PRIME64_1 = 0x9e37_79b1_85eb_ca87n;
export const PRIME64_2 = 0xc2b2_ae3d_27d4_eb4fn;
export const PRIME64_3 = 0x1656_67b1_9e37_79f9n;
export const PRIME64_4 = 0x85eb_ca77_c2b2_ae63n;
export const PRIME64_5 = 0x27d4_eb2f_1656_67c5n;

/** The value in 64 bits, as unsigned. */
export function u64(value: bigint): bigint {
  return value & MASK64;
}

export function rotateLeft64(value: bigint, bits: bigint): bigint {
  return u64(value << bits) | (value >> (64n - bits));
}

/** The bytes of a 64-bit word in reverse. */
export function swap64(value: bigint): bigint {
  return (swap32(value & MASK32) << 32n) | swap32(value >> 32n);
}

export function swap32(value: bigint): bigint {
  return ((value & 0xffn) << 24n) | ((value & 0xff00n) << 8n) | ((value >> 8n) & 0xff00n) | ((value >> 24n) & 0xffn);
}

/** Little-endian words of some bytes. */
export class Words {
  readonly #view: DataView;
  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  get length(): number {
    return this.bytes.length;
  }
  read64(at: number): bigint {
    return this.#view.getBigUint64(at, true);
  }
  read32(at: number): bigint {
    return BigInt(this.#view.getUint32(at, true));
  }
}

/** Final mixing of XXH64. */
export function avalanche64(hash: bigint): bigint {
  let h = u64((hash ^ (hash >> 33n)) * PRIME64_2);
  h = u64((h ^ (h >> 29n)) * PRIME64_3);
  return h ^ (h >> 32n);
}
