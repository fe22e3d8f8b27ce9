import { statSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import type { Knex } from 'knex';
import { openDatabase } from '../database';
import { removeTemporaryDirectories, temporaryDirectory } from '../testing/temporary-directory';
import { WAL_LIMIT_BYTES } from './log-database';
import { ReaderGate } from './reader-gate';
import { WriteAheadLog } from './write-ahead-log';

const ROW_BYTES = 4 * 1024 * 1024;

/** Statements without a pause between them, as many queries make together, each begun when the gate is open. */
const READS_ALL_THE_TIME = `
  const { parentPort, workerData } = require('node:worker_threads');
  const database = new (require('better-sqlite3'))(workerData.file, { readonly: true });
  const read = database.prepare('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT count(*) FROM n, (SELECT * FROM t LIMIT 1)');
  for (let i = 0; ; i++) {
    Atomics.wait(workerData.shared, 0, 1, 500);
    read.get();
    if (i === 0) parentPort.postMessage('reading');
  }
`;

let file: string;
let database: Knex;
let warnings: string[];
let log: WriteAheadLog;
let gate: ReaderGate;

beforeEach(async () => {
  file = path.join(await temporaryDirectory(), 'logs.db');
  database = await openDatabase(file);
  await database.raw('CREATE TABLE t (data BLOB)');
  warnings = [];
  gate = new ReaderGate();
  log = new WriteAheadLog(database, file, gate, (message) => void warnings.push(message));
});

afterEach(async () => {
  await database.destroy();
  await removeTemporaryDirectories();
});

const size = (): number => statSync(`${file}-wal`).size;

/** Writes while somebody reads, so that the log cannot begin anew. */
async function grow(bytes: number): Promise<Database.Database> {
  const reader = new Database(file, { readonly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM t').get();
  while (size() < bytes) await database.raw('INSERT INTO t VALUES (zeroblob(?))', [ROW_BYTES]);
  return reader;
}

test('a log above its limit is begun anew once nobody reads', async () => {
  const reader = await grow(WAL_LIMIT_BYTES + 1);
  await log.keepSmall(0);
  expect(size()).toBeGreaterThan(WAL_LIMIT_BYTES);
  reader.close();
  // Not at once again: commits waited for the attempt.
  await log.keepSmall(1_000);
  expect(size()).toBeGreaterThan(WAL_LIMIT_BYTES);
  await log.keepSmall(2_000);
  expect(size()).toBe(0);
  expect(warnings).toEqual([]);
}, 60_000);

test('a reader that never ends is told of', async () => {
  const reader = await grow(4 * WAL_LIMIT_BYTES);
  await log.keepSmall(0);
  reader.close();
  expect(warnings).toEqual([expect.stringContaining('logs.db-wal has grown to 25')]);
}, 60_000);

test('a reader that reads all the time is held back for the moment that it takes', async () => {
  const reader = await grow(WAL_LIMIT_BYTES + 1);
  reader.close();
  const thread = new Worker(READS_ALL_THE_TIME, { eval: true, workerData: { file, shared: gate.shared } });
  await once(thread, 'message');
  await log.keepSmall(0);
  expect(size()).toBe(0);
  expect(Atomics.load(gate.shared, 0)).toBe(0);
  await thread.terminate();
}, 60_000);
