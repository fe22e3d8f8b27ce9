/** When the mails of one set of recipients go out. */
export class MailWindow {
  readonly #lengthMs: number;
  #lastMail = Number.NEGATIVE_INFINITY;
  /** Records that were taken without being shown, and are to be told of. */
  counted = 0;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** Milliseconds until a mail may go; 0 when it may now. A clock that was set back does not lengthen a window. */
  waitMs(now: number): number {
    if (now < this.#lastMail) this.#lastMail = now;
    return Math.max(0, this.#lastMail + this.#lengthMs - now);
  }

  /** Whether a record was already waiting when the last mail went: it belongs to that mail's storm. */
  wasWaiting(arrival: number): boolean {
    return arrival <= this.#lastMail;
  }

  mailed(now: number): void {
    this.#lastMail = now;
    this.counted = 0;
  }
}

const HOUR_MS = 3_600_000;

/** Counts the mails of the last hour. */
export class HourlyCap {
  readonly #limit: number;
  readonly #times: number[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Milliseconds until another mail may go; 0 when it may now. */
  waitMs(now: number): number {
    while (this.#times.length > 0 && Math.abs(now - (this.#times[0] as number)) >= HOUR_MS) this.#times.shift();
    const first = this.#times[this.#times.length - this.#limit];
    return first === undefined ? 0 : Math.max(0, first + HOUR_MS - now);
  }

  mailed(now: number): void {
    this.#times.push(now);
  }
}
