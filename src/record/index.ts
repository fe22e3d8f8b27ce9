export { emptyFields, type LogRecord, type RecordFields } from './record';
export { RecordBatch, type BatchCopy, type FieldColumn } from './record-batch';
export { flatten, flattenInto, joinFieldName, MAX_FLATTEN_DEPTH } from './flatten';
