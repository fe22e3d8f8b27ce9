import type { Database } from 'better-sqlite3';
import type { Knex } from 'knex';
import type { StreamRow } from './rows';

/** Segments and journal rows removed in one transaction, so that commits never wait long. */
const ROWS_PER_STEP = 32;

const BYTES_PER_MB = 1024 * 1024;

/** Free pages are kept for reuse up to this share of the file; what is beyond goes back to the file system. */
const FREE_PAGES_SHARE = 0.05;
const MIN_FREE_PAGES = 512;
const PAGES_PER_STEP = 512;

/** Removes expired, surplus and deleted records, a bounded number at a time; true when there is more to remove. */
export async function dropExpired(database: Knex, now: number): Promise<boolean> {
  const streams = await database<StreamRow>('streams')
    .where('deleted', 1)
    .orWhere('ttl', '>', 0)
    .orWhere('size', '>', 0);
  let more = false;
  for (const stream of streams) {
    const step = stream.deleted === 1 ? await dropDeleted(database, stream) : await dropOld(database, stream, now);
    more = step || more;
  }
  return more;
}

async function dropDeleted(database: Knex, stream: StreamRow): Promise<boolean> {
  const ofStream = (query: Knex.QueryBuilder): void => void query.where('stream_id', stream.id);
  if (await dropSegments(database, ofStream)) return true;
  if (await dropJournal(database, ofStream)) return true;
  await database('stream_fields').where('stream_id', stream.id).delete();
  await database('streams').where('id', stream.id).delete();
  return false;
}

async function dropOld(database: Knex, stream: StreamRow, now: number): Promise<boolean> {
  let more = false;
  if (stream.ttl > 0) {
    const oldest = now - stream.ttl * 1000;
    const expired = (query: Knex.QueryBuilder): void =>
      void query.where('stream_id', stream.id).andWhere('max_time', '<', oldest);
    more = await dropSegments(database, expired);
    more = (await dropJournal(database, expired, stream)) || more;
  }
  if (stream.size > 0) more = (await dropSurplus(database, stream)) || more;
  return more;
}

async function dropSurplus(database: Knex, stream: StreamRow): Promise<boolean> {
  const [total] = await database('segments').where('stream_id', stream.id).sum({ bytes: 'stored_bytes' });
  let surplus = Number(total?.bytes ?? 0) - stream.size * BYTES_PER_MB;
  if (surplus <= 0) return false;
  const oldest = await database('segments')
    .where('stream_id', stream.id)
    .orderBy('max_time')
    .limit(ROWS_PER_STEP)
    .select<{ id: number; stored_bytes: number }[]>('id', 'stored_bytes');
  const ids: number[] = [];
  for (const segment of oldest) {
    if (surplus <= 0) break;
    ids.push(segment.id);
    surplus -= segment.stored_bytes;
  }
  await deleteSegments(database, ids);
  return surplus > 0;
}

type Condition = (query: Knex.QueryBuilder) => void;

/** True when it removed as many as one step may, so that there may be more. */
async function dropSegments(database: Knex, condition: Condition): Promise<boolean> {
  const ids = await database('segments').where(condition).limit(ROWS_PER_STEP).pluck<number[]>('id');
  await deleteSegments(database, ids);
  return ids.length === ROWS_PER_STEP;
}

async function deleteSegments(database: Knex, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await database.transaction(async (transaction) => {
    await transaction('segment_columns').whereIn('segment_id', ids).delete();
    await transaction('segments').whereIn('id', ids).delete();
  });
}

async function dropJournal(database: Knex, condition: Condition, stream?: StreamRow): Promise<boolean> {
  const rows = await database('journal')
    .where(condition)
    .limit(ROWS_PER_STEP)
    .select<{ id: number; end: number }[]>('id', database.raw('first_sequence + record_count as end'));
  if (rows.length === 0) return false;
  await database.transaction(async (transaction) => {
    const ids = rows.map((row) => row.id);
    await transaction('journal').whereIn('id', ids).delete();
    if (stream !== undefined) {
      const end = Math.max(...rows.map((row) => row.end));
      await transaction('streams')
        .where('id', stream.id)
        .andWhere('next_sequence', '<', end)
        .update({ next_sequence: end });
    }
  });
  return rows.length === ROWS_PER_STEP;
}

/** Gives free pages back to the file system, some at a time; true when there are more. */
export async function giveBackPages(database: Knex): Promise<boolean> {
  const free = await pragma(database, 'freelist_count');
  const pages = await pragma(database, 'page_count');
  const surplus = free - Math.max(MIN_FREE_PAGES, pages * FREE_PAGES_SHARE);
  if (surplus <= 0) return false;
  await vacuum(database, Math.min(PAGES_PER_STEP, Math.ceil(surplus)));
  const more = (await pragma(database, 'freelist_count')) < free && surplus > PAGES_PER_STEP;
  // The file itself only shrinks once the write-ahead log is written back.
  if (!more) await database.raw('PRAGMA wal_checkpoint(PASSIVE)');
  return more;
}

/**
 * Gives back all free pages, and the space of the write-ahead log; for a disk that is nearly full. Bounded: true when there is
 * more to give.
 */
export async function giveBackAllPages(database: Knex): Promise<boolean> {
  const free = await pragma(database, 'freelist_count');
  if (free > 0) await vacuum(database, Math.min(PAGES_PER_STEP, free));
  await database.raw('PRAGMA wal_checkpoint(TRUNCATE)');
  return free > PAGES_PER_STEP;
}

/** On the driver's own connection: Knex makes one step of the statement, and each step frees one page. */
async function vacuum(database: Knex, pages: number): Promise<void> {
  const client = database.client as Knex.Client;
  const connection = (await client.acquireConnection()) as Database;
  try {
    connection.pragma(`incremental_vacuum(${pages})`);
  } finally {
    await client.releaseConnection(connection);
  }
}

async function pragma(database: Knex, name: string): Promise<number> {
  const rows: Record<string, number>[] = await database.raw(`PRAGMA ${name}`);
  return rows[0]?.[name] ?? 0;
}
