import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { RecordBatch } from '../../record';
import { StorageError } from '../errors';
import {
  DEFAULT_STREAM_CONFIG,
  type AppendedBatch,
  type FieldValues,
  type FieldValuesQuery,
  type Histogram,
  type HistogramQuery,
  type LogQuery,
  type LogQueryResult,
  type LogStore,
  type LogStoreStatus,
  type RecordSelection,
  type StreamConfig,
  type StreamUsage,
} from '../log-store';
import { monotonicMs } from '../monotonic-clock';
import { storageErrorFrom } from '../sqlite-error';
import { CommitGroup } from './commit-group';
import { dropPrevious, recoverSwap, swapBack, swapIn } from './file-swap';
import { JournalEncoder } from './journal-codec';
import type { StreamState } from './log-writer';
import { compileQueryFilter } from './query-filter';
import type { QueryRequest, QuerySlice } from './query-run';
import { readInSlices } from './query-slices';
import { ReaderGate } from './reader-gate';
import { ReaderPool, type Turn } from './reader-pool';
import type { ReadLimits } from './selection';
import type { SealerOptions } from './sealer';
import type { SealerWorkerData } from './sealer-worker';
import { SharedMemory } from './shared-memory';
import { WorkerThread } from './worker-thread';

export interface SqliteLogStoreOptions {
  /** Directory of logs.db. */
  readonly directory: string;
  /** Bytes accepted and not yet durable above which `append` refuses. */
  readonly maxPendingBytes: number;
  readonly sealer: SealerOptions;
  /** Threads that answer queries. */
  readonly queryWorkers: number;
  readonly queryTimeoutMs: number;
  /** How long one query may keep a thread from the others that wait for it; for tests. */
  readonly querySliceMs?: number;
  /** True while the disk is nearly full: then no records are taken. Everything else goes on. */
  readonly isDiskLow?: () => boolean;
  /** Told what an administrator should know: damaged data, failed commits, threads that were started again. */
  readonly onWarning: (message: string) => void;
}

/** Figures since the start, for the metrics. */
export interface LogStoreCounters {
  readonly storedByStream: Map<string, number>;
  commits: number;
  failedCommits: number;
  committedBytes: number;
  /** Sum of the times from sending a commit to its acknowledgement, in seconds. */
  commitSeconds: number;
  queries: number;
  querySeconds: number;
  /** Journal rows and segments set aside because they could not be read. */
  damaged: number;
}

/** A second commit goes out before the first is acknowledged only when so many bytes wait for it. */
const OVERLAP_BYTES = 256 * 1024;
const MAX_COMMITS_IN_FLIGHT = 2;

/** Inputs pause at this share of the memory limit: what they have read by then still finds room. */
const SATURATION_SHARE = 0.5;

/** Largest JavaScript heaps of the threads, in MB: a bound for bad days, normal use is far below. */
const WRITER_HEAP_MB = 256;
const SEALER_HEAP_MB = 512;
const READER_HEAP_MB = 512;

/**
 * A query that needs longer goes to the end of the line again and again: a look at the newest records does not wait until a
 * search through everything has ended. To begin anew takes a few milliseconds.
 */
const QUERY_SLICE_MS = 500;

interface Threads {
  readonly writer: WorkerThread;
  readonly sealer: WorkerThread;
  readonly readers: ReaderPool;
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await promise.catch(() => undefined);
}

async function closeThreads({ writer, sealer, readers }: Threads): Promise<void> {
  // The sealer calls the writer, so it goes first.
  await sealer.close();
  await readers.close();
  // The last connection folds the write-ahead log into the file.
  await writer.close();
}

/** The log store on SQLite: this thread encodes and waits, one thread writes, one seals, some answer queries. */
export class SqliteLogStore implements LogStore {
  readonly counters: LogStoreCounters = {
    storedByStream: new Map(),
    commits: 0,
    failedCommits: 0,
    committedBytes: 0,
    commitSeconds: 0,
    queries: 0,
    querySeconds: 0,
    damaged: 0,
  };
  readonly #options: SqliteLogStoreOptions;
  readonly #encoder = new JournalEncoder();
  readonly #configs = new Map<string, StreamConfig>();
  readonly #nextSequence = new Map<string, number>();
  readonly #listeners = new Map<string, Set<(appended: AppendedBatch) => void>>();
  readonly #file: string;
  /** Shared with the readers, see {@link ReaderPool}. Before the threads, which are started with it. */
  readonly #waitingForReaders = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #threads: Threads;
  readonly #memory = new SharedMemory();
  #group = new CommitGroup(this.#encoder, this.#memory);
  #commitsInFlight = 0;
  #pendingBytes = 0;
  #flushScheduled = false;
  #drainCallbacks: (() => void)[] = [];
  #idleCallbacks: (() => void)[] = [];
  #journalRecords = 0;
  /**
   * Settles when the file under the store has been exchanged. Nobody may use the threads until then: look right before each
   * call, for a moment later it may have begun.
   */
  #exchange: Promise<void> | undefined;
  /** Backups and restores are done one after the other. */
  #lastCopy: Promise<unknown> = Promise.resolve();
  /** Why the store cannot write just now. */
  #failure: string | undefined;
  #closed = false;

  private constructor(options: SqliteLogStoreOptions) {
    this.#options = options;
    this.#file = path.join(options.directory, 'logs.db');
    this.#threads = this.#startThreads();
  }

  /**
   * Opens the store, making it when it is missing.
   * @throws StorageError `UNSUPPORTED_FORMAT`, `CORRUPT_DATA`, `STORE_FULL`, `STORE_FAILED`
   */
  static async open(options: SqliteLogStoreOptions): Promise<SqliteLogStore> {
    const file = path.join(options.directory, 'logs.db');
    await recoverSwap(file);
    const store = new SqliteLogStore(options);
    try {
      await store.#openFile();
      await dropPrevious(file);
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  async #openFile(): Promise<void> {
    const streams = await this.#threads.writer.call<StreamState[]>('open');
    this.#configs.clear();
    this.#nextSequence.clear();
    for (const stream of streams) {
      this.#configs.set(stream.name, stream.config);
      this.#nextSequence.set(stream.name, stream.nextSequence);
    }
    await this.#connectSealer();
  }

  append(stream: string, batch: RecordBatch): Promise<void> {
    if (this.#closed) return Promise.reject(new StorageError('STORE_CLOSED', 'the store is closed'));
    if (batch.length === 0) return Promise.resolve();
    if (this.#options.isDiskLow?.() === true) {
      return Promise.reject(
        new StorageError('STORE_FULL', 'the disk is nearly full: no records are taken until there is space'),
      );
    }
    if (this.#pendingBytes >= this.#options.maxPendingBytes) {
      return Promise.reject(new StorageError('BACK_PRESSURE', 'too much is waiting to be written'));
    }
    this.#pendingBytes += this.#group.add(stream, batch, this.#listeners.has(stream));
    const { done } = this.#group;
    this.#scheduleFlush();
    return done;
  }

  /** Resolves when the writing thread has done what it was asked before and answers. @throws StorageError `STORE_FAILED` */
  async answering(): Promise<void> {
    while (this.#exchange !== undefined) await settled(this.#exchange);
    await this.#threads.writer.call('ping');
  }

  get saturated(): boolean {
    return this.#pendingBytes >= this.#options.maxPendingBytes * SATURATION_SHARE;
  }

  onDrain(callback: () => void): void {
    if (this.saturated) this.#drainCallbacks.push(callback);
    else callback();
  }

  /** Everything that arrives in one turn of the event loop shares a commit. */
  #scheduleFlush(): void {
    if (this.#flushScheduled || this.#group.isEmpty || !this.#mayCommit()) return;
    this.#flushScheduled = true;
    setImmediate(() => {
      this.#flushScheduled = false;
      if (this.#mayCommit()) void this.#commit();
    });
  }

  #mayCommit(): boolean {
    if (this.#exchange !== undefined) return false;
    if (this.#commitsInFlight === 0) return true;
    return this.#commitsInFlight < MAX_COMMITS_IN_FLIGHT && this.#group.bytes >= OVERLAP_BYTES;
  }

  async #commit(): Promise<void> {
    const group = this.#group;
    if (group.isEmpty) return;
    this.#group = new CommitGroup(this.#encoder, this.#memory);
    this.#commitsInFlight++;
    const started = performance.now();
    try {
      const { entries, appended } = group.finish((stream, count) => this.#takeSequences(stream, count));
      await this.#threads.writer.call('commit', entries);
      this.#failure = undefined;
      this.counters.commits++;
      this.counters.commitSeconds += (performance.now() - started) / 1000;
      for (const entry of entries) this.counters.committedBytes += entry.data.byteLength;
      for (const batch of appended) this.#announce(batch);
      group.release();
      group.settle();
    } catch (error) {
      this.counters.failedCommits++;
      const failure = error instanceof Error ? error : new Error(String(error));
      if (this.#failure !== failure.message) this.#options.onWarning(failure.message);
      this.#failure = failure.message;
      group.settle(failure);
    } finally {
      this.#commitsInFlight--;
      this.#pendingBytes -= group.bytes;
      this.#scheduleFlush();
      this.#callBack();
    }
  }

  #takeSequences(stream: string, count: number): number {
    const first = this.#nextSequence.get(stream) ?? 1;
    this.#nextSequence.set(stream, first + count);
    return first;
  }

  #announce(appended: AppendedBatch): void {
    const { stream, batch } = appended;
    if (!this.#configs.has(stream)) this.#configs.set(stream, DEFAULT_STREAM_CONFIG);
    const { storedByStream } = this.counters;
    storedByStream.set(stream, (storedByStream.get(stream) ?? 0) + batch.length);
    const listeners = this.#listeners.get(stream);
    if (listeners === undefined) return;
    // Who began to listen while the batch was being written: its values are there until the commit is over, and then for good.
    void batch.columns;
    for (const listener of [...listeners]) {
      try {
        listener(appended);
      } catch (error) {
        // The records are stored: a reader's mistake is not the sender's.
        this.#options.onWarning(`live reader failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  #callBack(): void {
    if (this.#drainCallbacks.length > 0 && !this.saturated) {
      const callbacks = this.#drainCallbacks;
      this.#drainCallbacks = [];
      for (const callback of callbacks) callback();
    }
    if (this.#commitsInFlight === 0 && (this.#group.isEmpty || this.#exchange !== undefined)) {
      const callbacks = this.#idleCallbacks;
      this.#idleCallbacks = [];
      for (const callback of callbacks) callback();
    }
  }

  query(query: LogQuery, signal?: AbortSignal): Promise<LogQueryResult> {
    const sliceMs = this.#options.querySliceMs ?? QUERY_SLICE_MS;
    return this.#select(query, signal, (limits) =>
      readInSlices(query, (part, isResumed) => {
        const request: QueryRequest = { query: part, sliceMs, waiting: this.#waitingForReaders, ...limits };
        return this.#read<QuerySlice>('query', request, isResumed ? 'resumed' : 'first');
      }),
    );
  }

  histogram(query: HistogramQuery, signal?: AbortSignal): Promise<Histogram> {
    return this.#select(query, signal, (limits) => this.#read('histogram', { query, ...limits }, 'first'));
  }

  fieldValues(query: FieldValuesQuery, signal?: AbortSignal): Promise<FieldValues> {
    return this.#select(query, signal, (limits) => this.#read('fieldValues', { query, ...limits }, 'first'));
  }

  async #select<Result>(
    query: RecordSelection,
    signal: AbortSignal | undefined,
    read: (limits: ReadLimits) => Promise<Result>,
  ): Promise<Result> {
    // A mistake in the filter is told at once, not after the queries before it.
    compileQueryFilter(query.filter);
    const cancelled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const cancel = (): void => void Atomics.store(cancelled, 0, 1);
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    const started = performance.now();
    try {
      return await read({ cancelled, deadline: monotonicMs() + this.#options.queryTimeoutMs });
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.counters.queries++;
      this.counters.querySeconds += (performance.now() - started) / 1000;
    }
  }

  listStreams(): Promise<Map<string, StreamConfig>> {
    const names = [...this.#configs.keys()].sort();
    return Promise.resolve(new Map(names.map((name) => [name, this.#configs.get(name) ?? DEFAULT_STREAM_CONFIG])));
  }

  getStream(stream: string): Promise<StreamConfig | undefined> {
    return Promise.resolve(this.#configs.get(stream));
  }

  async configureStream(stream: string, config: StreamConfig): Promise<void> {
    while (this.#exchange !== undefined) await settled(this.#exchange);
    await this.#threads.writer.call('configureStream', { stream, config });
    this.#configs.set(stream, config);
  }

  async deleteStream(stream: string): Promise<void> {
    while (this.#exchange !== undefined) await settled(this.#exchange);
    await this.#threads.writer.call('deleteStream', stream);
    this.#configs.delete(stream);
  }

  listFields(stream: string): Promise<string[]> {
    return this.#read('listFields', stream, 'urgent');
  }

  usage(stream: string): Promise<StreamUsage> {
    return this.#read('usage', stream, 'urgent');
  }

  listIndexedValues(stream: string): Promise<Record<string, string[]>> {
    return this.#read('listIndexedValues', stream, 'urgent');
  }

  subscribe(stream: string, listener: (appended: AppendedBatch) => void): () => void {
    const listeners = this.#listeners.get(stream) ?? new Set();
    this.#listeners.set(stream, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(stream) === listeners) this.#listeners.delete(stream);
    };
  }

  status(): LogStoreStatus {
    return {
      healthy: this.#failure === undefined && !this.#closed,
      reason: this.#closed ? 'the store is closed' : this.#failure,
      pendingBytes: this.#pendingBytes,
      journalRecords: this.#journalRecords,
    };
  }

  /** Gives back what retention, deletions and the write-ahead log hold of a disk that is nearly full. */
  async makeRoom(): Promise<void> {
    while (!this.#closed && this.#exchange === undefined && (await this.#threads.writer.call<boolean>('makeRoom')));
  }

  backup(file: string): Promise<void> {
    // A thread of its own: queries do not wait for it.
    return this.#copying(() => this.#inExtraThread('backup', file));
  }

  checkBackup(file: string): Promise<void> {
    return this.#copying(() => this.#inExtraThread('checkBackup', file));
  }

  restore(file: string): Promise<void> {
    return this.#copying(async () => {
      await this.#inExtraThread('checkBackup', file);
      if (this.#closed) throw new StorageError('STORE_CLOSED', 'the store is closed');
      this.#exchange = this.#replaceFile(file);
      try {
        await this.#exchange;
      } finally {
        this.#exchange = undefined;
        this.#scheduleFlush();
      }
    });
  }

  #copying(work: () => Promise<void>): Promise<void> {
    const done = this.#lastCopy.then(work);
    this.#lastCopy = settled(done);
    return done;
  }

  async #inExtraThread(method: string, argument: string): Promise<void> {
    while (this.#exchange !== undefined) await settled(this.#exchange);
    if (this.#closed) throw new StorageError('STORE_CLOSED', 'the store is closed');
    const thread = this.#thread('reader-worker', { file: this.#file }, READER_HEAP_MB);
    try {
      await thread.call(method, argument);
    } finally {
      await thread.close();
    }
  }

  /** Ends what is under way, exchanges the file and opens it; when that fails, the file there was before. */
  async #replaceFile(replacement: string): Promise<void> {
    if (this.#commitsInFlight > 0) await new Promise<void>((resolve) => this.#idleCallbacks.push(resolve));
    await closeThreads(this.#threads);
    let failure: unknown;
    let swapped = false;
    try {
      await swapIn(this.#file, replacement);
      swapped = true;
    } catch (error) {
      failure = error;
    }
    this.#threads = this.#startThreads();
    try {
      await this.#openFile();
      if (swapped) await dropPrevious(this.#file);
    } catch (error) {
      if (!swapped) throw error;
      failure = error;
      await closeThreads(this.#threads);
      await swapBack(this.#file);
      this.#threads = this.#startThreads();
      await this.#openFile();
    }
    if (failure !== undefined) throw storageErrorFrom(failure, 'cannot put the backup in place');
  }

  async close(): Promise<void> {
    this.#closed = true;
    // A restore that has begun is ended; what waits for its turn finds the store closed.
    await this.#lastCopy;
    if (this.#commitsInFlight > 0 || !this.#group.isEmpty) {
      await new Promise<void>((resolve) => this.#idleCallbacks.push(resolve));
    }
    await closeThreads(this.#threads);
  }

  async #read<Result>(method: string, argument: unknown, turn: Turn): Promise<Result> {
    while (this.#exchange !== undefined) await settled(this.#exchange);
    return this.#threads.readers.call<Result>(method, argument, turn);
  }

  #startThreads(): Threads {
    const file = this.#file;
    const gate = new ReaderGate().shared;
    const sealerData: SealerWorkerData = { file, gate, options: this.#options.sealer };
    return {
      writer: this.#thread('writer-worker', { file, gate }, WRITER_HEAP_MB, () => this.#reopen()),
      sealer: this.#thread('sealer-worker', sealerData, SEALER_HEAP_MB, () => this.#connectSealer()),
      readers: new ReaderPool(
        Array.from({ length: this.#options.queryWorkers }, () =>
          this.#thread('reader-worker', { file, gate }, READER_HEAP_MB),
        ),
        this.#waitingForReaders,
      ),
    };
  }

  #thread(script: string, workerData: unknown, maxHeapMb: number, onRestart?: () => Promise<void>): WorkerThread {
    return new WorkerThread({
      script,
      workerData,
      maxHeapMb,
      onMessage: (message) => this.#onMessage(message),
      onFailure: (error) => {
        if (script === 'writer-worker') this.#failure = `the writing thread ended: ${error.message}`;
        this.#options.onWarning(`${script} ended and is started again: ${error.message}`);
      },
      onRestart: () => {
        onRestart?.().catch((error: unknown) => {
          this.#options.onWarning(`${script}: ${error instanceof Error ? error.message : String(error)}`);
        });
      },
    });
  }

  #onMessage(message: Record<string, unknown>): void {
    if (typeof message.warning === 'string') this.#options.onWarning(message.warning);
    if (typeof message.damaged === 'number') this.counters.damaged += message.damaged;
    if (typeof message.journalRecords === 'number') this.#journalRecords = message.journalRecords;
  }

  async #reopen(): Promise<void> {
    await this.#threads.writer.call('open');
    this.#failure = undefined;
    await this.#connectSealer();
  }

  async #connectSealer(): Promise<void> {
    const { port1, port2 } = new MessageChannel();
    await this.#threads.writer.call('attachSealer', port1, [port1]);
    await this.#threads.sealer.call('connect', port2, [port2]);
  }
}
