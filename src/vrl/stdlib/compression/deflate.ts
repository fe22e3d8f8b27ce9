import { builtIn } from '../node/builtin';
import { MAX_DECOMPRESSED_BYTES } from './limits';

/** Place and value of the operating system's byte in a gzip header (RFC 1952 section 2.3.1): unknown, whatever ours is. */
const GZIP_OS = 9;
const OS_UNKNOWN = 255;

export function compressGzip(bytes: Uint8Array, level: number): Uint8Array {
  const compressed = builtIn('node:zlib').gzipSync(bytes, { level });
  compressed[GZIP_OS] = OS_UNKNOWN;
  return compressed;
}

export function compressZlib(bytes: Uint8Array, level: number): Uint8Array {
  return builtIn('node:zlib').deflateSync(bytes, { level });
}

/** Reads all members of a gzip stream; undefined when malformed or too large. */
export function decompressGzip(data: Uint8Array): Uint8Array | undefined {
  const { gunzipSync } = builtIn('node:zlib');
  try {
    return gunzipSync(data, { maxOutputLength: MAX_DECOMPRESSED_BYTES });
  } catch {
    return undefined;
  }
}

/**
 * Reads a zlib stream (RFC 1950); undefined when malformed or too large. A stream that was cut off gives what is there,
 * as the language has it.
 */
export function decompressZlib(data: Uint8Array): Uint8Array | undefined {
  const { inflateSync, constants } = builtIn('node:zlib');
  if (data.length === 0) return data;
  try {
    return inflateSync(data, { maxOutputLength: MAX_DECOMPRESSED_BYTES, finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return undefined;
  }
}
