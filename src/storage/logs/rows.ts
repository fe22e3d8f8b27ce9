/** The rows of logs.db as Knex reads them; see migrations/001-journal-segments.ts. */

export interface StreamRow {
  readonly id: number;
  readonly name: string;
  readonly ttl: number;
  readonly size: number;
  readonly indexed_fields: string;
  readonly next_sequence: number;
  readonly deleted: number;
}

/** A journal row without its data. */
export interface JournalMeta {
  readonly id: number;
  readonly stream_id: number;
  readonly first_sequence: number;
  readonly record_count: number;
  readonly min_time: number;
  readonly max_time: number;
  readonly byte_count: number;
  readonly checksum: number;
}

/** A segment row without its row index. */
export interface SegmentMeta {
  readonly id: number;
  readonly stream_id: number;
  readonly format_version: number;
  readonly density: number;
  readonly min_time: number;
  readonly max_time: number;
  readonly min_sequence: number;
  readonly max_sequence: number;
  readonly record_count: number;
  readonly stored_bytes: number;
  readonly checksum: number;
}

export interface ColumnRow {
  readonly segment_id: number;
  readonly name: string;
  readonly encoding: number;
  readonly checksum: number;
  readonly dictionary: Buffer | null;
  readonly filter: Buffer | null;
  readonly data: Buffer | null;
}

export const JOURNAL_META = [
  'id',
  'stream_id',
  'first_sequence',
  'record_count',
  'min_time',
  'max_time',
  'byte_count',
  'checksum',
] as const;

export const SEGMENT_META = [
  'id',
  'stream_id',
  'format_version',
  'density',
  'min_time',
  'max_time',
  'min_sequence',
  'max_sequence',
  'record_count',
  'stored_bytes',
  'checksum',
] as const;
