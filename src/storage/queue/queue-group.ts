import type { TransferListItem } from 'node:worker_threads';
import type { RecordBatch } from '../../record';
import { approximateBytes, joinSmall, type PendingBatch } from '../logs/commit-group';
import type { JournalEncoder } from '../logs/journal-codec';
import type { QueueLimit, Settlement } from './delivery-queue';
import type { NewEntry, QueueCommit, QueueSettlement } from './queue-writer';

interface PendingAppends {
  readonly batches: PendingBatch[];
  limit: QueueLimit;
}

/** What is to become durable with one commit. All who wait for it share one promise. */
export class QueueGroup {
  /** Settled by the queue after the commit. */
  readonly done: Promise<void>;
  settle: (error?: Error) => void = () => undefined;
  /** About how much memory the appended batches take. */
  bytes = 0;
  readonly #appends = new Map<string, PendingAppends>();
  readonly #settlements: QueueSettlement[] = [];

  constructor() {
    this.done = new Promise((resolve, reject) => {
      this.settle = (error) => (error === undefined ? resolve() : reject(error));
    });
    // Whoever waits handles the failure; the group itself has nobody who does.
    this.done.catch(() => undefined);
  }

  get isEmpty(): boolean {
    return this.#appends.size === 0 && this.#settlements.length === 0;
  }

  append(queue: string, batch: RecordBatch, limit: QueueLimit): void {
    const bytes = approximateBytes(batch);
    this.bytes += bytes;
    const appends = this.#appends.get(queue);
    if (appends === undefined) {
      this.#appends.set(queue, { batches: [{ batch, bytes }], limit });
    } else {
      appends.batches.push({ batch, bytes });
      appends.limit = limit;
    }
  }

  note(queue: string, settlement: Settlement): void {
    this.#settlements.push({ queue, ...settlement });
  }

  /** @param at when the batches are appended, milliseconds since the Unix epoch */
  encode(encoder: JournalEncoder, at: number): { commit: QueueCommit; transfer: TransferListItem[] } {
    const entries: NewEntry[] = [];
    const transfer: TransferListItem[] = [];
    for (const [queue, { batches, limit }] of this.#appends) {
      const dropOldestAbove = limit.whenFull === 'drop_oldest' ? limit.maxBytes : undefined;
      for (const batch of joinSmall(batches)) {
        const data = encoder.encode(batch);
        entries.push({ queue, recordCount: batch.length, at, data, dropOldestAbove });
        transfer.push(data.buffer);
      }
    }
    return { commit: { entries, settlements: this.#settlements }, transfer };
  }
}
