/**
 * Nesting of arrays and maps in one value. No log needs it, every stack survives it; the same depth as that of
 * flattened JSON records.
 */
export const MAX_VALUE_DEPTH = 64;

/**
 * Records of one request. An empty record is two bytes on the wire and ten fields in a batch, so without a limit a
 * request takes fifty times its size; records worth sending are some hundred bytes, senders batch some thousands.
 */
export const MAX_RECORDS = 1 << 18;

/** Fields of one record, nested members counted one by one. SDKs stop at 128 attributes by default. */
export const MAX_FIELDS_PER_RECORD = 4096;

/**
 * UTF-16 units of a field name. A name is the whole path to a nested member, so without a limit a long key above many
 * members would take memory by the square of the input.
 */
export const MAX_FIELD_NAME_LENGTH = 512;

/** Different field names in one request: each is a column of its own from here to the segments on disk. */
export const MAX_COLUMNS = 16_384;

/**
 * Slots that columns may spend on rows without a value (8 bytes each, so 64 MiB). Only requests whose records share
 * few of their names come near; without a limit those take memory by the square of the input.
 */
export const MAX_EMPTY_CELLS = 1 << 23;

/** What a decoder refuses. A record beyond a limit is rejected alone, the others of its request are kept. */
export interface DecodeLimits {
  /** Levels of nested arrays and maps in one value. */
  readonly maxDepth: number;
  readonly maxRecords: number;
  readonly maxFieldsPerRecord: number;
  /** UTF-16 units. */
  readonly maxFieldNameLength: number;
  readonly maxColumns: number;
  readonly maxEmptyCells: number;
}

export const DEFAULT_DECODE_LIMITS: DecodeLimits = {
  maxDepth: MAX_VALUE_DEPTH,
  maxRecords: MAX_RECORDS,
  maxFieldsPerRecord: MAX_FIELDS_PER_RECORD,
  maxFieldNameLength: MAX_FIELD_NAME_LENGTH,
  maxColumns: MAX_COLUMNS,
  maxEmptyCells: MAX_EMPTY_CELLS,
};
