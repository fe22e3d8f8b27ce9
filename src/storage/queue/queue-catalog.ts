import type { Knex } from 'knex';
import { StorageError } from '../errors';
import { storageErrorFrom } from '../sqlite-error';
import * as deadLetterTable from './dead-letter-table';
import type { QueueDrops, QueueStats } from './delivery-queue';
import * as entryTable from './entry-table';
import type { QueueReport } from './queue-commit';
import { newQueueUid } from './queue-uid';
import type { Spool } from './spool';
import { readSpoolRow } from './spool-row';

/** What is known of a queue without a look at the disk. */
export interface Queue {
  readonly id: number;
  readonly name: string;
  readonly uid: string;
  records: number;
  bytes: number;
  deadLetters: number;
  deadLetterBytes: number;
  paused: boolean;
  /** What its settings say; unknown before the first append. */
  maxBytes: number;
  lastId: number;
  /** Entries up to this one have been read: somebody may be delivering them. */
  readUpTo: number;
  /** When the oldest entry was appended; null until it is looked up again. */
  oldestAt: number | undefined | null;
}

/** All queues, with the figures that are on disk in queue.db and in the spool together, also after a transaction that failed. */
export class QueueCatalog {
  readonly #database: Knex;
  readonly #spool: Spool;
  #queues = new Map<string, Queue>();
  #drops = new Map<string, QueueDrops>();
  /** Queues whose figures changed when nobody had called. */
  readonly #changed = new Set<string>();

  private constructor(database: Knex, spool: Spool) {
    this.#database = database;
    this.#spool = spool;
  }

  static async load(database: Knex, spool: Spool): Promise<QueueCatalog> {
    const catalog = new QueueCatalog(database, spool);
    await catalog.#load();
    // The first report tells of all of them, whatever it is about.
    for (const name of catalog.#queues.keys()) catalog.noteChanged(name);
    return catalog;
  }

  get names(): Iterable<string> {
    return this.#queues.keys();
  }

  get queues(): Iterable<Queue> {
    return this.#queues.values();
  }

  has(name: string): boolean {
    return this.#queues.has(name);
  }

  get(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  /** Forgets a queue that is dropped. */
  delete(name: string): void {
    this.#queues.delete(name);
  }

  /** Its figures are part of the next report, whatever that is about. */
  noteChanged(name: string): void {
    if (this.#queues.has(name)) this.#changed.add(name);
  }

  /** Whether there is something to report that nobody has asked for. */
  get hasNews(): boolean {
    return this.#changed.size > 0 || this.#drops.size > 0;
  }

  /** Runs a transaction; after a failure what is known is what is on disk: read anew or, when that fails too, what it was before. */
  async transact(what: string, work: (transaction: Knex.Transaction) => Promise<void>): Promise<void> {
    const drops = copyOf(this.#drops);
    const queues = copyOf(this.#queues);
    // SQLite ends a transaction by itself for some failures, and the driver would tell of that instead.
    let cause: unknown;
    try {
      await this.#database.transaction((transaction) =>
        work(transaction).catch((error: unknown) => {
          cause = error;
          throw error;
        }),
      );
    } catch (error) {
      this.#drops = drops;
      this.#queues = queues;
      await this.#load().catch(() => undefined);
      for (const name of [...queues.keys(), ...this.#queues.keys()]) this.#changed.add(name);
      const told = storageErrorFrom(cause, what);
      throw told instanceof StorageError ? told : storageErrorFrom(error, what);
    }
  }

  /** The queue of a name, made when there is none. */
  async take(transaction: Knex.Transaction, name: string): Promise<Queue> {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const uid = newQueueUid();
    const [id = 0] = await transaction('queues').insert({ name, uid });
    const queue = newQueue(id, name, uid, false);
    this.#queues.set(name, queue);
    return queue;
  }

  /** What was dropped of a queue and is not reported yet; to be counted up. */
  dropsOf(name: string): QueueDrops {
    let drops = this.#drops.get(name);
    if (drops === undefined) {
      drops = { oldest: 0, deadLetters: 0, damaged: 0 };
      this.#drops.set(name, drops);
    }
    return drops;
  }

  /** The figures of some queues, of those that changed in between, and what was dropped since the last report. */
  async report(names: Iterable<string>): Promise<QueueReport> {
    const stats = new Map<string, QueueStats>();
    // What was dropped in between is told with the next report, whatever that is about.
    for (const name of new Set([...names, ...this.#changed, ...this.#drops.keys()])) {
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
    this.#changed.clear();
    return { stats, drops };
  }

  /** Null when it can't be read just now: what is reported of has been done all the same, and is not to be repeated. */
  async #oldest(queueId: number): Promise<number | undefined | null> {
    let stored: number | undefined;
    try {
      stored = await entryTable.oldestAt(this.#database, queueId);
    } catch {
      return null;
    }
    const [spooled] = this.#spool.entries(queueId);
    if (stored === undefined || spooled === undefined) return stored ?? spooled?.appendedAt;
    return Math.min(stored, spooled.appendedAt);
  }

  /** What is on disk. What was read stays so: the reader is still there. The limits are not on disk. */
  async #load(): Promise<void> {
    // A transaction that failed may have got through all the same.
    const movedUpTo = (await readSpoolRow(this.#database))?.movedUpTo ?? 0;
    const rows: { id: number; name: string | null; uid: string; paused: number }[] = await this.#database('queues');
    const queues = new Map<string, Queue>();
    const byId = new Map<number, Queue>();
    for (const row of rows) {
      if (row.name === null) continue;
      const queue = newQueue(row.id, row.name, row.uid, row.paused !== 0);
      const before = this.#queues.get(row.name);
      if (before?.id === row.id) Object.assign(queue, { readUpTo: before.readUpTo, maxBytes: before.maxBytes });
      byId.set(row.id, queue);
      queues.set(row.name, queue);
    }
    for (const { queueId, ...totals } of await entryTable.totals(this.#database)) {
      const queue = byId.get(queueId);
      if (queue !== undefined) Object.assign(queue, totals);
    }
    for (const total of await deadLetterTable.totals(this.#database)) {
      const queue = byId.get(total.queueId);
      if (queue !== undefined) Object.assign(queue, { deadLetters: total.count, deadLetterBytes: total.bytes });
    }
    this.#spool.forget([...this.#spool.entries()].filter(({ id, queueId }) => id <= movedUpTo || !byId.has(queueId)));
    for (const { id, queueId, remaining, byteCount } of this.#spool.entries()) {
      const queue = byId.get(queueId);
      if (queue === undefined) continue;
      queue.records += remaining;
      queue.bytes += byteCount;
      queue.lastId = Math.max(queue.lastId, id);
    }
    this.#queues = queues;
  }
}

function copyOf<Value extends object>(map: ReadonlyMap<string, Value>): Map<string, Value> {
  return new Map([...map].map(([name, value]) => [name, { ...value }]));
}

/** An entry was put into a queue. */
export function added(queue: Queue, id: number, at: number, records: number, bytes: number): void {
  if (queue.records === 0) queue.oldestAt = at;
  queue.records += records;
  queue.bytes += bytes;
  queue.lastId = id;
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
    maxBytes: Infinity,
    lastId: 0,
    readUpTo: 0,
    oldestAt: null,
  };
}
