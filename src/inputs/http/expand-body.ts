import { promisify } from 'node:util';
import { gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';
import { bodyTooLarge, RequestBodyError } from './request-body-error';

type Expander = (body: Buffer, options: ZlibOptions) => Promise<Buffer>;

const expandGzip: Expander = promisify(gunzip) as Expander;
const expandZlib: Expander = promisify(inflate) as Expander;
const expandRaw: Expander = promisify(inflateRaw) as Expander;

/** Fewer turns between the main thread and the pool than with Node's 16 KiB; a batch of 500 records expands to about this. */
const CHUNK_BYTES = 128 * 1024;

/** A zlib stream begins with the method 8 (RFC 1950, section 2.2); a raw one, which some senders call deflate, does not. */
const METHOD_MASK = 0x0f;
const METHOD_DEFLATE = 8;

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
    if (this.#running >= this.#maxParallel) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await expanderOf(body, encoding)(body, { maxOutputLength: maxBytes, chunkSize: CHUNK_BYTES });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw bodyTooLarge(maxBytes);
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

function expanderOf(body: Buffer, encoding: ContentEncoding): Expander {
  if (encoding === 'gzip') return expandGzip;
  const first = body[0] ?? 0;
  const second = body[1] ?? 0;
  const isZlib = (first & METHOD_MASK) === METHOD_DEFLATE && ((first << 8) | second) % 31 === 0;
  return isZlib ? expandZlib : expandRaw;
}
