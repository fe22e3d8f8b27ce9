import type { RecordBatch } from '../../record';
import { RowSet, type DeliveryQueue, type NewDeadLetter } from '../../storage/queue';
import { Chunk } from './chunk';

/** An entry of the queue that has been read and is not finished. */
export interface WindowEntry {
  readonly id: number;
  readonly key: string;
  readonly appendedAt: number;
  readonly batch: RecordBatch;
  done: RowSet;
  /** The first row that has not been taken. */
  next: number;
  /** Rows that are neither done nor taken. */
  waiting: number;
}

/** Stored bytes that are read at once: ten times that in memory, for each forwarder. */
const READ_BYTES = 256 * 1024;

/** The head of a queue: what has been read of it, and how far each record has come. */
export class QueueWindow {
  readonly #queue: DeliveryQueue;
  readonly #name: string;
  readonly #maxDeadLetterBytes: number;
  /** Entries with rows that nobody has taken, oldest first; those before are in the hands of chunks alone. */
  readonly #ahead: WindowEntry[] = [];
  #lastId = 0;
  #waiting = 0;
  #taken = 0;
  #lastSettlement: Promise<void> = Promise.resolve();

  constructor(queue: DeliveryQueue, name: string, maxDeadLetterBytes: number) {
    this.#queue = queue;
    this.#name = name;
    this.#maxDeadLetterBytes = maxDeadLetterBytes;
  }

  /** Records of the queue that have not been taken, read or not. */
  get available(): number {
    return Math.max(0, this.#queue.stats(this.#name).records - this.#taken);
  }

  /** Records that were taken and are not settled. */
  get taken(): number {
    return this.#taken;
  }

  /** Reads on until there are so many rows to take, or the end. */
  async fill(rows: number): Promise<void> {
    while (this.#waiting < rows && this.#queue.stats(this.#name).lastId > this.#lastId) {
      const upTo = this.#queue.stats(this.#name).lastId;
      const entries = await this.#queue.read(this.#name, this.#lastId, READ_BYTES);
      for (const { id, key, appendedAt, batch, done } of entries) {
        const rowSet = new RowSet(batch.length, done);
        const waiting = batch.length - rowSet.size;
        this.#lastId = id;
        if (waiting === 0) continue;
        this.#ahead.push({ id, key, appendedAt, batch, done: rowSet, next: 0, waiting });
        this.#waiting += waiting;
      }
      // What was there up to here is gone: dropped, or damaged.
      if (entries.length === 0) this.#lastId = upTo;
    }
  }

  /** The next rows in their order, up to both limits and at least one; undefined when none has been read. */
  take(maxRows: number, maxBytes: number): Chunk | undefined {
    const entries: WindowEntry[] = [];
    const rows: number[] = [];
    let bytes = 0;
    scan: while (rows.length < maxRows) {
      const entry = this.#ahead[0];
      if (entry === undefined) break;
      while (entry.waiting > 0 && rows.length < maxRows) {
        const row = entry.next;
        if (!entry.done.has(row)) {
          bytes += rowBytes(entry.batch, row);
          if (rows.length > 0 && bytes > maxBytes) break scan;
          entries.push(entry);
          rows.push(row);
          entry.waiting--;
        }
        entry.next++;
      }
      if (entry.waiting === 0) this.#ahead.shift();
    }
    if (rows.length === 0) return undefined;
    this.#waiting -= rows.length;
    this.#taken += rows.length;
    return new Chunk(entries, rows);
  }

  /** Notes rows of a chunk as done with, on disk. @throws StorageError; nothing is noted then */
  settle(chunk: Chunk, indexes: readonly number[], deadLetters: readonly NewDeadLetter[]): Promise<void> {
    // One after the other: chunks may share an entry, and each settlement writes all that is known of it.
    const settled = this.#lastSettlement.then(() => this.#settle(chunk, indexes, deadLetters));
    this.#lastSettlement = settled.catch(() => undefined);
    return settled;
  }

  async #settle(chunk: Chunk, indexes: readonly number[], deadLetters: readonly NewDeadLetter[]): Promise<void> {
    const finished: number[] = [];
    const progressed: { id: number; done: Uint8Array; remaining: number }[] = [];
    const changes = chunk.doneWith(indexes);
    for (const [{ id, batch }, done] of changes) {
      const remaining = batch.length - done.size;
      if (remaining === 0) finished.push(id);
      else progressed.push({ id, done: done.toBytes(), remaining });
    }
    const maxDeadLetterBytes = this.#maxDeadLetterBytes;
    await this.#queue.settle(this.#name, { finished, progressed, deadLetters, maxDeadLetterBytes });
    for (const [entry, done] of changes) entry.done = done;
    this.#taken -= indexes.length;
  }
}

function rowBytes(batch: RecordBatch, row: number): number {
  let bytes = 0;
  for (const column of batch.columns) bytes += column[row]?.length ?? 0;
  return bytes;
}
