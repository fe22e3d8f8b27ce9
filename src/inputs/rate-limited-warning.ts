import type { Warn } from './input';

/** One kind of warning is written at most this often, in milliseconds. */
const WARNING_INTERVAL_MS = 60_000;

/** Writes each kind of warning at most once a minute and says how many were left out in between. */
export class RateLimitedWarning {
  readonly #warn: Warn;
  readonly #kinds = new Map<string, { last: number; suppressed: number }>();

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  /** @param kind one of a fixed set: text from a sender would grow the table without end */
  write(kind: string, message: string): void {
    const now = Date.now();
    const known = this.#kinds.get(kind);
    if (known !== undefined && Math.abs(now - known.last) < WARNING_INTERVAL_MS) {
      known.suppressed++;
      return;
    }
    const more = known === undefined || known.suppressed === 0 ? '' : ` (and ${known.suppressed} more like this)`;
    this.#kinds.set(kind, { last: now, suppressed: 0 });
    this.#warn(message + more);
  }
}
