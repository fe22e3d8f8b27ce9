import type { FieldColumn, RecordBatch } from '../../record';
import { StorageError } from '../errors';
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import { ConstantColumn, DictionaryColumn, PlainColumn, type Column } from './column';
import { readLengths, readTexts, writeLengths, writeTexts } from './text-column';

/** First byte of every journal batch. A reader refuses versions that it does not know. */
export const JOURNAL_FORMAT_VERSION = 1;

const KIND_CONSTANT = 0;
const KIND_DICTIONARY = 1;
const KIND_PLAIN = 2;

/** Codes of a journal dictionary are single bytes and 0 says "absent". */
const MAX_DICTIONARY_VALUES = 255;

/** After so many rows a column must have shown repetition, else the attempt to find more is given up. */
const DICTIONARY_TRIAL_ROWS = 64;
const MAX_TRIAL_VALUES = 24;

/** A dictionary costs more than it saves below this. */
const MIN_DICTIONARY_ROWS = 8;

const TIMES_EQUAL = 0;
const TIMES_DELTA = 1;

/** Encodes batches for the journal. Keeps buffers from one call to the next, so use one per thread. */
export class JournalEncoder {
  readonly #scratch = new ByteWriter();
  /** What is written to just now. */
  #writer = this.#scratch;
  readonly #codes = new Map<string, number>();
  #codeBytes = new Uint8Array(0);

  /** The batch as bytes with a buffer of their own (ready to be transferred to another thread). */
  encode(batch: RecordBatch): Uint8Array<ArrayBuffer> {
    const writer = this.#scratch;
    writer.reset();
    this.append(batch, writer);
    return writer.finish();
  }

  /** Appends the encoded batch to what a writer holds already. */
  append(batch: RecordBatch, writer: ByteWriter): void {
    this.#writer = writer;
    const rows = batch.length;
    writer.byte(JOURNAL_FORMAT_VERSION);
    writer.varint(rows);
    writeTimestamps(writer, batch.timestamps);
    writer.varint(batch.names.length);
    for (let c = 0; c < batch.names.length; c++) {
      writer.text(batch.names[c] as string);
      const block = writer.beginBlock();
      this.#column(batch.columns[c] as FieldColumn, rows);
      writer.endBlock(block);
    }
  }

  #column(column: FieldColumn, rows: number): void {
    const first = column[0];
    if (first !== undefined && isConstant(column, first, rows)) {
      this.#writer.byte(KIND_CONSTANT);
      this.#writer.text(first);
    } else if (rows < MIN_DICTIONARY_ROWS || !this.#dictionary(column, rows)) {
      this.#plain(column, rows);
    }
  }

  #dictionary(column: FieldColumn, rows: number): boolean {
    if (this.#codeBytes.length < rows) this.#codeBytes = new Uint8Array(rows * 2);
    const bytes = this.#codeBytes;
    const codes = this.#codes;
    codes.clear();
    for (let row = 0; row < rows; row++) {
      const value = column[row];
      if (value === undefined) {
        bytes[row] = 0;
        continue;
      }
      let code = codes.get(value);
      if (code === undefined) {
        code = codes.size + 1;
        if (code > MAX_DICTIONARY_VALUES || (code > MAX_TRIAL_VALUES && row < DICTIONARY_TRIAL_ROWS)) return false;
        codes.set(value, code);
      }
      bytes[row] = code;
    }
    this.#writer.byte(KIND_DICTIONARY);
    writeTexts(this.#writer, [...codes.keys()]);
    this.#writer.bytes(bytes.subarray(0, rows));
    return true;
  }

  #plain(column: FieldColumn, rows: number): void {
    const sizes = new Uint32Array(rows);
    const present = Math.min(rows, column.length);
    for (let row = 0; row < present; row++) {
      const value = column[row];
      if (value !== undefined) sizes[row] = value.length + 1;
    }
    this.#writer.byte(KIND_PLAIN);
    writeLengths(this.#writer, sizes);
    this.#writer.text(column.join(''));
  }
}

function isConstant(column: FieldColumn, value: string, rows: number): boolean {
  if (column.length < rows) return false;
  for (let row = 1; row < rows; row++) {
    if (column[row] !== value) return false;
  }
  return true;
}

function writeTimestamps(writer: ByteWriter, timestamps: readonly number[]): void {
  const first = timestamps[0] ?? 0;
  const equal = timestamps.every((timestamp) => timestamp === first);
  writer.byte(equal ? TIMES_EQUAL : TIMES_DELTA);
  writer.signedVarint(first);
  if (equal) return;
  let previous = first;
  for (const timestamp of timestamps) {
    writer.signedVarint(timestamp - previous);
    previous = timestamp;
  }
}

/** A journal batch as it is read back: columns are decoded when they are asked for. */
export class JournalBatch {
  readonly length: number;
  /** Time of arrival of each row, milliseconds since the Unix epoch. */
  readonly timestamps: Float64Array;
  readonly #bodies = new Map<string, Buffer>();

  /** @throws StorageError `UNSUPPORTED_FORMAT`, `CORRUPT_DATA` */
  constructor(bytes: Uint8Array) {
    const reader = new ByteReader(bytes);
    const version = reader.byte();
    if (version !== JOURNAL_FORMAT_VERSION) {
      throw new StorageError(
        'UNSUPPORTED_FORMAT',
        `journal format ${version} is not known to this version (it reads ${JOURNAL_FORMAT_VERSION})`,
      );
    }
    this.length = reader.varint();
    this.timestamps = readTimestamps(reader, this.length);
    const columns = reader.varint();
    for (let c = 0; c < columns; c++) this.#bodies.set(reader.text(), reader.openBlock());
  }

  get names(): IterableIterator<string> {
    return this.#bodies.keys();
  }

  /** A field's column; undefined when no record of the batch has the field. */
  column(name: string): Column | undefined {
    const body = this.#bodies.get(name);
    return body === undefined ? undefined : readColumn(new ByteReader(body), this.length);
  }
}

function readTimestamps(reader: ByteReader, rows: number): Float64Array {
  const kind = reader.byte();
  const first = reader.signedVarint();
  if (kind === TIMES_DELTA && rows > reader.remaining) throw new StorageError('CORRUPT_DATA', 'more rows than bytes');
  const timestamps = new Float64Array(rows);
  let previous = first;
  for (let row = 0; row < rows; row++) {
    if (kind === TIMES_DELTA) previous += reader.signedVarint();
    timestamps[row] = previous;
  }
  return timestamps;
}

function readColumn(reader: ByteReader, rows: number): Column {
  const kind = reader.byte();
  switch (kind) {
    case KIND_CONSTANT:
      return new ConstantColumn(rows, reader.text());
    case KIND_DICTIONARY: {
      const dictionary = readTexts(reader);
      return new DictionaryColumn(dictionary, reader.bytes(rows));
    }
    case KIND_PLAIN: {
      const sizes = readLengths(reader, rows);
      return new PlainColumn(reader.text(), sizes);
    }
    default:
      throw new StorageError('CORRUPT_DATA', `unknown column kind ${kind}`);
  }
}
