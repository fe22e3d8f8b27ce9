import type { Knex } from 'knex';
import { StorageError } from '../errors';
import { checksum } from './checksum';
import type { Column } from './column';
import { JournalBatch } from './journal-codec';
import type { ColumnRow, JournalMeta, SegmentMeta } from './rows';
import type { RecordSource } from './segment-builder';
import { decodeColumn, decodeRows, SEGMENT_FORMAT_VERSION } from './segment-codec';

/** A journal row as a source of records. @throws StorageError `CORRUPT_DATA`, `UNSUPPORTED_FORMAT` */
export class JournalSource implements RecordSource {
  readonly length: number;
  readonly timestamps: Float64Array;
  readonly sequences: Float64Array;
  readonly #batch: JournalBatch;

  constructor(meta: JournalMeta, data: Uint8Array) {
    if (checksum(data) !== meta.checksum) {
      throw new StorageError('CORRUPT_DATA', `checksum of journal row ${meta.id} does not match`);
    }
    this.#batch = new JournalBatch(data);
    this.length = this.#batch.length;
    this.timestamps = this.#batch.timestamps;
    this.sequences = Float64Array.from({ length: this.length }, (_, row) => meta.first_sequence + row);
  }

  get names(): Iterable<string> {
    return this.#batch.names;
  }

  column(name: string): Column | undefined {
    return this.#batch.column(name);
  }
}

/** A whole segment as a source of records. @throws StorageError `CORRUPT_DATA`, `UNSUPPORTED_FORMAT` */
export class SegmentSource implements RecordSource {
  readonly length: number;
  readonly timestamps: Float64Array;
  readonly sequences: Float64Array;
  readonly #columns: Map<string, ColumnRow>;
  readonly #decoded = new Map<string, Column>();

  constructor(meta: SegmentMeta, rowIndex: Uint8Array, columns: readonly ColumnRow[]) {
    const index = readRowIndex(meta, rowIndex);
    this.length = meta.record_count;
    this.timestamps = index.timestamps;
    this.sequences = index.sequences;
    this.#columns = new Map(columns.map((column) => [column.name, column]));
  }

  static async read(database: Knex, meta: SegmentMeta): Promise<SegmentSource> {
    const [row] = await database('segments').where('id', meta.id).select<{ row_index: Buffer }[]>('row_index');
    if (row === undefined) throw new StorageError('CORRUPT_DATA', `segment ${meta.id} is gone`);
    const columns = await database<ColumnRow>('segment_columns').where('segment_id', meta.id).orderBy('id');
    return new SegmentSource(meta, row.row_index, columns);
  }

  get names(): Iterable<string> {
    return this.#columns.keys();
  }

  column(name: string): Column | undefined {
    const known = this.#decoded.get(name);
    if (known !== undefined) return known;
    const stored = this.#columns.get(name);
    if (stored === undefined) return undefined;
    const column = decodeColumn(stored, this.length);
    this.#decoded.set(name, column);
    return column;
  }
}

/** Arrival times and sequence numbers of a segment. @throws StorageError `CORRUPT_DATA`, `UNSUPPORTED_FORMAT` */
export function readRowIndex(
  meta: SegmentMeta,
  rowIndex: Uint8Array,
): { timestamps: Float64Array; sequences: Float64Array } {
  if (meta.format_version > SEGMENT_FORMAT_VERSION) {
    throw new StorageError(
      'UNSUPPORTED_FORMAT',
      `segment ${meta.id} has format ${meta.format_version}, this version reads formats up to ${SEGMENT_FORMAT_VERSION}`,
    );
  }
  if (checksum(rowIndex) !== meta.checksum) {
    throw new StorageError('CORRUPT_DATA', `checksum of segment ${meta.id} does not match`);
  }
  return decodeRows(rowIndex, meta.record_count);
}
