import { createGunzip, createInflate, createInflateRaw, type ZlibOptions } from 'node:zlib';
import { releaseMemory } from './release-memory';

/** The wrappers that deflated bytes come in: RFC 1952, RFC 1950, and none (RFC 1951). */
export type DeflateFormat = 'gzip' | 'zlib' | 'raw';

type Inflater = ReturnType<typeof createGunzip>;

const CREATE: Readonly<Record<DeflateFormat, (options: ZlibOptions) => Inflater>> = {
  gzip: createGunzip,
  zlib: createInflate,
  raw: createInflateRaw,
};

/** Fewer turns between the main thread and the pool than with Node's 16 KiB; a batch of 500 records expands to about this. */
const CHUNK_BYTES = 128 * 1024;

/**
 * What expands to that many times its size, and is no small thing, is more likely a bomb than logs (which come to 5 to 30
 * times): it is measured before memory is spent on it.
 */
const SUSPICIOUS_FACTOR = 64;
const UNSUSPICIOUS_BYTES = 1024 * 1024;

/** More came out than is allowed. */
export class InflateLimitError extends Error {
  readonly code = 'INFLATE_LIMIT';

  constructor(maxBytes: number) {
    super(`expands to more than ${maxBytes} bytes`);
    this.name = 'InflateLimitError';
  }
}

/**
 * Inflates bytes that nobody vouches for, on the thread pool.
 *
 * What is too large takes `maxBytes` of memory at most, and one chunk if it is a bomb; it is given back at once.
 *
 * @param maxBytes most bytes of the result
 * @throws InflateLimitError, or zlib's own error when the bytes are damaged
 */
export async function inflateWithin(bytes: Buffer, format: DeflateFormat, maxBytes: number): Promise<Buffer> {
  const result = await inflate(bytes, format, maxBytes, SUSPICIOUS_FACTOR);
  if (typeof result !== 'number') return result;
  return (await inflate(bytes, format, result, Number.POSITIVE_INFINITY)) as Buffer;
}

/** @returns what came out, or only how much that was once it looked like a bomb */
function inflate(
  bytes: Buffer,
  format: DeflateFormat,
  maxBytes: number,
  suspiciousFactor: number,
): Promise<Buffer | number> {
  return new Promise((resolve, reject) => {
    const inflater = CREATE[format]({ chunkSize: CHUNK_BYTES });
    const chunks: Buffer[] = [];
    let length = 0;
    let isMeasuring = false;
    const release = (): void => releaseMemory(chunks.splice(0).filter(isFull));
    const giveUp = (error: Error): void => {
      release();
      inflater.destroy();
      reject(error);
    };
    inflater.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) return giveUp(new InflateLimitError(maxBytes));
      isMeasuring ||= length > UNSUSPICIOUS_BYTES && length > suspiciousFactor * inflater.bytesWritten;
      if (isMeasuring) release();
    });
    inflater.on('error', giveUp);
    inflater.on('end', () => {
      if (isMeasuring) return resolve(length);
      const [first] = chunks;
      if (chunks.length === 1 && first !== undefined) return resolve(first);
      resolve(Buffer.concat(chunks, length));
      release();
    });
    inflater.end(bytes);
  });
}

/** Whether the inflater is done with a chunk's memory: it goes on in what is left of one that is not full. */
function isFull(chunk: Buffer): boolean {
  return chunk.length === chunk.buffer.byteLength;
}
