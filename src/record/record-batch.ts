import { emptyFields, type LogRecord, type RecordFields } from './record';

/** The values of one field for the rows of a batch; `undefined`, or a row beyond the end, means the record has no such field. */
export type FieldColumn = (string | undefined)[];

/** The values of a batch in another form, in the hands of somebody who makes them durable. */
export interface BatchCopy {
  /** The values as they were when the copy was taken; undefined once the copy is gone. */
  columns(): FieldColumn[] | undefined;
}

/**
 * An ordered set of records held by column: the form in which records travel from an input to the store.
 *
 * A column per field costs one array slot a value, keeps equal values shared, and lets the store encode a whole field
 * at once. Rows are only appended; row `i` is the same record in every column.
 *
 * @example
 * const batch = new RecordBatch();
 * batch.addRecord(Date.now(), { level: 'info', message: 'started' });
 * batch.field(0, 'level'); // 'info'
 */
export class RecordBatch {
  /** Time of arrival of each row, milliseconds since the Unix epoch. */
  readonly timestamps: number[] = [];
  /** Field names in the order in which they first appeared; `names[c]` belongs to `columns[c]`. */
  readonly names: string[] = [];
  #columns: FieldColumn[] | undefined = [];
  readonly #copies: BatchCopy[] = [];
  readonly #columnByName = new Map<string, number>();

  /** A batch of the given records, in their order. */
  static from(records: Iterable<LogRecord>): RecordBatch {
    const batch = new RecordBatch();
    for (const record of records) batch.addRecord(record.timestamp, record.fields);
    return batch;
  }

  /** The values, a column for each of {@link names}. */
  get columns(): FieldColumn[] {
    return this.#columns ?? this.#bringBack();
  }

  /** Somebody holds the values in another form, too: they can be had back from there as long as the copy is. */
  holdCopy(copy: BatchCopy): void {
    this.#copies.push(copy);
  }

  /** See {@link holdCopy}; some may be gone. */
  get copies(): readonly BatchCopy[] {
    return this.#copies;
  }

  /**
   * For a batch that is handed on to its end: lets go of the values, which can be had back from its copies. Whoever still asks gets
   * them from there. Texts that live for the moments between arrival and commit would otherwise outlive the collector's young
   * generation and fill the heap.
   *
   * @param ways to how many ends it goes; one that took no copy still needs the values
   */
  letGo(ways: number): void {
    if (this.#copies.length >= ways) this.#columns = undefined;
  }

  #bringBack(): FieldColumn[] {
    for (const copy of this.#copies) {
      const columns = copy.columns();
      if (columns === undefined) continue;
      this.#columns = columns;
      return columns;
    }
    throw new Error('the batch is stored: its values are gone');
  }

  /** Number of records. */
  get length(): number {
    return this.timestamps.length;
  }

  /** Index of a field's column, made when the batch has none yet. */
  columnIndex(name: string): number {
    const known = this.#columnByName.get(name);
    if (known !== undefined) return known;
    const index = this.names.length;
    this.names.push(name);
    this.columns.push([]);
    this.#columnByName.set(name, index);
    return index;
  }

  /** A field's column, or undefined when no record of the batch has the field. */
  findColumn(name: string): FieldColumn | undefined {
    const index = this.#columnByName.get(name);
    return index === undefined ? undefined : this.columns[index];
  }

  /** Starts a new row without fields and returns its index. */
  addRow(timestamp: number): number {
    return this.timestamps.push(timestamp) - 1;
  }

  /** Sets a field of a row by column index (see {@link columnIndex}). */
  setValue(row: number, columnIndex: number, value: string): void {
    const column = this.columns[columnIndex] as FieldColumn;
    // Filled, not skipped: a hole would turn the array into a slower kind.
    while (column.length < row) column.push(undefined);
    column[row] = value;
  }

  /** Sets a field of a row by name. */
  setField(row: number, name: string, value: string): void {
    this.setValue(row, this.columnIndex(name), value);
  }

  /** Appends one record and returns its row. */
  addRecord(timestamp: number, fields: RecordFields): number {
    const row = this.addRow(timestamp);
    for (const name of Object.keys(fields)) this.setValue(row, this.columnIndex(name), fields[name] as string);
    return row;
  }

  /** A field of a row, undefined when the record has no such field. */
  field(row: number, name: string): string | undefined {
    return this.findColumn(name)?.[row];
  }

  /** The fields of one row as a new map. */
  fields(row: number): RecordFields {
    const fields = emptyFields();
    for (let c = 0; c < this.names.length; c++) {
      const value = (this.columns[c] as FieldColumn)[row];
      if (value !== undefined) fields[this.names[c] as string] = value;
    }
    return fields;
  }

  /** One row as a record of its own. */
  record(row: number): LogRecord {
    return { timestamp: this.timestamps[row] as number, fields: this.fields(row) };
  }

  /** All rows as records. */
  *records(): IterableIterator<LogRecord> {
    for (let row = 0; row < this.length; row++) yield this.record(row);
  }

  /** Appends rows of another batch, all of them unless `rows` says which; the other batch is not changed. */
  append(other: RecordBatch, rows?: readonly number[]): void {
    const start = this.length;
    if (rows === undefined) {
      for (const timestamp of other.timestamps) this.timestamps.push(timestamp);
    } else {
      for (const row of rows) this.timestamps.push(other.timestamps[row] as number);
    }
    for (let c = 0; c < other.names.length; c++) {
      const source = other.columns[c] as FieldColumn;
      const target = this.columns[this.columnIndex(other.names[c] as string)] as FieldColumn;
      while (target.length < start) target.push(undefined);
      if (rows === undefined) {
        for (const value of source) target.push(value);
      } else {
        for (const row of rows) target.push(source[row]);
      }
    }
  }

  /** A new batch of the given rows, in the given order. */
  select(rows: readonly number[]): RecordBatch {
    const selected = new RecordBatch();
    selected.append(this, rows);
    return selected;
  }
}
