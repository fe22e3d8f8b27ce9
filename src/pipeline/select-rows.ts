import { RecordBatch, type FieldColumn } from '../record';

/**
 * A new batch of the given rows, in rising order. Unlike `RecordBatch.select` it leaves out fields that none of the rows
 * has: the stream behind a switch must not list the fields of records that went elsewhere.
 */
export function selectRows(batch: RecordBatch, rows: readonly number[]): RecordBatch {
  const selected = new RecordBatch();
  for (let i = 0; i < rows.length; i++) selected.addRow(batch.timestamps[rows[i] as number] as number);
  for (let c = 0; c < batch.names.length; c++) {
    const source = batch.columns[c] as FieldColumn;
    const first = firstPresent(source, rows);
    if (first === rows.length) continue;
    const target = selected.columns[selected.columnIndex(batch.names[c] as string)] as FieldColumn;
    for (let i = 0; i < first; i++) target.push(undefined);
    for (let i = first; i < rows.length; i++) target.push(source[rows[i] as number]);
  }
  return selected;
}

/** Index in `rows` of the first row that has a value, `rows.length` when none has. */
function firstPresent(column: FieldColumn, rows: readonly number[]): number {
  let i = 0;
  while (i < rows.length && column[rows[i] as number] === undefined) i++;
  return i;
}
