import { InflateLimitError, inflateWithin, type DeflateFormat } from './inflate-within';
import { bodyTooLarge, RequestBodyError } from './request-body-error';

/** A zlib stream begins with the method 8 (RFC 1950, section 2.2); a raw one, which some senders call deflate, does not. */
const METHOD_MASK = 0x0f;
const METHOD_DEFLATE = 8;

/** A gzip file begins with it (RFC 1952, section 2.3.1) ... */
const GZIP_MAGIC = 0x1f8b;
/** ... and ends with the size of what is in it, modulo 2^32. */
const GZIP_SIZE_BYTES = 4;
/** Header and trailer, the least there is. */
const MIN_GZIP_BYTES = 18;
/** Deflate can't do better (zlib's technical details, "Maximum Compression Factor"): more is no size but other bytes. */
const MAX_COMPRESSION_FACTOR = 1032;

export type ContentEncoding = 'identity' | 'gzip' | 'deflate';

/**
 * Reads the header `Content-Encoding`.
 * @throws RequestBodyError `UNSUPPORTED_ENCODING`
 */
export function contentEncoding(header: string | undefined): ContentEncoding {
  if (header === undefined) return 'identity';
  const name = header.trim().toLowerCase();
  if (name === '' || name === 'identity') return 'identity';
  if (name === 'gzip' || name === 'x-gzip') return 'gzip';
  if (name === 'deflate') return 'deflate';
  throw new RequestBodyError(
    'UNSUPPORTED_ENCODING',
    `content encoding ${JSON.stringify(header)} is not supported, use gzip, deflate or identity`,
  );
}

/**
 * Decompresses bodies, a few at a time: each may grow to the limit before it turns out to be a bomb, so their number
 * bounds the memory.
 */
export class BodyExpander {
  readonly #maxParallel: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(maxParallel: number) {
    this.#maxParallel = maxParallel;
  }

  /**
   * @param maxBytes most bytes of the result
   * @throws RequestBodyError `TOO_LARGE` when the result is larger, `MALFORMED` when the body is not of this encoding
   */
  async expand(body: Buffer, encoding: ContentEncoding, maxBytes: number): Promise<Buffer> {
    if (encoding === 'identity') return body;
    if (encoding === 'gzip' && claimedSize(body) > maxBytes) throw bodyTooLarge(maxBytes);
    if (this.#running >= this.#maxParallel) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await inflateWithin(body, formatOf(body, encoding), maxBytes);
    } catch (error) {
      if (error instanceof InflateLimitError) throw bodyTooLarge(maxBytes);
      throw new RequestBodyError('MALFORMED', `the body is not ${encoding}: ${(error as Error).message}`, {
        cause: error,
      });
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}

/**
 * What a gzip body says that it expands to; 0 when it says nothing that can be true. A bomb that tells the truth is refused
 * for free; one that lies turns out to be one while it is expanded.
 */
function claimedSize(body: Buffer): number {
  if (body.length < MIN_GZIP_BYTES || body.readUInt16BE(0) !== GZIP_MAGIC) return 0;
  const size = body.readUInt32LE(body.length - GZIP_SIZE_BYTES);
  return size <= body.length * MAX_COMPRESSION_FACTOR ? size : 0;
}

function formatOf(body: Buffer, encoding: 'gzip' | 'deflate'): DeflateFormat {
  if (encoding === 'gzip') return 'gzip';
  const first = body[0] ?? 0;
  const second = body[1] ?? 0;
  const isZlib = (first & METHOD_MASK) === METHOD_DEFLATE && ((first << 8) | second) % 31 === 0;
  return isZlib ? 'zlib' : 'raw';
}
