import type { RecordBatch } from '../../record';
import { BatchBuffer } from '../logs/batch-buffer';
import type { ByteMemory } from '../logs/byte-writer';
import type { JournalEncoder } from '../logs/journal-codec';
import { Deferred } from '../deferred';
import type { QueueLimit, Settlement } from './delivery-queue';
import type { NewEntry, QueueCommit, QueueSettlement } from './queue-commit';

/** What is to become durable with one commit. All who wait for it share one promise. */
export class QueueGroup extends Deferred {
  readonly #batches: BatchBuffer;
  /** The newest one of each queue. */
  readonly #limits = new Map<string, QueueLimit>();
  readonly #settlements: QueueSettlement[] = [];

  constructor(encoder: JournalEncoder, memory: ByteMemory) {
    super();
    this.#batches = new BatchBuffer(encoder, memory);
  }

  get isEmpty(): boolean {
    return this.#batches.isEmpty && this.#settlements.length === 0;
  }

  /** About how much memory the appended batches take. */
  get bytes(): number {
    return this.#batches.bytes;
  }

  /** @returns about how much memory the batch takes here, in bytes */
  append(queue: string, batch: RecordBatch, limit: QueueLimit): number {
    this.#limits.set(queue, limit);
    return this.#batches.add(queue, batch);
  }

  note(queue: string, settlement: Settlement): void {
    this.#settlements.push({ queue, ...settlement });
  }

  /** What is to be written. Nothing may be added afterwards. @param at milliseconds since the Unix epoch */
  finish(at: number): QueueCommit {
    const entries: NewEntry[] = [];
    for (const { target: queue, batch, data } of this.#batches.finish()) {
      const limit = this.#limits.get(queue);
      if (limit !== undefined) entries.push({ queue, recordCount: batch.length, at, data, limit });
    }
    return { entries, settlements: this.#settlements };
  }

  /** After a commit that worked: the memory is used for the next group. */
  release(): void {
    this.#batches.release();
  }
}
