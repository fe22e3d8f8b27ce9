/** Most bytes that the platform's generator gives at once. */
const MAX_BYTES_AT_ONCE = 65_536;

/** Random bytes of cryptographic quality. */
export function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += MAX_BYTES_AT_ONCE) {
    crypto.getRandomValues(bytes.subarray(at, at + MAX_BYTES_AT_ONCE));
  }
  return bytes;
}

/** A random number of 64 bits, unsigned. */
function random64(): bigint {
  return new DataView(randomBytes(8).buffer).getBigUint64(0);
}

/** A random number from 0 up to, not including, `bound`; every one is as likely. */
export function randomBelow(bound: bigint): bigint {
  // The last numbers of the 64-bit range would favour small remainders.
  const limit = 2n ** 64n - (2n ** 64n % bound);
  for (;;) {
    const number = random64();
    if (number < limit) return number % bound;
  }
}

/** A random number from 0 up to, not including, 1, with all 53 bits that a float can have. */
export function randomFraction(): number {
  return Number(random64() >> 11n) / 2 ** 53;
}
