import path from 'node:path';
import type { RecordBatch, RecordFields } from '../../record';
import { StorageError } from '../errors';
import { JournalEncoder } from '../logs/journal-codec';
import { SharedMemory } from '../logs/shared-memory';
import { WorkerThread } from '../logs/worker-thread';
import { decodeBatch } from '../logs/decode-batch';
import { setAside } from '../set-aside';
import type {
  AppendResult,
  DeadLetter,
  DeadLetterChoice,
  DeadLetterPage,
  DeliveryQueue,
  QueueDrops,
  QueueEntry,
  QueueLimit,
  QueueStats,
  Settlement,
} from './delivery-queue';
import type { ChoiceCall, DeadLettersCall, ReadCall, ReplayCall } from './queue-calls';
import { QueueGroup } from './queue-group';
import { lastOf, type QueueCommit, type QueueRead, type QueueReport } from './queue-commit';
import type { QueueWriterOptions } from './queue-writer';

/** Calls what `queueCalls` serves, in whatever thread. */
export interface QueueCaller {
  call<Result>(method: string, argument?: unknown): Promise<Result>;
  /** Closes the file and ends the thread. */
  close(): Promise<void>;
}

export interface SqliteDeliveryQueueOptions {
  /** Directory of queue.db. */
  readonly directory: string;
  /** Bytes accepted and not yet durable above which `append` refuses. */
  readonly maxPendingBytes: number;
  /** True while no records are to be taken because the disk is nearly full; what is queued is delivered all the same. */
  readonly isDiskLow?: () => boolean;
  /** Told what an administrator should know. */
  readonly onWarning: (message: string) => void;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Where the database is used: a thread of its own unless a test says otherwise. */
  readonly caller?: (file: string, options: QueueWriterOptions) => QueueCaller;
}

/** A second commit goes out before the first is acknowledged only when so many bytes wait for it. */
const OVERLAP_BYTES = 256 * 1024;
const MAX_COMMITS_IN_FLIGHT = 2;

/** Largest JavaScript heap of the thread, in MB: a bound for bad days, normal use is far below. */
const HEAP_MB = 256;

const EMPTY: QueueStats = Object.freeze({
  records: 0,
  bytes: 0,
  oldestAt: undefined,
  lastId: 0,
  deadLetters: 0,
  deadLetterBytes: 0,
  paused: false,
});

const NOTHING_TAKEN: AppendResult = Object.freeze({ refused: 0, bytes: 0 });

/** Delivery queues on SQLite: this thread encodes and waits, another has queue.db open. */
export class SqliteDeliveryQueue implements DeliveryQueue {
  readonly #options: SqliteDeliveryQueueOptions;
  readonly #encoder = new JournalEncoder();
  readonly #stats = new Map<string, QueueStats>();
  readonly #drops = new Map<string, QueueDrops>();
  readonly #caller: QueueCaller;
  readonly #memory = new SharedMemory();
  #group = new QueueGroup(this.#encoder, this.#memory);
  #commitsInFlight = 0;
  #scheduled = false;
  #pendingBytes = 0;
  #idleCallbacks: (() => void)[] = [];
  #closed = false;
  failure: string | undefined;

  private constructor(options: SqliteDeliveryQueueOptions) {
    this.#options = options;
    const file = path.join(options.directory, 'queue.db');
    this.#caller = options.caller?.(file, { warn: options.onWarning }) ?? this.#thread(file);
  }

  /**
   * Opens the queues, making the file when it is missing. A file that cannot be read does not keep the service from its work: it is
   * set aside, and told of.
   * @throws StorageError `UNSUPPORTED_FORMAT`, `STORE_FULL`, `STORE_FAILED`
   */
  static async open(options: SqliteDeliveryQueueOptions): Promise<SqliteDeliveryQueue> {
    try {
      return await SqliteDeliveryQueue.#openFile(options);
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'CORRUPT_DATA') throw error;
      const moved = await setAside(path.join(options.directory, 'queue.db'));
      options.onWarning(
        `${error.message}: it was moved to ${moved}; what waited in it for forwarders is not delivered, all else goes on`,
      );
      return SqliteDeliveryQueue.#openFile(options);
    }
  }

  static async #openFile(options: SqliteDeliveryQueueOptions): Promise<SqliteDeliveryQueue> {
    const queue = new SqliteDeliveryQueue(options);
    try {
      queue.#take(await queue.#caller.call<QueueReport>('open'));
      return queue;
    } catch (error) {
      await queue.#caller.close();
      throw error;
    }
  }

  async append(queue: string, batch: RecordBatch, limit: QueueLimit): Promise<AppendResult> {
    this.#requireOpen();
    if (batch.length === 0) return NOTHING_TAKEN;
    if (this.#options.isDiskLow?.() === true) {
      throw new StorageError('STORE_FULL', 'the disk is nearly full: no records are taken until there is space');
    }
    if (limit.whenFull !== 'drop_oldest' && this.stats(queue).bytes >= limit.maxBytes) {
      if (limit.whenFull === 'drop_newest') return { refused: batch.length, bytes: 0 };
      throw new StorageError('BACK_PRESSURE', `the delivery queue of ${JSON.stringify(queue)} is full`);
    }
    if (this.#pendingBytes >= this.#options.maxPendingBytes) {
      throw new StorageError('BACK_PRESSURE', 'too much is waiting to be written to the delivery queue');
    }
    const bytes = this.#group.append(queue, batch, limit);
    this.#pendingBytes += bytes;
    await this.#committed();
    return { refused: 0, bytes };
  }

  async read(queue: string, afterId: number, maxBytes: number): Promise<QueueEntry[]> {
    const call: ReadCall = { queue, afterId, maxBytes };
    const { uid, entries, report } = await this.#call<QueueRead>('read', call);
    this.#take(report);
    return entries.map(({ id, appendedAt, done, data }) => {
      return { id, key: `${uid}.${id}`, appendedAt, done, batch: decodeBatch(data) };
    });
  }

  async settle(queue: string, settlement: Settlement): Promise<void> {
    this.#requireOpen();
    if (settlement.deadLetters.length === 0) {
      this.#group.note(queue, settlement);
      await this.#committed();
      return;
    }
    // Alone: a failure of others' records must not make it come again. What it is about is moved ahead, so that others wait for a step.
    const upTo = lastOf(settlement.finished, settlement.progressed);
    while (await this.#call<boolean>('moveStep', upTo));
    const commit: QueueCommit = { entries: [], settlements: [{ queue, ...settlement }] };
    this.#take(await this.#call<QueueReport>('commit', commit));
  }

  stats(queue: string): QueueStats {
    return this.#stats.get(queue) ?? EMPTY;
  }

  drops(queue: string): Readonly<QueueDrops> {
    return this.#drops.get(queue) ?? { oldest: 0, deadLetters: 0, damaged: 0 };
  }

  async setPaused(queue: string, paused: boolean): Promise<void> {
    this.#take(await this.#call<QueueReport>('setPaused', { queue, paused }));
  }

  memory(queue: string): Promise<string | undefined> {
    return this.#call('memory', { queue });
  }

  async remember(queue: string, text: string): Promise<void> {
    this.#take(await this.#call<QueueReport>('remember', { queue, text }));
  }

  async drop(queue: string, options: { readonly keepDeadLetters: boolean }): Promise<void> {
    this.#take(await this.#call<QueueReport>('drop', { queue, keepDeadLetters: options.keepDeadLetters }));
  }

  deadLetters(queue: string, afterId: number, limit: number): Promise<DeadLetterPage> {
    const call: DeadLettersCall = { queue, afterId, limit };
    return this.#call('deadLetters', call);
  }

  deadLetter(queue: string, id: number): Promise<DeadLetter | undefined> {
    return this.#call('deadLetter', { queue, id });
  }

  async replay(queue: string, choice: DeadLetterChoice, replacement?: RecordFields): Promise<number> {
    const call: ReplayCall = { queue, choice, at: this.#options.now(), replacement };
    const { count, report } = await this.#call<{ count: number; report: QueueReport }>('replay', call);
    this.#take(report);
    return count;
  }

  async deleteDeadLetters(queue: string, choice: DeadLetterChoice): Promise<number> {
    const call: ChoiceCall = { queue, choice };
    const { count, report } = await this.#call<{ count: number; report: QueueReport }>('deleteDeadLetters', call);
    this.#take(report);
    return count;
  }

  /** Gives all room that is free in the file back to the file system; for a disk that is nearly full. @throws StorageError */
  async makeRoom(): Promise<void> {
    while (!this.#closed && (await this.#call<boolean>('makeRoom')));
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#commitsInFlight > 0 || !this.#group.isEmpty) {
      await new Promise<void>((resolve) => this.#idleCallbacks.push(resolve));
    }
    await this.#caller.close();
  }

  #requireOpen(): void {
    if (this.#closed) throw new StorageError('STORE_CLOSED', 'the delivery queue is closed');
  }

  async #call<Result>(method: string, argument?: unknown): Promise<Result> {
    this.#requireOpen();
    return this.#caller.call<Result>(method, argument);
  }

  /** Resolves when the group at hand is durable. Everything that arrives in one turn of the event loop shares a commit. */
  #committed(): Promise<void> {
    const { done } = this.#group;
    this.#schedule();
    return done;
  }

  #schedule(): void {
    if (this.#scheduled || this.#group.isEmpty || !this.#mayCommit()) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#mayCommit()) void this.#commit();
    });
  }

  #mayCommit(): boolean {
    if (this.#commitsInFlight === 0) return true;
    return this.#commitsInFlight < MAX_COMMITS_IN_FLIGHT && this.#group.bytes >= OVERLAP_BYTES;
  }

  async #commit(): Promise<void> {
    const group = this.#group;
    this.#group = new QueueGroup(this.#encoder, this.#memory);
    this.#commitsInFlight++;
    try {
      this.#take(await this.#caller.call<QueueReport>('commit', group.finish(this.#options.now())));
      this.failure = undefined;
      group.release();
      group.settle();
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      if (this.failure !== failure.message) this.#options.onWarning(failure.message);
      this.failure = failure.message;
      group.settle(failure);
    } finally {
      this.#pendingBytes -= group.bytes;
      this.#commitsInFlight--;
      this.#schedule();
      if (this.#commitsInFlight === 0 && this.#group.isEmpty)
        for (const callback of this.#idleCallbacks.splice(0)) callback();
    }
  }

  #take(report: QueueReport): void {
    for (const [queue, stats] of report.stats) this.#stats.set(queue, stats);
    for (const [queue, drops] of report.drops) {
      const sum = { ...this.drops(queue) };
      sum.oldest += drops.oldest;
      sum.deadLetters += drops.deadLetters;
      sum.damaged += drops.damaged;
      this.#drops.set(queue, sum);
      if (drops.damaged > 0) {
        this.#options.onWarning(`${drops.damaged} records of the delivery queue of ${queue} are damaged and set aside`);
      }
    }
  }

  #thread(file: string): QueueCaller {
    const thread: WorkerThread = new WorkerThread({
      script: path.join('..', 'queue', 'queue-worker'),
      workerData: { file },
      maxHeapMb: HEAP_MB,
      onMessage: (message) => {
        if (typeof message.warning === 'string') this.#options.onWarning(message.warning);
        if (message.report !== undefined) this.#take(message.report as QueueReport);
      },
      onFailure: (error) => {
        this.failure = `the thread of the delivery queue ended: ${error.message}`;
        this.#options.onWarning(`${this.failure}; it is started again`);
      },
      onRestart: () => {
        thread.call<QueueReport>('open').then(
          (report) => {
            this.failure = undefined;
            this.#take(report);
          },
          (error: unknown) => this.#options.onWarning(`delivery queue: ${String(error)}`),
        );
      },
    });
    return thread;
  }
}
