import { StorageError } from '../errors';
import type { WorkerThread } from './worker-thread';

/** A call that is resumed gets a thread after so many others at the latest, however many there are. */
const MAX_FIRST_CALLS_IN_A_ROW = 4;

type Reader = Pick<WorkerThread, 'call' | 'close'>;

/**
 * When a call gets a thread: `urgent` is what is done with at a glance, `resumed` what goes on with the work of an earlier call.
 */
export type Turn = 'urgent' | 'first' | 'resumed';

interface WaitingCall {
  readonly method: string;
  readonly argument: unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Threads that read, and the line before them. Who comes for the first time goes ahead of who has had a thread before: what is
 * short is answered soon, whatever long work there is beside it.
 */
export class ReaderPool {
  readonly #readers: readonly Reader[];
  readonly #idle: Reader[];
  readonly #urgent: WaitingCall[] = [];
  readonly #first: WaitingCall[] = [];
  readonly #resumed: WaitingCall[] = [];
  readonly #waiting: Int32Array;
  #firstInARow = 0;
  #closing = false;
  #onIdle: (() => void) | undefined;

  /** @param waiting shows the threads how many calls wait for one of them, so that who can be resumed makes way */
  constructor(readers: readonly Reader[], waiting: Int32Array) {
    this.#readers = readers;
    this.#idle = [...readers];
    this.#waiting = waiting;
  }

  /**
   * Calls a method of the next thread that is free.
   * @throws what the method threw; StorageError `STORE_CLOSED`
   */
  call<Result>(method: string, argument: unknown, turn: Turn): Promise<Result> {
    if (this.#closing) return Promise.reject(new StorageError('STORE_CLOSED', 'the store is closed'));
    return new Promise<Result>((resolve, reject) => {
      const line = turn === 'urgent' ? this.#urgent : turn === 'first' ? this.#first : this.#resumed;
      line.push({ method, argument, resolve, reject });
      this.#dispatch();
    });
  }

  /** Lets all calls end, then ends the threads. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#idle.length < this.#readers.length) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    await Promise.all(this.#readers.map((reader) => reader.close()));
  }

  #dispatch(): void {
    while (this.#idle.length > 0) {
      const next = this.#next();
      if (next === undefined) break;
      void this.#run(this.#idle.pop() as Reader, next);
    }
    Atomics.store(this.#waiting, 0, this.#urgent.length + this.#first.length + this.#resumed.length);
    if (this.#idle.length === this.#readers.length) this.#onIdle?.();
  }

  #next(): WaitingCall | undefined {
    const urgent = this.#urgent.shift();
    if (urgent !== undefined) return urgent;
    const isTurnOfResumed = this.#firstInARow >= MAX_FIRST_CALLS_IN_A_ROW && this.#resumed.length > 0;
    const first = isTurnOfResumed ? undefined : this.#first.shift();
    this.#firstInARow = first === undefined ? 0 : this.#firstInARow + 1;
    return first ?? this.#resumed.shift();
  }

  async #run(reader: Reader, { method, argument, resolve, reject }: WaitingCall): Promise<void> {
    try {
      resolve(await reader.call<never>(method, argument));
    } catch (error) {
      reject(error);
    }
    this.#idle.push(reader);
    this.#dispatch();
  }
}
