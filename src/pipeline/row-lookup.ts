import type { FieldColumn, RecordBatch } from '../record';
import type { FieldLookup } from './compilers';

/** Columns found by comparing names one by one; beyond it the batch's own map is quicker. Filters rarely name more fields. */
const MAX_REMEMBERED_COLUMNS = 8;

/** Reads one row of a batch after the other without making field maps; columns are looked up once a batch. */
export class RowLookup implements FieldLookup {
  /** The row that is read. */
  row = 0;
  #batch: RecordBatch | undefined;
  #remembered = 0;
  readonly #names: string[] = [];
  readonly #columns: (FieldColumn | undefined)[] = [];

  /** Turns to a batch, or away from all of them so that none is kept in memory. */
  use(batch: RecordBatch | undefined): void {
    this.#batch = batch;
    this.#remembered = 0;
    if (batch === undefined) this.#columns.fill(undefined);
  }

  get(name: string): string | undefined {
    for (let i = 0; i < this.#remembered; i++) {
      if (this.#names[i] === name) return this.#columns[i]?.[this.row];
    }
    const column = this.#batch?.findColumn(name);
    if (this.#remembered < MAX_REMEMBERED_COLUMNS) {
      this.#names[this.#remembered] = name;
      this.#columns[this.#remembered++] = column;
    }
    return column?.[this.row];
  }

  names(): string[] {
    const present: string[] = [];
    const batch = this.#batch;
    if (batch === undefined) return present;
    for (let c = 0; c < batch.names.length; c++) {
      if (batch.columns[c]?.[this.row] !== undefined) present.push(batch.names[c] as string);
    }
    return present;
  }
}
