import path from 'node:path';
import { Worker, type TransferListItem } from 'node:worker_threads';
import { StorageError } from '../errors';
import { WorkerClient } from './worker-rpc';

/** Pause before a thread that ended by itself is started again, in milliseconds. */
const RESTART_PAUSE_MS = 500;

/** Room for short-lived objects of a thread, in MB. The engine's default is three times that, in each of the threads. */
const YOUNG_GENERATION_MB = 16;

export interface WorkerThreadOptions {
  /** File name of the worker's code beside this file, without extension. */
  readonly script: string;
  readonly workerData: unknown;
  /** Messages that are no answers to calls. */
  readonly onMessage: (message: Record<string, unknown>) => void;
  /** The thread ended by itself; it is started again after a pause, and then `onRestart` is called. */
  readonly onFailure: (error: Error) => void;
  readonly onRestart?: () => void;
  /** Largest JavaScript heap of the thread in MB. */
  readonly maxHeapMb: number;
}

/** A worker thread that answers calls and is started again when it ends by itself. */
export class WorkerThread {
  readonly #options: WorkerThreadOptions;
  #worker: Worker;
  #client: WorkerClient;
  #closing = false;
  #restart: NodeJS.Timeout | undefined;

  constructor(options: WorkerThreadOptions) {
    this.#options = options;
    [this.#worker, this.#client] = this.#start();
  }

  #start(): [Worker, WorkerClient] {
    const { script, workerData, maxHeapMb, onMessage } = this.#options;
    const worker = new Worker(path.join(__dirname, `${script}.js`), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    const client = new WorkerClient(worker);
    let failure: Error | undefined;
    worker.on('message', (message: Record<string, unknown>) => {
      if (message.id === undefined) onMessage(message);
    });
    worker.on('error', (error) => {
      failure = error;
    });
    worker.on('exit', (code) => {
      client.fail(new StorageError('STORE_FAILED', `the ${script} thread ended`, { cause: failure }));
      if (this.#closing) return;
      this.#options.onFailure(failure ?? new Error(`${script} ended with code ${code}`));
      this.#restart = setTimeout(() => this.#startAgain(), RESTART_PAUSE_MS);
    });
    return [worker, client];
  }

  #startAgain(): void {
    if (this.#closing) return;
    [this.#worker, this.#client] = this.#start();
    this.#options.onRestart?.();
  }

  /** Calls a method of the thread. @throws what it threw; `STORE_FAILED` when the thread is gone */
  call<Result>(method: string, argument?: unknown, transfer?: readonly TransferListItem[]): Promise<Result> {
    return this.#client.call<Result>(method, argument, transfer);
  }

  /** Lets the thread finish, then ends it. */
  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#restart);
    try {
      await this.#client.call('close');
    } catch {
      // It ended by itself before: nothing is left to close.
    }
    await this.#worker.terminate();
  }
}
