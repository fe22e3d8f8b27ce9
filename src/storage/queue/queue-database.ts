import type { Knex } from 'knex';
import { openDatabase } from '../database';
import { migrate } from '../migrations';
import { QUEUE_MIGRATIONS } from './migrations';

/** Large pages suit large values: fewer of them hang together in a chain. */
const PAGE_BYTES = 8 * 1024;

/** The write-ahead log is written back to the database each time it has grown by so many pages. */
const CHECKPOINT_PAGES = 2_000;

/** After a checkpoint the write-ahead log's file shrinks to this. */
const WAL_LIMIT_BYTES = 32 * 1024 * 1024;

/** Page cache in KiB: what was just appended is read next. */
const CACHE_KIB = 8 * 1024;

/** Opens queue.db for the one thread that uses it, and brings it to the newest schema. */
export async function openQueueDatabase(file: string): Promise<Knex> {
  const database = await openDatabase(file, {
    pragmas: {
      page_size: PAGE_BYTES,
      auto_vacuum: 'INCREMENTAL',
      wal_autocheckpoint: CHECKPOINT_PAGES,
      journal_size_limit: WAL_LIMIT_BYTES,
      cache_size: -CACHE_KIB,
    },
  });
  try {
    await migrate(database, QUEUE_MIGRATIONS);
    return database;
  } catch (error) {
    await database.destroy();
    throw error;
  }
}
