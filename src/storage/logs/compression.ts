import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { StorageError } from '../errors';
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';

/**
 * Segments are compressed with raw DEFLATE: of what Node has everywhere it reads back fastest at this size
 * (bench/compression.js compares the candidates).
 */
const CODEC_STORED = 0;
const CODEC_DEFLATE = 1;

/** Below this DEFLATE gains less than its own overhead. */
const MIN_COMPRESSIBLE_BYTES = 48;

/** How hard to compress: a first sealing keeps up with ingest, a merge has time. */
export type CompressionLevel = 'fast' | 'dense';

const DEFLATE_LEVEL: Record<CompressionLevel, number> = { fast: 1, dense: 6 };

/** A window as large as DEFLATE has and memory for long hash chains. */
const WINDOW_BITS = 15;
const MEMORY_LEVEL = 9;

/** Smallest buffer for the result, in bytes; zlib refuses less than 64. */
const MIN_CHUNK_BYTES = 64;

/** Appends a compressed block: codec, length before compression, length after, bytes. */
export function writeCompressed(writer: ByteWriter, raw: Uint8Array, level: CompressionLevel): void {
  if (raw.length >= MIN_COMPRESSIBLE_BYTES) {
    const packed = deflateRawSync(raw, {
      level: DEFLATE_LEVEL[level],
      windowBits: WINDOW_BITS,
      memLevel: MEMORY_LEVEL,
      strategy: constants.Z_DEFAULT_STRATEGY,
      chunkSize: Math.max(MIN_CHUNK_BYTES, raw.length),
    });
    if (packed.length < raw.length) {
      writer.byte(CODEC_DEFLATE);
      writer.varint(raw.length);
      writer.block(packed);
      return;
    }
  }
  writer.byte(CODEC_STORED);
  writer.varint(raw.length);
  writer.block(raw);
}

/** Reads a block of {@link writeCompressed}. @throws StorageError `CORRUPT_DATA`, `UNSUPPORTED_FORMAT` */
export function readCompressed(reader: ByteReader): Buffer {
  const codec = reader.byte();
  const rawLength = reader.varint();
  const block = reader.block();
  if (codec === CODEC_STORED) return block;
  if (codec !== CODEC_DEFLATE) throw new StorageError('UNSUPPORTED_FORMAT', `unknown compression ${codec}`);
  try {
    const raw = inflateRawSync(block, {
      chunkSize: Math.max(MIN_CHUNK_BYTES, rawLength),
      maxOutputLength: Math.max(MIN_CHUNK_BYTES, rawLength),
    });
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
