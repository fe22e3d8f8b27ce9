import { compress } from 'snappyjs';
import { MAX_DECOMPRESSED_BYTES } from './limits';

/** Compresses to the snappy block format (not the framing format). */
export function compressSnappy(bytes: Uint8Array): Uint8Array {
  return compress(plainArray(bytes));
}

/** snappyjs gives back what it is given; of a Buffer it makes a Buffer. */
function plainArray(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads the snappy block format; undefined when malformed or larger than what decompression may give. */
export function decompressSnappy(data: Uint8Array): Uint8Array | undefined {
  const preamble = readLength(data);
  if (preamble === undefined || preamble.length > MAX_DECOMPRESSED_BYTES) return undefined;
  const output = new Uint8Array(preamble.length);
  let at = preamble.end;
  let written = 0;
  while (at < data.length) {
    const tag = data[at++] as number;
    const kind = tag & 3;
    if (kind === 0) {
      // Lengths above 60 follow in 1 to 4 bytes.
      const extra = Math.max((tag >> 2) - 59, 0);
      const length = (extra === 0 ? tag >> 2 : readLittleEndian(data, at, extra)) + 1;
      at += extra;
      if (!(at + length <= data.length && written + length <= output.length)) return undefined;
      output.set(data.subarray(at, at + length), written);
      at += length;
      written += length;
      continue;
    }
    const width = kind === 3 ? 4 : kind;
    const low = readLittleEndian(data, at, width);
    const distance = kind === 1 ? ((tag >> 5) << 8) | low : low;
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    at += width;
    if (!(distance > 0 && distance <= written && written + length <= output.length)) return undefined;
    for (let i = 0; i < length; i++, written++) output[written] = output[written - distance] as number;
  }
  return written === output.length ? output : undefined;
}

/** The length in front: 7 bits a byte, least significant first, at most 32 bits. */
function readLength(data: Uint8Array): { length: number; end: number } | undefined {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = data[i];
    if (byte === undefined) return undefined;
    length += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return length < 2 ** 32 ? { length, end: i + 1 } : undefined;
  }
  return undefined;
}

/** NaN when the data ends too early, which no comparison is true for. */
function readLittleEndian(data: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value += (data[at + i] ?? NaN) * 2 ** (8 * i);
  return value;
}
