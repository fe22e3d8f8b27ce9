import {
  ALL_TAKEN,
  PermanentFailure,
  TemporaryFailure,
  type DeliveryOutcome,
  type RefusedRecord,
} from '../../destination';
import { errorText } from './describe';

/** Collects what became of the rows of a batch. */
export class OutcomeBuilder {
  readonly #refused: RefusedRecord[] = [];
  readonly #retry: RefusedRecord[] = [];
  #retryAfterMs: number | undefined;
  #warning: string | undefined;

  /** Says what is wrong although records were taken. */
  warn(text: string): void {
    this.#warning ??= text;
  }

  refuse(row: number, reason: string): void {
    this.#refused.push({ row, reason });
  }

  refuseAll(rows: readonly number[], reason: string): void {
    for (const row of rows) this.refuse(row, reason);
  }

  retry(row: number, reason: string, afterMs?: number): void {
    this.#retry.push({ row, reason });
    if (afterMs !== undefined) this.#retryAfterMs = Math.max(this.#retryAfterMs ?? 0, afterMs);
  }

  retryAll(rows: readonly number[], reason: string, afterMs?: number): void {
    for (const row of rows) this.retry(row, reason, afterMs);
  }

  /** Puts a failed offer of `rows` down: for good where the failure is, else to be offered again. */
  fail(rows: readonly number[], error: unknown): void {
    if (error instanceof PermanentFailure) this.refuseAll(rows, error.message);
    else if (error instanceof TemporaryFailure) this.retryAll(rows, error.message, error.retryAfterMs);
    else this.retryAll(rows, errorText(error));
  }

  /**
   * The outcome for a batch of `length` rows, each list in the order of the batch.
   *
   * @throws TemporaryFailure when every row is to be offered again
   */
  build(length: number): DeliveryOutcome {
    const warning = this.#warning;
    if (this.#refused.length === 0 && this.#retry.length === 0) {
      return warning === undefined ? ALL_TAKEN : { ...ALL_TAKEN, warning };
    }
    if (this.#retry.length === length) {
      throw new TemporaryFailure((this.#retry[0] as RefusedRecord).reason, this.#retryAfterMs);
    }
    return {
      refused: this.#refused.sort(byRow),
      retry: this.#retry.sort(byRow),
      ...(this.#retryAfterMs !== undefined && { retryAfterMs: this.#retryAfterMs }),
      ...(warning !== undefined && { warning }),
    };
  }
}

function byRow(a: RefusedRecord, b: RefusedRecord): number {
  return a.row - b.row;
}
