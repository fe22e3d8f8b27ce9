import { brotliCompressSync, brotliDecompressSync, constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { StorageError } from '../errors';
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';

/**
 * Segments are compressed with raw DEFLATE: of what Node has everywhere it reads back fastest at this size
 * (bench/compression.js compares the candidates).
 */
const CODEC_STORED = 0;
const CODEC_DEFLATE = 1;
/**
 * What lives for moments only is compressed with the lowest quality of Brotli: less than half of the time that the fastest DEFLATE takes for
 * a batch of some hundred records, and 15 % more bytes.
 */
const CODEC_BROTLI = 2;

/** Below this DEFLATE gains less than its own overhead. */
const MIN_COMPRESSIBLE_BYTES = 48;

/** How hard to compress: what is soon gone hardly at all, a first sealing keeps up with ingest, a merge has time. */
export type CompressionLevel = 'passing' | 'fast' | 'dense';

const DEFLATE_LEVEL: Record<Exclude<CompressionLevel, 'passing'>, number> = { fast: 1, dense: 6 };

/** A window as large as DEFLATE has and memory for long hash chains. */
const WINDOW_BITS = 15;
const MEMORY_LEVEL = 9;

/** Larger ones gain nothing at the lowest quality. */
const BROTLI_WINDOW_BITS = 18;

/** Smallest buffer for the result, in bytes; zlib refuses less than 64. */
const MIN_CHUNK_BYTES = 64;

/** Appends a compressed block: codec, length before compression, length after, bytes. */
export function writeCompressed(writer: ByteWriter, raw: Uint8Array, level: CompressionLevel): void {
  if (raw.length >= MIN_COMPRESSIBLE_BYTES) {
    const packed = level === 'passing' ? brotli(raw) : deflate(raw, DEFLATE_LEVEL[level]);
    if (packed.length < raw.length) {
      writer.byte(level === 'passing' ? CODEC_BROTLI : CODEC_DEFLATE);
      writer.varint(raw.length);
      writer.block(packed);
      return;
    }
  }
  writer.byte(CODEC_STORED);
  writer.varint(raw.length);
  writer.block(raw);
}

function deflate(raw: Uint8Array, level: number): Uint8Array {
  return deflateRawSync(raw, {
    level,
    windowBits: WINDOW_BITS,
    memLevel: MEMORY_LEVEL,
    strategy: constants.Z_DEFAULT_STRATEGY,
    chunkSize: Math.max(MIN_CHUNK_BYTES, raw.length),
  });
}

function brotli(raw: Uint8Array): Uint8Array {
  return brotliCompressSync(raw, {
    chunkSize: Math.max(MIN_CHUNK_BYTES, raw.length),
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MIN_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
    },
  });
}

/** Reads a block of {@link writeCompressed}. @throws StorageError `CORRUPT_DATA`, `UNSUPPORTED_FORMAT` */
export function readCompressed(reader: ByteReader): Buffer {
  const codec = reader.byte();
  const rawLength = reader.varint();
  const block = reader.block();
  if (codec === CODEC_STORED) return block;
  if (codec !== CODEC_DEFLATE && codec !== CODEC_BROTLI) {
    throw new StorageError('UNSUPPORTED_FORMAT', `unknown compression ${codec}`);
  }
  try {
    const bytes = Math.max(MIN_CHUNK_BYTES, rawLength);
    const options = { chunkSize: bytes, maxOutputLength: bytes };
    const raw = codec === CODEC_BROTLI ? brotliDecompressSync(block, options) : inflateRawSync(block, options);
    if (raw.length !== rawLength) throw new Error('wrong length');
    return raw;
  } catch (cause) {
    throw new StorageError('CORRUPT_DATA', 'compressed data is damaged', { cause });
  }
}

/** What `write` writes, as one compressed block. */
export function compressed(level: CompressionLevel, write: (writer: ByteWriter) => void): Uint8Array<ArrayBuffer> {
  const raw = new ByteWriter();
  write(raw);
  const packed = new ByteWriter();
  writeCompressed(packed, raw.finish(), level);
  return packed.finish();
}

/** A reader over one compressed block. */
export function decompressed(bytes: Uint8Array): ByteReader {
  return new ByteReader(readCompressed(new ByteReader(bytes)));
}
