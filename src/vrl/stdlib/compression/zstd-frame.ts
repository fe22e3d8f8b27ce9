const MAGIC = 0xfd2fb528;
const MIN_SKIPPABLE_MAGIC = 0x184d2a50;
const MAX_SKIPPABLE_MAGIC = 0x184d2a5f;
const FLAG_SINGLE_SEGMENT = 0x20;
const FLAG_CHECKSUM = 0x04;
/** Header before the window descriptor: magic and frame header descriptor. */
const FIXED_HEADER = 5;
/** A compressed block never gives more (RFC 8878 section 3.1.1.2.4). */
const MAX_BLOCK_BYTES = 128 * 1024;

const BLOCK_COMPRESSED = 2;
const BLOCK_RESERVED = 3;

/** Bytes of the content size field and of the dictionary's id by their two-bit flags. */
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;

interface FrameHeader {
  /** Position of the first block. */
  readonly end: number;
  readonly hasChecksum: boolean;
}

function readHeader(data: Uint8Array, start: number): FrameHeader | undefined {
  const descriptor = data[start + 4];
  if (descriptor === undefined) return undefined;
  const singleSegment = (descriptor & FLAG_SINGLE_SEGMENT) !== 0;
  const sizeFlag = descriptor >> 6;
  // With a single segment the size is always there, in one byte at least.
  const sizeBytes = sizeFlag === 0 && singleSegment ? 1 : (CONTENT_SIZE_BYTES[sizeFlag] as number);
  const end =
    start + FIXED_HEADER + (singleSegment ? 0 : 1) + (DICTIONARY_ID_BYTES[descriptor & 3] as number) + sizeBytes;
  return end <= data.length ? { end, hasChecksum: (descriptor & FLAG_CHECKSUM) !== 0 } : undefined;
}

/**
 * Most bytes that the frames of some data can give, from the headers of their blocks: nothing in a header is taken at
 * its word.
 *
 * @returns undefined when the data ends too early or is not zstd
 */
export function decompressedBound(data: Uint8Array): number | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let bound = 0;
  let at = 0;
  // Nothing at all is no frame.
  if (data.length === 0) return undefined;
  while (at < data.length) {
    if (at + 8 > data.length) return undefined;
    const magic = view.getUint32(at, true);
    if (magic >= MIN_SKIPPABLE_MAGIC && magic <= MAX_SKIPPABLE_MAGIC) {
      at += 8 + view.getUint32(at + 4, true);
      continue;
    }
    const header = magic === MAGIC ? readHeader(data, at) : undefined;
    if (header === undefined) return undefined;
    at = header.end;
    for (let last = false; !last;) {
      if (at + 3 > data.length) return undefined;
      const block = (data[at] as number) | ((data[at + 1] as number) << 8) | ((data[at + 2] as number) << 16);
      last = (block & 1) !== 0;
      const type = (block >> 1) & 3;
      const size = block >> 3;
      if (type === BLOCK_RESERVED) return undefined;
      bound += type === BLOCK_COMPRESSED ? MAX_BLOCK_BYTES : size;
      // A repeated byte is stored once.
      at += 3 + (type === 1 ? 1 : size);
    }
    if (header.hasChecksum) at += 4;
  }
  return at === data.length ? bound : undefined;
}

/** Base-2 logarithm of the window for input of unknown length, by compression level 1 to 22 (zstd 1.5). */
const WINDOW_LOGS = [19, 20, 21, 21, 21, 21, 21, 21, 22, 22, 22, 22, 22, 22, 22, 22, 23, 23, 23, 25, 26, 27] as const;
const DEFAULT_LEVEL = 3;
const NEGATIVE_LEVELS_WINDOW_LOG = 19;
const MIN_WINDOW_LOG = 10;

/**
 * The frame with the header that compression of a stream gives, as other implementations of the language write it: a
 * window, and no content size, for a stream's length is not known when it begins.
 */
export function asStreamFrame(frame: Uint8Array, contentBytes: number, level: number): Uint8Array {
  const windowLog =
    level < 0 ? NEGATIVE_LEVELS_WINDOW_LOG : (WINDOW_LOGS[(level === 0 ? DEFAULT_LEVEL : level) - 1] as number);
  const header = readHeader(frame, 0);
  // A smaller window than the frame makes use of would make it unreadable.
  if (header === undefined || contentBytes > 2 ** windowLog) return frame;
  const stream = new Uint8Array(FIXED_HEADER + 1 + frame.length - header.end);
  stream.set(frame.subarray(0, FIXED_HEADER - 1));
  stream[FIXED_HEADER - 1] = header.hasChecksum ? FLAG_CHECKSUM : 0;
  stream[FIXED_HEADER] = (windowLog - MIN_WINDOW_LOG) << 3;
  stream.set(frame.subarray(header.end), FIXED_HEADER + 1);
  return stream;
}
