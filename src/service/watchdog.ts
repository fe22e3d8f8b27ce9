/** Signs of life in each span that the service manager allows: one may be late, and the next still comes in time. */
const SIGNS_PER_LIMIT = 3;

const MICROSECONDS_PER_MS = 1000;
/** The longest time a timer can wait, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface WatchdogOptions {
  /** Time between two questions, in milliseconds; see {@link watchdogInterval}. */
  readonly intervalMs: number;
  /** Resolves when the rest of the service has answered, rejects or stays pending when it does not. */
  readonly answering: () => Promise<void>;
  /** Tells the service manager that all is well. */
  readonly alive: () => void;
}

/**
 * Gives signs of life as long as there is life: the timer shows that the event loop turns, the answer that the thread behind
 * it works. When either is stuck the signs stay out, and the service manager ends and restarts the service.
 */
export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #timer: NodeJS.Timeout;
  #asking = false;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#ask(), options.intervalMs);
    this.#timer.unref();
    void this.#ask();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      await this.#options.answering();
      this.#options.alive();
    } catch {
      // No answer, no sign.
    } finally {
      this.#asking = false;
    }
  }
}

/**
 * How often to give a sign of life, in milliseconds; undefined when the environment (`WATCHDOG_USEC`, `WATCHDOG_PID`, see
 * sd_watchdog_enabled(3)) does not ask this process for any.
 */
export function watchdogInterval(env: Readonly<Record<string, string | undefined>>, pid: number): number | undefined {
  const { WATCHDOG_USEC: limit, WATCHDOG_PID: meant } = env;
  if (limit === undefined || !/^[1-9]\d*$/.test(limit)) return undefined;
  if (meant !== undefined && meant !== '' && meant !== String(pid)) return undefined;
  const interval = Math.floor(Number(limit) / MICROSECONDS_PER_MS / SIGNS_PER_LIMIT);
  return Math.min(Math.max(interval, 1), MAX_TIMER_MS);
}
