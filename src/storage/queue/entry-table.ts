import type { Knex } from 'knex';
import { checksum } from '../logs/checksum';
import type { EntryMeta, EntryRow } from './entry-row';

/** SQLite allows 32,766 variables a statement. */
export const IDS_PER_STATEMENT = 500;

/** An entry as it is written. */
export interface NewEntryRow {
  readonly id: number;
  readonly queueId: number;
  readonly appendedAt: number;
  readonly recordCount: number;
  readonly remaining: number;
  readonly done: Uint8Array | undefined;
  /** Packed, see {@link pack}. */
  readonly data: Uint8Array;
}

/** What queue.db holds of a queue. */
export interface EntryTotals {
  readonly queueId: number;
  readonly records: number;
  readonly bytes: number;
  readonly lastId: number;
}

export async function insert(transaction: Knex.Transaction, entries: readonly NewEntryRow[]): Promise<void> {
  for (const { id, queueId, appendedAt, recordCount, remaining, done, data } of entries) {
    await transaction('entries').insert({
      id,
      queue_id: queueId,
      appended_at: appendedAt,
      record_count: recordCount,
      remaining,
      done: done === undefined ? null : Buffer.from(done),
      byte_count: data.length,
      checksum: checksum(data),
      data: Buffer.from(data.buffer, data.byteOffset, data.length),
    });
  }
}

/** Entries of a queue after an id, oldest first, without their data. */
export function metasAfter(database: Knex, queueId: number, afterId: number, limit: number): Promise<EntryMeta[]> {
  return database('entries')
    .where({ queue_id: queueId, damaged: false })
    .andWhere('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .select<EntryMeta[]>('id', 'remaining', 'byte_count');
}

/** Whole entries, oldest first; at most {@link IDS_PER_STATEMENT}. */
export function rows(database: Knex, ids: readonly number[]): Promise<EntryRow[]> {
  return database('entries').whereIn('id', ids).orderBy('id').select<EntryRow[]>();
}

/** Deletes entries of a queue; returns those that were there. */
export async function remove(
  transaction: Knex.Transaction,
  queueId: number,
  ids: readonly number[],
): Promise<EntryMeta[]> {
  const removed: EntryMeta[] = [];
  for (let i = 0; i < ids.length; i += IDS_PER_STATEMENT) {
    const chosen = transaction('entries')
      .where({ queue_id: queueId, damaged: false })
      .whereIn('id', ids.slice(i, i + IDS_PER_STATEMENT));
    removed.push(...(await chosen.clone().select<EntryMeta[]>('id', 'remaining', 'byte_count')));
    await chosen.delete();
  }
  return removed;
}

/** How far an entry has come. */
export interface EntryProgress {
  readonly remaining: number;
  readonly done: Buffer | null;
}

/** Notes how far an entry has come; returns what it was before, undefined when it is not there. */
export async function progress(
  transaction: Knex.Transaction,
  queueId: number,
  id: number,
  done: Uint8Array,
  remaining: number,
): Promise<EntryProgress | undefined> {
  const before: EntryProgress | undefined = await transaction('entries')
    .where({ id, queue_id: queueId, damaged: false })
    .first('remaining', 'done');
  if (before === undefined) return undefined;
  await transaction('entries')
    .where({ id })
    .update({ remaining, done: Buffer.from(done) });
  return before;
}

export async function markDamaged(database: Knex, ids: readonly number[]): Promise<void> {
  await database('entries').whereIn('id', ids).update({ damaged: true });
}

/** When the oldest entry of a queue was appended. */
export async function oldestAt(database: Knex, queueId: number): Promise<number | undefined> {
  const row: { appended_at: number } | undefined = await database('entries')
    .where({ queue_id: queueId, damaged: false })
    .orderBy('id')
    .first('appended_at');
  return row?.appended_at;
}

/** A line for each queue that has entries. */
export async function totals(database: Knex): Promise<EntryTotals[]> {
  const sums: { queue_id: number; records: number; bytes: number; last: number }[] = await database('entries')
    .where({ damaged: false })
    .groupBy('queue_id')
    .select('queue_id')
    .sum({ records: 'remaining', bytes: 'byte_count' })
    .max({ last: 'id' });
  return sums.map((row) => ({ queueId: row.queue_id, records: row.records, bytes: row.bytes, lastId: row.last }));
}

/** The highest id that an entry ever had, also of those that are gone. */
export async function highestId(database: Knex): Promise<number> {
  // SQLite keeps it for the tables whose ids it must not give twice.
  const row: { seq: number } | undefined = await database('sqlite_sequence').where({ name: 'entries' }).first('seq');
  return row?.seq ?? 0;
}
