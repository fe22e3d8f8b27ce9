import { constants } from 'node:os';
import { EXIT_CODE } from './exit-code';

/** What a stop signal is sent to: the process, or a stand-in. */
export interface SignalTarget {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

export interface StopSignalsOptions {
  readonly target: SignalTarget;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
  /** Milliseconds, from any start. */
  readonly now: () => number;
}

/**
 * Ctrl-C under `npm start` reaches us twice, from the terminal and from npm, a few milliseconds apart: what follows within
 * this time is the same wish, not a second one. In milliseconds.
 */
const SAME_WISH_MS = 500;

const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Turns the first stop signal into a promise and the second into the end of the process. */
export class StopSignals {
  /** Resolves with the first signal. */
  readonly first: Promise<NodeJS.Signals>;
  readonly #options: StopSignalsOptions;
  #resolve: (signal: NodeJS.Signals) => void = () => undefined;
  #firstAt: number | undefined;

  constructor(options: StopSignalsOptions) {
    this.#options = options;
    this.first = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    for (const signal of STOP_SIGNALS) options.target.on(signal, this.#onSignal);
  }

  /** Hands the signals back to their default: the end of the process. */
  release(): void {
    for (const signal of STOP_SIGNALS) this.#options.target.off(signal, this.#onSignal);
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    const now = this.#options.now();
    if (this.#firstAt === undefined) {
      this.#firstAt = now;
      this.#resolve(signal);
    } else if (now - this.#firstAt >= SAME_WISH_MS) {
      this.#options.exit(EXIT_CODE.signalBase + constants.signals[signal]);
    }
  };
}
