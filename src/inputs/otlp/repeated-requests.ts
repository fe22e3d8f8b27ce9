import { createHash } from 'node:crypto';

/** Requests that are remembered; the oldest are forgotten above this. */
const MAX_REQUESTS = 10_000;

interface KnownRequest<Result> {
  /** Of the first one's begin, milliseconds since the epoch. */
  readonly at: number;
  readonly result: Promise<Result>;
}

/**
 * Does the work of a request once, also when its sender repeats it because the answer did not reach it in time. What is
 * repeated while the first is at work waits for it; what failed is done again.
 */
export class RepeatedRequests<Result> {
  readonly #windowMs: number;
  /** By digest, oldest first. */
  readonly #known = new Map<string, KnownRequest<Result>>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Requests that are remembered. */
  get size(): number {
    return this.#known.size;
  }

  /**
   * @param sender requests of different senders are different, however alike
   * @param now milliseconds since the epoch
   * @returns what came of the first of equal requests, and whether this one is another
   */
  async once(
    sender: string,
    body: Uint8Array,
    now: number,
    work: () => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly isRepeated: boolean }> {
    this.#forget(now);
    const key = createHash('sha256').update(sender).update('\0').update(body).digest('base64');
    const known = this.#known.get(key);
    if (known !== undefined) return { result: await known.result, isRepeated: true };
    const request = { at: now, result: work() };
    this.#known.set(key, request);
    try {
      return { result: await request.result, isRepeated: false };
    } catch (error) {
      this.#known.delete(key);
      throw error;
    }
  }

  #forget(now: number): void {
    for (const [key, { at }] of this.#known) {
      // A clock that was set back makes nothing last for ever.
      if (Math.abs(now - at) < this.#windowMs && this.#known.size < MAX_REQUESTS) return;
      this.#known.delete(key);
    }
  }
}
