import type { RecordBatch } from '../record';

/** Retention and indexing of a stream, as the REST API shows it. */
export interface StreamConfig {
  /** Records older than this many seconds are dropped; 0 keeps them. */
  readonly ttl: number;
  /** Above this many MB (1024 × 1024 bytes) of stored data the oldest records are dropped; 0 keeps them. */
  readonly size: number;
  /** Fields whose distinct values are listed and used to select segments. */
  readonly indexed_fields: readonly string[];
}

export const DEFAULT_STREAM_CONFIG: StreamConfig = Object.freeze({
  ttl: 0,
  size: 0,
  indexed_fields: Object.freeze([]),
});

/** Which records of a stream. */
export interface RecordSelection {
  readonly stream: string;
  /** Earliest time of arrival, milliseconds since the Unix epoch, inclusive. */
  readonly from: number;
  /** Latest time of arrival, milliseconds since the Unix epoch, inclusive. */
  readonly to: number;
  /** Expr filter text; absent or blank keeps every record. */
  readonly filter?: string;
  /** Values a field must have: OR inside a field, AND across fields. */
  readonly indexing?: Readonly<Record<string, readonly string[]>>;
}

/** What to read from a stream. */
export interface LogQuery extends RecordSelection {
  /** At most so many records; absent means all. */
  readonly limit?: number;
  /** Continues after the record at which an earlier answer stopped. */
  readonly cursor?: string;
  /**
   * Records with a higher sequence number are read whatever their time of arrival, up to `to`: they were stored later, even if the
   * clock was set back before they were.
   */
  readonly orAfterSequence?: number;
  /** `newest` (the default) or `oldest` first; records of one millisecond keep their order of arrival. */
  readonly order?: 'newest' | 'oldest';
  /** Only these fields of each record; absent means all. */
  readonly fields?: readonly string[];
  /** `array` (the default): one JSON array; `lines`: a record a line, each line ended. */
  readonly format?: 'array' | 'lines';
}

/** The answer to a {@link LogQuery}. */
export interface LogQueryResult {
  /** UTF-8 JSON text of records `{"timestamp": RFC 3339, "fields": {…}}` in the query's format, rendered off the main thread. */
  readonly json: Uint8Array;
  /** The id of each record, in the order of `json`; see {@link RecordId}. */
  readonly ids: readonly RecordId[];
  /** Set when the limit was reached: pass it on to go on after the last record of this answer. */
  readonly cursor?: string;
  /** Records on which the filter raised an error; they count as not matching. */
  readonly filterErrors: number;
  /** The first such error's text. */
  readonly firstFilterError?: string;
}

/** Counts of records over time; see {@link LogStore.histogram}. */
export interface HistogramQuery extends RecordSelection {
  /** Width of a bucket in milliseconds. Buckets begin at multiples of it since the Unix epoch. */
  readonly interval: number;
  /** Splits each bucket's count by the values of this field. */
  readonly field?: string;
  /** How many values of the field have counts of their own: the most frequent ones. */
  readonly limit: number;
}

export interface Histogram {
  /** Where each bucket begins, milliseconds since the Unix epoch; all buckets of the time range, empty ones too. */
  readonly starts: readonly number[];
  readonly counts: readonly number[];
  /** With a field: its most frequent values, and the counts of each bucket. */
  readonly groups?: readonly { readonly value: string; readonly counts: readonly number[] }[];
  readonly filterErrors: number;
  readonly firstFilterError?: string;
}

/** The most frequent values of a field; see {@link LogStore.fieldValues}. */
export interface FieldValuesQuery extends RecordSelection {
  readonly field: string;
  /** At most so many values. */
  readonly limit: number;
}

export interface FieldValues {
  /** Most frequent first; equally frequent ones in code unit order. */
  readonly values: readonly { readonly value: string; readonly count: number }[];
  /** Records with the field. */
  readonly present: number;
  /** Records without it. */
  readonly missing: number;
  /** Different values. */
  readonly distinct: number;
  /** True when there were too many different values to count them all: counts then are too low, and rare values may be absent. */
  readonly approximate: boolean;
  readonly filterErrors: number;
  readonly firstFilterError?: string;
}

/**
 * Identity of a stored record: its arrival time and its sequence number, unique in the store and rising with arrival.
 * Text form (watch events, cursors): see `formatRecordId`.
 */
export interface RecordId {
  readonly timestamp: number;
  readonly sequence: number;
}

/** Records that have just become durable in a stream. Row `i` has sequence number `firstSequence + i`. */
export interface AppendedBatch {
  readonly stream: string;
  readonly firstSequence: number;
  readonly batch: RecordBatch;
}

/** Figures of one stream. */
export interface StreamUsage {
  readonly records: number;
  /** Stored bytes, journal and segments. */
  readonly bytes: number;
}

/** State of the whole store, for health and metrics. */
export interface LogStoreStatus {
  readonly healthy: boolean;
  /** Why it is not healthy. */
  readonly reason?: string;
  /** Bytes accepted and not yet durable. */
  readonly pendingBytes: number;
  /** Records durable in the journal and not yet sealed in a segment. */
  readonly journalRecords: number;
}

/** Durable, queryable streams of records. All methods are safe to call at once from anywhere on the main thread. */
export interface LogStore {
  /**
   * Stores a batch; resolves once it is on disk (group commit, fsync). The batch must not be changed afterwards.
   * @throws StorageError `BACK_PRESSURE` at once when too many bytes are waiting; `STORE_FULL` or `STORE_FAILED` when
   *   the commit fails (nothing of the batch is stored then); `STORE_CLOSED` after close.
   */
  append(stream: string, batch: RecordBatch): Promise<void>;
  /** True while `append` would refuse; inputs pause their sockets until `onDrain`. */
  readonly saturated: boolean;
  /** Calls back once, as soon as the store is no longer saturated (at once when it is not). */
  onDrain(callback: () => void): void;

  /** @throws StorageError `INVALID_FILTER` (with `offset`), `INVALID_CURSOR`, `QUERY_TIMEOUT`, `QUERY_CANCELLED` */
  query(query: LogQuery, signal?: AbortSignal): Promise<LogQueryResult>;
  /**
   * Counts records by time of arrival. An unknown stream has buckets that are all empty.
   * @throws StorageError `INVALID_FILTER`, `QUERY_TIMEOUT`, `QUERY_CANCELLED`
   */
  histogram(query: HistogramQuery, signal?: AbortSignal): Promise<Histogram>;
  /**
   * Counts the values of a field.
   * @throws StorageError `INVALID_FILTER`, `QUERY_TIMEOUT`, `QUERY_CANCELLED`
   */
  fieldValues(query: FieldValuesQuery, signal?: AbortSignal): Promise<FieldValues>;

  listStreams(): Promise<Map<string, StreamConfig>>;
  /** Undefined when the stream does not exist. */
  getStream(stream: string): Promise<StreamConfig | undefined>;
  /** Creates or changes a stream. */
  configureStream(stream: string, config: StreamConfig): Promise<void>;
  /** Removes the stream with its records and configuration; no error when it does not exist. */
  deleteStream(stream: string): Promise<void>;
  /** Names of all fields of the stream's records, in code unit order; empty for an unknown stream. */
  listFields(stream: string): Promise<string[]>;
  usage(stream: string): Promise<StreamUsage>;
  /** Distinct values of each indexed field. */
  listIndexedValues(stream: string): Promise<Record<string, string[]>>;

  /** Calls back with every batch of the stream right after it became durable. Returns the function that ends it. */
  subscribe(stream: string, listener: (appended: AppendedBatch) => void): () => void;

  /**
   * Writes a consistent copy of the store to a new file with mode 0600, with everything acknowledged before. Appends and
   * queries go on meanwhile.
   * @throws StorageError `STORE_FULL`, `STORE_FAILED`
   */
  backup(file: string): Promise<void>;
  /** Looks at a file as {@link restore} would; only brings the file to the newest schema. @throws what {@link restore} throws */
  checkBackup(file: string): Promise<void>;
  /**
   * Puts a backup in the place of everything there is. The file is checked first and taken over: it must be on the store's file
   * system, and is gone afterwards. Appends wait for the moment of the exchange and are part of the new store.
   * @throws StorageError `CORRUPT_DATA`, `UNSUPPORTED_FORMAT`: nothing has changed; `STORE_FAILED` when the backup could not be
   *   put in place, and the store is as it was
   */
  restore(file: string): Promise<void>;

  status(): LogStoreStatus;
  /** Commits what was accepted, stops all workers, closes the files. */
  close(): Promise<void>;
}
