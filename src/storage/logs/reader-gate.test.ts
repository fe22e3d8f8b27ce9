import path from 'node:path';
import type { Knex } from 'knex';
import { openDatabase } from '../database';
import { removeTemporaryDirectories, temporaryDirectory } from '../testing/temporary-directory';
import { ReaderGate } from './reader-gate';

let database: Knex;
let gate: ReaderGate;
let waits: number;

beforeEach(async () => {
  database = await openDatabase(path.join(await temporaryDirectory(), 'logs.db'));
  gate = new ReaderGate();
  gate.guard(database);
  waits = 0;
  jest.spyOn(Atomics, 'wait').mockImplementation(() => {
    waits++;
    return 'timed-out';
  });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await database.destroy();
  await removeTemporaryDirectories();
});

test('what begins while the gate is closed waits', async () => {
  await database.raw('SELECT 1');
  expect(waits).toBe(0);
  gate.close();
  await database.raw('SELECT 1');
  expect(waits).toBe(1);
  gate.open();
  await database.raw('SELECT 1');
  expect(waits).toBe(1);
});

test('a transaction that has begun goes on to its end, and the next one waits', async () => {
  await database.transaction(async (transaction) => {
    gate.close();
    await transaction.raw('SELECT 1');
    await transaction.raw('SELECT 2');
  });
  expect(waits).toBe(0);
  await database.transaction((transaction) => transaction.raw('SELECT 1'));
  expect(waits).toBe(1);
  await database.raw('SELECT 1');
  expect(waits).toBe(2);
});
