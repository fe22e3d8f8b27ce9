import { chmod, mkdir, open, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import knex, { type Knex } from 'knex';
import { storageErrorFrom } from './sqlite-error';
import { StorageError } from './errors';

/** How to open a database file; see {@link openDatabase}. */
export interface OpenDatabaseOptions {
  /** Opens the file for reading alone; it must exist then. */
  readonly readonly?: boolean;
  /** SQLite pragmas, added to (or in place of) the usual ones. */
  readonly pragmas?: Readonly<Record<string, string | number>>;
}

/** Databases hold password hashes and log records: nobody but the service's own user reads them. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
const GROUP_AND_OTHERS = 0o077;

/** SQLite gives these files the mode of the database when it makes them. */
const COMPANION_SUFFIXES = ['-wal', '-shm'];

/** How long a statement waits for a lock of another process (a backup tool, the sqlite3 shell). */
export const BUSY_TIMEOUT_MS = 5_000;

/** A commit returns after fsync of the write-ahead log: what is acknowledged survives a power cut. */
const WRITER_PRAGMAS = { busy_timeout: BUSY_TIMEOUT_MS, journal_mode: 'WAL', synchronous: 'FULL', foreign_keys: 'ON' };
const READER_PRAGMAS = { busy_timeout: BUSY_TIMEOUT_MS };

/**
 * Pragmas that only take effect before the first write to a new file, in this order; switching to WAL is such a write.
 */
const BEFORE_FIRST_WRITE = ['busy_timeout', 'page_size', 'auto_vacuum'];

const silent = (): void => undefined;

/**
 * Opens a SQLite database with Knex (one connection; transactions run one after the other) and makes the file when it
 * is missing: the file has mode 0600, directories made on the way 0700. Writers use a write-ahead log with
 * `synchronous=FULL`. End it with `destroy()`.
 *
 * @throws StorageError `CORRUPT_DATA` when the file is no database, `STORE_FULL`, else `STORE_FAILED`
 * @example
 * const database = await openDatabase('/var/lib/logweir/auth.db');
 * await migrate(database, AUTH_MIGRATIONS);
 */
export async function openDatabase(file: string, options: OpenDatabaseOptions = {}): Promise<Knex> {
  const readonly = options.readonly ?? false;
  const pragmas = inOrderOfEffect({ ...(readonly ? READER_PRAGMAS : WRITER_PRAGMAS), ...options.pragmas });
  const database = knex({
    client: 'better-sqlite3',
    connection: { filename: file, options: { readonly } },
    useNullAsDefault: true,
    // Error texts must not carry values: they hold password hashes and records.
    compileSqlOnError: false,
    // Failures reach the caller as errors; Knex would print them as well.
    log: { warn: silent, error: silent, debug: silent, deprecate: silent },
    pool: {
      min: 1,
      max: 1,
      afterCreate: (connection: Database, done: (error?: unknown) => void) => {
        try {
          applyPragmas(connection, pragmas);
          done();
        } catch (error) {
          connection.close();
          done(error);
        }
      },
    },
  });
  try {
    if (!readonly) {
      await prepareFile(file);
    }
    await database.raw('SELECT 1 FROM sqlite_master LIMIT 1');
    return database;
  } catch (error) {
    await database.destroy();
    throw storageErrorFrom(error, `cannot open the database ${file}`);
  }
}

function inOrderOfEffect(pragmas: Record<string, string | number>): [name: string, value: string | number][] {
  // Those that are not in the list come last, in their own order.
  const rank = (name: string): number => BEFORE_FIRST_WRITE.indexOf(name) + 1 || BEFORE_FIRST_WRITE.length + 1;
  return Object.entries(pragmas).sort(([a], [b]) => rank(a) - rank(b));
}

function applyPragmas(connection: Database, pragmas: readonly [name: string, value: string | number][]): void {
  for (const [name, value] of pragmas) {
    const result = connection.pragma(`${name} = ${value}`, { simple: true });
    // SQLite answers with the mode it could get; network file systems cannot do WAL.
    if (name === 'journal_mode' && String(result).toLowerCase() !== String(value).toLowerCase()) {
      throw new StorageError(
        'STORE_FAILED',
        `the file system does not support journal mode ${value} (SQLite chose ${String(result)})`,
      );
    }
  }
}

async function prepareFile(file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: DIRECTORY_MODE });
  const handle = await open(file, 'a', FILE_MODE);
  await handle.close();
  for (const name of [file, ...COMPANION_SUFFIXES.map((suffix) => file + suffix)]) {
    await closeToOthers(name);
  }
}

/** A file copied here, from a backup for instance, may be readable by all. */
async function closeToOthers(file: string): Promise<void> {
  const status = await stat(file).catch(() => undefined);
  if (status !== undefined && (status.mode & GROUP_AND_OTHERS) !== 0) {
    await chmod(file, FILE_MODE);
  }
}
