import type { CrcParameters } from './crc-catalogue';

/**
 * Register of a CRC that is at least 8 bits wide. Narrower ones are widened with zeros on the right, which changes
 * nothing but the place of the result.
 */
interface Register {
  /** Bits of the register: at least 8. */
  readonly size: number;
  readonly table: readonly bigint[];
  readonly initial: bigint;
  /**
   * The table in 32 bits, most significant bits first when the input's are, for registers that fit: plain numbers are
   * some fifty times faster.
   */
  readonly narrow: Uint32Array | undefined;
}

const registers = new WeakMap<CrcParameters, Register>();

/** The lowest `width` bits in reverse. */
function reflect(value: bigint, width: number): bigint {
  let result = 0n;
  for (let i = 0; i < width; i++) result |= ((value >> BigInt(i)) & 1n) << BigInt(width - 1 - i);
  return result;
}

function maskOf(width: number): bigint {
  return (1n << BigInt(width)) - 1n;
}

function registerOf(algorithm: CrcParameters): Register {
  const known = registers.get(algorithm);
  if (known !== undefined) return known;
  const { width, reflectInput } = algorithm;
  const size = Math.max(width, 8);
  const shift = BigInt(size - width);
  const polynomial = reflectInput ? reflect(algorithm.polynomial, width) : algorithm.polynomial << shift;
  const table = Array.from({ length: 256 }, (_, byte) =>
    reflectInput ? lowFirst(BigInt(byte), polynomial) : highFirst(BigInt(byte), polynomial, size),
  );
  const free = reflectInput ? 0 : 32 - size;
  const register = {
    size,
    table,
    initial: reflectInput ? reflect(algorithm.initial, width) : algorithm.initial << shift,
    narrow: size <= 32 ? Uint32Array.from(table, (entry) => (Number(entry) << free) >>> 0) : undefined,
  };
  registers.set(algorithm, register);
  return register;
}

/** What eight steps make of a byte, least significant bit first. */
function lowFirst(byte: bigint, polynomial: bigint): bigint {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1n) === 1n ? (value >> 1n) ^ polynomial : value >> 1n;
  return value;
}

/** What eight steps make of a byte, most significant bit first. */
function highFirst(byte: bigint, polynomial: bigint, size: number): bigint {
  const top = 1n << BigInt(size - 1);
  let value = byte << BigInt(size - 8);
  for (let bit = 0; bit < 8; bit++) {
    value = (value & top) === 0n ? value << 1n : (value << 1n) ^ polynomial;
    value &= maskOf(size);
  }
  return value;
}

/**
 * The checksum of some bytes.
 *
 * @example crcOf(CRC_CATALOGUE.get('CRC_32_ISO_HDLC'), bytes)
 */
export function crcOf(algorithm: CrcParameters, bytes: Uint8Array): bigint {
  const { width, reflectInput, reflectOutput, xor } = algorithm;
  const register = registerOf(algorithm);
  const value = reflectInput
    ? runLowFirst(register, bytes)
    : runHighFirst(register, bytes) >> BigInt(register.size - width);
  return (reflectInput === reflectOutput ? value : reflect(value, width)) ^ xor;
}

function runLowFirst(register: Register, bytes: Uint8Array): bigint {
  const { narrow, table, initial } = register;
  if (narrow !== undefined) {
    let value = Number(initial);
    for (let i = 0; i < bytes.length; i++) {
      value = (value >>> 8) ^ (narrow[(value ^ (bytes[i] as number)) & 255] as number);
    }
    return BigInt(value >>> 0);
  }
  let value = initial;
  for (const byte of bytes) value = (value >> 8n) ^ (table[Number(value & 255n) ^ byte] as bigint);
  return value;
}

function runHighFirst(register: Register, bytes: Uint8Array): bigint {
  const { size, narrow, table, initial } = register;
  if (narrow !== undefined) {
    // The register stands at the top of the 32 bits.
    const free = 32 - size;
    let value = (Number(initial) << free) >>> 0;
    for (let i = 0; i < bytes.length; i++) {
      value = (value << 8) ^ (narrow[((value >>> 24) ^ (bytes[i] as number)) & 255] as number);
    }
    return BigInt(value >>> free);
  }
  const shift = BigInt(size - 8);
  const mask = maskOf(size);
  let value = initial;
  for (const byte of bytes) value = ((value << 8n) & mask) ^ (table[Number(value >> shift) ^ byte] as bigint);
  return value;
}
