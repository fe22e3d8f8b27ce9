const MASK = 0xffff_ffff_ffff_ffffn;
const MULTIPLIER = 0x6eed_0e9d_a4d9_4a4fn;
const LANES = [0x16f1_1fe8_9b0d_677cn, 0xb480_a793_d8e6_c86cn, 0x6fe2_e5aa_f078_ebc9n, 0x14f9_94a4_c525_9381n] as const;
const WORD_BYTES = 8;

function diffuse(word: bigint): bigint {
  const product = (word * MULTIPLIER) & MASK;
  return ((product ^ ((product >> 32n) >> (product >> 60n))) * MULTIPLIER) & MASK;
}

/** SeaHash (version 4) of some bytes, as an unsigned number of 64 bits. */
export function seaHash(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lanes: bigint[] = [...LANES];
  let lane = 0;
  let at = 0;
  for (; at + WORD_BYTES <= bytes.length; at += WORD_BYTES) {
    lanes[lane] = diffuse((lanes[lane] as bigint) ^ view.getBigUint64(at, true));
    lane = (lane + 1) % LANES.length;
  }
  if (at < bytes.length) {
    let rest = 0n;
    for (let i = bytes.length - 1; i >= at; i--) rest = (rest << 8n) | BigInt(bytes[i] as number);
    lanes[lane] = diffuse((lanes[lane] as bigint) ^ rest);
  }
  const mixed = lanes.reduce((all, one) => all ^ one, BigInt(bytes.length));
  return diffuse(mixed);
}
