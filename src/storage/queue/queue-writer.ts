import { statfsSync } from 'node:fs';
import path from 'node:path';
import type { Knex } from 'knex';
import { RecordBatch, type RecordFields } from '../../record';
import { JournalEncoder } from '../logs/journal-codec';
import { giveBackAllPages, giveBackPages } from '../logs/retention';
import { storageErrorFrom } from '../sqlite-error';
import * as deadLetterTable from './dead-letter-table';
import type { DeadLetter, DeadLetterChoice, DeadLetterPage, QueueLimit, Settlement } from './delivery-queue';
import { openEntry, pack, type StoredEntry } from './entry-row';
import * as entryTable from './entry-table';
import { openSpool, type OpenSpoolOptions } from './open-spool';
import { added, QueueCatalog, type Queue } from './queue-catalog';
import {
  lastOf,
  type NewEntry,
  type QueueCommit,
  type QueueRead,
  type QueueReport,
  type QueueSettlement,
} from './queue-commit';
import { openQueueDatabase } from './queue-database';
import type { Spool, SpoolEntry } from './spool';
import { noteMoved } from './spool-row';
import { firstOf, type WaitingEntry } from './waiting-entry';

export interface QueueWriterOptions extends OpenSpoolOptions {
  /** Above so many bytes of the spool's files the oldest entries are moved to queue.db. */
  readonly maxSpoolBytes?: number;
  /** The same for so many records in them, of entries and of what became of them. */
  readonly maxSpoolRecords?: number;
  /** Room on the disk, in bytes; for tests. */
  readonly freeBytes?: () => number;
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
  readonly #catalog: QueueCatalog;
  readonly #maxSpoolBytes: number;
  readonly #maxSpoolRecords: number;
  readonly #freeBytes: () => number;
  readonly #warn: (message: string) => void;
  readonly #encoder = new JournalEncoder();
  /** True while dropped queues may still have rows. */
  #sweeping = true;
  /** Queues that can't be kept within their limits just now, of which that was told. */
  readonly #overLimit = new Set<string>();

  private constructor(database: Knex, spool: Spool, catalog: QueueCatalog, file: string, options: QueueWriterOptions) {
    this.#database = database;
    this.#spool = spool;
    this.#catalog = catalog;
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
      return new QueueWriter(database, spool, await QueueCatalog.load(database, spool), file, options);
    } catch (error) {
      spool?.close();
      await database.destroy();
      throw storageErrorFrom(error, 'cannot read the delivery queues');
    }
  }

  /** All queues. */
  async report(): Promise<QueueReport> {
    return this.#catalog.report(this.#catalog.names);
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
      for (const name of names) this.#catalog.noteChanged(name);
      throw error;
    }
    for (const { queue, limit } of entries) await this.#keepLimit(queue, limit);
    return this.#catalog.report(names);
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
    const isNew = [...names].some((name) => !this.#catalog.has(name));
    const stored = settlements.filter((settlement) => this.#concernsDatabase(settlement));
    for (const settlement of stored) if (settlement.deadLetters.length > 0) await this.#moveOut(settlement);
    if (isNew || stored.length > 0) {
      await this.#catalog.transact(CANNOT_WRITE, async (transaction) => {
        for (const name of names) await this.#catalog.take(transaction, name);
        for (const settlement of stored) await this.#settle(transaction, settlement);
      });
    }
    this.#writeSpool(entries, settlements);
  }

  /** See DeliveryQueue.read. What can't be read is set aside and left out. */
  async read(queue: string, afterId: number, maxBytes: number): Promise<QueueRead> {
    const known = this.#catalog.get(queue);
    if (known === undefined) return { uid: '', entries: [], report: await this.#catalog.report([]) };
    const chosen = firstOf(await this.#waiting(known, afterId), maxBytes);
    const rows = await entryTable.rows(
      this.#database,
      chosen.filter(({ isSpooled }) => !isSpooled).map(({ id }) => id),
    );
    const rowById = new Map(rows.map((row) => [row.id, row]));
    const entries: StoredEntry[] = [];
    const damaged: WaitingEntry[] = [];
    for (const waiting of chosen) {
      const row = rowById.get(waiting.id);
      const entry = row === undefined ? this.#readSpooled(known, waiting.id) : openEntry(row);
      if (entry === undefined) damaged.push(waiting);
      else entries.push(entry);
    }
    known.readUpTo = Math.max(afterId, chosen.at(-1)?.id ?? 0);
    if (damaged.length > 0) await this.#setAside(known, damaged);
    return { uid: known.uid, entries, report: await this.#catalog.report([queue]) };
  }

  async setPaused(queue: string, paused: boolean): Promise<QueueReport> {
    await this.#catalog.transact('cannot pause the delivery', async (transaction) => {
      const { id } = await this.#catalog.take(transaction, queue);
      await transaction('queues').where({ id }).update({ paused });
      (await this.#catalog.take(transaction, queue)).paused = paused;
    });
    return this.#catalog.report([queue]);
  }

  async memory(queue: string): Promise<string | undefined> {
    const row: { memory: string | null } | undefined = await this.#database('queues')
      .where({ name: queue })
      .first('memory');
    return row?.memory ?? undefined;
  }

  async remember(queue: string, text: string): Promise<QueueReport> {
    await this.#catalog.transact(CANNOT_WRITE, async (transaction) => {
      const { id } = await this.#catalog.take(transaction, queue);
      await transaction('queues').where({ id }).update({ memory: text });
    });
    return this.#catalog.report([queue]);
  }

  /** See DeliveryQueue.drop. The entries' room is given back in steps. */
  async drop(queue: string, keepDeadLetters: boolean): Promise<QueueReport> {
    const known = this.#catalog.get(queue);
    if (known === undefined) return this.#catalog.report([]);
    await this.#catalog.transact('cannot drop the delivery queue', async (transaction) => {
      await transaction('queues').where({ id: known.id }).update({ name: null });
      this.#catalog.delete(queue);
      if (!keepDeadLetters && !known.paused) return;
      const successor = await this.#catalog.take(transaction, queue);
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
    return this.#catalog.report([queue]);
  }

  async deadLetters(queue: string, afterId: number, limit: number): Promise<DeadLetterPage> {
    const known = this.#catalog.get(queue);
    return known === undefined
      ? { letters: [], next: undefined }
      : deadLetterTable.page(this.#database, known.id, afterId, limit);
  }

  async deadLetter(queue: string, id: number): Promise<DeadLetter | undefined> {
    const known = this.#catalog.get(queue);
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
      const known = await this.#catalog.take(transaction, queue);
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
    await this.#catalog.transact('cannot move what waits to the delivery queue', async (transaction) => {
      await entryTable.insert(transaction, rows);
      await noteMoved(transaction, last.id);
    });
    const queues = new Map([...this.#catalog.queues].map((queue) => [queue.id, queue]));
    const shrunk = new Map(rows.map(({ id, data }) => [id, data.length]));
    for (const { id, queueId, byteCount, remaining } of entries) {
      const queue = queues.get(queueId);
      const stored = shrunk.get(id);
      if (queue === undefined) continue;
      this.#catalog.noteChanged(queue.name);
      queue.bytes += (stored ?? 0) - byteCount;
      if (stored === undefined) {
        queue.records -= remaining;
        queue.oldestAt = null;
        this.#catalog.dropsOf(queue.name).damaged += remaining;
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
    return this.#catalog.hasNews ? this.#catalog.report([]) : undefined;
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
    return [...this.#catalog.queues].some(isPressed);
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
    const known = this.#catalog.get(queue);
    if (known === undefined || deadLetters.length > 0) return true;
    const isElsewhere = (id: number): boolean => this.#spool.get(known.id, id) === undefined;
    return finished.some(isElsewhere) || progressed.some(({ id }) => isElsewhere(id));
  }

  #writeSpool(entries: readonly NewEntry[], settlements: readonly QueueSettlement[]): void {
    const queueOf = (name: string): Queue => {
      const queue = this.#catalog.get(name);
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
    const queue = await this.#catalog.take(transaction, settlement.queue);
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
    this.#catalog.dropsOf(queue.name).deadLetters += dropped.count;
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
    const queue = this.#catalog.get(name);
    if (queue === undefined) return;
    while (
      queue.bytes >= maxBytes &&
      this.#spool.bytesOf(queue.id) > maxBytes * UNPACKED_SHARE &&
      (await this.#moveWithRoom())
    );
  }

  /** Entries that were read are left alone: they may be on their way. */
  async #dropOldest(name: string, maxBytes: number): Promise<void> {
    const queue = this.#catalog.get(name);
    while (queue !== undefined && queue.bytes > maxBytes) {
      const chosen = firstOf(await this.#waiting(queue, queue.readUpTo), queue.bytes - maxBytes, 'at least');
      if (chosen.length === 0) return;
      const idsOf = (isSpooled: boolean): number[] =>
        chosen.filter((waiting) => waiting.isSpooled === isSpooled).map(({ id }) => id);
      const before = queue.records;
      const stored = idsOf(false);
      if (stored.length > 0) {
        await this.#catalog.transact(CANNOT_WRITE, async (transaction) => {
          await this.#remove(transaction, await this.#catalog.take(transaction, name), stored);
        });
      }
      this.#finishSpooled(name, idsOf(true));
      this.#catalog.dropsOf(name).oldest += before - queue.records;
    }
  }

  #finishSpooled(queue: string, finished: readonly number[]): void {
    if (finished.length === 0) return;
    this.#writeSpool([], [{ queue, finished, progressed: [], deadLetters: [], maxDeadLetterBytes: Infinity }]);
  }

  /** Entries of a queue after an id, oldest first: the next ones, not all. */
  async #waiting(queue: Queue, afterId: number): Promise<WaitingEntry[]> {
    const limit = entryTable.IDS_PER_STATEMENT;
    const metas = await entryTable.metasAfter(this.#database, queue.id, afterId, limit);
    const waiting: WaitingEntry[] = metas.map(({ id, remaining, byte_count }) => {
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

  async #setAside(queue: Queue, damaged: readonly WaitingEntry[]): Promise<void> {
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
      this.#catalog.dropsOf(queue.name).damaged += remaining;
    }
    for (const { id } of spooled) this.#spool.markDamaged(id);
    this.#finishSpooled(
      queue.name,
      spooled.map(({ id }) => id),
    );
    for (const { remaining } of spooled) this.#catalog.dropsOf(queue.name).damaged += remaining;
  }

  /** Takes dead letters out, some at a time in one transaction, and hands each lot to `use`. */
  async #takeDeadLetters(
    name: string,
    choice: DeadLetterChoice,
    use: ((transaction: Knex.Transaction, letters: readonly DeadLetter[]) => Promise<void>) | undefined,
  ): Promise<{ count: number; report: QueueReport }> {
    let count = 0;
    if (!this.#catalog.has(name)) return { count, report: await this.#catalog.report([]) };
    await this.#catalog.transact('cannot change the dead letters', async (transaction) => {
      const queue = await this.#catalog.take(transaction, name);
      for await (const letters of deadLetterTable.lots(transaction, queue.id, choice)) {
        await use?.(transaction, letters);
        const removed = await deadLetterTable.remove(transaction, queue.id, letters);
        queue.deadLetters -= removed.count;
        queue.deadLetterBytes -= removed.bytes;
        count += removed.count;
      }
    });
    return { count, report: await this.#catalog.report([name]) };
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
}

const CANNOT_WRITE = 'cannot write to the delivery queue';

/** What this user may still write where a directory is, in bytes. */
function freeBytesOf(directory: string): number {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    // Writing says what is wrong.
    return Infinity;
  }
}
