/** What is kept of a window across restarts. */
export interface KeptWindow {
  readonly lastMail: number;
  readonly counted: number;
  readonly told: number;
}

/** When the mails of one set of recipients go out. */
export class MailWindow {
  readonly #lengthMs: number;
  #lastMail: number;
  #counted: number;
  /** Records that the last mail has told of though they were still to come. */
  #told: number;

  constructor(lengthMs: number, kept?: KeptWindow) {
    this.#lengthMs = lengthMs;
    this.#lastMail = kept?.lastMail ?? Number.NEGATIVE_INFINITY;
    this.#counted = kept?.counted ?? 0;
    this.#told = kept?.told ?? 0;
  }

  /** Records that were taken without being shown, and are to be told of. */
  get counted(): number {
    return this.#counted;
  }

  /** Undefined when no mail has gone yet. */
  get kept(): KeptWindow | undefined {
    if (!Number.isFinite(this.#lastMail)) return undefined;
    return { lastMail: this.#lastMail, counted: this.#counted, told: this.#told };
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

  /** Takes records that no mail shows; the next one tells of those that the last one did not. */
  count(records: number): void {
    const known = Math.min(this.#told, records);
    this.#told -= known;
    this.#counted += records - known;
  }

  /** @param told records that the mail has told of though they are still to be counted */
  mailed(now: number, told: number): void {
    this.#lastMail = now;
    this.#counted = 0;
    this.#told = told;
  }
}

const HOUR_MS = 3_600_000;

/** Counts the mails of the last hour. */
export class HourlyCap {
  readonly #limit: number;
  readonly #times: number[];

  /** @param times when mails went before */
  constructor(limit: number, times: readonly number[] = []) {
    this.#limit = limit;
    this.#times = [...times];
  }

  /** When the mails of the last hour went. */
  get times(): readonly number[] {
    return this.#times;
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
