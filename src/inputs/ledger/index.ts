export { count, SenderEntry, SenderTable, type RecordKinds } from './sender-table';
export { SenderMemory, type SenderMemoryOptions } from './sender-memory';
export { SilenceCheck } from './silence-check';
