import { copyFile, mkdtemp, open, rm, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { Knex } from 'knex';
import { openDatabase } from './database';
import { StorageError } from './errors';
import { appliedMigrations, migrate, type Migration } from './migrations';
import { storageErrorFrom } from './sqlite-error';

/** Columns by name. */
export type BackupRow = Record<string, string | number | null>;

/** Rows of each table of a backup. */
export type BackupContent = ReadonlyMap<string, readonly BackupRow[]>;

/** Rows an INSERT: far below SQLite's limit of 32766 values, with a dozen columns at most. */
const ROWS_PER_INSERT = 500;

/**
 * Writes a consistent copy of a small database (users, configuration) to a new file with mode 0600.
 * @throws StorageError `STORE_FULL`, `STORE_FAILED` (also when the file exists)
 */
export async function backupDatabase(database: Knex, file: string): Promise<void> {
  try {
    // SQLite fills an empty file that exists, and thus keeps its mode.
    const handle = await open(file, 'wx', 0o600);
    await handle.close();
    await database.raw('VACUUM INTO ?', [file]).catch(async (error: unknown) => {
      await unlink(file).catch(() => undefined);
      throw error;
    });
  } catch (error) {
    throw storageErrorFrom(error, `cannot write the backup ${file}`);
  }
}

/**
 * Reads tables of a backup file that anybody may have made up: it must have exactly the schema of `live`, after the
 * migrations it lacks were done on a copy. The file itself is not changed.
 *
 * @throws StorageError `CORRUPT_DATA` when it is no such backup or damaged, `UNSUPPORTED_FORMAT` when it is newer
 */
export async function readBackup(
  file: string,
  live: Knex,
  migrations: readonly Migration[],
  tables: readonly string[],
): Promise<BackupContent> {
  // Beside the file, for there is room for it and nobody else looks.
  const directory = await mkdtemp(path.join(path.dirname(file), 'restore-'));
  try {
    const copy = path.join(directory, 'backup.db');
    await copyFile(file, copy);
    const backup = await openBackup(copy);
    try {
      await checkBackup(backup, live, migrations, 'integrity_check');
      const content = new Map<string, readonly BackupRow[]>();
      for (const table of tables) {
        content.set(table, await readRows(backup, table));
      }
      return content;
    } finally {
      await backup.destroy();
    }
  } catch (error) {
    throw storageErrorFrom(error, 'cannot read the backup');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Opens a file that anybody may have made up.
 * @throws StorageError `CORRUPT_DATA` when it is no database; without its path, which is nobody's business
 */
export async function openBackup(file: string): Promise<Knex> {
  try {
    // A schema can call functions; those with side effects stay off in a file of unknown origin.
    return await openDatabase(file, { pragmas: { trusted_schema: 'OFF' } });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const reason =
      error.code === 'CORRUPT_DATA' ? 'the file is no database, or it is damaged' : 'cannot read the backup';
    throw new StorageError(error.code, reason, { cause: error });
  }
}

/**
 * Checks a database that anybody may have made up, and brings it to the newest schema: then it has exactly that of `live`.
 *
 * @param pragma how thoroughly damage is looked for; `quick_check` leaves out the indexes
 * @throws StorageError `CORRUPT_DATA` when it is no backup of such a database or damaged, `UNSUPPORTED_FORMAT` when it is newer
 */
export async function checkBackup(
  backup: Knex,
  live: Knex,
  migrations: readonly Migration[],
  pragma: 'integrity_check' | 'quick_check',
): Promise<void> {
  await refuseForeign(backup, migrations);
  await migrate(backup, migrations);
  await requireSameSchema(backup, live);
  await requireIntact(backup, pragma);
}

/** Empties the tables and fills them from a backup. `tables`: those that others refer to come first. */
export async function replaceTables(
  transaction: Knex.Transaction,
  tables: readonly string[],
  content: BackupContent,
): Promise<void> {
  for (const table of [...tables].reverse()) {
    await transaction(table).del();
  }
  for (const table of tables) {
    const rows = content.get(table) ?? [];
    for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
      await transaction(table).insert(rows.slice(start, start + ROWS_PER_INSERT));
    }
  }
}

async function refuseForeign(backup: Knex, migrations: readonly Migration[]): Promise<void> {
  // Views and triggers run whenever a table is used, so they are looked for before anything else is.
  const objects: { type: string; sql: string | null }[] = await backup('sqlite_master').select('type', 'sql');
  const strange = objects.some(
    ({ type, sql }) => (type !== 'table' && type !== 'index') || /^\s*create\s+virtual/i.test(sql ?? ''),
  );
  const first = migrations[0]?.name;
  if (strange || first === undefined || !(await appliedMigrations(backup)).has(first)) {
    throw new StorageError('CORRUPT_DATA', 'the file is not a backup of this database');
  }
}

async function requireSameSchema(backup: Knex, live: Knex): Promise<void> {
  if ((await schemaOf(backup)) !== (await schemaOf(live))) {
    throw new StorageError('CORRUPT_DATA', 'the file is not a backup of this database: its schema differs');
  }
}

async function schemaOf(database: Knex): Promise<string> {
  const objects: unknown = await database('sqlite_master')
    .select('type', 'name', 'tbl_name', 'sql')
    .whereNot('name', 'like', 'sqlite_stat%')
    .orderBy(['type', 'name']);
  return JSON.stringify(objects);
}

async function requireIntact(backup: Knex, pragma: 'integrity_check' | 'quick_check'): Promise<void> {
  const problems: Readonly<Record<string, string>>[] = await backup.raw(`PRAGMA ${pragma}(1)`);
  const dangling: unknown[] = await backup.raw('PRAGMA foreign_key_check');
  const finding = problems[0]?.[pragma] ?? 'no answer';
  if (finding !== 'ok' || dangling.length > 0) {
    throw new StorageError('CORRUPT_DATA', `the backup is damaged: ${finding}`);
  }
}

async function readRows(backup: Knex, table: string): Promise<BackupRow[]> {
  const rows: Record<string, unknown>[] = await backup(table).select('*');
  for (const row of rows) {
    for (const value of Object.values(row)) {
      if (typeof value !== 'string' && typeof value !== 'number' && value !== null) {
        throw new StorageError('CORRUPT_DATA', `the backup is damaged: table "${table}" has bytes where text belongs`);
      }
    }
  }
  return rows as BackupRow[];
}
