import type { ByteMemory } from './byte-writer';

/** So many buffers are kept for the next use: one is filled while two are being committed. */
const MAX_KEPT_BUFFERS = 3;
/** Larger ones are left to the garbage collector, in bytes: a burst must not hold memory for good. */
const MAX_KEPT_BYTES = 8 * 1024 * 1024;

/**
 * Buffers that another thread can read without a copy, used again and again: buffers that are moved between threads instead stay
 * in memory until the other thread's collector runs, tens of megabytes of them.
 */
export class SharedMemory implements ByteMemory {
  readonly #kept: Buffer[] = [];

  take(bytes: number): Buffer {
    const index = this.#kept.findIndex((buffer) => buffer.length >= bytes);
    const [kept] = index < 0 ? [] : this.#kept.splice(index, 1);
    return kept ?? Buffer.from(new SharedArrayBuffer(bytes));
  }

  giveBack(buffer: Buffer): void {
    if (buffer.length > MAX_KEPT_BYTES) return;
    this.#kept.push(buffer);
    if (this.#kept.length <= MAX_KEPT_BUFFERS) return;
    // The largest ones stay: they save most.
    this.#kept.sort((a, b) => b.length - a.length);
    this.#kept.pop();
  }
}
