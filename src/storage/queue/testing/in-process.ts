import { queueCalls } from '../queue-calls';
import { Transferred } from '../../logs/worker-rpc';
import type { QueueWriterOptions } from '../queue-writer';
import type { QueueCaller } from '../sqlite-delivery-queue';

/** Serves the calls in the thread of the test, one after the other as the worker does. `fail` makes commits fail. */
export class InProcessQueue implements QueueCaller {
  /** Thrown by each commit while set. */
  fail: Error | undefined;
  readonly #calls: ReturnType<typeof queueCalls>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: string, options: QueueWriterOptions) {
    this.#calls = queueCalls(file, options);
  }

  call<Result>(method: string, argument?: unknown): Promise<Result> {
    const answer = this.#last.then(async () => {
      if (method === 'commit' && this.fail !== undefined) throw this.fail;
      const value = await this.#calls.handlers[method]?.(argument as never);
      return (value instanceof Transferred ? value.value : value) as Result;
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    await this.call('close');
  }
}
