import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { Knex } from 'knex';
import { StorageError } from '../errors';
import { openLogDatabaseForReading } from './log-database';
import type { SegmentReplacement } from './log-writer';
import { ReaderGate } from './reader-gate';
import { Sealer, type SealerOptions, type SegmentWriter } from './sealer';
import { setThreadPriority } from '../../thread-priority';
import { CallServer, WorkerClient } from './worker-rpc';

/** Pause before the journal is looked at again when there was nothing to do, in milliseconds. */
const IDLE_PAUSE_MS = 200;
/** Pause after a failure (a full disk, say), in milliseconds. */
const FAILURE_PAUSE_MS = 2_000;

/** Sealing can wait for what arrives, but not for long: what is not sealed is slow to search. */
const NICENESS = 5;

export interface SealerWorkerData {
  readonly file: string;
  readonly gate: Int32Array;
  readonly options: SealerOptions;
}

/** Seals and merges until it is closed; what it builds goes over a channel to the thread that writes. */
class SealerLoop implements SegmentWriter {
  readonly #main: MessagePort;
  readonly #data: SealerWorkerData;
  #writer: WorkerClient | undefined;
  #database: Knex | undefined;
  #work: Promise<void> | undefined;
  #closing = false;
  #wake: (() => void) | undefined;

  constructor(main: MessagePort, data: SealerWorkerData) {
    this.#main = main;
    this.#data = data;
  }

  /** Connects to the thread that writes, again after that was started anew. */
  async connect(port: MessagePort): Promise<void> {
    const client = new WorkerClient(port);
    port.on('close', () => client.fail(new StorageError('STORE_FAILED', 'the writing thread ended')));
    this.#writer = client;
    this.#database ??= await openLogDatabaseForReading(this.#data.file, new ReaderGate(this.#data.gate));
    this.#work ??= this.#run(new Sealer(this.#database, this, this.#data.options));
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#wake?.();
    await this.#work;
    await this.#database?.destroy();
  }

  replace(replacement: SegmentReplacement): Promise<boolean> {
    return this.#client().call('replace', replacement, buffersOf(replacement));
  }

  async markDamaged(table: 'journal' | 'segments', ids: readonly number[], reason: string): Promise<void> {
    this.#main.postMessage({ warning: `set aside in ${table}: ${ids.join(', ')}: ${reason}`, damaged: ids.length });
    await this.#client().call('markDamaged', { table, ids });
  }

  #client(): WorkerClient {
    if (this.#writer === undefined) throw new Error('not connected');
    return this.#writer;
  }

  async #run(sealer: Sealer): Promise<void> {
    while (!this.#closing) {
      let pauseMs = 0;
      try {
        if (!(await sealer.step(Date.now()))) pauseMs = IDLE_PAUSE_MS;
        this.#main.postMessage({ journalRecords: sealer.journalRecords });
      } catch (error) {
        this.#main.postMessage({ warning: `sealing: ${error instanceof Error ? error.message : String(error)}` });
        pauseMs = FAILURE_PAUSE_MS;
      }
      if (pauseMs > 0 && !this.#closing) await this.#pause(pauseMs);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The segment's buffers, which move to the other thread instead of being copied. */
function buffersOf({ segment }: SegmentReplacement): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = [];
  const add = (bytes: Uint8Array | null): void => {
    if (bytes !== null) buffers.push(bytes.buffer as ArrayBuffer);
  };
  add(segment.rows);
  for (const column of segment.columns) {
    add(column.dictionary);
    add(column.filter);
    add(column.data);
  }
  return buffers;
}

if (parentPort !== null) {
  setThreadPriority(NICENESS);
  const loop = new SealerLoop(parentPort, workerData as SealerWorkerData);
  new CallServer({
    connect: (port: MessagePort) => loop.connect(port),
    close: () => loop.close(),
  }).serve(parentPort);
}
