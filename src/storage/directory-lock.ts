import Database from 'better-sqlite3';
import path from 'node:path';
import { StorageError } from './errors';

/** Holds nothing: SQLite's lock on it is what counts, and ends with the process, however that ends. */
const LOCK_FILE = 'lock';

/** A lock on a data directory. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Takes a data directory for this process alone: two that write to the same files would each miss what the other did.
 * Commands that only look, or that change a single row, need no lock.
 *
 * @throws StorageError `STORE_IN_USE` when another process has it
 * @example
 * const lock = lockDirectory(config.data_dir);
 */
export function lockDirectory(directory: string): DirectoryLock {
  const file = path.join(directory, LOCK_FILE);
  const database = new Database(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw new StorageError('STORE_FAILED', `${file} cannot be locked`, { cause: error });
    throw new StorageError(
      'STORE_IN_USE',
      `another Logweir is running with the data directory ${directory}; stop it, or give this one a directory of its own`,
    );
  }
  return { release: () => void database.close() };
}

/** By its code alone: the addon makes its errors in the realm that loaded it first. */
function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'SQLITE_BUSY';
}
