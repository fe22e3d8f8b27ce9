import type { FieldColumn, RecordBatch } from '../../../record';

/** Writes the records of a batch as JSON; what they have in common is made once. */
export class RecordJson {
  readonly #batch: RecordBatch;
  /** `"name":` of each column. */
  readonly #keys: readonly string[];
  #time = Number.NaN;
  #head = '';

  constructor(batch: RecordBatch) {
    this.#batch = batch;
    this.#keys = batch.names.map((name) => `${JSON.stringify(name)}:`);
  }

  /** A record as one line of JSON: `{"timestamp":"<RFC 3339, UTC>","fields":{...}}`, the form of the query API. */
  of(row: number): string {
    const { timestamps, columns } = this.#batch;
    const time = timestamps[row] as number;
    // Records that arrived together have the same time.
    if (time !== this.#time) {
      this.#time = time;
      this.#head = `{"timestamp":"${isoTime(time)}","fields":{`;
    }
    let text = this.#head;
    let separator = '';
    for (let c = 0; c < columns.length; c++) {
      const value = (columns[c] as FieldColumn)[row];
      if (value === undefined) continue;
      text += separator + (this.#keys[c] as string) + JSON.stringify(value);
      separator = ',';
    }
    return `${text}}}`;
  }
}

/** The outermost times that a Date can hold, milliseconds since 1970. */
const MAX_TIME = 8.64e15;

/** RFC 3339 text in UTC of milliseconds since 1970; a time beyond what dates can hold becomes the nearest that they can. */
export function isoTime(milliseconds: number): string {
  if (Number.isNaN(milliseconds)) return new Date(0).toISOString();
  return new Date(Math.max(-MAX_TIME, Math.min(MAX_TIME, milliseconds))).toISOString();
}
