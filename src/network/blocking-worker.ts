import path from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import type { NetworkAnswer, NetworkRequest, NetworkWorkerData } from './messages';

/** Largest heap of the thread in MB: it holds few answers at a time, each with a limit. */
const MAX_HEAP_MB = 64;

/** Runs requests on a thread of its own while the calling thread stands still. */
export class BlockingWorker {
  readonly #policy: NetworkWorkerData['policy'];
  /** Counts answers; the calling thread sleeps on it. */
  readonly #answered = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #running: { readonly worker: Worker; readonly port: MessagePort } | undefined;
  #lastId = 0;

  constructor(policy: NetworkWorkerData['policy']) {
    this.#policy = policy;
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @throws Error when there is none in time
   */
  call(request: NetworkRequest, timeoutMs: number): NetworkAnswer {
    const { port } = (this.#running ??= this.#start());
    const id = ++this.#lastId;
    const deadline = performance.now() + timeoutMs;
    port.postMessage({ id, request, timeoutMs });
    for (;;) {
      const seen = Atomics.load(this.#answered, 0);
      // Answers to requests that were given up come late; they are passed over.
      for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
        const { id: answeredId, answer } = got.message as { readonly id: number; readonly answer: NetworkAnswer };
        if (answeredId === id) return answer;
      }
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`no answer within ${timeoutMs} milliseconds`);
      Atomics.wait(this.#answered, 0, seen, left);
    }
  }

  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.port.close();
    await running?.worker.terminate();
  }

  #start(): { readonly worker: Worker; readonly port: MessagePort } {
    const { port1: port, port2 } = new MessageChannel();
    const workerData: NetworkWorkerData = { port: port2, answered: this.#answered, policy: this.#policy };
    const worker = new Worker(path.join(__dirname, 'network-worker.js'), {
      workerData,
      transferList: [port2],
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    const started = { worker, port };
    // A thread that ended (it ran out of memory) is started again by the next call.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#running === started) this.#running = undefined;
    });
    worker.unref();
    port.unref();
    return started;
  }
}
