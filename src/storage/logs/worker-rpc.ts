import type { MessagePort, TransferListItem, Worker } from 'node:worker_threads';
import { StorageError, type StorageErrorCode } from '../errors';

interface CallMessage {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

interface ReplyMessage {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly message: string; readonly code?: string; readonly offset?: number };
}

/** One end of a channel between threads. */
export type Channel = MessagePort | Worker;

/** A reply together with the buffers that move to the caller's thread. */
export class Transferred {
  constructor(
    readonly value: unknown,
    readonly transfer: readonly TransferListItem[],
  ) {}
}

/** Calls methods that another thread serves with {@link serveCalls}. */
export class WorkerClient {
  readonly #channel: Channel;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #lastId = 0;
  #failure: Error | undefined;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.on('message', (reply: ReplyMessage) => this.#settle(reply));
  }

  /** @throws what the method threw: a StorageError with its code, or an Error */
  call<Result>(method: string, argument?: unknown, transfer: readonly TransferListItem[] = []): Promise<Result> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const id = ++this.#lastId;
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#channel.postMessage({ id, method, argument } satisfies CallMessage, transfer);
    });
  }

  /** Ends all waiting and later calls with this error: the other thread is gone. */
  fail(error: Error): void {
    this.#failure = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #settle(reply: ReplyMessage): void {
    const call = this.#waiting.get(reply.id);
    if (call === undefined) return;
    this.#waiting.delete(reply.id);
    if (reply.error === undefined) {
      call.resolve(reply.value as never);
    } else if (reply.error.code === undefined) {
      call.reject(new Error(reply.error.message));
    } else {
      call.reject(
        new StorageError(reply.error.code as StorageErrorCode, reply.error.message, { offset: reply.error.offset }),
      );
    }
  }
}

export type CallHandlers = Readonly<Record<string, (argument: never) => unknown>>;

/** Serves calls from another thread, one after the other in the order of their arrival over all channels. */
export class CallServer {
  readonly #handlers: CallHandlers;
  #last: Promise<void> = Promise.resolve();

  constructor(handlers: CallHandlers) {
    this.#handlers = handlers;
  }

  serve(channel: Channel): void {
    channel.on('message', (call: CallMessage) => {
      this.#last = this.#last.then(() => this.#answer(channel, call));
    });
  }

  /** Puts own work of the thread between the calls, so that it never overlaps one. */
  inTurn(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work);
    return this.#last;
  }

  async #answer(channel: Channel, call: CallMessage): Promise<void> {
    try {
      const handler = this.#handlers[call.method];
      if (handler === undefined) throw new Error(`no such call: ${call.method}`);
      const value = await handler(call.argument as never);
      if (value instanceof Transferred) {
        channel.postMessage({ id: call.id, value: value.value } satisfies ReplyMessage, [...value.transfer]);
      } else {
        channel.postMessage({ id: call.id, value } satisfies ReplyMessage);
      }
    } catch (error) {
      channel.postMessage({ id: call.id, error: describe(error) } satisfies ReplyMessage);
    }
  }
}

function describe(error: unknown): ReplyMessage['error'] {
  if (error instanceof StorageError) return { message: error.message, code: error.code, offset: error.offset };
  return { message: error instanceof Error ? error.message : String(error) };
}
