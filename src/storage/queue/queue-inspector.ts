import type { Knex } from 'knex';
import type { LogRecord } from '../../record';
import { openDatabase } from '../database';
import { StorageError } from '../errors';
import { appliedMigrations } from '../migrations';
import { storageErrorFrom } from '../sqlite-error';
import * as deadLetterTable from './dead-letter-table';
import { decodeBatch } from '../logs/decode-batch';
import type { DeadLetter } from './delivery-queue';
import { openEntry, type EntryRow } from './entry-row';
import { QUEUE_MIGRATIONS } from './migrations';
import { RowSet } from './row-set';

/** Dead letters that are read at once. */
const LETTERS_PER_PAGE = 500;

/** What waits for one forwarder. */
export interface QueueSummary {
  readonly name: string;
  readonly paused: boolean;
  /** Records that are still to be delivered. */
  readonly records: number;
  readonly bytes: number;
  /** When the oldest of them was put into the queue, milliseconds since the Unix epoch; undefined when there is none. */
  readonly oldest: number | undefined;
  readonly deadLetters: number;
}

/** An entry of a queue: some records, or the reason why they cannot be read. */
export type InspectedEntry =
  | { readonly records: readonly LogRecord[]; readonly problem?: undefined }
  | { readonly id: number; readonly lost: number; readonly problem: string };

interface QueueRow {
  readonly id: number;
  readonly name: string;
  readonly paused: number;
}

/**
 * Looks into queue.db without changing anything: beside a running server, or without one when it does not start.
 *
 * @example
 * const inspector = await QueueInspector.open('/var/lib/logweir/queue.db');
 * for await (const entry of inspector.entries('siem')) …
 * await inspector.close();
 */
export class QueueInspector {
  readonly #database: Knex;

  private constructor(database: Knex) {
    this.#database = database;
  }

  /** @throws StorageError `CORRUPT_DATA`, `UNSUPPORTED_FORMAT`, `STORE_FAILED` */
  static async open(file: string): Promise<QueueInspector> {
    const database = await openDatabase(file, { readonly: true });
    try {
      const known = new Set(QUEUE_MIGRATIONS.map(({ name }) => name));
      const applied = await appliedMigrations(database);
      if ([...applied].some((name) => !known.has(name))) {
        throw new StorageError('UNSUPPORTED_FORMAT', `${file} was written by a newer version of Logweir`);
      }
      if (applied.size < known.size) {
        throw new StorageError('UNSUPPORTED_FORMAT', `${file} is of an older version: start this one once on it`);
      }
      return new QueueInspector(database);
    } catch (error) {
      await database.destroy();
      throw storageErrorFrom(error, `cannot read ${file}`);
    }
  }

  /** All queues, by name. */
  async queues(): Promise<QueueSummary[]> {
    const rows = await this.#database<QueueRow>('queues').whereNotNull('name').orderBy('name');
    const waiting: { queue_id: number; records: number; bytes: number; oldest: number }[] = await this.#database(
      'entries',
    )
      .groupBy('queue_id')
      .select('queue_id')
      .sum({ records: 'remaining', bytes: 'byte_count' })
      .min({ oldest: 'appended_at' });
    const entries = new Map(waiting.map((row) => [row.queue_id, row]));
    const letters = new Map((await deadLetterTable.totals(this.#database)).map((row) => [row.queueId, row.count]));
    return rows.map(({ id, name, paused }) => ({
      name,
      paused: paused === 1,
      records: entries.get(id)?.records ?? 0,
      bytes: entries.get(id)?.bytes ?? 0,
      oldest: entries.get(id)?.oldest,
      deadLetters: letters.get(id) ?? 0,
    }));
  }

  /** What is still to be delivered, oldest first, an entry at a time. What a server has set aside as damaged is tried again. */
  async *entries(queue: string): AsyncIterableIterator<InspectedEntry> {
    const queueId = await this.#idOf(queue);
    if (queueId === undefined) return;
    for (let afterId = 0; ;) {
      const row: EntryRow | undefined = await this.#database('entries')
        .where({ queue_id: queueId })
        .andWhere('id', '>', afterId)
        .orderBy('id')
        .first();
      if (row === undefined) return;
      afterId = row.id;
      yield inspected(row);
    }
  }

  /** What the destination refused for good, oldest first. */
  async *deadLetters(queue: string): AsyncIterableIterator<DeadLetter> {
    const queueId = await this.#idOf(queue);
    let next: number | undefined = queueId === undefined ? undefined : 0;
    while (queueId !== undefined && next !== undefined) {
      const page = await deadLetterTable.page(this.#database, queueId, next, LETTERS_PER_PAGE);
      yield* page.letters;
      next = page.next;
    }
  }

  async close(): Promise<void> {
    await this.#database.destroy();
  }

  async #idOf(name: string): Promise<number | undefined> {
    return (await this.#database<QueueRow>('queues').where({ name }).first())?.id;
  }
}

function inspected(row: EntryRow): InspectedEntry {
  const { id, remaining } = row;
  const entry = openEntry(row);
  if (entry === undefined) return { id, lost: remaining, problem: 'its checksum is wrong' };
  try {
    const batch = decodeBatch(entry.data);
    const done = new RowSet(entry.recordCount, entry.done);
    return { records: [...batch.records()].filter((_record, index) => !done.has(index)) };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { id, lost: remaining, problem: error.message };
  }
}
