/** A record as the API sends it. */
export interface StoredRecord {
  /** Time of arrival, RFC 3339. */
  readonly timestamp: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** True when a value from an answer has the shape of a record. */
export function isStoredRecord(value: unknown): value is StoredRecord {
  if (typeof value !== 'object' || value === null) return false;
  if (!('timestamp' in value) || typeof value.timestamp !== 'string') return false;
  if (!('fields' in value) || typeof value.fields !== 'object' || value.fields === null) return false;
  return Object.values(value.fields).every((field) => typeof field === 'string');
}
