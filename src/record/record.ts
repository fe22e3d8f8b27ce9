/** The fields of one record: a flat map of strings, without a prototype so that any name is safe as a key. */
export type RecordFields = Record<string, string>;

/** One log record: a flat map of string fields and the time of its arrival. */
export interface LogRecord {
  /** Time of arrival, milliseconds since the Unix epoch. The event's own time, if any, is one of the fields. */
  readonly timestamp: number;
  readonly fields: RecordFields;
}

/** An empty field map that is safe for names such as `__proto__`. */
export function emptyFields(): RecordFields {
  return Object.create(null) as RecordFields;
}
