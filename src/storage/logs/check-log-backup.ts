import type { Knex } from 'knex';
import { checkBackup, openBackup } from '../backup';
import { StorageError } from '../errors';
import { invalidNameReason } from '../item-name';
import { storageErrorFrom } from '../sqlite-error';
import { JOURNAL_META, SEGMENT_META, type StreamRow } from './rows';
import { LOG_MIGRATIONS } from './migrations';
import { SEGMENT_FORMAT_VERSION } from './segment-codec';

/**
 * Checks a file that anybody may have made up, and makes it ready to take the place of logs.db: at the newest schema, in one
 * file. Single records are not looked at; queries leave out what is damaged.
 *
 * @throws StorageError `CORRUPT_DATA`, `UNSUPPORTED_FORMAT`
 */
export async function checkLogBackup(file: string, live: Knex): Promise<void> {
  try {
    const backup = await openBackup(file);
    try {
      await checkBackup(backup, live, LOG_MIGRATIONS, 'quick_check');
      await requireStreams(backup);
      await requireNumbers(backup);
      await requireKnownFormat(backup);
      await backup.raw('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      // The last one out takes the write-ahead log along.
      await backup.destroy();
    }
  } catch (error) {
    throw storageErrorFrom(error, 'cannot read the backup');
  }
}

async function requireStreams(backup: Knex): Promise<void> {
  const rows = await backup<StreamRow>('streams').select('name', 'ttl', 'size', 'indexed_fields', 'next_sequence');
  for (const row of rows) {
    const numbers = [row.ttl, row.size, row.next_sequence].every((value) => Number.isSafeInteger(value) && value >= 0);
    if (typeof row.name !== 'string' || invalidNameReason(row.name) !== undefined || !numbers || !isNameList(row)) {
      throw new StorageError('CORRUPT_DATA', 'the backup is damaged: it has a stream with an impossible configuration');
    }
  }
}

function isNameList({ indexed_fields }: Pick<StreamRow, 'indexed_fields'>): boolean {
  try {
    const list: unknown = JSON.parse(indexed_fields);
    return Array.isArray(list) && list.every((name) => typeof name === 'string');
  } catch {
    return false;
  }
}

/** SQLite takes anything in any column. */
async function requireNumbers(backup: Knex): Promise<void> {
  for (const [table, columns] of [
    ['journal', JOURNAL_META],
    ['segments', SEGMENT_META],
  ] as const) {
    const wrong = columns.map(() => "typeof(??) <> 'integer' or ?? < 0").join(' or ');
    const names = columns.flatMap((column) => [column, column]);
    const row: unknown = await backup(table).whereRaw(wrong, names).first('id');
    if (row !== undefined) {
      throw new StorageError('CORRUPT_DATA', `the backup is damaged: the table ${table} has values of a wrong type`);
    }
  }
}

async function requireKnownFormat(backup: Knex): Promise<void> {
  const newer: unknown = await backup('segments').where('format_version', '>', SEGMENT_FORMAT_VERSION).first('id');
  if (newer !== undefined) {
    throw new StorageError(
      'UNSUPPORTED_FORMAT',
      'the backup has segments of a newer format: restore it with the version of Logweir that made it, or a later one',
    );
  }
}
