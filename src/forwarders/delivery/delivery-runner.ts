import type { DeliveryQueue, NewDeadLetter } from '../../storage/queue';
import type { Destination, RefusedRecord } from '../destination';
import { attempt, reasonOf, type AttemptResult } from './attempt';
import { backoffMs } from './backoff';
import type { Chunk } from './chunk';
import type { DeliveryFigures } from './delivery-figures';
import type { DeliverySettings } from './delivery-settings';
import { QueueWindow } from './queue-window';
import { Signal } from './signal';

export interface DeliveryRunnerOptions {
  readonly forwarder: string;
  readonly queue: DeliveryQueue;
  readonly settings: DeliverySettings;
  /** Makes the destination; called again when one hangs. */
  readonly open: () => Destination;
  readonly figures: DeliveryFigures;
  /** Milliseconds since the Unix epoch; it never jumps. */
  readonly now: () => number;
  readonly warn: (message: string) => void;
}

/** Bytes of a MB of the settings. */
const MIB = 1024 * 1024;

/** Pause before the queue itself is tried again, in milliseconds. */
const QUEUE_RETRY_MS = 500;

/** The same warning is written no more often, in milliseconds. */
const WARNING_PERIOD_MS = 60_000;

/** A destination that takes longer to close is left to itself, in milliseconds. */
const CLOSE_TIMEOUT_MS = 3_000;

/**
 * A batch that is refused as a whole is offered in halves, to find the records that are at fault. After so many refusals with
 * nothing taken in between it is the batch as a whole: a wrong token, for instance.
 */
const MAX_REFUSALS_IN_A_ROW = 24;

/** Delivers what the queue of one forwarder holds, for as long as it runs. */
export class DeliveryRunner {
  readonly #options: DeliveryRunnerOptions;
  readonly #window: QueueWindow;
  readonly #signal = new Signal();
  readonly #abandon = new AbortController();
  readonly #lanes: Promise<void>[] = [];
  #destination: Destination | undefined;
  #stopping = false;
  /** Lanes take one after the other, so that batches begin in order. */
  #taking: Promise<unknown> = Promise.resolve();
  /** Since when records wait for others to come; by the monotonic clock. */
  #waitingSince: number | undefined;
  /** Bytes appended since the last batch was taken, about. */
  #freshBytes = 0;
  #flushing = false;
  #failures = 0;
  #lastWarning: { readonly text: string; readonly at: number } | undefined;
  /** No attempt is made before; by the monotonic clock. */
  #notBefore = 0;

  constructor(options: DeliveryRunnerOptions) {
    this.#options = options;
    const maxDeadLetterBytes = options.settings.dead_letters.max_mb * MIB;
    this.#window = new QueueWindow(options.queue, options.forwarder, maxDeadLetterBytes);
  }

  start(): void {
    for (let i = 0; i < this.#options.settings.concurrency; i++) this.#lanes.push(this.#runLane());
  }

  /** Records that are under way. */
  get inFlight(): number {
    return this.#window.taken;
  }

  /** Tells that records were appended, or that the queue was paused or resumed. */
  wake(appendedBytes = 0): void {
    this.#freshBytes += appendedBytes;
    this.#signal.wake();
  }

  /** Sends what waits without lingering, and tries at once what waits for its next attempt. */
  flush(): void {
    this.#flushing = true;
    this.#notBefore = 0;
    this.#signal.wake();
  }

  /** Takes no more; attempts that are under way have so much time to end, then they are cut off. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#signal.wake();
    const timer = setTimeout(() => this.#abandon.abort(), graceMs);
    await Promise.all(this.#lanes);
    clearTimeout(timer);
    await this.#closeDestination();
    this.#options.figures.nextAttemptAt = undefined;
  }

  async #runLane(): Promise<void> {
    for (;;) {
      const taken = this.#taking.then(() => this.#takeWhenReady());
      this.#taking = taken;
      const chunk = await taken;
      if (chunk === undefined) return;
      await this.#deliver(chunk);
    }
  }

  /** The next batch, as soon as it is due; undefined at the end. */
  async #takeWhenReady(): Promise<Chunk | undefined> {
    const { batch_size, batch_bytes, linger_ms } = this.#options.settings;
    while (!this.#stopping) {
      const { available } = this.#window;
      if (available === 0) {
        this.#waitingSince = undefined;
        this.#flushing = false;
        await this.#signal.wait();
        continue;
      }
      if (this.#paused) {
        await this.#signal.wait();
        continue;
      }
      this.#waitingSince ??= performance.now();
      const lingerMs = this.#waitingSince + linger_ms - performance.now();
      const due = lingerMs <= 0 || available >= batch_size || this.#freshBytes >= batch_bytes || this.#flushing;
      if (!due) {
        await this.#signal.wait(lingerMs);
        continue;
      }
      const chunk = await this.#take(batch_size, batch_bytes);
      if (chunk !== undefined) return chunk;
    }
    return undefined;
  }

  async #take(maxRows: number, maxBytes: number): Promise<Chunk | undefined> {
    this.#freshBytes = 0;
    try {
      await this.#window.fill(maxRows);
    } catch (error) {
      this.#options.warn(`the delivery queue of ${this.#options.forwarder} can't be read: ${reasonOf(error)}`);
      await this.#signal.wait(QUEUE_RETRY_MS);
      return undefined;
    }
    const chunk = this.#window.take(maxRows, maxBytes);
    // The figures say there is more, and there is nothing to read: they are about to be told anew.
    if (chunk === undefined) await this.#signal.wait(QUEUE_RETRY_MS);
    return chunk;
  }

  /** Offers a chunk until each of its records was taken, refused, or given up; or until the runner stops. */
  async #deliver(chunk: Chunk): Promise<void> {
    // The part that is offered next comes last.
    const parts = [chunk];
    let attempts = 0;
    let refusals = 0;
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      if (!(await this.#mayAttempt())) return;
      attempts++;
      const result = await this.#attempt(part);
      if (result.kind !== 'answered' && this.#abandon.signal.aborted) return;
      if (result.kind === 'answered') {
        const rest = await this.#answered(part, result, attempts);
        if (part.length > result.refused.length + result.retry.length) refusals = 0;
        if (rest !== undefined) parts.push(rest);
      } else if (result.kind === 'failed') {
        this.#failed(result.reason, result.retryAfterMs);
        const rest = await this.#withoutExpired(part, result.reason, attempts);
        if (rest !== undefined) parts.push(rest);
        this.#options.figures.retried += rest?.length ?? 0;
      } else {
        refusals++;
        this.#noteError(result.reason);
        if (part.length === 1 || refusals >= MAX_REFUSALS_IN_A_ROW) {
          const refused = Array.from({ length: part.length }, (_, row) => ({ row, reason: result.reason }));
          await this.#settle(part, refused, refused, attempts);
        } else {
          parts.push(...part.halves().reverse());
        }
      }
    }
  }

  /** Waits until an attempt may be made; false when there will be none. */
  async #mayAttempt(): Promise<boolean> {
    const { figures, now } = this.#options;
    while (!this.#stopping) {
      const pauseMs = this.#notBefore - performance.now();
      if (this.#paused) {
        figures.nextAttemptAt = undefined;
        await this.#signal.wait();
      } else if (pauseMs > 0) {
        figures.nextAttemptAt = now() + pauseMs;
        await this.#signal.wait(pauseMs);
      } else {
        figures.nextAttemptAt = undefined;
        return true;
      }
    }
    return false;
  }

  get #paused(): boolean {
    const { queue, forwarder } = this.#options;
    return queue.stats(forwarder).paused;
  }

  async #attempt(part: Chunk): Promise<AttemptResult> {
    let destination: Destination;
    try {
      destination = this.#destination ??= this.#options.open();
    } catch (error) {
      return { kind: 'failed', reason: reasonOf(error), retryAfterMs: undefined, hung: false };
    }
    const { timeout_ms } = this.#options.settings;
    const result = await attempt(destination, part.batch, part, timeout_ms, this.#abandon.signal);
    if (result.kind === 'failed' && result.hung && this.#destination === destination) {
      // Whatever it still does, it does alone.
      void this.#closeDestination();
    }
    return result;
  }

  /** Notes what was taken and what was refused; returns what is to be offered again. */
  async #answered(
    part: Chunk,
    result: Extract<AttemptResult, { kind: 'answered' }>,
    attempts: number,
  ): Promise<Chunk | undefined> {
    const { figures, now } = this.#options;
    if (result.warning !== undefined) this.#warn(result.warning);
    const again = new Set(result.retry.map(({ row }) => row));
    const done: { row: number }[] = [];
    for (let row = 0; row < part.length; row++) if (!again.has(row)) done.push({ row });
    const taken = done.length - result.refused.length;
    if (taken > 0) figures.lastSuccessAt = now();
    const [refused] = result.refused;
    if (refused !== undefined) this.#noteError(refused.reason);
    await this.#settle(part, done, result.refused, attempts);
    figures.delivered += taken;
    const [first] = result.retry;
    if (first === undefined) {
      this.#failures = 0;
      return undefined;
    }
    // Something was taken: the destination works, so the pauses do not grow.
    if (taken > 0) this.#failures = 0;
    this.#failed(first.reason, result.retryAfterMs);
    const rest = part.select(result.retry.map(({ row }) => row));
    const kept = await this.#withoutExpired(rest, first.reason, attempts);
    figures.retried += kept?.length ?? 0;
    return kept;
  }

  #failed(reason: string, retryAfterMs: number | undefined): void {
    this.#options.figures.failedAttempts++;
    this.#failures++;
    this.#noteError(reason);
    const pauseMs = backoffMs(this.#options.settings.retry, this.#failures, retryAfterMs);
    this.#notBefore = Math.max(this.#notBefore, performance.now() + pauseMs);
  }

  /** A destination may say the same of every batch: the log has it once in a while. */
  #warn(text: string): void {
    this.#noteError(text);
    const time = performance.now();
    if (text === this.#lastWarning?.text && time - this.#lastWarning.at < WARNING_PERIOD_MS) return;
    this.#lastWarning = { text, at: time };
    this.#options.warn(`${this.#options.forwarder}: ${text}`);
  }

  #noteError(message: string): void {
    const { figures, now } = this.#options;
    figures.lastError = { message, at: now() };
  }

  /** Gives up what has waited for too long; returns the rest. */
  async #withoutExpired(part: Chunk, reason: string, attempts: number): Promise<Chunk | undefined> {
    const { settings, now } = this.#options;
    const { max_age } = settings.retry;
    if (max_age === 0) return part;
    const oldest = now() - max_age * 1000;
    const expired: RefusedRecord[] = [];
    const kept: number[] = [];
    for (let row = 0; row < part.length; row++) {
      if (part.appendedAt(row) > oldest) kept.push(row);
      else expired.push({ row, reason: `not taken within ${max_age} s: ${reason}` });
    }
    if (expired.length === 0) return part;
    await this.#settle(part, expired, expired, attempts);
    return kept.length === 0 ? undefined : part.select(kept);
  }

  /** Notes on disk which rows are done with and why some are dead; tries until it works, or the runner stops. */
  async #settle(
    part: Chunk,
    done: readonly { readonly row: number }[],
    refused: readonly RefusedRecord[],
    attempts: number,
  ): Promise<void> {
    if (done.length === 0) return;
    const { figures, forwarder, now, warn } = this.#options;
    const at = now();
    const deadLetters = refused.map(({ row, reason }): NewDeadLetter => {
      const { timestamp, fields } = part.batch.record(row);
      return { at, attempts, reason, timestamp, fields };
    });
    const rows = done.map(({ row }) => row);
    for (;;) {
      try {
        await this.#window.settle(part, rows, deadLetters);
        figures.deadLetters += deadLetters.length;
        return;
      } catch (error) {
        const reason = `what ${forwarder} delivered can't be noted: ${reasonOf(error)}`;
        this.#noteError(reason);
        warn(reason);
        // They are in the queue still, and are delivered once more after the next start.
        if (this.#stopping) return;
        await this.#signal.wait(QUEUE_RETRY_MS);
      }
    }
  }

  async #closeDestination(): Promise<void> {
    const destination = this.#destination;
    this.#destination = undefined;
    if (destination === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    });
    const closed = destination.close().catch((error: unknown) => {
      this.#options.warn(`${this.#options.forwarder} did not close well: ${reasonOf(error)}`);
    });
    await Promise.race([closed, timeout]);
    clearTimeout(timer);
  }
}
