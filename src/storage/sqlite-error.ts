import { StorageError, type StorageErrorCode } from './errors';

/**
 * A failure of the database driver or the file system as a {@link StorageError}; any other error comes back as it is.
 * The message has no SQL and no values; the cause has all there is.
 *
 * @example
 * throw storageErrorFrom(error, 'cannot save the pipeline "default"');
 */
export function storageErrorFrom(error: unknown, what: string): unknown {
  // By its properties: the driver's errors, and those of another realm, are no instances of this realm's Error.
  const failure = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const code = storageErrorCode(failure);
  if (code === undefined) {
    return error;
  }
  return new StorageError(code, `${what}: ${withoutStatement(String(failure.message))}`, { cause: error });
}

function storageErrorCode({ code, syscall, name }: Partial<NodeJS.ErrnoException>): StorageErrorCode | undefined {
  if (typeof code === 'string' && code.startsWith('SQLITE_')) {
    return sqliteErrorCode(code);
  }
  if (syscall !== undefined) {
    return code === 'ENOSPC' || code === 'EDQUOT' ? 'STORE_FULL' : 'STORE_FAILED';
  }
  // The one connection stayed busy for longer than Knex waits.
  return name === 'KnexTimeoutError' ? 'STORE_FAILED' : undefined;
}

function sqliteErrorCode(code: string): StorageErrorCode {
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return 'CORRUPT_DATA';
  }
  return code === 'SQLITE_FULL' ? 'STORE_FULL' : 'STORE_FAILED';
}

/** Knex puts the statement, then ` - `, before the driver's own words. */
function withoutStatement(message: string): string {
  const end = message.lastIndexOf(' - ');
  return end < 0 ? message : message.slice(end + 3);
}
