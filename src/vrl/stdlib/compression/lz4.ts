import { compressBlock, compressBound } from 'lz4js';
import { MAX_DECOMPRESSED_BYTES } from './limits';

const MIN_MATCH = 4;
/** A 4-bit length of this value goes on in the bytes that follow. */
const LONG_LENGTH = 15;
const HASH_ENTRIES = 1 << 16;

/** Bytes that grow as they are written, up to a limit. */
class Output {
  #bytes: Uint8Array;
  length = 0;

  constructor(
    readonly limit: number,
    expected: number,
  ) {
    this.#bytes = new Uint8Array(Math.min(expected, limit));
  }

  /** Makes room; false when that would exceed the limit. */
  reserve(more: number): boolean {
    const needed = this.length + more;
    if (needed > this.limit) return false;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(Math.max(needed, this.#bytes.length * 2), this.limit));
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
    }
    return true;
  }

  append(bytes: Uint8Array): boolean {
    if (!this.reserve(bytes.length)) return false;
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
    return true;
  }

  /** Repeats what was written `distance` bytes ago; source and copy may overlap. */
  repeat(distance: number, count: number): boolean {
    if (!this.reserve(count)) return false;
    const bytes = this.#bytes;
    for (let i = 0; i < count; i++) {
      bytes[this.length] = bytes[this.length - distance] as number;
      this.length++;
    }
    return true;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}

/**
 * Compresses to one block of the LZ4 block format.
 *
 * @example compressLz4(bytes) // no header: whoever reads it must know or bound the length
 */
export function compressLz4(bytes: Uint8Array): Uint8Array {
  const target = new Uint8Array(compressBound(bytes.length) + MIN_MATCH);
  const size = compressBlock(bytes, target, 0, bytes.length, new Uint32Array(HASH_ENTRIES));
  return size > 0 ? target.subarray(0, size) : literalBlock(bytes);
}

/** A block of literals alone, for what does not compress. */
function literalBlock(bytes: Uint8Array): Uint8Array {
  const header: number[] = [Math.min(bytes.length, LONG_LENGTH) << 4];
  if (bytes.length >= LONG_LENGTH) {
    let rest = bytes.length - LONG_LENGTH;
    for (; rest >= 255; rest -= 255) header.push(255);
    header.push(rest);
  }
  const block = new Uint8Array(header.length + bytes.length);
  block.set(header);
  block.set(bytes, header.length);
  return block;
}

/**
 * Reads one block of the LZ4 block format.
 *
 * @param limit most bytes that it may give
 * @returns undefined when the block is malformed or gives more
 */
export function decompressLz4Block(block: Uint8Array, limit: number): Uint8Array | undefined {
  const output = new Output(Math.min(limit, MAX_DECOMPRESSED_BYTES), block.length * 4);
  return readBlock(block, output) ? output.bytes : undefined;
}

function readBlock(block: Uint8Array, output: Output): boolean {
  let at = 0;
  /** Reads the rest of a length; -1 when the block ends within it. */
  const lengthFrom = (nibble: number): number => {
    if (nibble !== LONG_LENGTH) return nibble;
    let length = nibble;
    for (;;) {
      const more = block[at++];
      if (more === undefined) return -1;
      length += more;
      if (more !== 255) return length;
    }
  };
  while (at < block.length) {
    const token = block[at++] as number;
    const literals = lengthFrom(token >> 4);
    if (literals < 0 || at + literals > block.length) return false;
    if (!output.append(block.subarray(at, at + literals))) return false;
    at += literals;
    // The last sequence has no match.
    if (at === block.length) return true;
    if (at + 2 > block.length) return false;
    const distance = (block[at] as number) | ((block[at + 1] as number) << 8);
    at += 2;
    const count = lengthFrom(token & 15);
    if (count < 0 || distance === 0 || distance > output.length) return false;
    if (!output.repeat(distance, count + MIN_MATCH)) return false;
  }
  return false;
}

const FRAME_MAGIC = 0x184d2204;
const MAX_SKIPPABLE_MAGIC = 0x184d2a5f;
const MIN_SKIPPABLE_MAGIC = 0x184d2a50;
const FLAG_BLOCK_CHECKSUM = 0x10;
const FLAG_CONTENT_SIZE = 0x08;
const FLAG_CONTENT_CHECKSUM = 0x04;
const FLAG_DICTIONARY = 0x01;
const VERSION = 0x40;
const VERSION_MASK = 0xc0;
const UNCOMPRESSED = 0x8000_0000;

/** Does the data begin like an LZ4 frame? */
export function isLz4Frame(data: Uint8Array): boolean {
  return data.length >= 4 && readU32(data, 0) === FRAME_MAGIC;
}

function readU32(data: Uint8Array, at: number): number {
  return new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(at, true);
}

/** Reads frames one after the other (LZ4 frame format 1.6.4); checksums are skipped. Undefined when malformed or too much. */
export function decompressLz4Frames(data: Uint8Array): Uint8Array | undefined {
  const output = new Output(MAX_DECOMPRESSED_BYTES, data.length * 4);
  let at: number | undefined = 0;
  while (at < data.length) {
    at = readFrame(data, at, output);
    if (at === undefined) return undefined;
  }
  return output.bytes;
}

/** Reads the frame at a position; gives the position behind it. */
function readFrame(data: Uint8Array, start: number, output: Output): number | undefined {
  if (start + 8 > data.length) return undefined;
  const magic = readU32(data, start);
  if (magic >= MIN_SKIPPABLE_MAGIC && magic <= MAX_SKIPPABLE_MAGIC) {
    const end = start + 8 + readU32(data, start + 4);
    return end <= data.length ? end : undefined;
  }
  const flags = data[start + 4] as number;
  if (magic !== FRAME_MAGIC || (flags & VERSION_MASK) !== VERSION || (flags & FLAG_DICTIONARY) !== 0) return undefined;
  // Magic, flags, block size and header checksum; then maybe the content's size.
  let at = start + 7 + ((flags & FLAG_CONTENT_SIZE) !== 0 ? 8 : 0);
  for (;;) {
    if (at + 4 > data.length) return undefined;
    const header = readU32(data, at);
    at += 4;
    if (header === 0) break;
    const size = header & ~UNCOMPRESSED;
    if (at + size > data.length) return undefined;
    const block = data.subarray(at, at + size);
    at += size + ((flags & FLAG_BLOCK_CHECKSUM) !== 0 ? 4 : 0);
    const stored = (header & UNCOMPRESSED) !== 0;
    // Blocks may refer back to the ones before; where they must not, nobody relies on a refusal.
    if (!(stored ? output.append(block) : readBlock(block, output))) return undefined;
  }
  at += (flags & FLAG_CONTENT_CHECKSUM) !== 0 ? 4 : 0;
  return at <= data.length ? at : undefined;
}
