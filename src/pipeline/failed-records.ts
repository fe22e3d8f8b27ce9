import type { RecordBatch } from '../record';

/** The stream of records that a pipeline failed on. */
export const FAILED_STREAM = '_failed';

/** What a failed record gets beside its own fields. */
const ERROR_FIELD = 'error';
const PIPELINE_FIELD = 'pipeline';
const NODE_FIELD = 'node';
const ADDED_FIELDS: readonly string[] = [ERROR_FIELD, PIPELINE_FIELD, NODE_FIELD];

/** Put before a record's own field that has one of the added names. */
const OWN_FIELD_PREFIX = 'record.';

/** Where a record failed. */
export interface FailurePlace {
  readonly pipeline: string;
  /** Id of the node, empty when the pipeline as a whole failed. */
  readonly id: string;
}

/**
 * Appends one row of a batch to the failed records: all its own fields, its time of arrival, and why and where it
 * failed. An own field called `error`, `pipeline` or `node` is kept as `record.error` and so on.
 */
export function addFailedRow(
  failed: RecordBatch,
  batch: RecordBatch,
  row: number,
  error: string,
  place: FailurePlace,
): void {
  const target = failed.addRow(batch.timestamps[row] as number);
  for (let c = 0; c < batch.names.length; c++) {
    const value = batch.columns[c]?.[row];
    if (value !== undefined) failed.setField(target, keptName(batch, row, batch.names[c] as string), value);
  }
  failed.setField(target, ERROR_FIELD, error);
  failed.setField(target, PIPELINE_FIELD, place.pipeline);
  failed.setField(target, NODE_FIELD, place.id);
}

/** The same for every row of a batch. */
export function addFailedBatch(failed: RecordBatch, batch: RecordBatch, error: string, place: FailurePlace): void {
  for (let row = 0; row < batch.length; row++) addFailedRow(failed, batch, row, error, place);
}

function keptName(batch: RecordBatch, row: number, name: string): string {
  if (!ADDED_FIELDS.includes(name)) return name;
  let kept = OWN_FIELD_PREFIX + name;
  while (batch.field(row, kept) !== undefined) kept = OWN_FIELD_PREFIX + kept;
  return kept;
}
