import type { RecordBatch } from '../record';

/** A record of a batch that the destination did not take. */
export interface RefusedRecord {
  readonly row: number;
  /** What the destination said, for people. */
  readonly reason: string;
}

/** How a batch ended. Rows in neither list were taken. */
export interface DeliveryOutcome {
  /** Will never be taken as they are: they become dead letters. */
  readonly refused: readonly RefusedRecord[];
  /** Not taken for now: they are offered again, in their order, before any later record. */
  readonly retry: readonly RefusedRecord[];
  /** Milliseconds the destination asked to be left alone before `retry` is offered. */
  readonly retryAfterMs?: number;
  /** What is wrong although records were taken: nothing is sent again for it, people are told. */
  readonly warning?: string;
}

/** Every record was taken. */
export const ALL_TAKEN: DeliveryOutcome = Object.freeze({ refused: [], retry: [] });

/**
 * What tells the records of a batch from all others. A record that is offered again, after a failure or a restart, has the id it had
 * before: receivers can leave out what they have already.
 */
export interface DeliveryIds {
  /** Id of the record in a row: printable ASCII without blanks, at most 32 characters in practice. */
  of(row: number): string;
}

/** Where a forwarder delivers to: what a type makes of its configuration. It may keep connections between batches. */
export interface Destination {
  /**
   * Offers a batch once; resolves when the destination answered. The batch is never empty and must not be changed.
   *
   * @param signal aborted when the delivery's time is up or the service stops: the call then rejects soon
   * @throws TemporaryFailure when nothing was taken and the whole batch is to be offered again
   * @throws PermanentFailure when the destination will never take any record of it
   *   (anything else that is thrown counts as temporary)
   */
  send(batch: RecordBatch, signal: AbortSignal, ids?: DeliveryIds): Promise<DeliveryOutcome>;
  /** What a record would become, without sending it, for people; only of types that can show it. */
  preview?(batch: RecordBatch, ids?: DeliveryIds): Promise<unknown>;
  /** Ends connections that are kept. Nothing is sent afterwards. */
  close(): Promise<void>;
}

/** The destination can't take anything now: it is down, busy, or does not answer. */
export class TemporaryFailure extends Error {
  readonly code = 'TEMPORARY_FAILURE';
  override readonly name = 'TemporaryFailure';

  constructor(
    message: string,
    /** Milliseconds the destination asked to be left alone. */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The destination refuses the batch as a whole, for good. */
export class PermanentFailure extends Error {
  readonly code = 'PERMANENT_FAILURE';
  override readonly name = 'PermanentFailure';
}
