import { statfsSync } from 'node:fs';
import path from 'node:path';
import type { Knex } from 'knex';
import { RecordBatch, type RecordFields } from '../../record';
import { JournalEncoder } from '../logs/journal-codec';
import { giveBackAllPages, giveBackPages } from '../logs/retention';
import { QUARANTINE_FOLDER } from '../set-aside';
import { storageErrorFrom } from '../sqlite-error';
import { StorageError } from '../errors';
import * as deadLetterTable from './dead-letter-table';
import type {
  DeadLetter,
  DeadLetterChoice,
  DeadLetterPage,
  QueueDrops,
  QueueLimit,
  QueueStats,
  Settlement,
} from './delivery-queue';
import { openEntry, pack, type StoredEntry } from './entry-row';
import * as entryTable from './entry-table';
import { openQueueDatabase } from './queue-database';
import { newQueueUid } from './queue-uid';
import { Spool, type SpoolEntry } from './spool';
import { spoolDirectory } from './spool-directory';
import { makeSpoolRow, noteMoved, readSpoolRow } from './spool-row';

/** An encoded batch for a queue. */
export interface NewEntry {
  readonly queue: string;
  readonly recordCount: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly data: Uint8Array;
  readonly limit: QueueLimit;
}

export interface QueueSettlement extends Settlement {
  readonly queue: string;
}

/** What one commit makes durable. */
export interface QueueCommit {
  readonly entries: readonly NewEntry[];
  /** Those with dead letters are committed alone. */
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

export interface QueueWriterOptions {
  /** Told what an administrator should know. */
  readonly warn: (message: string) => void;
  /** Above so many bytes of the spool's files the oldest entries are moved to queue.db. */
  readonly maxSpoolBytes?: number;
  /** The same for so many records in them, of entries and of what became of them. */
  readonly maxSpoolRecords?: number;
  /** Room on the disk, in bytes; for tests. */
  readonly freeBytes?: () => number;
  /** Size of the spool's files, in bytes. */
  readonly segmentBytes?: number;
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
  /** What its settings say; unknown before the first append. */
  maxBytes: number;
  lastId: number;
  /** Entries up to this one have been read: somebody may be delivering them. */
  readUpTo: number;
  /** When the oldest entry was appended; null until it is looked up again. */
  oldestAt: number | undefined | null;
}

/** A second and a half at full speed. More would only lengthen the next start, which reads it all. */
const MAX_SPOOL_BYTES = 128 * 1024 * 1024;
/** A start looks at each of them: one entry that waits may keep files with very many small ones that are finished. */
const MAX_SPOOL_RECORDS = 250_000;
/** Small entries take memory rather than room on disk. */
const MAX_SPOOL_ENTRIES = 50_000;
/** A queue has its entries moved, and so made smaller, at this share of what it may hold. */
const MOVE_SHARE = 0.5;
/** Before records are dropped what a queue has in the spool is moved, and so made smaller, unless it is no more than this share of the limit. */
const UNPACKED_SHARE = 0.1;
/** Records wait for the moving of others from here on: so many times the limit. */
const HARD_LIMIT = 2;
/** What one step moves, in bytes as they are in the spool; others wait for a step's end. */
const STEP_BYTES = 4 * 1024 * 1024;
/** With less room on disk nothing is moved to save some. */
const MOVE_ROOM_BYTES = 8 * STEP_BYTES;
/** Entries that one step moves, and entries or dead letters of dropped queues that one step removes. */
const ROWS_PER_STEP = 200;

/**
 * Owns the only connection to queue.db and the spool beside it. An entry is in one of them: in the spool first, and in queue.db when it
 * waits for long. Calls must not overlap: a worker runs them one after the other.
 */
export class QueueWriter {
  readonly #database: Knex;
  readonly #spool: Spool;
  readonly #maxSpoolBytes: number;
  readonly #maxSpoolRecords: number;
  readonly #freeBytes: () => number;
  readonly #warn: (message: string) => void;
  #queues = new Map<string, Queue>();
  readonly #encoder = new JournalEncoder();
  /** True while dropped queues may still have rows. */
  #sweeping = true;
  #drops = new Map<string, QueueDrops>();
  /** Queues that can't be kept within their limits just now, of which that was told. */
  readonly #overLimit = new Set<string>();
  /** Queues whose figures changed when nobody had called. */
  readonly #changed = new Set<string>();

  private constructor(database: Knex, spool: Spool, file: string, options: QueueWriterOptions) {
    this.#database = database;
    this.#spool = spool;
    this.#maxSpoolBytes = options.maxSpoolBytes ?? MAX_SPOOL_BYTES;
    this.#maxSpoolRecords = options.maxSpoolRecords ?? MAX_SPOOL_RECORDS;
    this.#freeBytes = options.freeBytes ?? (() => freeBytesOf(path.dirname(file)));
    this.#warn = options.warn;
  }

  /** @throws StorageError */
  static async open(file: string, options: QueueWriterOptions): Promise<QueueWriter> {
    const database = await openQueueDatabase(file);
    let spool: Spool | undefined;
    try {
      spool = await openSpool(database, file, options);
      const writer = new QueueWriter(database, spool, file, options);
      await writer.#load();
      // The first report tells of all of them, whatever it is about.
      for (const name of writer.#queues.keys()) writer.#changed.add(name);
      return writer;
    } catch (error) {
      spool?.close();
      await database.destroy();
      throw storageErrorFrom(error, 'cannot read the delivery queues');
    }
  }

  /** All queues. */
  async report(): Promise<QueueReport> {
    return this.#report(this.#queues.keys());
  }

  /**
   * Makes entries durable, all of them or none, and notes what became of others; resolves after fsync. A settlement without dead letters
   * that was noted though the call failed changes nothing when it comes again.
   */
  async commit({ entries, settlements }: QueueCommit): Promise<QueueReport> {
    const names = new Set([...entries, ...settlements].map(({ queue }) => queue));
    try {
      if (entries.length > 0) await this.#moveSurplus(settlements);
      await this.#write(names, entries, settlements);
    } catch (error) {
      // Some of it may have been noted: that is told with the next report.
      for (const name of names) if (this.#queues.has(name)) this.#changed.add(name);
      throw error;
    }
    for (const { queue, limit } of entries) await this.#keepLimit(queue, limit);
    return this.#report(names);
  }

  /** Makes room in the spool before there is more in it. What was delivered is noted also when that fails: it makes room. */
  async #moveSurplus(settlements: readonly QueueSettlement[]): Promise<void> {
    try {
      while (this.#spool.bytes > this.#maxSpoolBytes * HARD_LIMIT && (await this.#moveWithRoom()));
    } catch (error) {
      await this.#write(new Set(settlements.map(({ queue }) => queue)), [], settlements);
      throw error;
    }
  }

  async #write(
    names: ReadonlySet<string>,
    entries: readonly NewEntry[],
    settlements: readonly QueueSettlement[],
  ): Promise<void> {
    const isNew = [...names].some((name) => !this.#queues.has(name));
    const stored = settlements.filter((settlement) => this.#concernsDatabase(settlement));
    for (const settlement of stored) if (settlement.deadLetters.length > 0) await this.#moveOut(settlement);
    if (isNew || stored.length > 0) {
      await this.#transact(CANNOT_WRITE, async (transaction) => {
        for (const name of names) await this.#queue(transaction, name);
        for (const settlement of stored) await this.#settle(transaction, settlement);
      });
    }
    this.#writeSpool(entries, settlements);
  }

  /** See DeliveryQueue.read. What can't be read is set aside and left out. */
  async read(queue: string, afterId: number, maxBytes: number): Promise<QueueRead> {
    const known = this.#queues.get(queue);
    if (known === undefined) return { uid: '', entries: [], report: await this.#report([]) };
    const chosen = firstOf(await this.#waiting(known, afterId), maxBytes);
    const rows = await entryTable.rows(
      this.#database,
      chosen.filter(({ isSpooled }) => !isSpooled).map(({ id }) => id),
    );
    const rowById = new Map(rows.map((row) => [row.id, row]));
    const entries: StoredEntry[] = [];
    const damaged: Waiting[] = [];
    for (const waiting of chosen) {
      const row = rowById.get(waiting.id);
      const entry = row === undefined ? this.#readSpooled(known, waiting.id) : openEntry(row);
      if (entry === undefined) damaged.push(waiting);
      else entries.push(entry);
    }
    known.readUpTo = Math.max(afterId, chosen.at(-1)?.id ?? 0);
    if (damaged.length > 0) await this.#setAside(known, damaged);
    return { uid: known.uid, entries, report: await this.#report([queue]) };
  }

  async setPaused(queue: string, paused: boolean): Promise<QueueReport> {
    await this.#transact('cannot pause the delivery', async (transaction) => {
      const { id } = await this.#queue(transaction, queue);
      await transaction('queues').where({ id }).update({ paused });
      (await this.#queue(transaction, queue)).paused = paused;
    });
    return this.#report([queue]);
  }

  async memory(queue: string): Promise<string | undefined> {
    const row: { memory: string | null } | undefined = await this.#database('queues')
      .where({ name: queue })
      .first('memory');
    return row?.memory ?? undefined;
  }

  async remember(queue: string, text: string): Promise<QueueReport> {
    await this.#transact(CANNOT_WRITE, async (transaction) => {
      const { id } = await this.#queue(transaction, queue);
      await transaction('queues').where({ id }).update({ memory: text });
    });
    return this.#report([queue]);
  }

  /** See DeliveryQueue.drop. The entries' room is given back in steps. */
  async drop(queue: string, keepDeadLetters: boolean): Promise<QueueReport> {
    const known = this.#queues.get(queue);
    if (known === undefined) return this.#report([]);
    await this.#transact('cannot drop the delivery queue', async (transaction) => {
      await transaction('queues').where({ id: known.id }).update({ name: null });
      this.#queues.delete(queue);
      if (!keepDeadLetters && !known.paused) return;
      const successor = await this.#queue(transaction, queue);
      successor.paused = known.paused;
      await transaction('queues').where({ id: successor.id }).update({ paused: known.paused });
      if (keepDeadLetters) {
        await transaction('dead_letters').where({ queue_id: known.id }).update({ queue_id: successor.id });
        successor.deadLetters = known.deadLetters;
        successor.deadLetterBytes = known.deadLetterBytes;
      }
    });
    this.#spool.forget([...this.#spool.entries(known.id)]);
    this.#sweeping = true;
    return this.#report([queue]);
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
      const known = await this.#queue(transaction, queue);
      const counts = { recordCount: batch.length, remaining: batch.length, done: undefined };
      const data = pack(this.#encoder.encode(batch));
      const entry = { id: this.#spool.takeId(), queueId: known.id, appendedAt: at, ...counts, data };
      await entryTable.insert(transaction, [entry]);
      added(known, entry.id, at, batch.length, data.length);
    });
  }

  deleteDeadLetters(queue: string, choice: DeadLetterChoice): Promise<{ count: number; report: QueueReport }> {
    return this.#takeDeadLetters(queue, choice, undefined);
  }

  /**
   * Moves some of the oldest entries from the spool to queue.db; false when there is none.
   * @param upTo entries with higher ids stay
   */
  async moveStep(upTo = Infinity): Promise<boolean> {
    const entries: SpoolEntry[] = [];
    let bytes = 0;
    for (const entry of this.#spool.entries()) {
      if (entry.id > upTo || entries.length === ROWS_PER_STEP || (bytes > 0 && bytes + entry.byteCount > STEP_BYTES))
        break;
      entries.push(entry);
      bytes += entry.byteCount;
    }
    const last = entries.at(-1);
    if (last === undefined) return false;
    const rows: entryTable.NewEntryRow[] = [];
    const damaged: SpoolEntry[] = [];
    for (const entry of entries) {
      const raw = this.#readSpool(entry);
      if (raw === undefined) damaged.push(entry);
      else rows.push({ ...entry, data: pack(raw) });
    }
    // Compressed ahead of the transaction, which keeps the disk waiting otherwise.
    await this.#transact('cannot move what waits to the delivery queue', async (transaction) => {
      await entryTable.insert(transaction, rows);
      await noteMoved(transaction, last.id);
    });
    const queues = new Map([...this.#queues.values()].map((queue) => [queue.id, queue]));
    const shrunk = new Map(rows.map(({ id, data }) => [id, data.length]));
    for (const { id, queueId, byteCount, remaining } of entries) {
      const queue = queues.get(queueId);
      const stored = shrunk.get(id);
      if (queue === undefined) continue;
      this.#changed.add(queue.name);
      queue.bytes += (stored ?? 0) - byteCount;
      if (stored === undefined) {
        queue.records -= remaining;
        queue.oldestAt = null;
        this.#dropsOf(queue.name).damaged += remaining;
      }
    }
    for (const { id } of damaged) this.#spool.markDamaged(id);
    this.#spool.forget(entries);
    return true;
  }

  /** Does some of the work that nobody waits for; true when there is more. */
  async sweep(): Promise<boolean> {
    return this.#afterMoving(this.#mustMove(), async () => {
      this.#spool.trimIdle();
      if (this.#sweeping) {
        this.#sweeping = await this.#sweepDropped();
        if (this.#sweeping) return true;
      }
      return giveBackPages(this.#database);
    });
  }

  /** Figures that changed, and what was dropped, when nobody had called. */
  async news(): Promise<QueueReport | undefined> {
    return this.#changed.size === 0 && this.#drops.size === 0 ? undefined : this.#report([]);
  }

  /** Gives free room back to the file system, a bounded part of it; true when there is more. Compressed, what waits takes less. */
  async makeRoom(): Promise<boolean> {
    return this.#afterMoving(true, async () => {
      this.#spool.trimIdle();
      return (await this.#sweepDropped()) || giveBackAllPages(this.#database);
    });
  }

  /** Moves a step or, when nothing is left to be moved or a full disk allows none, does what else there is: it may make room for that. */
  async #afterMoving(mustMove: boolean, work: () => Promise<boolean>): Promise<boolean> {
    let failure: unknown;
    try {
      if (mustMove && (await this.#moveWithRoom())) return true;
    } catch (error) {
      failure = error;
    }
    const more = await work();
    if (!more && failure !== undefined) throw failure;
    return more;
  }

  async close(): Promise<void> {
    this.#spool.close();
    await this.#database.destroy();
  }

  /** Runs a transaction; after a failure what is known is what is on disk: read anew or, when that fails too, what it was before. */
  async #transact(what: string, work: (transaction: Knex.Transaction) => Promise<void>): Promise<void> {
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

  /**
   * Moves a step unless the disk is nearly full: until a file of the spool can be deleted, what is moved takes room twice, in the
   * write-ahead log, too. The notes of what was delivered need the last of it, and they free files.
   */
  async #moveWithRoom(): Promise<boolean> {
    return this.#freeBytes() >= MOVE_ROOM_BYTES && (await this.moveStep());
  }

  #mustMove(): boolean {
    const { bytes: spoolBytes, records, length } = this.#spool;
    if (spoolBytes > this.#maxSpoolBytes || records > this.#maxSpoolRecords || length > MAX_SPOOL_ENTRIES) return true;
    const isPressed = ({ id, bytes, maxBytes }: Queue): boolean =>
      bytes > maxBytes * MOVE_SHARE && this.#spool.hasEntries(id);
    return [...this.#queues.values()].some(isPressed);
  }

  /** So that all that a settlement says can be noted at once. */
  async #moveOut({ finished, progressed }: Settlement): Promise<void> {
    const last = lastOf(finished, progressed);
    while (await this.moveStep(last));
  }

  /** @throws StorageError */
  #readSpool(entry: SpoolEntry): Uint8Array<ArrayBuffer> | undefined {
    try {
      return this.#spool.read(entry);
    } catch (error) {
      throw storageErrorFrom(error, 'cannot read the delivery queue');
    }
  }

  #concernsDatabase({ queue, finished, progressed, deadLetters }: QueueSettlement): boolean {
    const known = this.#queues.get(queue);
    if (known === undefined || deadLetters.length > 0) return true;
    const isElsewhere = (id: number): boolean => this.#spool.get(known.id, id) === undefined;
    return finished.some(isElsewhere) || progressed.some(({ id }) => isElsewhere(id));
  }

  #writeSpool(entries: readonly NewEntry[], settlements: readonly QueueSettlement[]): void {
    const queueOf = (name: string): Queue => {
      const queue = this.#queues.get(name);
      if (queue === undefined) throw new Error(`the queue ${name} is gone`);
      return queue;
    };
    // Several settlements may be about one entry.
    const settled = new Map<SpoolEntry, { readonly queue: Queue; readonly remaining: number }>();
    for (const { queue: name, finished, progressed } of settlements) {
      const queue = queueOf(name);
      for (const id of [...finished, ...progressed.map((each) => each.id)]) {
        const entry = this.#spool.get(queue.id, id);
        if (entry !== undefined) settled.set(entry, { queue, remaining: entry.remaining });
      }
    }
    let written: SpoolEntry[];
    try {
      written = this.#spool.write(
        entries.map(({ queue, recordCount, at, data }) => ({ queueId: queueOf(queue).id, recordCount, at, data })),
        settlements.map((settlement) => ({ queueId: queueOf(settlement.queue).id, settlement })),
      );
    } catch (error) {
      throw storageErrorFrom(error, CANNOT_WRITE);
    }
    for (const [index, { queue, limit }] of entries.entries()) {
      const { id, appendedAt, recordCount, byteCount } = written[index] as SpoolEntry;
      added(queueOf(queue), id, appendedAt, recordCount, byteCount);
      queueOf(queue).maxBytes = limit.maxBytes;
    }
    for (const [entry, { queue, remaining }] of settled) {
      const isLeft = this.#spool.get(queue.id, entry.id) !== undefined;
      queue.records += (isLeft ? entry.remaining : 0) - remaining;
      if (isLeft) continue;
      queue.bytes -= entry.byteCount;
      queue.oldestAt = null;
    }
  }

  /** What a settlement says of entries in queue.db, and its dead letters. */
  async #settle(transaction: Knex.Transaction, settlement: QueueSettlement): Promise<void> {
    const queue = await this.#queue(transaction, settlement.queue);
    let isNews = (await this.#remove(transaction, queue, settlement.finished)) > 0;
    for (const { id, done, remaining } of settlement.progressed) {
      const before = await entryTable.progress(transaction, queue.id, id, done, remaining);
      if (before === undefined) continue;
      queue.records += remaining - before.remaining;
      isNews ||= before.done === null || Buffer.compare(before.done, done) !== 0;
    }
    // It comes again when the answer was lost, with a thread that ended for instance: its dead letters are there already then.
    const isRepeated = !isNews && settlement.finished.length + settlement.progressed.length > 0;
    if (settlement.deadLetters.length === 0 || isRepeated) return;
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

  /** What was appended is on disk: a failure here is told, and the next append tries again. */
  async #keepLimit(name: string, limit: QueueLimit): Promise<void> {
    if (limit.whenFull === 'block') return;
    try {
      await this.#shrink(name, limit.maxBytes);
      if (limit.whenFull === 'drop_oldest') await this.#dropOldest(name, limit.maxBytes);
      this.#overLimit.delete(name);
    } catch (error) {
      if (this.#overLimit.has(name)) return;
      this.#overLimit.add(name);
      this.#warn(`the delivery queue of ${name} can't be kept within its limit: ${(error as Error).message}`);
    }
  }

  /** Before records are dropped for want of room: compressed they take less. */
  async #shrink(name: string, maxBytes: number): Promise<void> {
    const queue = this.#queues.get(name);
    if (queue === undefined) return;
    while (
      queue.bytes >= maxBytes &&
      this.#spool.bytesOf(queue.id) > maxBytes * UNPACKED_SHARE &&
      (await this.#moveWithRoom())
    );
  }

  /** Entries that were read are left alone: they may be on their way. */
  async #dropOldest(name: string, maxBytes: number): Promise<void> {
    const queue = this.#queues.get(name);
    while (queue !== undefined && queue.bytes > maxBytes) {
      const chosen = firstOf(await this.#waiting(queue, queue.readUpTo), queue.bytes - maxBytes, 'at least');
      if (chosen.length === 0) return;
      const idsOf = (isSpooled: boolean): number[] =>
        chosen.filter((waiting) => waiting.isSpooled === isSpooled).map(({ id }) => id);
      const before = queue.records;
      const stored = idsOf(false);
      if (stored.length > 0) {
        await this.#transact(CANNOT_WRITE, async (transaction) => {
          await this.#remove(transaction, await this.#queue(transaction, name), stored);
        });
      }
      this.#finishSpooled(name, idsOf(true));
      this.#dropsOf(name).oldest += before - queue.records;
    }
  }

  #finishSpooled(queue: string, finished: readonly number[]): void {
    if (finished.length === 0) return;
    this.#writeSpool([], [{ queue, finished, progressed: [], deadLetters: [], maxDeadLetterBytes: Infinity }]);
  }

  /** Entries of a queue after an id, oldest first: the next ones, not all. */
  async #waiting(queue: Queue, afterId: number): Promise<Waiting[]> {
    const limit = entryTable.IDS_PER_STATEMENT;
    const metas = await entryTable.metasAfter(this.#database, queue.id, afterId, limit);
    const waiting: Waiting[] = metas.map(({ id, remaining, byte_count }) => {
      return { id, remaining, bytes: byte_count, isSpooled: false };
    });
    let spooled = 0;
    for (const { id, remaining, byteCount } of this.#spool.entries(queue.id)) {
      if (id <= afterId) continue;
      if (spooled++ === limit) break;
      waiting.push({ id, remaining, bytes: byteCount, isSpooled: true });
    }
    // Beyond the limit one of the two may have more in between.
    return waiting.sort((a, b) => a.id - b.id).slice(0, limit);
  }

  #readSpooled(queue: Queue, id: number): StoredEntry | undefined {
    const entry = this.#spool.get(queue.id, id);
    const data = entry === undefined ? undefined : this.#readSpool(entry);
    if (entry === undefined || data === undefined) return undefined;
    const { appendedAt, recordCount, done } = entry;
    return { id, appendedAt, recordCount, done: done === undefined ? undefined : Uint8Array.from(done), data };
  }

  /** Deletes entries of queue.db; returns how many of them were there. */
  async #remove(transaction: Knex.Transaction, queue: Queue, ids: readonly number[]): Promise<number> {
    const removed = await entryTable.remove(transaction, queue.id, ids);
    for (const { remaining, byte_count } of removed) {
      queue.records -= remaining;
      queue.bytes -= byte_count;
      queue.oldestAt = null;
    }
    return removed.length;
  }

  async #setAside(queue: Queue, damaged: readonly Waiting[]): Promise<void> {
    const stored = damaged.filter(({ isSpooled }) => !isSpooled);
    const spooled = damaged.filter(({ isSpooled }) => isSpooled);
    await entryTable.markDamaged(
      this.#database,
      stored.map(({ id }) => id),
    );
    for (const { remaining, bytes } of stored) {
      queue.oldestAt = null;
      queue.records -= remaining;
      queue.bytes -= bytes;
      this.#dropsOf(queue.name).damaged += remaining;
    }
    for (const { id } of spooled) this.#spool.markDamaged(id);
    this.#finishSpooled(
      queue.name,
      spooled.map(({ id }) => id),
    );
    for (const { remaining } of spooled) this.#dropsOf(queue.name).damaged += remaining;
  }

  /** Takes dead letters out, some at a time in one transaction, and hands each lot to `use`. */
  async #takeDeadLetters(
    name: string,
    choice: DeadLetterChoice,
    use: ((transaction: Knex.Transaction, letters: readonly DeadLetter[]) => Promise<void>) | undefined,
  ): Promise<{ count: number; report: QueueReport }> {
    let count = 0;
    if (!this.#queues.has(name)) return { count, report: await this.#report([]) };
    await this.#transact('cannot change the dead letters', async (transaction) => {
      const queue = await this.#queue(transaction, name);
      for await (const letters of deadLetterTable.lots(transaction, queue.id, choice)) {
        await use?.(transaction, letters);
        const removed = await deadLetterTable.remove(transaction, queue.id, letters);
        queue.deadLetters -= removed.count;
        queue.deadLetterBytes -= removed.bytes;
        count += removed.count;
      }
    });
    return { count, report: await this.#report([name]) };
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

const CANNOT_WRITE = 'cannot write to the delivery queue';

function copyOf<Value extends object>(map: ReadonlyMap<string, Value>): Map<string, Value> {
  return new Map([...map].map(([name, value]) => [name, { ...value }]));
}

/** An entry, wherever it is. */
interface Waiting {
  readonly id: number;
  readonly remaining: number;
  readonly bytes: number;
  readonly isSpooled: boolean;
}

/** The first entries of a list up to so many bytes and at least one, or as many as have at least so many. */
function firstOf(waiting: readonly Waiting[], bytes: number, limit: 'up to' | 'at least' = 'up to'): Waiting[] {
  const first: Waiting[] = [];
  let sum = 0;
  for (const entry of waiting) {
    if (limit === 'at least' ? sum >= bytes : first.length > 0 && sum + entry.bytes > bytes) break;
    first.push(entry);
    sum += entry.bytes;
  }
  return first;
}

/** The highest id that a settlement names. */
export function lastOf(finished: readonly number[], progressed: readonly { readonly id: number }[]): number {
  let last = 0;
  for (const id of finished) last = Math.max(last, id);
  for (const { id } of progressed) last = Math.max(last, id);
  return last;
}

function added(queue: Queue, id: number, at: number, records: number, bytes: number): void {
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

/** What this user may still write where a directory is, in bytes. */
function freeBytesOf(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

/** Opens the spool of a queue.db; what is strange about it is told. */
async function openSpool(database: Knex, file: string, options: QueueWriterOptions): Promise<Spool> {
  const { warn, segmentBytes } = options;
  const highestId = await entryTable.highestId(database);
  const known = await readSpoolRow(database);
  const { uid, movedUpTo } = known ?? (await makeSpoolRow(database, highestId));
  const live = new Set(await database('queues').whereNotNull('name').pluck<number[]>('id'));
  const directory = path.dirname(file);
  const folder = spoolDirectory(file);
  const spool = Spool.open({
    directory: folder,
    quarantine: path.join(directory, QUARANTINE_FOLDER),
    uid,
    movedUpTo,
    firstId: highestId + 1,
    hasQueue: (queueId) => live.has(queueId),
    segmentBytes,
  });
  const { isNew, foreign, damagedBytes } = spool.findings;
  for (const moved of foreign)
    warn(`a file of the delivery queues did not belong to ${file}: it was moved to ${moved}`);
  if (damagedBytes > 0) warn(`${damagedBytes} bytes of the files in ${folder} can't be read`);
  try {
    if (isNew && known !== undefined && live.size > 0) {
      warn(`the files in ${folder} are gone, and with them what was last put into the delivery queues`);
      // Ids may come again: they must not be taken for the ones before. Ahead of the first file, which is taken for all of them.
      await database.transaction(async (transaction) => {
        for (const id of live) await transaction('queues').where({ id }).update({ uid: newQueueUid() });
      });
    }
    spool.start();
    return spool;
  } catch (error) {
    spool.close();
    throw error;
  }
}
