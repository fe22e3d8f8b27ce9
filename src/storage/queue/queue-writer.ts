import type { Knex } from 'knex';
import { RecordBatch, type RecordFields } from '../../record';
import { checksum } from '../logs/checksum';
import { JournalEncoder } from '../logs/journal-codec';
import { giveBackAllPages, giveBackPages } from '../logs/retention';
import { storageErrorFrom } from '../sqlite-error';
import * as deadLetterTable from './dead-letter-table';
import type {
  DeadLetter,
  DeadLetterChoice,
  DeadLetterPage,
  QueueDrops,
  QueueStats,
  Settlement,
} from './delivery-queue';
import { openEntry, pack, type EntryMeta, type EntryRow, type StoredEntry } from './entry-row';
import { openQueueDatabase } from './queue-database';
import { newQueueUid } from './queue-uid';

/** An encoded batch for a queue. */
export interface NewEntry {
  readonly queue: string;
  readonly recordCount: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly data: Uint8Array;
  /** Above it, entries that nobody has read yet are dropped, oldest first. */
  readonly dropOldestAbove: number | undefined;
}

export interface QueueSettlement extends Settlement {
  readonly queue: string;
}

/** What one commit makes durable. */
export interface QueueCommit {
  readonly entries: readonly NewEntry[];
  readonly settlements: readonly QueueSettlement[];
}

/** The figures of queues that a call changed, and what it dropped. */
export interface QueueReport {
  readonly stats: ReadonlyMap<string, QueueStats>;
  readonly drops: ReadonlyMap<string, QueueDrops>;
}

/** Entries as they were read. */
export interface QueueRead {
  /** Tells the queue from all others. */
  readonly uid: string;
  readonly entries: readonly StoredEntry[];
  readonly report: QueueReport;
}

interface Queue {
  readonly id: number;
  readonly name: string;
  readonly uid: string;
  records: number;
  bytes: number;
  deadLetters: number;
  deadLetterBytes: number;
  paused: boolean;
  lastId: number;
  /** Entries up to this one have been read: somebody may be delivering them. */
  readUpTo: number;
  /** When the oldest entry was appended; null until it is looked up again. */
  oldestAt: number | undefined | null;
}

/** SQLite allows 32,766 variables a statement. */
const IDS_PER_STATEMENT = 500;
/** Entries or dead letters of dropped queues that one step removes. */
const ROWS_PER_STEP = 200;

/** Owns the only connection to queue.db. Calls must not overlap: a worker runs them one after the other. */
export class QueueWriter {
  readonly #database: Knex;
  readonly #queues = new Map<string, Queue>();
  readonly #encoder = new JournalEncoder();
  /** True while dropped queues may still have rows. */
  #sweeping = true;
  #drops = new Map<string, QueueDrops>();

  private constructor(database: Knex) {
    this.#database = database;
  }

  static async open(file: string): Promise<QueueWriter> {
    const writer = new QueueWriter(await openQueueDatabase(file));
    try {
      await writer.#load();
    } catch (error) {
      await writer.close();
      throw storageErrorFrom(error, 'cannot read the delivery queues');
    }
    return writer;
  }

  /** All queues. */
  async report(): Promise<QueueReport> {
    return this.#report(this.#queues.keys());
  }

  /** Makes everything durable, all of it or nothing; resolves after fsync. */
  async commit({ entries, settlements }: QueueCommit): Promise<QueueReport> {
    // Compressed ahead of the transaction, which keeps the disk waiting otherwise.
    const packed = entries.map((entry) => ({ ...entry, data: pack(entry.data) }));
    return this.#write('cannot write to the delivery queue', async (transaction) => {
      const touched = new Set<string>();
      for (const entry of packed) {
        await this.#append(transaction, entry.queue, entry.recordCount, entry.at, entry.data);
        touched.add(entry.queue);
      }
      for (const settlement of settlements) {
        await this.#settle(transaction, settlement);
        touched.add(settlement.queue);
      }
      for (const { queue, dropOldestAbove } of entries) {
        if (dropOldestAbove !== undefined) await this.#dropOldest(transaction, queue, dropOldestAbove);
      }
      return touched;
    });
  }

  /** See DeliveryQueue.read. What can't be read is set aside and left out. */
  async read(queue: string, afterId: number, maxBytes: number): Promise<QueueRead> {
    const known = this.#queues.get(queue);
    if (known === undefined) return { uid: '', entries: [], report: await this.#report([]) };
    const metas: EntryMeta[] = await this.#database('entries')
      .where({ queue_id: known.id, damaged: false })
      .andWhere('id', '>', afterId)
      .orderBy('id')
      .limit(IDS_PER_STATEMENT)
      .select('id', 'remaining', 'byte_count');
    const ids: number[] = [];
    let bytes = 0;
    for (const { id, byte_count } of metas) {
      if (ids.length > 0 && bytes + byte_count > maxBytes) break;
      ids.push(id);
      bytes += byte_count;
    }
    const rows: EntryRow[] = await this.#database('entries').whereIn('id', ids).orderBy('id');
    const entries: StoredEntry[] = [];
    const damaged: EntryRow[] = [];
    for (const row of rows) {
      const entry = openEntry(row);
      if (entry === undefined) damaged.push(row);
      else entries.push(entry);
    }
    known.readUpTo = Math.max(afterId, ids.at(-1) ?? 0);
    if (damaged.length > 0) await this.#setAside(queue, damaged);
    return { uid: known.uid, entries, report: await this.#report([queue]) };
  }

  async setPaused(queue: string, paused: boolean): Promise<QueueReport> {
    return this.#write('cannot pause the delivery', async (transaction) => {
      const { id } = await this.#queue(transaction, queue);
      await transaction('queues').where({ id }).update({ paused });
      (await this.#queue(transaction, queue)).paused = paused;
      return [queue];
    });
  }

  async memory(queue: string): Promise<string | undefined> {
    const row: { memory: string | null } | undefined = await this.#database('queues')
      .where({ name: queue })
      .first('memory');
    return row?.memory ?? undefined;
  }

  async remember(queue: string, text: string): Promise<QueueReport> {
    return this.#write('cannot write to the delivery queue', async (transaction) => {
      const { id } = await this.#queue(transaction, queue);
      await transaction('queues').where({ id }).update({ memory: text });
      return [queue];
    });
  }

  /** See DeliveryQueue.drop. The entries' room is given back in steps. */
  async drop(queue: string, keepDeadLetters: boolean): Promise<QueueReport> {
    const known = this.#queues.get(queue);
    if (known === undefined) return this.#report([]);
    const report = await this.#write('cannot drop the delivery queue', async (transaction) => {
      await transaction('queues').where({ id: known.id }).update({ name: null });
      this.#queues.delete(queue);
      if (!keepDeadLetters && !known.paused) return [queue];
      const successor = await this.#queue(transaction, queue);
      successor.paused = known.paused;
      await transaction('queues').where({ id: successor.id }).update({ paused: known.paused });
      if (keepDeadLetters) {
        await transaction('dead_letters').where({ queue_id: known.id }).update({ queue_id: successor.id });
        successor.deadLetters = known.deadLetters;
        successor.deadLetterBytes = known.deadLetterBytes;
      }
      return [queue];
    });
    this.#sweeping = true;
    return report;
  }

  async deadLetters(queue: string, afterId: number, limit: number): Promise<DeadLetterPage> {
    const known = this.#queues.get(queue);
    return known === undefined
      ? { letters: [], next: undefined }
      : deadLetterTable.page(this.#database, known.id, afterId, limit);
  }

  async deadLetter(queue: string, id: number): Promise<DeadLetter | undefined> {
    const known = this.#queues.get(queue);
    return known === undefined ? undefined : deadLetterTable.find(this.#database, known.id, id);
  }

  /** See DeliveryQueue.replay; `at` is when they are appended. */
  async replay(
    queue: string,
    choice: DeadLetterChoice,
    at: number,
    replacement: RecordFields | undefined,
  ): Promise<{ count: number; report: QueueReport }> {
    return this.#takeDeadLetters(queue, choice, async (transaction, letters) => {
      const batch = new RecordBatch();
      for (const letter of letters) batch.addRecord(letter.timestamp, replacement ?? letter.fields);
      await this.#append(transaction, queue, batch.length, at, pack(this.#encoder.encode(batch)));
    });
  }

  deleteDeadLetters(queue: string, choice: DeadLetterChoice): Promise<{ count: number; report: QueueReport }> {
    return this.#takeDeadLetters(queue, choice, undefined);
  }

  /** Does some of the work that nobody waits for; true when there is more. */
  async sweep(): Promise<boolean> {
    if (this.#sweeping) {
      this.#sweeping = await this.#sweepDropped();
      if (this.#sweeping) return true;
    }
    return giveBackPages(this.#database);
  }

  /** Gives free room back to the file system, a bounded part of it; true when there is more. */
  makeRoom(): Promise<boolean> {
    return giveBackAllPages(this.#database);
  }

  async close(): Promise<void> {
    await this.#database.destroy();
  }

  /** Runs a transaction and reports on the queues that it names; after a failure what is known is read anew. */
  async #write(what: string, work: (transaction: Knex.Transaction) => Promise<Iterable<string>>): Promise<QueueReport> {
    let touched: Iterable<string>;
    try {
      touched = await this.#database.transaction(work);
    } catch (error) {
      this.#drops = new Map();
      await this.#load();
      throw storageErrorFrom(error, what);
    }
    return this.#report(touched);
  }

  async #append(
    transaction: Knex.Transaction,
    name: string,
    recordCount: number,
    at: number,
    data: Uint8Array,
  ): Promise<void> {
    const queue = await this.#queue(transaction, name);
    const [id = 0] = await transaction('entries').insert({
      queue_id: queue.id,
      appended_at: at,
      record_count: recordCount,
      remaining: recordCount,
      byte_count: data.length,
      checksum: checksum(data),
      data: Buffer.from(data.buffer, data.byteOffset, data.length),
    });
    if (queue.records === 0) queue.oldestAt = at;
    queue.records += recordCount;
    queue.bytes += data.length;
    queue.lastId = id;
  }

  async #settle(transaction: Knex.Transaction, settlement: QueueSettlement): Promise<void> {
    const queue = await this.#queue(transaction, settlement.queue);
    await this.#remove(transaction, queue, settlement.finished);
    for (const { id, done, remaining } of settlement.progressed) {
      const meta: EntryMeta | undefined = await transaction('entries')
        .where({ id, queue_id: queue.id })
        .first('id', 'remaining', 'byte_count');
      if (meta === undefined) continue;
      await transaction('entries')
        .where({ id })
        .update({ remaining, done: Buffer.from(done) });
      queue.records += remaining - meta.remaining;
    }
    if (settlement.deadLetters.length === 0) return;
    const bytes = await deadLetterTable.insert(transaction, queue.id, settlement.deadLetters);
    queue.deadLetters += settlement.deadLetters.length;
    queue.deadLetterBytes += bytes;
    const dropped = await deadLetterTable.dropOldest(
      transaction,
      queue.id,
      queue.deadLetterBytes - settlement.maxDeadLetterBytes,
    );
    queue.deadLetters -= dropped.count;
    queue.deadLetterBytes -= dropped.bytes;
    this.#dropsOf(queue.name).deadLetters += dropped.count;
  }

  /** Entries that were read are left alone: they may be on their way. */
  async #dropOldest(transaction: Knex.Transaction, name: string, maxBytes: number): Promise<void> {
    const queue = await this.#queue(transaction, name);
    while (queue.bytes > maxBytes) {
      const metas: EntryMeta[] = await transaction('entries')
        .where({ queue_id: queue.id, damaged: false })
        .andWhere('id', '>', queue.readUpTo)
        .orderBy('id')
        .limit(ROWS_PER_STEP)
        .select('id', 'remaining', 'byte_count');
      const chosen: EntryMeta[] = [];
      let surplus = queue.bytes - maxBytes;
      for (const meta of metas) {
        if (surplus <= 0) break;
        chosen.push(meta);
        surplus -= meta.byte_count;
      }
      if (chosen.length === 0) return;
      const ids = chosen.map(({ id }) => id);
      this.#dropsOf(name).oldest += await this.#remove(transaction, queue, ids);
    }
  }

  /** Deletes entries; returns how many records they still had. */
  async #remove(transaction: Knex.Transaction, queue: Queue, ids: readonly number[]): Promise<number> {
    let removed = 0;
    for (let i = 0; i < ids.length; i += IDS_PER_STATEMENT) {
      const some = ids.slice(i, i + IDS_PER_STATEMENT);
      const metas: EntryMeta[] = await transaction('entries')
        .where({ queue_id: queue.id, damaged: false })
        .whereIn('id', some)
        .select('id', 'remaining', 'byte_count');
      for (const meta of metas) {
        removed += meta.remaining;
        queue.bytes -= meta.byte_count;
      }
      await transaction('entries').where({ queue_id: queue.id, damaged: false }).whereIn('id', some).delete();
    }
    queue.records -= removed;
    if (removed > 0) queue.oldestAt = null;
    return removed;
  }

  async #setAside(name: string, rows: readonly EntryRow[]): Promise<void> {
    const queue = this.#queues.get(name);
    const ids = rows.map(({ id }) => id);
    await this.#database('entries').whereIn('id', ids).update({ damaged: true });
    if (queue === undefined) return;
    for (const row of rows) {
      queue.oldestAt = null;
      queue.records -= row.remaining;
      queue.bytes -= row.byte_count;
      this.#dropsOf(name).damaged += row.remaining;
    }
  }

  /** Takes dead letters out, some at a time in one transaction, and hands each lot to `use`. */
  async #takeDeadLetters(
    name: string,
    choice: DeadLetterChoice,
    use: ((transaction: Knex.Transaction, letters: readonly DeadLetter[]) => Promise<void>) | undefined,
  ): Promise<{ count: number; report: QueueReport }> {
    let count = 0;
    if (!this.#queues.has(name)) return { count, report: await this.#report([]) };
    const report = await this.#write('cannot change the dead letters', async (transaction) => {
      const queue = await this.#queue(transaction, name);
      for await (const letters of deadLetterTable.lots(transaction, queue.id, choice)) {
        await use?.(transaction, letters);
        const removed = await deadLetterTable.remove(transaction, queue.id, letters);
        queue.deadLetters -= removed.count;
        queue.deadLetterBytes -= removed.bytes;
        count += removed.count;
      }
      return [name];
    });
    return { count, report };
  }

  async #sweepDropped(): Promise<boolean> {
    const dropped: { id: number }[] = await this.#database('queues').whereNull('name').limit(1).select('id');
    const id = dropped[0]?.id;
    if (id === undefined) return false;
    for (const table of ['entries', 'dead_letters']) {
      const ids = await this.#database(table).where({ queue_id: id }).limit(ROWS_PER_STEP).pluck<number[]>('id');
      if (ids.length === 0) continue;
      await this.#database(table).whereIn('id', ids).delete();
      return true;
    }
    await this.#database('queues').where({ id }).delete();
    return true;
  }

  async #queue(transaction: Knex.Transaction, name: string): Promise<Queue> {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const uid = newQueueUid();
    const [id = 0] = await transaction('queues').insert({ name, uid });
    const queue = newQueue(id, name, uid, false);
    this.#queues.set(name, queue);
    return queue;
  }

  #dropsOf(name: string): QueueDrops {
    let drops = this.#drops.get(name);
    if (drops === undefined) {
      drops = { oldest: 0, deadLetters: 0, damaged: 0 };
      this.#drops.set(name, drops);
    }
    return drops;
  }

  async #report(names: Iterable<string>): Promise<QueueReport> {
    const stats = new Map<string, QueueStats>();
    for (const name of names) {
      const queue = this.#queues.get(name) ?? newQueue(0, name, '', false);
      const { records, bytes, lastId, deadLetters, deadLetterBytes, paused } = queue;
      // An append, what most calls are, does not change it.
      if (records === 0) queue.oldestAt = undefined;
      else if (queue.oldestAt === null) queue.oldestAt = await this.#oldest(queue.id);
      const oldestAt = queue.oldestAt ?? undefined;
      stats.set(name, { records, bytes, lastId, deadLetters, deadLetterBytes, paused, oldestAt });
    }
    const drops = this.#drops;
    this.#drops = new Map();
    return { stats, drops };
  }

  async #oldest(queueId: number): Promise<number | undefined> {
    const row: { appended_at: number } | undefined = await this.#database('entries')
      .where({ queue_id: queueId, damaged: false })
      .orderBy('id')
      .first('appended_at');
    return row?.appended_at;
  }

  /** What is on disk. What was read stays so: the reader is still there. */
  async #load(): Promise<void> {
    const readUpTo = new Map([...this.#queues].map(([name, queue]) => [name, queue.readUpTo]));
    this.#queues.clear();
    const rows: { id: number; name: string | null; uid: string; paused: number }[] = await this.#database('queues');
    const byId = new Map<number, Queue>();
    for (const row of rows) {
      if (row.name === null) continue;
      const queue = newQueue(row.id, row.name, row.uid, row.paused !== 0);
      queue.readUpTo = readUpTo.get(row.name) ?? 0;
      byId.set(row.id, queue);
      this.#queues.set(row.name, queue);
    }
    const entries: { queue_id: number; records: number; bytes: number; last: number }[] = await this.#database(
      'entries',
    )
      .where({ damaged: false })
      .groupBy('queue_id')
      .select('queue_id')
      .sum({ records: 'remaining', bytes: 'byte_count' })
      .max({ last: 'id' });
    for (const row of entries) {
      const queue = byId.get(row.queue_id);
      if (queue !== undefined) Object.assign(queue, { records: row.records, bytes: row.bytes, lastId: row.last });
    }
    for (const total of await deadLetterTable.totals(this.#database)) {
      const queue = byId.get(total.queueId);
      if (queue !== undefined) Object.assign(queue, { deadLetters: total.count, deadLetterBytes: total.bytes });
    }
  }
}

function newQueue(id: number, name: string, uid: string, paused: boolean): Queue {
  return {
    id,
    name,
    uid,
    records: 0,
    bytes: 0,
    deadLetters: 0,
    deadLetterBytes: 0,
    paused,
    lastId: 0,
    readUpTo: 0,
    oldestAt: null,
  };
}
