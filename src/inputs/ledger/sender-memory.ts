import type { RememberedSender } from './sender-table';
import { isRegular, type WatchedInput } from './silence-check';

/** How often the senders are written down, in milliseconds: what is lost in a crash are the last times of some minutes. */
const SAVE_INTERVAL_MS = 5 * 60_000;
/** A sender that was not seen for so long has gone for good: it is not written down any more. */
const FORGOTTEN_AFTER_MS = 90 * 24 * 60 * 60_000;
/** Of the text's form; another one is not read. */
const VERSION = 1;

export interface SenderMemoryOptions {
  readonly inputs: () => readonly WatchedInput[];
  /** Replaces what was written before, as a whole or not at all. */
  readonly write: (text: string) => Promise<void>;
  readonly warn: (message: string) => void;
}

/**
 * Keeps the regular senders of all listeners over restarts, so that one that does not come back afterwards is missed too.
 *
 * @example
 * const memory = new SenderMemory({ inputs: () => inputs, write: (text) => writePrivateFile(file, text), warn });
 * memory.recall(await readFile(file, 'utf8'), Date.now());
 */
export class SenderMemory {
  readonly #options: SenderMemoryOptions;
  readonly #timer: NodeJS.Timeout;

  constructor(options: SenderMemoryOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.save(Date.now()), SAVE_INTERVAL_MS);
    this.#timer.unref();
  }

  /**
   * Takes up what an earlier run wrote. Text that it did not write is warned about and forgotten.
   * @param now milliseconds since the epoch: silence counts from here, not from while nobody listened
   */
  recall(text: string, now: number): void {
    let listeners: Readonly<Record<string, unknown>>;
    try {
      const memory = JSON.parse(text) as { version?: unknown; listeners?: unknown };
      if (memory.version !== VERSION) throw new Error(`version ${String(memory.version)} is not known`);
      listeners = Object(memory.listeners) as Record<string, unknown>;
    } catch (error) {
      this.#options.warn(`what was known of senders cannot be read, it is forgotten: ${(error as Error).message}`);
      return;
    }
    for (const { name, counters } of this.#options.inputs()) {
      const senders = Object.hasOwn(listeners, name) ? listeners[name] : undefined;
      if (!Array.isArray(senders)) continue;
      for (const sender of senders) {
        if (isRemembered(sender)) counters.senders.recall(sender, now);
      }
    }
  }

  /** Writes down the regular senders; never fails. */
  async save(now: number): Promise<void> {
    const listeners: Record<string, RememberedSender[]> = {};
    for (const { name, counters } of this.#options.inputs()) {
      listeners[name] = [...counters.senders.values()]
        .filter((sender) => isRegular(sender) && now - sender.lastSeen < FORGOTTEN_AFTER_MS)
        .map((sender) => sender.remembered);
    }
    await this.#options
      .write(JSON.stringify({ version: VERSION, listeners }))
      .catch((error: unknown) => this.#options.warn(`senders cannot be remembered: ${String(error)}`));
  }

  /** Ends the regular writing, after a last time. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.save(Date.now());
  }
}

function isRemembered(value: unknown): value is RememberedSender {
  const { address, first_seen, last_seen, pauses, squared_pauses, silent } = Object(value) as Record<string, unknown>;
  const numbers = [first_seen, last_seen, pauses, squared_pauses];
  return typeof address === 'string' && typeof silent === 'boolean' && numbers.every(Number.isFinite);
}
