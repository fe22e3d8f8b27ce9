import type { Knex } from 'knex';
import { StorageError } from '../errors';
import type { Column } from './column';
import type { ColumnRow, JournalMeta, SegmentMeta } from './rows';
import { decodeColumn } from './segment-codec';
import { JournalSource, readRowIndex } from './stored-sources';

/** A part of a stream that a query looks at: a journal row or a segment. Parts are read as far as the query needs. */
export interface QueryUnit {
  readonly minTime: number;
  readonly maxTime: number;
  readonly length: number;
  /** Arrival times and sequence numbers, once `loadRows` is done. */
  readonly timestamps: Float64Array;
  readonly sequences: Float64Array;
  loadRows(): Promise<void>;
  /** The columns of these fields (absent ones are left out), or of all fields. */
  columns(names: readonly string[] | undefined): Promise<ReadonlyMap<string, Column>>;
}

const NO_ROWS = new Float64Array(0);

export class JournalUnit implements QueryUnit {
  readonly minTime: number;
  readonly maxTime: number;
  readonly length: number;
  readonly #database: Knex;
  readonly #meta: JournalMeta;
  #data: Uint8Array | undefined;
  #source: JournalSource | undefined;

  constructor(database: Knex, meta: JournalMeta) {
    this.#database = database;
    this.#meta = meta;
    this.minTime = meta.min_time;
    this.maxTime = meta.max_time;
    this.length = meta.record_count;
  }

  get id(): number {
    return this.#meta.id;
  }

  get timestamps(): Float64Array {
    return this.#source?.timestamps ?? NO_ROWS;
  }

  get sequences(): Float64Array {
    return this.#source?.sequences ?? NO_ROWS;
  }

  /** Saves a statement when the data has come along with that of other rows. */
  provide(data: Uint8Array): void {
    this.#data = data;
  }

  get provided(): boolean {
    return this.#data !== undefined || this.#source !== undefined;
  }

  async loadRows(): Promise<void> {
    if (this.#source !== undefined) return;
    const data = this.#data ?? (await this.#read());
    this.#source = new JournalSource(this.#meta, data);
    this.#data = undefined;
  }

  async #read(): Promise<Uint8Array> {
    const [row] = await this.#database('journal').where('id', this.#meta.id).select<{ data: Buffer }[]>('data');
    if (row === undefined) throw new StorageError('CORRUPT_DATA', `journal row ${this.#meta.id} is gone`);
    return row.data;
  }

  async columns(names: readonly string[] | undefined): Promise<ReadonlyMap<string, Column>> {
    await this.loadRows();
    const source = this.#source as JournalSource;
    const columns = new Map<string, Column>();
    for (const name of names ?? source.names) {
      const column = source.column(name);
      if (column !== undefined) columns.set(name, column);
    }
    return columns;
  }
}

export class SegmentUnit implements QueryUnit {
  readonly minTime: number;
  readonly maxTime: number;
  readonly length: number;
  timestamps: Float64Array = NO_ROWS;
  sequences: Float64Array = NO_ROWS;
  readonly meta: SegmentMeta;
  readonly #database: Knex;
  readonly #columns = new Map<string, Column>();
  #loaded = false;

  constructor(database: Knex, meta: SegmentMeta) {
    this.#database = database;
    this.meta = meta;
    this.minTime = meta.min_time;
    this.maxTime = meta.max_time;
    this.length = meta.record_count;
  }

  async loadRows(): Promise<void> {
    if (this.#loaded) return;
    const [row] = await this.#database('segments')
      .where('id', this.meta.id)
      .select<{ row_index: Buffer }[]>('row_index');
    if (row === undefined) throw new StorageError('CORRUPT_DATA', `segment ${this.meta.id} is gone`);
    const index = readRowIndex(this.meta, row.row_index);
    this.timestamps = index.timestamps;
    this.sequences = index.sequences;
    this.#loaded = true;
  }

  async columns(names: readonly string[] | undefined): Promise<ReadonlyMap<string, Column>> {
    const wanted = names?.filter((name) => !this.#columns.has(name));
    if (wanted === undefined || wanted.length > 0) {
      const rows = await this.#database<ColumnRow>('segment_columns')
        .where('segment_id', this.meta.id)
        .modify((query) => {
          if (wanted !== undefined) void query.whereIn('name', wanted);
        })
        .select('name', 'encoding', 'checksum', 'dictionary', 'data');
      for (const row of rows) {
        if (!this.#columns.has(row.name)) {
          this.#columns.set(row.name, decodeColumn({ ...row, filter: null }, this.length));
        }
      }
    }
    return this.#columns;
  }
}
