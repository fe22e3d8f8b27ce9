import { crc32 } from 'node:zlib';

/** CRC-32 (IEEE 802.3) over several byte strings in turn, as an unsigned number. */
export function checksum(...parts: readonly (Uint8Array | null | undefined)[]): number {
  let value = 0;
  for (const part of parts) {
    if (part !== null && part !== undefined) value = crc32(part, value);
  }
  return value;
}
