import type { Knex } from 'knex';
import { StorageError } from './errors';
import { storageErrorFrom } from './sqlite-error';

/** One step of a schema. Steps are never changed once released: a later step changes what an earlier one made. */
export interface Migration {
  /** Unique in the database and never changed, e.g. `001-items`. */
  readonly name: string;
  /** Makes the step inside a transaction. */
  up(database: Knex): Promise<void>;
}

/** Where Knex notes the steps a database has gone through. */
const MIGRATIONS_TABLE = 'knex_migrations';

/**
 * Brings a database to the newest schema; all steps that are missing are one transaction. A database that is there
 * already is not written to.
 *
 * @param migrations all steps of this database, oldest first
 * @throws StorageError `UNSUPPORTED_FORMAT` when a newer version of the program wrote the file
 * @example
 * await migrate(database, AUTH_MIGRATIONS);
 */
export async function migrate(database: Knex, migrations: readonly Migration[]): Promise<void> {
  try {
    const applied = await appliedMigrations(database);
    refuseUnknown(applied, migrations);
    if (migrations.every((migration) => applied.has(migration.name))) {
      return;
    }
    await database.migrate.latest({ tableName: MIGRATIONS_TABLE, migrationSource: sourceOf(migrations) });
  } catch (error) {
    throw storageErrorFrom(error, 'cannot bring the database to the newest schema');
  }
}

/** Names of the steps a database has gone through; none for a new one. */
export async function appliedMigrations(database: Knex): Promise<Set<string>> {
  if (!(await database.schema.hasTable(MIGRATIONS_TABLE))) {
    return new Set();
  }
  return new Set(await database(MIGRATIONS_TABLE).pluck<string[]>('name'));
}

function refuseUnknown(applied: ReadonlySet<string>, migrations: readonly Migration[]): void {
  const known = new Set(migrations.map((migration) => migration.name));
  for (const name of applied) {
    if (!known.has(name)) {
      throw new StorageError(
        'UNSUPPORTED_FORMAT',
        `the data directory was written by a newer version of Logweir (schema step "${name}" is unknown to this one); ` +
          'install that version again or restore a backup made with this one',
      );
    }
  }
}

function sourceOf(migrations: readonly Migration[]): Knex.MigrationSource<Migration> {
  return {
    getMigrations: () => Promise.resolve([...migrations]),
    getMigrationName: (migration) => migration.name,
    getMigration: (migration) =>
      Promise.resolve({
        up: (database: Knex) => migration.up(database),
        // Knex insists on having one; going back is what backups are for.
        down: () => Promise.reject(new Error(`schema step ${migration.name} cannot be undone`)),
      }),
  };
}
