/** How exact the time of a token's last use is: a token is written to the database at most this often. */
const RESOLUTION_MS = 60_000;

/** Uses of many tokens are gathered for so long and written in one transaction. */
const FLUSH_DELAY_MS = 1_000;

/** Notes when tokens were last used, in memory first: authentication never waits for the disk. */
export class TokenUsage {
  readonly #write: (lastUses: ReadonlyMap<string, number>) => Promise<void>;
  #pending = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();

  /** `write` stores the times (milliseconds since the Unix epoch) by the tokens' uuids. */
  constructor(write: (lastUses: ReadonlyMap<string, number>) => Promise<void>) {
    this.#write = write;
  }

  /** True when the last note is old enough for a new one. */
  static isDue(lastUsedAt: number | undefined, now: number): boolean {
    return lastUsedAt === undefined || now - lastUsedAt >= RESOLUTION_MS;
  }

  note(uuid: string, now: number): void {
    this.#pending.set(uuid, now);
    // Unreferenced: this timer alone must not keep the process alive.
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_DELAY_MS).unref();
  }

  /** The time that is noted and not yet written. */
  pending(uuid: string): number | undefined {
    return this.#pending.get(uuid);
  }

  /** Writes what is noted; resolves when all of it is on disk or has failed. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushing = this.#flushing.then(() => this.#writePending());
    return this.#flushing;
  }

  async #writePending(): Promise<void> {
    const batch = this.#pending;
    if (batch.size === 0) {
      return;
    }
    this.#pending = new Map();
    try {
      await this.#write(batch);
    } catch {
      // A full disk must not end requests over a note like this; the next flush takes these along.
      for (const [uuid, time] of batch) {
        if (!this.#pending.has(uuid)) {
          this.#pending.set(uuid, time);
        }
      }
    }
  }
}
