import { brotliCompressSync, brotliDecompressSync, constants, inflateRawSync } from 'node:zlib';
import { StorageError } from '../errors';
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';

const CODEC_STORED = 0;
/** Raw DEFLATE (RFC 1951): segments of earlier versions. */
const CODEC_DEFLATE = 1;
/**
 * Brotli (RFC 7932): of what Node has everywhere it takes least room for its time at each of the three levels, and reads back as fast as
 * DEFLATE (bench/compression.js compares the candidates).
 */
const CODEC_BROTLI = 2;

/** Below this compression gains less than its own overhead. */
const MIN_COMPRESSIBLE_BYTES = 48;

/** How hard to compress: what is soon gone hardly at all, a first sealing keeps up with ingest, a merge has time. */
export type CompressionLevel = 'passing' | 'fast' | 'dense';

const QUALITY: Record<CompressionLevel, number> = { passing: 0, fast: 1, dense: 6 };

/** A column of log lines repeats itself over megabytes. Who reads needs as much memory as the window is large, so it is no larger than the text. */
const MIN_WINDOW_BITS = 10;
const MAX_WINDOW_BITS = 22;

/** Smallest buffer for the result, in bytes; zlib refuses less than 64. */
const MIN_CHUNK_BYTES = 64;

/** Appends a compressed block: codec, length before compression, length after, bytes. */
export function writeCompressed(writer: ByteWriter, raw: Uint8Array, level: CompressionLevel): void {
  if (raw.length >= MIN_COMPRESSIBLE_BYTES) {
    const packed = brotli(raw, QUALITY[level]);
    if (packed.length < raw.length) {
      writer.byte(CODEC_BROTLI);
      writer.varint(raw.length);
      writer.block(packed);
      return;
    }
  }
  writer.byte(CODEC_STORED);
  writer.varint(raw.length);
  writer.block(raw);
}

function brotli(raw: Uint8Array, quality: number): Uint8Array {
  const windowBits = Math.min(MAX_WINDOW_BITS, Math.max(MIN_WINDOW_BITS, Math.ceil(Math.log2(raw.length))));
  return brotliCompressSync(raw, {
    chunkSize: Math.max(MIN_CHUNK_BYTES, raw.length),
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_LGWIN]: windowBits,
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
