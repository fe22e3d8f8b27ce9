import type { Knex } from 'knex';
import { openDatabase } from '../database';
import { migrate } from '../migrations';
import { LOG_MIGRATIONS } from './migrations';
import type { ReaderGate } from './reader-gate';

/** Large pages suit large values: fewer of them hang together in a chain. */
const PAGE_BYTES = 8 * 1024;

/** The write-ahead log is written back to the database each time it has grown by so many pages. */
const CHECKPOINT_PAGES = 4_000;

/** After a checkpoint the write-ahead log's file shrinks to this; above it a checkpoint is sought (`write-ahead-log.ts`). */
export const WAL_LIMIT_BYTES = 64 * 1024 * 1024;

/** Page cache of the writer and of each reader, in KiB. Readers keep decoded columns; pages are in the system's cache. */
const WRITER_CACHE_KIB = 16 * 1024;
const READER_CACHE_KIB = 8 * 1024;

/** Opens logs.db for the one thread that writes it, and brings it to the newest schema. */
export async function openLogDatabase(file: string): Promise<Knex> {
  const database = await openDatabase(file, {
    pragmas: {
      page_size: PAGE_BYTES,
      // Reclaimed pages go back to the file system in steps, without a rewrite of the file.
      auto_vacuum: 'INCREMENTAL',
      wal_autocheckpoint: CHECKPOINT_PAGES,
      journal_size_limit: WAL_LIMIT_BYTES,
      cache_size: -WRITER_CACHE_KIB,
    },
  });
  await migrate(database, LOG_MIGRATIONS);
  return database;
}

/** Opens logs.db for reading alone; beside the thread that writes, each statement waits for the gate. */
export async function openLogDatabaseForReading(file: string, gate?: ReaderGate): Promise<Knex> {
  const database = await openDatabase(file, { readonly: true, pragmas: { cache_size: -READER_CACHE_KIB } });
  gate?.guard(database);
  return database;
}
