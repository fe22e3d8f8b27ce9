import type { QueueDrops, QueueLimit, QueueStats, Settlement } from './delivery-queue';
import type { StoredEntry } from './entry-row';

/** An encoded batch for a queue. */
export interface NewEntry {
  readonly queue: string;
  readonly recordCount: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly data: Uint8Array;
  readonly limit: QueueLimit;
}

export interface QueueSettlement extends Settlement {
  readonly queue: string;
}

/** What one commit makes durable. */
export interface QueueCommit {
  readonly entries: readonly NewEntry[];
  /** Those with dead letters are committed alone. */
  readonly settlements: readonly QueueSettlement[];
}

/** The figures of queues that a call changed, and what it dropped. */
export interface QueueReport {
  readonly stats: ReadonlyMap<string, QueueStats>;
  readonly drops: ReadonlyMap<string, QueueDrops>;
}

/** Entries as they were read. */
export interface QueueRead {
  /** Tells the queue from all others. */
  readonly uid: string;
  readonly entries: readonly StoredEntry[];
  readonly report: QueueReport;
}

/** The highest id that a settlement names. */
export function lastOf(finished: readonly number[], progressed: readonly { readonly id: number }[]): number {
  let last = 0;
  for (const id of finished) last = Math.max(last, id);
  for (const { id } of progressed) last = Math.max(last, id);
  return last;
}
