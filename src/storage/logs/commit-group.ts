import type { RecordBatch } from '../../record';
import type { AppendedBatch } from '../log-store';
import { BatchBuffer } from './batch-buffer';
import type { ByteMemory } from './byte-writer';
import type { JournalEncoder } from './journal-codec';
import type { JournalEntry } from './log-writer';
import { Deferred } from '../deferred';

/** What is to become durable with one commit. All who appended share one promise. */
export class CommitGroup extends Deferred {
  readonly #batches: BatchBuffer;

  constructor(encoder: JournalEncoder, memory: ByteMemory) {
    super();
    this.#batches = new BatchBuffer(encoder, memory);
  }

  get isEmpty(): boolean {
    return this.#batches.isEmpty;
  }

  /** About how much memory the batches take. */
  get bytes(): number {
    return this.#batches.bytes;
  }

  /**
   * @param watched somebody wants the batch after the commit: it keeps its values
   * @returns about how much memory the batch takes here, in bytes
   */
  add(stream: string, batch: RecordBatch, watched: boolean): number {
    return this.#batches.add(stream, batch, watched);
  }

  /** What is to be written; `takeSequences(stream, count)` hands out sequence numbers. Nothing may be added afterwards. */
  finish(takeSequences: (stream: string, count: number) => number): {
    entries: JournalEntry[];
    appended: AppendedBatch[];
  } {
    const entries: JournalEntry[] = [];
    const appended: AppendedBatch[] = [];
    for (const { target: stream, batch, data } of this.#batches.finish()) {
      const firstSequence = takeSequences(stream, batch.length);
      let minTime = Infinity;
      let maxTime = -Infinity;
      for (const timestamp of batch.timestamps) {
        if (timestamp < minTime) minTime = timestamp;
        if (timestamp > maxTime) maxTime = timestamp;
      }
      entries.push({ stream, firstSequence, recordCount: batch.length, minTime, maxTime, data });
      appended.push({ stream, firstSequence, batch });
    }
    return { entries, appended };
  }

  /** After a commit that worked: the memory is used for the next group. */
  release(): void {
    this.#batches.release();
  }
}
