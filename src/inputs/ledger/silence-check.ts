import type { SenderEntry, SenderTable } from './sender-table';

/** How often senders are looked at, in milliseconds. */
const CHECK_INTERVAL_MS = 30_000;
/** A sender is regular when it sent so many records ... */
const MIN_RECORDS = 20;
/** ... in so many different seconds: fewer tell nothing of a rhythm. */
const MIN_ACTIVE_STEPS = 10;
/** A sender is silent when nothing came for so many of its usual pauses ... */
const PAUSES_OF_SILENCE = 10;
/** ... and so many milliseconds. */
const MIN_SILENCE_MS = 5 * 60_000;

/** The clock was set when it went so much further than a clock that nobody sets, in milliseconds. */
const CLOCK_SET_MS = 5_000;

/** The listeners that are looked after. */
export interface WatchedInput {
  readonly name: string;
  readonly counters: { readonly senders: SenderTable };
}

/** Where to tell that a sender fell silent (`warn`) or is back (`info`). */
export type TellSilence = (level: 'warn' | 'info', message: string) => void;

/** Tells when senders that were regular fall silent, and when they are back. */
export class SilenceCheck {
  readonly #inputs: () => readonly WatchedInput[];
  readonly #tell: TellSilence;
  readonly #timer: NodeJS.Timeout;
  #last: { readonly now: number; readonly steady: number } | undefined;

  constructor(inputs: () => readonly WatchedInput[], tell: TellSilence) {
    this.#inputs = inputs;
    this.#tell = tell;
    this.#timer = setInterval(() => this.check(Date.now(), performance.now()), CHECK_INTERVAL_MS);
    this.#timer.unref();
  }

  /**
   * @param now milliseconds since the Unix epoch
   * @param steady milliseconds on a clock that nobody sets: silence is not told of because the time of day was corrected
   */
  check(now: number, steady = now): void {
    const set = this.#last === undefined ? 0 : now - this.#last.now - (steady - this.#last.steady);
    this.#last = { now, steady };
    for (const { name, counters } of this.#inputs()) {
      for (const sender of counters.senders.values()) {
        if (Math.abs(set) >= CLOCK_SET_MS) sender.clockWasSet(set, now);
        this.#look(name, sender, now);
      }
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(listener: string, sender: SenderEntry, now: number): void {
    if (sender.silent) {
      if (!sender.isBack) return;
      sender.silent = false;
      this.#tell('info', `${sender.address} sends to ${listener} again`);
      return;
    }
    if (!isRegular(sender) || sender.silenceMs(now) <= silenceLimit(sender)) return;
    sender.silent = true;
    const last = new Date(sender.lastSeen).toISOString();
    const usual = Math.round(sender.usualPauseMs / 1000);
    this.#tell(
      'warn',
      `${sender.address} fell silent: ${listener} had its last record at ${last}, its usual pause is ${usual} s`,
    );
  }
}

/** Whether enough is known of a sender's rhythm to tell that it is silent. */
export function isRegular({ recalled, received, activeSteps }: SenderEntry): boolean {
  return recalled || (received >= MIN_RECORDS && activeSteps >= MIN_ACTIVE_STEPS);
}

function silenceLimit({ usualPauseMs }: SenderEntry): number {
  return Math.max(MIN_SILENCE_MS, PAUSES_OF_SILENCE * usualPauseMs);
}
