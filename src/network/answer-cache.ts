/** Names that are kept at once; the oldest make room. */
const MAX_ENTRIES = 10_000;

interface Entry<T> {
  readonly answer: T;
  /** Milliseconds of the clock after which the entry is gone. */
  readonly until: number;
}

/** Answers for as long as they are good, so that a script asks once and not once a record. */
export class AnswerCache<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.until > this.#now()) return entry?.answer;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, answer: T, milliseconds: number): void {
    if (milliseconds <= 0) return;
    this.#entries.delete(key);
    if (this.#entries.size >= MAX_ENTRIES) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    this.#entries.set(key, { answer, until: this.#now() + milliseconds });
  }
}
