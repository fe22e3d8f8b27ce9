import type { IngestOutcome } from '../pipeline/ingest';
import type { RecordBatch } from '../record';
import type { InputCounters, Warn } from './input';
import { RateLimitedWarning } from './rate-limited-warning';

/** Failures that pass: the records are kept and offered again. */
const PASSING_FAILURES = new Set(['BACK_PRESSURE', 'STORE_FULL', 'STORE_FAILED']);

/** Pause before records are offered again, in milliseconds. */
const RETRY_PAUSE_MS = 250;

/** Told what became of a batch in the end: true once it is durable. */
export type OnSettled = (stored: boolean) => void;

interface KeptBatch {
  readonly batch: RecordBatch;
  readonly onSettled: OnSettled | undefined;
}

export interface BatchSubmitterOptions {
  /** Hands a batch to the pipelines; resolves when it is durable. */
  readonly submit: (batch: RecordBatch) => Promise<IngestOutcome>;
  readonly counters: InputCounters;
  readonly warn: Warn;
}

/**
 * Hands batches of an input that cannot ask its senders to repeat (syslog) to the pipelines, and keeps them while the
 * store cannot take them. The input stops reading while `stuck`, so what is kept stays small.
 */
export class BatchSubmitter {
  readonly #options: BatchSubmitterOptions;
  readonly #warning: RateLimitedWarning;
  readonly #kept: KeptBatch[] = [];
  #inFlight = 0;
  #retry: NodeJS.Timeout | undefined;
  #waitingForIdle: (() => void)[] = [];
  #waitingForRoom: (() => void)[] = [];

  constructor(options: BatchSubmitterOptions) {
    this.#options = options;
    this.#warning = new RateLimitedWarning(options.warn);
  }

  /** True while batches wait for the store to take them again. */
  get stuck(): boolean {
    return this.#kept.length > 0;
  }

  /** Calls back once, as soon as nothing is kept (at once when nothing is). */
  onRoom(callback: () => void): void {
    if (this.stuck) this.#waitingForRoom.push(callback);
    else callback();
  }

  submit(batch: RecordBatch, onSettled?: OnSettled): void {
    this.#inFlight++;
    this.#options.submit(batch).then(
      (outcome) => {
        this.#options.counters.acknowledge(batch.length, outcome);
        onSettled?.(true);
        this.#settled();
      },
      (error: unknown) => {
        this.#failed({ batch, onSettled }, error);
        this.#settled();
      },
    );
  }

  /** Resolves when all batches are durable; after `timeoutMs` what is left is given up and counted. */
  async finish(timeoutMs: number): Promise<void> {
    const timeout = setTimeout(() => {
      for (const { batch, onSettled } of this.#kept) {
        this.#options.counters.dropped.shutdown += batch.length;
        onSettled?.(false);
      }
      this.#kept.length = 0;
      this.#callBack();
    }, timeoutMs);
    if (this.#inFlight > 0 || this.stuck) await new Promise<void>((resolve) => this.#waitingForIdle.push(resolve));
    clearTimeout(timeout);
    clearTimeout(this.#retry);
  }

  #failed(kept: KeptBatch, error: unknown): void {
    const { batch, onSettled } = kept;
    const { code, message } = error as { code?: unknown; message?: unknown };
    if (typeof code === 'string' && PASSING_FAILURES.has(code)) {
      this.#kept.push(kept);
      this.#warning.write(code, `records are kept until the store takes them again: ${String(message)}`);
      this.#retry ??= setTimeout(() => this.#offerAgain(), RETRY_PAUSE_MS);
      return;
    }
    this.#options.counters.dropped.refused += batch.length;
    this.#warning.write('refused', `${batch.length} records refused: ${String(message)}`);
    onSettled?.(false);
  }

  #offerAgain(): void {
    this.#retry = undefined;
    const kept = this.#kept.splice(0);
    for (const { batch, onSettled } of kept) this.submit(batch, onSettled);
  }

  #settled(): void {
    this.#inFlight--;
    this.#callBack();
  }

  #callBack(): void {
    if (!this.stuck && this.#waitingForRoom.length > 0) {
      for (const callback of this.#waitingForRoom.splice(0)) callback();
    }
    if (!this.stuck && this.#inFlight === 0) {
      for (const callback of this.#waitingForIdle.splice(0)) callback();
    }
  }
}
