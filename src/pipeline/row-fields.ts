import type { FieldColumn, RecordBatch, RecordFields } from '../record';

// An object without a prototype that V8 gives its fast layout, which Object.create(null) does not get: field maps are made
// and read for each record that a transformer runs on (measured with 13 fields: see bench/pipeline.js).
const FastFields = function () {} as unknown as new () => RecordFields;
FastFields.prototype = Object.freeze(Object.create(null));

/** The fields of one row as a new map, as `batch.fields(row)` gives them. */
export function readRow(batch: RecordBatch, row: number): RecordFields {
  const fields = new FastFields();
  for (let c = 0; c < batch.names.length; c++) {
    const value = (batch.columns[c] as FieldColumn)[row];
    if (value !== undefined) fields[batch.names[c] as string] = value;
  }
  return fields;
}

/**
 * Appends one record, as `batch.addRecord` does. Records of one transformer mostly have the same fields in the same
 * order, so the next column is tried before it is searched for.
 */
export function writeRow(batch: RecordBatch, timestamp: number, fields: RecordFields): void {
  const row = batch.addRow(timestamp);
  let column = 0;
  for (const name in fields) {
    if (batch.names[column] !== name) column = batch.columnIndex(name);
    batch.setValue(row, column++, fields[name] as string);
  }
}
