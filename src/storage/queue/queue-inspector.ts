import type { Knex } from 'knex';
import type { LogRecord } from '../../record';
import { openDatabase } from '../database';
import { StorageError } from '../errors';
import { appliedMigrations } from '../migrations';
import { storageErrorFrom } from '../sqlite-error';
import * as deadLetterTable from './dead-letter-table';
import { decodeBatch } from '../logs/decode-batch';
import type { DeadLetter } from './delivery-queue';
import { openEntry, type EntryRow, type StoredEntry } from './entry-row';
import { QUEUE_MIGRATIONS } from './migrations';
import { RowSet } from './row-set';
import { Spool, type SpoolEntry } from './spool';
import { spoolDirectory } from './spool-directory';
import { readSpoolRow } from './spool-row';

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

interface EntrySums {
  readonly queue_id: number;
  readonly records: number;
  readonly bytes: number;
  readonly oldest: number;
}

/**
 * Looks into queue.db and its spool without changing anything: beside a running server, or without one when it does not start.
 *
 * @example
 * const inspector = await QueueInspector.open('/var/lib/logweir/queue.db');
 * for await (const entry of inspector.entries('siem')) …
 * await inspector.close();
 */
export class QueueInspector {
  readonly #database: Knex;
  readonly #file: string;

  private constructor(database: Knex, file: string) {
    this.#database = database;
    this.#file = file;
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
      return new QueueInspector(database, file);
    } catch (error) {
      await database.destroy();
      throw storageErrorFrom(error, `cannot read ${file}`);
    }
  }

  /** All queues, by name. */
  async queues(): Promise<QueueSummary[]> {
    const spool = await this.#openSpool();
    try {
      // At one moment, and after the files were read: an entry that is moved meanwhile is in one of them.
      return await this.#database.transaction(async (transaction) => {
        const rows = await transaction<QueueRow>('queues').whereNotNull('name').orderBy('name');
        const letters = new Map((await deadLetterTable.totals(transaction)).map((row) => [row.queueId, row.count]));
        const waiting = new Map(rows.map(({ id }) => [id, new Sum()]));
        const sums: EntrySums[] = await transaction('entries')
          .groupBy('queue_id')
          .select('queue_id')
          .sum({ records: 'remaining', bytes: 'byte_count' })
          .min({ oldest: 'appended_at' });
        for (const { queue_id, records, bytes, oldest } of sums) waiting.get(queue_id)?.add(records, bytes, oldest);
        const movedUpTo = (await readSpoolRow(transaction))?.movedUpTo ?? 0;
        for (const { id, queueId, remaining, byteCount, appendedAt } of spool.entries()) {
          if (id > movedUpTo) waiting.get(queueId)?.add(remaining, byteCount, appendedAt);
        }
        return rows.map(({ id, name, paused }) => {
          const { records = 0, bytes = 0, oldest } = waiting.get(id) ?? {};
          return { name, paused: paused === 1, records, bytes, oldest, deadLetters: letters.get(id) ?? 0 };
        });
      });
    } finally {
      spool.close();
    }
  }

  /** What is still to be delivered, oldest first, an entry at a time. What a server has set aside as damaged is tried again. */
  async *entries(queue: string): AsyncIterableIterator<InspectedEntry> {
    const queueId = await this.#idOf(queue);
    if (queueId === undefined) return;
    const spool = await this.#openSpool();
    try {
      const movedUpTo = (await readSpoolRow(this.#database))?.movedUpTo ?? 0;
      const spooled = [...spool.entries(queueId)].filter(({ id }) => id > movedUpTo).reverse();
      for (let afterId = 0; ;) {
        const row: EntryRow | undefined = await this.#database('entries')
          .where({ queue_id: queueId })
          .andWhere('id', '>', afterId)
          .orderBy('id')
          .first();
        // What has been moved since is in both.
        const isSeen = ({ id }: SpoolEntry): boolean => id <= afterId || id === row?.id;
        while (spooled.length > 0 && isSeen(spooled.at(-1) as SpoolEntry)) spooled.pop();
        const next = spooled.at(-1);
        if (next !== undefined && (row === undefined || next.id < row.id)) {
          afterId = next.id;
          yield inspected(next.id, next.remaining, spooledEntry(spool, next));
        } else if (row !== undefined) {
          afterId = row.id;
          yield inspected(row.id, row.remaining, openEntry(row));
        } else {
          return;
        }
      }
    } finally {
      spool.close();
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

  async #openSpool(): Promise<Spool> {
    const row = await readSpoolRow(this.#database);
    const queues = new Set(await this.#database('queues').whereNotNull('name').pluck<number[]>('id'));
    const hasQueue = (queueId: number): boolean => queues.has(queueId);
    return Spool.inspect({ directory: spoolDirectory(this.#file), uid: row?.uid ?? '', hasQueue });
  }

  async #idOf(name: string): Promise<number | undefined> {
    return (await this.#database<QueueRow>('queues').where({ name }).first())?.id;
  }
}

/** Figures of a queue. */
class Sum {
  records = 0;
  bytes = 0;
  oldest: number | undefined;

  add(records: number, bytes: number, oldest: number): void {
    this.records += records;
    this.bytes += bytes;
    this.oldest = Math.min(this.oldest ?? Infinity, oldest);
  }
}

function spooledEntry(spool: Spool, entry: SpoolEntry): StoredEntry | undefined {
  const data = spool.read(entry);
  return data === undefined ? undefined : { ...entry, data };
}

function inspected(id: number, remaining: number, entry: StoredEntry | undefined): InspectedEntry {
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
