export { count, SenderEntry, SenderTable, type RecordKinds } from './sender-table';
export { SilenceCheck } from './silence-check';
