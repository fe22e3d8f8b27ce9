import { RequestBodyError } from './request-body-error';

/** Counts the bytes of bodies that are in memory and refuses more than fit. */
export class BodyBudget {
  readonly #maxBytes: number;
  #bytes = 0;

  /** @param largestBody what a single body may take: one that is allowed must not be refused for ever, however small the budget */
  constructor(maxBytes: number, largestBody = 0) {
    this.#maxBytes = Math.max(maxBytes, largestBody);
  }

  /** Bytes taken and not yet given back. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws RequestBodyError `BUSY` when that many bytes do not fit; nothing is taken then */
  take(bytes: number): void {
    if (this.#bytes + bytes > this.#maxBytes) {
      throw new RequestBodyError('BUSY', 'too many bytes are being received');
    }
    this.#bytes += bytes;
  }

  release(bytes: number): void {
    this.#bytes -= bytes;
  }
}
