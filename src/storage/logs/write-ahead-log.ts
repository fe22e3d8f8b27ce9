import { stat } from 'node:fs/promises';
import type { Database } from 'better-sqlite3';
import type { Knex } from 'knex';
import { BUSY_TIMEOUT_MS } from '../database';
import { WAL_LIMIT_BYTES } from './log-database';
import type { ReaderGate } from './reader-gate';

/** Readers are waited for no longer than this, as commits wait meanwhile: single statements of queries are quicker. */
const WAIT_MS = 200;
/** After an attempt that failed, in milliseconds; and after more of them. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 10_000;
/** A log that has grown to so many times its limit is told of: somebody keeps a transaction open. */
const TOLD_ABOVE = 4;

/**
 * Keeps the write-ahead log of logs.db from growing. SQLite begins it anew when a moment without readers happens to come along
 * with a checkpoint; under constant queries none may come for hours, so here readers are waited for, shortly.
 */
export class WriteAheadLog {
  readonly #database: Knex;
  readonly #file: string;
  readonly #gate: ReaderGate;
  readonly #warn: (message: string) => void;
  #pauseMs = FIRST_PAUSE_MS;
  #nextAttempt = -Infinity;

  /**
   * @param file - the database's own
   * @param gate - closed while readers are waited for, so that new ones do not come as old ones go
   */
  constructor(database: Knex, file: string, gate: ReaderGate, warn: (message: string) => void) {
    this.#database = database;
    this.#file = `${file}-wal`;
    this.#gate = gate;
    this.#warn = warn;
  }

  /** Begins the log anew when it is above its limit. To be called every few seconds. @param now on a clock that nobody sets */
  async keepSmall(now: number): Promise<void> {
    if (now < this.#nextAttempt) return;
    const size = await this.#size();
    if (size <= WAL_LIMIT_BYTES) return;
    if (await this.#truncate()) {
      this.#pauseMs = FIRST_PAUSE_MS;
      this.#nextAttempt = -Infinity;
      return;
    }
    this.#nextAttempt = now + this.#pauseMs;
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    if (size < TOLD_ABOVE * WAL_LIMIT_BYTES) return;
    const mib = Math.floor(size / 2 ** 20);
    this.#warn(
      `${this.#file} has grown to ${mib} MiB because a program keeps reading from logs.db (a backup tool, the sqlite3 shell): ` +
        'end that, or the disk fills',
    );
  }

  async #size(): Promise<number> {
    return stat(this.#file).then(
      ({ size }) => size,
      () => 0,
    );
  }

  async #truncate(): Promise<boolean> {
    const client = this.#database.client as Knex.Client;
    const connection = (await client.acquireConnection()) as Database;
    try {
      connection.pragma(`busy_timeout = ${WAIT_MS}`);
      this.#gate.close();
      const [result] = connection.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
      return result?.busy === 0;
    } finally {
      this.#gate.open();
      connection.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
      await client.releaseConnection(connection);
    }
  }
}
