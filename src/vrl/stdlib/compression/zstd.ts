import { MAX_DECOMPRESSED_BYTES } from './limits';
import { decompressedBound, asStreamFrame } from './zstd-frame';
import { zstdModule, type ZstdModule } from './zstd-module';

/** Copies bytes into the library's memory; 0 when there is no room. */
function place(zstd: ZstdModule, bytes: Uint8Array): number {
  // The library has no address for nothing.
  const address = zstd._malloc(Math.max(bytes.length, 1));
  if (address !== 0) zstd.HEAPU8.set(bytes, address);
  return address;
}

/** Runs `work` on a copy of the bytes and a target of some size, and takes what it wrote. */
function withBuffers(
  bytes: Uint8Array,
  capacity: number,
  work: (zstd: ZstdModule, target: number, source: number) => number,
): Uint8Array | undefined {
  const zstd = zstdModule();
  const source = place(zstd, bytes);
  const target = zstd._malloc(Math.max(capacity, 1));
  try {
    if (source === 0 || target === 0) return undefined;
    const size = work(zstd, target, source);
    return size >= 0 && size <= capacity ? zstd.HEAPU8.slice(target, target + size) : undefined;
  } finally {
    zstd._free(source);
    zstd._free(target);
  }
}

/** Largest compression level of the library; larger ones mean this one. */
const MAX_LEVEL = 22;
/** Smallest one; each step down is faster and compresses less. */
const MIN_LEVEL = -131_072;

/**
 * Compresses to one zstd frame (RFC 8878).
 *
 * @returns undefined when memory runs out
 */
export function compressZstd(bytes: Uint8Array, level: number): Uint8Array | undefined {
  const effort = Math.min(Math.max(level, MIN_LEVEL), MAX_LEVEL);
  const capacity = zstdModule()._ZSTD_compressBound(bytes.length);
  const frame = withBuffers(bytes, capacity, (zstd, target, source) =>
    zstd._ZSTD_compress(target, capacity, source, bytes.length, effort),
  );
  return frame === undefined ? undefined : asStreamFrame(frame, bytes.length, effort);
}

/** Reads zstd frames one after the other; undefined when malformed or too large. */
export function decompressZstd(data: Uint8Array): Uint8Array | undefined {
  const capacity = decompressedBound(data);
  if (capacity === undefined || capacity > MAX_DECOMPRESSED_BYTES) return undefined;
  return withBuffers(data, capacity, (zstd, target, source) =>
    zstd._ZSTD_decompress(target, capacity, source, data.length),
  );
}
