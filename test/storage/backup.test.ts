import { copyFile, mkdtemp, open as openFile, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RecordBatch } from '../../dist/record';
import { openDatabase } from '../../dist/storage/database';
import { SqliteLogStore } from '../../dist/storage/logs';
import { isSealed } from '../support/journal';
import { until } from '../support/until';

let directory: string;
let store: SqliteLogStore;
let file: string;

function openStore(): Promise<SqliteLogStore> {
  return SqliteLogStore.open({
    directory,
    maxPendingBytes: 64 * 1024 * 1024,
    sealer: { maxJournalAgeMs: 0, maxSegmentRecords: 1_024 },
    queryWorkers: 1,
    queryTimeoutMs: 30_000,
    onWarning: () => {},
  });
}

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'logweir-backup-'));
  file = path.join(directory, 'copy.db');
  store = await openStore();
});

afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

function numbered(first: number, count: number): RecordBatch {
  const batch = new RecordBatch();
  for (let i = first; i < first + count; i++) batch.addRecord(1_000_000 + i, { n: String(i) });
  return batch;
}

async function numbers(stream = 'web'): Promise<number[]> {
  const { json } = await store.query({ stream, from: 0, to: 1e13, order: 'oldest' });
  return (JSON.parse(Buffer.from(json).toString()) as { fields: { n: string } }[]).map(({ fields }) =>
    Number(fields.n),
  );
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

test('a restore brings back what was, and nothing else', async () => {
  await store.append('web', numbered(0, 3_000));
  await until(() => isSealed(directory));
  await store.append('web', numbered(3_000, 10));
  await store.configureStream('web', { ttl: 0, size: 7, indexed_fields: ['n'] });
  await store.backup(file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);

  await store.append('web', numbered(3_010, 10));
  await store.append('other', numbered(0, 1));
  await store.configureStream('web', { ttl: 0, size: 8, indexed_fields: [] });
  await store.restore(file);

  expect(await numbers()).toEqual(upTo(3_010));
  expect([...(await store.listStreams()).keys()]).toEqual(['web']);
  expect(await store.getStream('web')).toEqual({ ttl: 0, size: 7, indexed_fields: ['n'] });
  // New records get sequence numbers after the restored ones.
  await store.append('web', numbered(3_010, 1));
  const { ids } = await store.query({ stream: 'web', from: 0, to: 1e13, limit: 2 });
  expect(ids[0]!.sequence).toBe(ids[1]!.sequence + 1);
  expect((await readdir(directory)).filter((name) => !/^logs\.db(-wal|-shm)?$/.test(name))).toEqual([]);
});

test('records that arrive during a backup and a restore are stored', async () => {
  await store.append('web', numbered(0, 1_000));
  let next = 1_000;
  let ended = false;
  const sender = (async () => {
    while (!ended) {
      await store.append('web', numbered(next, 10));
      next += 10;
    }
  })();
  await store.backup(file);
  const before = next;
  await store.restore(file);
  const after = next;
  await until(() => next > after + 100);
  ended = true;
  await sender;
  const stored = await numbers();
  expect(new Set(stored).size).toBe(stored.length);
  // Of those between the copy and the exchange some are gone, as they must be; all before and after are there.
  expect(stored.slice(0, 1_000)).toEqual(upTo(1_000));
  expect(before).toBeGreaterThan(1_000);
  const late = stored.filter((n) => n >= after + 10);
  expect(late).toEqual(Array.from({ length: next - after - 10 }, (_, i) => after + 10 + i));
});

describe('a file that is no good backup is refused, and nothing changes:', () => {
  const spoil: readonly [name: string, spoiled: () => Promise<unknown>, code: string][] = [
    ['empty', () => truncate(file, 0), 'CORRUPT_DATA'],
    ['garbage', () => writeFile(file, 'garbage'), 'CORRUPT_DATA'],
    ['truncated', async () => truncate(file, Math.floor((await stat(file)).size / 16_384) * 8_192), 'CORRUPT_DATA'],
    ['overwritten', overwriteMiddle, 'CORRUPT_DATA'],
    ['foreign', () => withDatabase((database) => database.raw('drop table knex_migrations')), 'CORRUPT_DATA'],
    ['with a trigger', () => withDatabase(addTrigger), 'CORRUPT_DATA'],
    [
      'with another schema',
      () => withDatabase((database) => database.raw('drop table segment_columns')),
      'CORRUPT_DATA',
    ],
    ['with a bad stream', () => withDatabase((d) => d('streams').update({ indexed_fields: '{' })), 'CORRUPT_DATA'],
    ['with bad numbers', () => withDatabase((d) => d('segments').update({ record_count: 'many' })), 'CORRUPT_DATA'],
    ['newer', () => withDatabase(addMigration), 'UNSUPPORTED_FORMAT'],
    [
      'with newer segments',
      () => withDatabase((d) => d('segments').update({ format_version: 99 })),
      'UNSUPPORTED_FORMAT',
    ],
  ];

  type Database = Awaited<ReturnType<typeof openDatabase>>;

  async function withDatabase(change: (database: Database) => PromiseLike<unknown>): Promise<void> {
    const database = await openDatabase(file);
    await change(database);
    await database.destroy();
  }

  async function overwriteMiddle(): Promise<void> {
    const handle = await openFile(file, 'r+');
    const { size } = await handle.stat();
    await handle.write(Buffer.alloc(8_192 * 2, 0xff), 0, 8_192 * 2, Math.floor(size / 16_384) * 8_192);
    await handle.close();
  }

  function addTrigger(database: Database): PromiseLike<unknown> {
    return database.raw('create trigger evil after insert on journal begin delete from segments; end');
  }

  function addMigration(database: Database): PromiseLike<unknown> {
    return database('knex_migrations').insert({ name: '999-future', batch: 9, migration_time: 0 });
  }

  test.each(spoil)('%s', async (_name, spoiled, code) => {
    await store.append('web', numbered(0, 3_000));
    await until(() => isSealed(directory));
    await store.backup(file);
    await store.append('web', numbered(3_000, 5));
    await spoiled();
    await expect(store.restore(file)).rejects.toMatchObject({ code });
    expect(await numbers()).toEqual(upTo(3_005));
    await store.append('web', numbered(3_005, 1));
  });
});

test('a restore that was cut off by a crash leaves the old data', async () => {
  await store.append('web', numbered(0, 5));
  await store.close();
  await rename(path.join(directory, 'logs.db'), path.join(directory, 'logs.db.previous'));
  store = await openStore();
  expect(await numbers()).toEqual(upTo(5));
});

test('a database that another program holds open is not exchanged', async () => {
  await store.append('web', numbered(0, 5));
  await store.backup(file);
  const other = await openDatabase(path.join(directory, 'logs.db'));
  await other('streams').select('*');
  await store.append('web', numbered(5, 5));
  await expect(store.restore(file)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  await other.destroy();
  expect(await numbers()).toEqual(upTo(10));
});

test('a missing file is told', async () => {
  await copyFile(path.join(directory, 'logs.db'), file);
  await rm(file);
  await expect(store.restore(file)).rejects.toMatchObject({ code: expect.stringMatching(/CORRUPT_DATA|STORE_FAILED/) });
});
