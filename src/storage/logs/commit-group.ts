import { RecordBatch } from '../../record';
import type { AppendedBatch } from '../log-store';
import { ByteWriter, type ByteMemory } from './byte-writer';
import { decodeBatch } from './decode-batch';
import type { JournalEncoder } from './journal-codec';
import type { JournalEntry } from './log-writer';

/** Batches of one stream are joined into one journal row up to so many records ... */
const MAX_ENTRY_RECORDS = 8_192;
/** ... and, about, so many bytes. */
const MAX_ENTRY_BYTES = 4 * 1024 * 1024;

/** From so many records on a batch is encoded as it comes and is a row of its own: larger rows compress little better. */
const MIN_ENTRY_RECORDS = 128;

/** First size of a group's buffer, in bytes; it doubles as needed. */
const INITIAL_GROUP_BYTES = 1024 * 1024;

export interface PendingBatch {
  readonly batch: RecordBatch;
  readonly bytes: number;
}

interface EncodedBatch {
  readonly stream: string;
  readonly batch: RecordBatch;
  readonly start: number;
  readonly end: number;
}

/**
 * What is to become durable with one commit. All who appended share one promise.
 *
 * Large batches are encoded at once, small ones of a stream are joined first. The bytes stay here until the commit has ended:
 * they are a copy of the batches' values, which need not be held as texts meanwhile.
 */
export class CommitGroup {
  /** Settled by the store after the commit. */
  readonly done: Promise<void>;
  settle: (error?: Error) => void = () => undefined;
  /** About how much memory the batches take. */
  bytes = 0;
  readonly #encoder: JournalEncoder;
  readonly #memory: ByteMemory;
  #writer: ByteWriter | undefined;
  readonly #encoded: EncodedBatch[] = [];
  readonly #small = new Map<string, PendingBatch[]>();

  constructor(encoder: JournalEncoder, memory: ByteMemory) {
    this.#encoder = encoder;
    this.#memory = memory;
    this.done = new Promise((resolve, reject) => {
      this.settle = (error) => (error === undefined ? resolve() : reject(error));
    });
    // Whoever appended handles the failure; the group itself has nobody who waits.
    this.done.catch(() => undefined);
  }

  get isEmpty(): boolean {
    return this.#encoded.length === 0 && this.#small.size === 0;
  }

  /**
   * @param watched somebody wants the batch after the commit: it keeps its values
   * @returns about how much memory the batch takes here, in bytes
   */
  add(stream: string, batch: RecordBatch, watched: boolean): number {
    const before = this.bytes;
    if (batch.length >= MIN_ENTRY_RECORDS) {
      // What came before stays before.
      this.#encodeSmall(stream);
      const { start, end } = this.#encode(stream, batch);
      if (!watched) batch.holdCopy(() => decodeBatch(this.#bytesOf(start, end)).columns);
      this.bytes += end - start;
    } else {
      const bytes = approximateBytes(batch);
      const batches = this.#small.get(stream);
      if (batches === undefined) this.#small.set(stream, [{ batch, bytes }]);
      else batches.push({ batch, bytes });
      this.bytes += bytes;
    }
    return this.bytes - before;
  }

  /** What is to be written; `takeSequences(stream, count)` hands out sequence numbers. Nothing may be added afterwards. */
  finish(takeSequences: (stream: string, count: number) => number): {
    entries: JournalEntry[];
    appended: AppendedBatch[];
  } {
    for (const stream of [...this.#small.keys()]) this.#encodeSmall(stream);
    const entries: JournalEntry[] = [];
    const appended: AppendedBatch[] = [];
    for (const { stream, batch, start, end } of this.#encoded) {
      const firstSequence = takeSequences(stream, batch.length);
      let minTime = Infinity;
      let maxTime = -Infinity;
      for (const timestamp of batch.timestamps) {
        if (timestamp < minTime) minTime = timestamp;
        if (timestamp > maxTime) maxTime = timestamp;
      }
      const data = this.#bytesOf(start, end);
      entries.push({ stream, firstSequence, recordCount: batch.length, minTime, maxTime, data });
      appended.push({ stream, firstSequence, batch });
    }
    return { entries, appended };
  }

  /** After a commit that worked: the memory is used for the next group. No batch may be asked for its values any more. */
  release(): void {
    this.#writer?.release();
    this.#writer = undefined;
  }

  #encodeSmall(stream: string): void {
    const batches = this.#small.get(stream);
    if (batches === undefined) return;
    this.#small.delete(stream);
    for (const batch of joinSmall(batches)) this.#encode(stream, batch);
  }

  #encode(stream: string, batch: RecordBatch): EncodedBatch {
    this.#writer ??= new ByteWriter(INITIAL_GROUP_BYTES, this.#memory);
    const start = this.#writer.length;
    this.#encoder.append(batch, this.#writer);
    const encoded: EncodedBatch = { stream, batch, start, end: this.#writer.length };
    this.#encoded.push(encoded);
    return encoded;
  }

  #bytesOf(start: number, end: number): Buffer {
    if (this.#writer === undefined) throw new Error('the batch is stored: its values are gone');
    return this.#writer.view(start, end);
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
