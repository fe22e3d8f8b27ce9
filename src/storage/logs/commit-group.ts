import type { TransferListItem } from 'node:worker_threads';
import { RecordBatch } from '../../record';
import type { AppendedBatch } from '../log-store';
import type { JournalEncoder } from './journal-codec';
import type { JournalEntry } from './log-writer';

/** Batches of one stream are joined into one journal row up to so many records ... */
const MAX_ENTRY_RECORDS = 8_192;
/** ... and, about, so many bytes. */
const MAX_ENTRY_BYTES = 4 * 1024 * 1024;

export interface PendingBatch {
  readonly batch: RecordBatch;
  readonly bytes: number;
}

/** What is to become durable with one commit. All who appended share one promise. */
export class CommitGroup {
  /** Settled by the store after the commit. */
  readonly done: Promise<void>;
  settle: (error?: Error) => void = () => undefined;
  /** About how much memory the batches take. */
  bytes = 0;
  readonly #batches = new Map<string, PendingBatch[]>();

  constructor() {
    this.done = new Promise((resolve, reject) => {
      this.settle = (error) => (error === undefined ? resolve() : reject(error));
    });
    // Whoever appended handles the failure; the group itself has nobody who waits.
    this.done.catch(() => undefined);
  }

  get isEmpty(): boolean {
    return this.#batches.size === 0;
  }

  add(stream: string, batch: RecordBatch, bytes: number): void {
    this.bytes += bytes;
    const batches = this.#batches.get(stream);
    if (batches === undefined) this.#batches.set(stream, [{ batch, bytes }]);
    else batches.push({ batch, bytes });
  }

  /** Encodes everything; `takeSequences(stream, count)` hands out sequence numbers. */
  encode(
    encoder: JournalEncoder,
    takeSequences: (stream: string, count: number) => number,
  ): { entries: JournalEntry[]; appended: AppendedBatch[]; transfer: TransferListItem[] } {
    const entries: JournalEntry[] = [];
    const appended: AppendedBatch[] = [];
    const transfer: TransferListItem[] = [];
    for (const [stream, batches] of this.#batches) {
      for (const batch of joinSmall(batches)) {
        const firstSequence = takeSequences(stream, batch.length);
        const data = encoder.encode(batch);
        let minTime = Infinity;
        let maxTime = -Infinity;
        for (const timestamp of batch.timestamps) {
          if (timestamp < minTime) minTime = timestamp;
          if (timestamp > maxTime) maxTime = timestamp;
        }
        entries.push({ stream, firstSequence, recordCount: batch.length, minTime, maxTime, data });
        appended.push({ stream, firstSequence, batch });
        transfer.push(data.buffer);
      }
    }
    return { entries, appended, transfer };
  }
}

/** Joins batches up to the size of one entry; a batch that stands alone stays as it is. */
export function* joinSmall(batches: readonly PendingBatch[]): IterableIterator<RecordBatch> {
  let joined: RecordBatch | undefined;
  let bytes = 0;
  for (const next of batches) {
    if (joined === undefined && batches.length === 1) {
      yield next.batch;
      return;
    }
    if (
      joined !== undefined &&
      (joined.length + next.batch.length > MAX_ENTRY_RECORDS || bytes + next.bytes > MAX_ENTRY_BYTES)
    ) {
      yield joined;
      joined = undefined;
      bytes = 0;
    }
    joined ??= new RecordBatch();
    joined.append(next.batch);
    bytes += next.bytes;
  }
  if (joined !== undefined) yield joined;
}

/** Memory that a value takes beside its text, about, in bytes. */
const VALUE_OVERHEAD_BYTES = 16;

/** About how much memory a batch takes, in bytes. */
export function approximateBytes(batch: RecordBatch): number {
  let bytes = 0;
  for (const column of batch.columns) {
    bytes += column.length * VALUE_OVERHEAD_BYTES;
    for (let row = 0; row < column.length; row++) {
      const value = column[row];
      if (value !== undefined) bytes += value.length;
    }
  }
  return bytes;
}
