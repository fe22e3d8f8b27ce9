import { ApiError } from '../errors/api-error';

/** Requests take milliseconds: by then there is room, unless senders are faster than the disk. */
const RETRY_SECONDS = 1;

/** Counts the bytes of bodies that are in memory and refuses more than fit. */
export class BodyBudget {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes taken and not yet given back. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws ApiError 429 when that many bytes do not fit; nothing is taken then */
  take(bytes: number): void {
    if (this.#bytes + bytes > this.#maxBytes) {
      throw new ApiError('RESOURCE_EXHAUSTED', 'too many bytes are being received', { retryAfter: RETRY_SECONDS });
    }
    this.#bytes += bytes;
  }

  release(bytes: number): void {
    this.#bytes -= bytes;
  }
}
