export type StorageErrorCode =
  | 'BACK_PRESSURE'
  | 'STORE_FULL'
  | 'STORE_FAILED'
  | 'STORE_CLOSED'
  | 'STORE_IN_USE'
  | 'INVALID_FILTER'
  | 'INVALID_CURSOR'
  | 'QUERY_TIMEOUT'
  | 'QUERY_CANCELLED'
  | 'UNSUPPORTED_FORMAT'
  | 'CORRUPT_DATA';

/** A failure of the storage room; `code` says which, for programs, the message for people. */
export class StorageError extends Error {
  readonly code: StorageErrorCode;
  /** Position in the filter text (UTF-16 code units), for `INVALID_FILTER`. */
  readonly offset?: number;

  constructor(code: StorageErrorCode, message: string, options?: { cause?: unknown; offset?: number }) {
    super(message, { cause: options?.cause });
    this.name = 'StorageError';
    this.code = code;
    this.offset = options?.offset;
  }
}
