import type { Knex } from 'knex';

/** A statement that waits for the gate goes on after this in any case, in milliseconds. */
const LONGEST_WAIT_MS = 500;

const OPEN = 0;
const CLOSED = 1;

/**
 * Shared by the threads that read logs.db and the one that writes it: while it is closed, no reader begins to read. Closed for
 * moments in which SQLite wants nobody to read.
 */
export class ReaderGate {
  /** For the worker's data: `new ReaderGate(shared)` there is the same gate. */
  readonly shared: Int32Array;

  constructor(shared: Int32Array = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))) {
    this.shared = shared;
  }

  close(): void {
    Atomics.store(this.shared, 0, CLOSED);
  }

  open(): void {
    Atomics.store(this.shared, 0, OPEN);
    Atomics.notify(this.shared, 0);
  }

  /**
   * Makes what begins on a connection wait, in this thread, while the gate is closed. A transaction that has begun goes on: it is
   * its end that is waited for.
   */
  guard(database: Knex): void {
    let inTransaction = false;
    database.on('query', ({ sql }: { sql: string }) => {
      if (inTransaction) {
        if (/^(COMMIT|ROLLBACK)/i.test(sql)) inTransaction = false;
        return;
      }
      inTransaction = /^BEGIN/i.test(sql);
      if (Atomics.load(this.shared, 0) === CLOSED) Atomics.wait(this.shared, 0, CLOSED, LONGEST_WAIT_MS);
    });
  }
}
