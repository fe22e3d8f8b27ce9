export { count, SenderEntry, SenderTable } from './sender-table';
export { SilenceCheck } from './silence-check';
