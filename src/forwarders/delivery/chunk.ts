import { RecordBatch } from '../../record';
import type { RowSet } from '../../storage/queue';
import type { DeliveryIds } from '../destination';
import type { WindowEntry } from './queue-window';

/** Records that are offered together: rows of one or more entries of a queue. */
export class Chunk implements DeliveryIds {
  readonly #entries: readonly WindowEntry[];
  readonly #rows: readonly number[];
  #batch: RecordBatch | undefined;

  /** `entries[i]` has the record `i` as its row `rows[i]`. */
  constructor(entries: readonly WindowEntry[], rows: readonly number[]) {
    this.#entries = entries;
    this.#rows = rows;
  }

  get length(): number {
    return this.#rows.length;
  }

  /** The records, in their order. */
  get batch(): RecordBatch {
    this.#batch ??= this.#assemble();
    return this.#batch;
  }

  /** When a record was appended to the queue, milliseconds since the Unix epoch. */
  appendedAt(index: number): number {
    return (this.#entries[index] as WindowEntry).appendedAt;
  }

  /** A record's id, by its place in {@link batch}: wherever the record is offered it has the same. */
  of(index: number): string {
    return `${(this.#entries[index] as WindowEntry).key}.${this.#rows[index] as number}`;
  }

  /** Some of the records, in the given order. */
  select(indexes: readonly number[]): Chunk {
    return new Chunk(
      indexes.map((index) => this.#entries[index] as WindowEntry),
      indexes.map((index) => this.#rows[index] as number),
    );
  }

  /** Its first and its second half. */
  halves(): [Chunk, Chunk] {
    const middle = Math.ceil(this.length / 2);
    return [
      new Chunk(this.#entries.slice(0, middle), this.#rows.slice(0, middle)),
      new Chunk(this.#entries.slice(middle), this.#rows.slice(middle)),
    ];
  }

  /** What is done of each entry once these records are. */
  doneWith(indexes: readonly number[]): Map<WindowEntry, RowSet> {
    const changes = new Map<WindowEntry, RowSet>();
    for (const index of indexes) {
      const entry = this.#entries[index] as WindowEntry;
      const done = changes.get(entry) ?? entry.done.copy();
      done.add(this.#rows[index] as number);
      changes.set(entry, done);
    }
    return changes;
  }

  #assemble(): RecordBatch {
    const batch = new RecordBatch();
    for (let start = 0; start < this.length;) {
      const entry = this.#entries[start] as WindowEntry;
      let end = start + 1;
      while (end < this.length && this.#entries[end] === entry) end++;
      // An entry that is offered as a whole needs no copy.
      if (start === 0 && end === this.length && end === entry.batch.length) return entry.batch;
      batch.append(entry.batch, this.#rows.slice(start, end));
      start = end;
    }
    return batch;
  }
}
