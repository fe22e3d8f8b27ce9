import type { FieldColumn, RecordBatch } from '../../../record';

/** A column with more values than this is written value by value: most of what comes would not be known. */
const MAX_KNOWN_VALUES = 32;

/** Writes the records of a batch as JSON; what they have in common is made once. */
export class RecordJson {
  readonly #batch: RecordBatch;
  /** `,"name":` of each column. */
  readonly #keys: readonly string[];
  /** Name and value as JSON, by value; undefined for a column of many values. */
  readonly #known: (Map<string, string> | undefined)[];
  #time = Number.NaN;
  #head = '';

  constructor(batch: RecordBatch) {
    this.#batch = batch;
    this.#keys = batch.names.map((name) => `,${JSON.stringify(name)}:`);
    this.#known = batch.names.map(() => new Map<string, string>());
  }

  /**
   * A record as one line of JSON: `{"timestamp":"<RFC 3339, UTC>","fields":{...}}`, the form of the query API.
   *
   * @param id stands in front as `"id"` when there is one
   */
  of(row: number, id = ''): string {
    const { timestamps, columns } = this.#batch;
    const time = timestamps[row] as number;
    // Records that arrived together have the same time.
    if (time !== this.#time) {
      this.#time = time;
      this.#head = `"timestamp":"${isoTime(time)}","fields":{`;
    }
    let fields = '';
    for (let c = 0; c < columns.length; c++) {
      const value = (columns[c] as FieldColumn)[row];
      if (value !== undefined) fields += this.#field(c, value);
    }
    const start = id === '' ? '{' : `{"id":${JSON.stringify(id)},`;
    return `${start}${this.#head}${fields.slice(1)}}}`;
  }

  #field(column: number, value: string): string {
    const known = this.#known[column];
    const text = known?.get(value);
    if (text !== undefined) return text;
    const made = (this.#keys[column] as string) + JSON.stringify(value);
    if (known !== undefined) {
      if (known.size < MAX_KNOWN_VALUES) known.set(value, made);
      else this.#known[column] = undefined;
    }
    return made;
  }
}

/** The outermost times that a Date can hold, milliseconds since 1970. */
const MAX_TIME = 8.64e15;

/** RFC 3339 text in UTC of milliseconds since 1970; a time beyond what dates can hold becomes the nearest that they can. */
export function isoTime(milliseconds: number): string {
  if (Number.isNaN(milliseconds)) return new Date(0).toISOString();
  return new Date(Math.max(-MAX_TIME, Math.min(MAX_TIME, milliseconds))).toISOString();
}
