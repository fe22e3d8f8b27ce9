import { RecordBatch, type BatchCopy, type FieldColumn } from '../../record';
import { ByteWriter, type ByteMemory } from './byte-writer';
import { decodeBatch } from './decode-batch';
import type { JournalEncoder } from './journal-codec';

/** Batches for one target are joined up to so many records ... */
const MAX_ENTRY_RECORDS = 8_192;
/** ... and, about, so many bytes. */
const MAX_ENTRY_BYTES = 4 * 1024 * 1024;

/** From so many records on a batch is encoded as it comes and stays alone: larger ones compress little better. */
const MIN_ENTRY_RECORDS = 128;

/** First size of the memory, in bytes; it doubles as needed. */
const INITIAL_BYTES = 1024 * 1024;

/** A batch, or several joined, as bytes. */
export interface EncodedBatch {
  /** The stream or the queue. */
  readonly target: string;
  readonly batch: RecordBatch;
  /** Valid until the buffer is released. */
  readonly data: Buffer;
}

interface Span {
  readonly target: string;
  readonly batch: RecordBatch;
  readonly start: number;
  readonly end: number;
}

interface SmallBatch {
  readonly batch: RecordBatch;
  readonly bytes: number;
}

/**
 * Encoded batches for several targets in one piece of memory.
 *
 * Large batches are encoded at once, small ones of a target are joined first. A batch that is encoded in another buffer already, on
 * its way to another target, is copied from there. The bytes stay until they are released: they are a copy of the batches' values,
 * which need not be held as texts meanwhile.
 */
export class BatchBuffer {
  /** About how much memory the batches take. */
  bytes = 0;
  readonly #encoder: JournalEncoder;
  readonly #memory: ByteMemory;
  #writer: ByteWriter | undefined;
  readonly #spans: Span[] = [];
  readonly #small = new Map<string, SmallBatch[]>();

  constructor(encoder: JournalEncoder, memory: ByteMemory) {
    this.#encoder = encoder;
    this.#memory = memory;
  }

  get isEmpty(): boolean {
    return this.#spans.length === 0 && this.#small.size === 0;
  }

  /**
   * @param watched somebody wants the batch afterwards: it keeps its values
   * @returns about how much memory the batch takes here, in bytes
   */
  add(target: string, batch: RecordBatch, watched = false): number {
    const before = this.bytes;
    if (batch.length >= MIN_ENTRY_RECORDS) {
      // What came before stays before.
      this.#encodeSmall(target);
      const { start, end } = this.#encode(target, batch);
      if (!watched) batch.holdCopy(new EncodedCopy(() => this.#view(start, end)));
      this.bytes += end - start;
    } else {
      const bytes = approximateBytes(batch);
      const batches = this.#small.get(target);
      if (batches === undefined) this.#small.set(target, [{ batch, bytes }]);
      else batches.push({ batch, bytes });
      this.bytes += bytes;
    }
    return this.bytes - before;
  }

  /** All batches, those of one target in their order. Nothing may be added afterwards. */
  finish(): EncodedBatch[] {
    for (const target of [...this.#small.keys()]) this.#encodeSmall(target);
    return this.#spans.map(({ target, batch, start, end }) => {
      const data = this.#view(start, end);
      if (data === undefined) throw new Error('the memory of the batches was released before they were written');
      return { target, batch, data };
    });
  }

  /** The memory is used for others. No batch may be asked for its values any more, unless somebody else has a copy. */
  release(): void {
    this.#writer?.release();
    this.#writer = undefined;
  }

  #encodeSmall(target: string): void {
    const batches = this.#small.get(target);
    if (batches === undefined) return;
    this.#small.delete(target);
    for (const batch of joinSmall(batches)) this.#encode(target, batch);
  }

  #encode(target: string, batch: RecordBatch): Span {
    this.#writer ??= new ByteWriter(INITIAL_BYTES, this.#memory);
    const start = this.#writer.length;
    const encoded = encodedElsewhere(batch);
    if (encoded === undefined) this.#encoder.append(batch, this.#writer);
    else this.#writer.bytes(encoded);
    const span: Span = { target, batch, start, end: this.#writer.length };
    this.#spans.push(span);
    return span;
  }

  #view(start: number, end: number): Buffer | undefined {
    return this.#writer?.view(start, end);
  }
}

/** A batch's values in a buffer, until it is released. */
class EncodedCopy implements BatchCopy {
  readonly #view: () => Buffer | undefined;

  constructor(view: () => Buffer | undefined) {
    this.#view = view;
  }

  get bytes(): Buffer | undefined {
    return this.#view();
  }

  columns(): FieldColumn[] | undefined {
    const { bytes } = this;
    return bytes === undefined ? undefined : decodeBatch(bytes).columns;
  }
}

function encodedElsewhere(batch: RecordBatch): Buffer | undefined {
  for (const copy of batch.copies) {
    if (copy instanceof EncodedCopy && copy.bytes !== undefined) return copy.bytes;
  }
  return undefined;
}

/** Joins batches up to the size of one entry; a batch that stands alone stays as it is. */
function* joinSmall(batches: readonly SmallBatch[]): IterableIterator<RecordBatch> {
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
function approximateBytes(batch: RecordBatch): number {
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
