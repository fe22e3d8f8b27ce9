import type { RecordBatch } from '../../../record';

/** A record as one line of JSON: `{"timestamp":"<RFC 3339, UTC>","fields":{...}}`, the form of the query API. */
export function recordJson(batch: RecordBatch, row: number): string {
  return `{"timestamp":"${isoTime(batch.timestamps[row] as number)}","fields":${JSON.stringify(batch.fields(row))}}`;
}

/** The outermost times that a Date can hold, milliseconds since 1970. */
const MAX_TIME = 8.64e15;

/** RFC 3339 text in UTC of milliseconds since 1970; a time beyond what dates can hold becomes the nearest that they can. */
export function isoTime(milliseconds: number): string {
  if (Number.isNaN(milliseconds)) return new Date(0).toISOString();
  return new Date(Math.max(-MAX_TIME, Math.min(MAX_TIME, milliseconds))).toISOString();
}
