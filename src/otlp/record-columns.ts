import type { FieldColumn, RecordBatch } from '../record';
import type { DecodeLimits } from './decode-limits';
import { BASE_FIELDS } from './field-names';
import { FieldNode, UNRESOLVED } from './field-node';

/** Stands for a column that a limit does not allow; values for it are dropped, their record is rejected. */
export const NO_COLUMN = -1;

/** Nodes that lead to fields without being fields themselves (arrays, maps) may be some times as many as columns. */
const NODES_PER_COLUMN = 4;

/** Stands for every node below what a limit does not allow; never gets members of its own. */
const REJECTED_NODE = new FieldNode('');

/** Values that a whole run of records shares: those of a resource or a scope. */
export interface SharedFields {
  readonly columns: readonly number[];
  readonly values: readonly string[];
}

/**
 * Records under construction, held by column like a {@link RecordBatch} but apart from it: a request that turns out
 * to be malformed leaves nothing behind, and a record beyond a limit is taken back alone.
 *
 * Fields are set for the row that is being built; {@link finishRow} keeps it, {@link dropRow} takes it back.
 */
export class RecordColumns {
  /** Finished rows. */
  rows = 0;
  readonly #limits: DecodeLimits;
  readonly #names: string[] = [...BASE_FIELDS];
  readonly #columns: FieldColumn[] = BASE_FIELDS.map(() => []);
  readonly #columnByName = new Map<string, number>(BASE_FIELDS.map((name, column) => [name, column]));
  /** Columns written for the row under construction, the first {@link #touchedCount} entries. */
  readonly #touched: number[] = [];
  #touchedCount = 0;
  readonly #batch: RecordBatch;
  /** Holds the nodes of whole attributes and of the body. */
  readonly #nodes = new FieldNode('');
  #nodeCount = 0;
  #emptyCells = 0;
  #rejection = '';

  /** @param batch where the records will go; it is changed only by {@link moveToBatch} */
  constructor(batch: RecordBatch, limits: DecodeLimits) {
    this.#batch = batch;
    this.#limits = limits;
  }

  /** Why the row under construction cannot be kept, "" while it can. */
  get rejection(): string {
    return this.#rejection;
  }

  /** Marks the row under construction as one that cannot be kept; the first reason stays. */
  reject(reason: string): void {
    if (this.#rejection === '') this.#rejection = reason;
  }

  /** Index of a field's column, made when there is none yet. */
  columnIndex(name: string): number {
    // Before the lookup, which would read a name of any length.
    if (name.length > this.#limits.maxFieldNameLength) {
      this.reject(`field name longer than ${this.#limits.maxFieldNameLength} characters`);
      return NO_COLUMN;
    }
    const known = this.#columnByName.get(name);
    if (known !== undefined) return known;
    if (this.#names.length >= this.#limits.maxColumns) {
      this.reject(`more than ${this.#limits.maxColumns} different fields in one request`);
      return NO_COLUMN;
    }
    // Rows that the batch already holds get an empty cell each in a column that is new to it.
    if (this.#batch.length > 0 && this.#batch.findColumn(name) === undefined && !this.#spend(this.#batch.length)) {
      return NO_COLUMN;
    }
    const column = this.#names.length;
    this.#names.push(name);
    this.#columns.push([]);
    this.#columnByName.set(name, column);
    return column;
  }

  /** Sets a field of the row under construction by column index; of two values for one field the later stays. */
  set(column: number, value: string): void {
    if (column === NO_COLUMN) return;
    const values = this.#columns[column] as FieldColumn;
    const row = this.rows;
    if (values.length > row) {
      values[row] = value;
      return;
    }
    if (this.#touchedCount >= this.#limits.maxFieldsPerRecord) {
      this.reject(`more than ${this.#limits.maxFieldsPerRecord} fields`);
      return;
    }
    if (values.length < row) {
      if (!this.#spend(row - values.length)) return;
      while (values.length < row) values.push(undefined);
    }
    values.push(value);
    this.#touched[this.#touchedCount++] = column;
  }

  /** Sets a field of the row under construction by name. */
  setByName(name: string, value: string): void {
    this.set(this.columnIndex(name), value);
  }

  /** The node of a field that may have members. */
  node(name: string): FieldNode {
    return this.#nodes.member(name) ?? this.#addNode(this.#nodes, name, name);
  }

  /** The node of a member: of the value under `key` in a map, or at that index in an array. */
  memberNode(parent: FieldNode, key: string): FieldNode {
    return parent.member(key) ?? this.#addNode(parent, key, `${parent.name}.${key}`);
  }

  /** Sets the field of a node in the row under construction. */
  setNode(node: FieldNode, value: string): void {
    if (this.#rejection !== '') return;
    if (node.column === UNRESOLVED) {
      const column = this.columnIndex(node.name);
      if (column === NO_COLUMN) return;
      node.column = column;
    }
    this.set(node.column, value);
  }

  /** Sets a base field, by its index in {@link BASE_FIELDS}; those are never missing and not counted. */
  setBase(column: number, value: string): void {
    (this.#columns[column] as FieldColumn)[this.rows] = value;
  }

  /** Rejects the row under construction when the request may have no more rows. */
  rejectBeyondMaxRecords(): void {
    if (this.rows >= this.#limits.maxRecords)
      this.reject(`more than ${this.#limits.maxRecords} records in one request`);
  }

  /** Keeps the row under construction; its base fields have to be set. */
  finishRow(): void {
    this.rows++;
    this.#touchedCount = 0;
  }

  /** Takes back the row under construction (its base fields must not be set yet) and forgets why it was rejected. */
  dropRow(): void {
    for (let i = 0; i < this.#touchedCount; i++) {
      (this.#columns[this.#touched[i] as number] as FieldColumn).pop();
    }
    this.#touchedCount = 0;
    this.#rejection = '';
  }

  /** Takes back the row under construction and returns its fields, to be shared by rows that follow. */
  takeShared(): SharedFields {
    const columns = this.#touched.slice(0, this.#touchedCount);
    const values = columns.map((column) => (this.#columns[column] as FieldColumn)[this.rows] as string);
    this.dropRow();
    return { columns, values };
  }

  /** Sets shared fields for the finished rows from `firstRow` on, the number of rows when the fields were taken. */
  share(shared: SharedFields, firstRow: number): void {
    if (firstRow === this.rows) return;
    for (let i = 0; i < shared.columns.length; i++) {
      const values = this.#columns[shared.columns[i] as number] as FieldColumn;
      const value = shared.values[i] as string;
      while (values.length < this.rows) values.push(value);
    }
  }

  /** Appends the finished rows to the batch, which then owns them. */
  moveToBatch(timestamp: number): void {
    if (this.rows === 0) return;
    const batch = this.#batch;
    const start = batch.length;
    for (let row = 0; row < this.rows; row++) batch.addRow(timestamp);
    for (let c = 0; c < this.#names.length; c++) {
      const values = this.#columns[c] as FieldColumn;
      // What a rejected record leaves: rows without a value up to where its own was.
      while (values.length > 0 && values[values.length - 1] === undefined) values.pop();
      if (values.length === 0) continue;
      const index = batch.columnIndex(this.#names[c] as string);
      if (start === 0) {
        batch.columns[index] = values;
        continue;
      }
      const target = batch.columns[index] as FieldColumn;
      while (target.length < start) target.push(undefined);
      for (let row = 0; row < values.length; row++) target.push(values[row]);
    }
  }

  #addNode(parent: FieldNode, key: string, name: string): FieldNode {
    if (name.length > this.#limits.maxFieldNameLength) {
      this.reject(`field name longer than ${this.#limits.maxFieldNameLength} characters`);
    } else if (this.#nodeCount >= this.#limits.maxColumns * NODES_PER_COLUMN) {
      this.reject(`more than ${this.#limits.maxColumns} different fields in one request`);
    }
    // A row that is rejected anyway takes no more work for names.
    if (this.#rejection !== '') return REJECTED_NODE;
    const node = new FieldNode(name);
    parent.addMember(key, node);
    this.#nodeCount++;
    return node;
  }

  #spend(emptyCells: number): boolean {
    if (this.#emptyCells + emptyCells > this.#limits.maxEmptyCells) {
      this.reject('too many fields that the other records of the request do not have');
      return false;
    }
    this.#emptyCells += emptyCells;
    return true;
  }
}
