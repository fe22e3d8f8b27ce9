import { openDatabase } from './database';
import { appliedMigrations, type Migration } from './migrations';

/** Findings that one check reports: more of the same kind help nobody. */
const MAX_FINDINGS = 5;

/**
 * What is wrong with a database file: SQLite's own check of every page and index, and steps of a newer version. Writes
 * nothing; works beside a running server.
 *
 * @param migrations - all steps this version knows of this database; without them the version is not looked at
 * @returns findings in words; none when it is sound
 * @throws StorageError `CORRUPT_DATA` when the file is no database at all, `STORE_FAILED`
 */
export async function checkDatabase(file: string, migrations?: readonly Migration[]): Promise<string[]> {
  const database = await openDatabase(file, { readonly: true });
  try {
    const rows: { integrity_check: string }[] = await database.raw(`PRAGMA integrity_check(${MAX_FINDINGS})`);
    const findings = rows.map((row) => row.integrity_check).filter((finding) => finding !== 'ok');
    if (migrations !== undefined) {
      const known = new Set(migrations.map((migration) => migration.name));
      for (const name of await appliedMigrations(database)) {
        if (!known.has(name)) findings.push(`it was written by a newer version (schema step "${name}")`);
      }
    }
    return findings;
  } finally {
    await database.destroy();
  }
}
