import type { IncomingMessage } from 'node:http';
import { BodyBudget, contentEncoding, declaredLength, readBody, type BodyExpander } from '../../inputs/http';
import { bodyTooLarge } from '../errors/api-error';
import { MAX_BODY_BYTES_IN_FLIGHT } from '../http/limits';

/** Reads the bodies of requests that bring records, all of them within one budget of memory. */
export class IngestBodies {
  readonly #expander: BodyExpander;
  readonly #maxBytes: number;
  readonly #budget: BodyBudget;

  /** @param maxBytes largest body, as sent and expanded */
  constructor(expander: BodyExpander, maxBytes: number) {
    this.#expander = expander;
    this.#maxBytes = maxBytes;
    // A compressed body counts as sent and again as expanded.
    this.#budget = new BodyBudget(MAX_BODY_BYTES_IN_FLIGHT, 2 * maxBytes);
  }

  /**
   * Reads and expands a body and does the work with it; its bytes count until the work is done.
   * @throws RequestBodyError, ApiError 413, and what the work throws
   */
  async use<Result>(request: IncomingMessage, work: (body: Buffer) => Promise<Result>): Promise<Result> {
    const encoding = contentEncoding(request.headers['content-encoding']);
    const budget = this.#budget;
    const declared = declaredLength(request);
    if (declared > this.#maxBytes) throw bodyTooLarge(this.#maxBytes);
    let taken = 0;
    const take = (bytes: number): void => {
      budget.take(bytes);
      taken += bytes;
    };
    try {
      take(declared);
      let body = await readBody(request, this.#maxBytes, declared > 0 ? undefined : take);
      if (encoding !== 'identity') {
        body = await this.#expander.expand(body, encoding, this.#maxBytes);
        take(body.length);
      }
      return await work(body);
    } finally {
      budget.release(taken);
    }
  }
}
