import type { Knex } from 'knex';
import { emptyFields, type RecordFields } from '../../record';
import type { DeadLetter, DeadLetterChoice, DeadLetterPage, NewDeadLetter } from './delivery-queue';

interface DeadLetterRow {
  readonly id: number;
  readonly died_at: number;
  readonly attempts: number;
  readonly reason: string;
  readonly arrived_at: number;
  readonly fields: string;
  readonly byte_count: number;
}

interface Removed {
  readonly count: number;
  readonly bytes: number;
}

/** SQLite allows 32,766 variables a statement, and a row takes seven. */
const ROWS_PER_STATEMENT = 500;
/** Dead letters that are put back together: as many as an entry of a queue may have, and not more bytes. */
const LOT_RECORDS = 500;
const LOT_BYTES = 4 * 1024 * 1024;
/** A page of dead letters ends early when it gets larger, in bytes. */
const PAGE_BYTES = 8 * 1024 * 1024;
/** What a dead letter takes beside its texts, about, in bytes. */
const ROW_OVERHEAD_BYTES = 64;

/** Adds dead letters; returns the bytes that they take. */
export async function insert(database: Knex, queueId: number, letters: readonly NewDeadLetter[]): Promise<number> {
  let bytes = 0;
  for (let i = 0; i < letters.length; i += ROWS_PER_STATEMENT) {
    const rows = letters.slice(i, i + ROWS_PER_STATEMENT).map((letter) => rowOf(queueId, letter));
    await database('dead_letters').insert(rows);
    for (const row of rows) bytes += row.byte_count;
  }
  return bytes;
}

function rowOf(queueId: number, { at, attempts, reason, timestamp, fields }: NewDeadLetter) {
  const json = JSON.stringify(fields);
  return {
    queue_id: queueId,
    died_at: at,
    attempts,
    reason,
    arrived_at: timestamp,
    fields: json,
    byte_count: Buffer.byteLength(json) + Buffer.byteLength(reason) + ROW_OVERHEAD_BYTES,
  };
}

/** Deletes dead letters, oldest first, until so many bytes are free. */
export async function dropOldest(database: Knex, queueId: number, surplus: number): Promise<Removed> {
  let count = 0;
  let bytes = 0;
  while (bytes < surplus) {
    const rows: Pick<DeadLetterRow, 'id' | 'byte_count'>[] = await database('dead_letters')
      .where({ queue_id: queueId })
      .orderBy('id')
      .limit(ROWS_PER_STATEMENT)
      .select('id', 'byte_count');
    if (rows.length === 0) break;
    const ids: number[] = [];
    for (const row of rows) {
      if (bytes >= surplus) break;
      ids.push(row.id);
      bytes += row.byte_count;
    }
    await database('dead_letters').whereIn('id', ids).delete();
    count += ids.length;
  }
  return { count, bytes };
}

/** Dead letters with an id above `afterId`, oldest first. */
export async function page(database: Knex, queueId: number, afterId: number, limit: number): Promise<DeadLetterPage> {
  const metas: Pick<DeadLetterRow, 'id' | 'byte_count'>[] = await database('dead_letters')
    .where({ queue_id: queueId })
    .andWhere('id', '>', afterId)
    .orderBy('id')
    .limit(limit + 1)
    .select('id', 'byte_count');
  const ids = firstIds(metas, limit, PAGE_BYTES);
  const letters = await read(database, ids);
  return { letters, next: ids.length < metas.length ? ids.at(-1) : undefined };
}

export async function find(database: Knex, queueId: number, id: number): Promise<DeadLetter | undefined> {
  const row: DeadLetterRow | undefined = await database('dead_letters').where({ queue_id: queueId, id }).first();
  return row === undefined ? undefined : letterOf(row);
}

/** The chosen dead letters in lots; each lot must be removed before the next is asked for. */
export async function* lots(
  database: Knex,
  queueId: number,
  choice: DeadLetterChoice,
): AsyncIterableIterator<DeadLetter[]> {
  // Letters that come later are not meant.
  const last: { id: number } | undefined = await database('dead_letters')
    .where({ queue_id: queueId })
    .orderBy('id', 'desc')
    .first('id');
  const groups = choice === 'all' ? [undefined] : chunksOf(choice, ROWS_PER_STATEMENT);
  for (const group of groups) {
    for (;;) {
      const metas: Pick<DeadLetterRow, 'id' | 'byte_count'>[] = await database('dead_letters')
        .where({ queue_id: queueId })
        .andWhere('id', '<=', last?.id ?? 0)
        .modify((query) => void (group === undefined ? undefined : query.whereIn('id', [...group])))
        .orderBy('id')
        .limit(LOT_RECORDS)
        .select('id', 'byte_count');
      if (metas.length === 0) break;
      yield await read(database, firstIds(metas, LOT_RECORDS, LOT_BYTES));
    }
  }
}

export async function remove(database: Knex, queueId: number, letters: readonly DeadLetter[]): Promise<Removed> {
  const ids = letters.map(({ id }) => id);
  const [sum]: { bytes: number | null }[] = await database('dead_letters')
    .whereIn('id', ids)
    .sum({ bytes: 'byte_count' });
  const count = await database('dead_letters').where({ queue_id: queueId }).whereIn('id', ids).delete();
  return { count, bytes: sum?.bytes ?? 0 };
}

/** Number and size of the dead letters of each queue. */
export async function totals(database: Knex): Promise<{ queueId: number; count: number; bytes: number }[]> {
  const rows: { queue_id: number; count: number; bytes: number }[] = await database('dead_letters')
    .groupBy('queue_id')
    .select('queue_id')
    .count({ count: '*' })
    .sum({ bytes: 'byte_count' });
  return rows.map((row) => ({ queueId: row.queue_id, count: row.count, bytes: row.bytes }));
}

async function read(database: Knex, ids: readonly number[]): Promise<DeadLetter[]> {
  const rows: DeadLetterRow[] = await database('dead_letters')
    .whereIn('id', [...ids])
    .orderBy('id');
  return rows.map(letterOf);
}

function letterOf(row: DeadLetterRow): DeadLetter {
  const fields: RecordFields = Object.assign(emptyFields(), JSON.parse(row.fields) as RecordFields);
  return {
    id: row.id,
    at: row.died_at,
    attempts: row.attempts,
    reason: row.reason,
    timestamp: row.arrived_at,
    fields,
  };
}

/** The first ids up to so many and, but for the first one, so many bytes. */
function firstIds(
  metas: readonly Pick<DeadLetterRow, 'id' | 'byte_count'>[],
  count: number,
  maxBytes: number,
): number[] {
  const ids: number[] = [];
  let bytes = 0;
  for (const meta of metas) {
    bytes += meta.byte_count;
    if (ids.length >= count || (ids.length > 0 && bytes > maxBytes)) break;
    ids.push(meta.id);
  }
  return ids;
}

function chunksOf(ids: readonly number[], size: number): number[][] {
  const chunks: number[][] = [];
  for (let i = 0; i < ids.length; i += size) chunks.push(ids.slice(i, i + size));
  return chunks;
}
