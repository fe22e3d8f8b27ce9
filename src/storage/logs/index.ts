export { formatRecordId, parseRecordId } from './record-id';
export { SqliteLogStore, type LogStoreCounters, type SqliteLogStoreOptions } from './sqlite-log-store';
