import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Knex } from 'knex';
import { openDatabase } from './database';
import { modeOf, removeTemporaryDirectories, temporaryDirectory } from './testing/temporary-directory';

const open: Knex[] = [];

async function opened(...parameters: Parameters<typeof openDatabase>): Promise<Knex> {
  const database = await openDatabase(...parameters);
  open.push(database);
  return database;
}

async function pragma(database: Knex, name: string): Promise<unknown> {
  const rows: Record<string, unknown>[] = await database.raw(`PRAGMA ${name}`);
  return Object.values(rows[0] ?? {})[0];
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((database) => database.destroy()));
  await removeTemporaryDirectories();
});

describe('openDatabase', () => {
  test('makes file and directories that only the owner can use', async () => {
    const directory = path.join(await temporaryDirectory(), 'a', 'b');
    const file = path.join(directory, 'x.db');
    const database = await opened(file);
    await database.schema.createTable('t', (table) => void table.integer('a'));
    expect(await modeOf(file)).toBe('600');
    expect(await modeOf(`${file}-wal`)).toBe('600');
    expect(await modeOf(`${file}-shm`)).toBe('600');
    expect(await modeOf(directory)).toBe('700');
    expect(await modeOf(path.dirname(directory))).toBe('700');
  });

  test('leaves a directory that exists as it is and closes a file that others could read', async () => {
    const directory = path.join(await temporaryDirectory(), 'data');
    const file = path.join(directory, 'x.db');
    await mkdir(directory);
    await chmod(directory, 0o755);
    await (await openDatabase(file)).destroy();
    await chmod(file, 0o644);
    await opened(file);
    expect(await modeOf(file)).toBe('600');
    expect(await modeOf(directory)).toBe('755');
  });

  test('writes durably and checks references', async () => {
    const database = await opened(path.join(await temporaryDirectory(), 'x.db'));
    expect(await pragma(database, 'journal_mode')).toBe('wal');
    expect(await pragma(database, 'synchronous')).toBe(2);
    expect(await pragma(database, 'foreign_keys')).toBe(1);
    expect(await pragma(database, 'busy_timeout')).toBe(5000);
  });

  test('takes pragmas, those for new files in time', async () => {
    const database = await opened(path.join(await temporaryDirectory(), 'x.db'), {
      pragmas: { synchronous: 'NORMAL', auto_vacuum: 'INCREMENTAL', page_size: 8192 },
    });
    await database.schema.createTable('t', (table) => void table.integer('a'));
    expect(await pragma(database, 'synchronous')).toBe(1);
    expect(await pragma(database, 'auto_vacuum')).toBe(2);
    expect(await pragma(database, 'page_size')).toBe(8192);
  });

  test('a reader sees what a writer commits and cannot write', async () => {
    const file = path.join(await temporaryDirectory(), 'x.db');
    const writer = await opened(file);
    await writer.schema.createTable('t', (table) => void table.integer('a'));
    const reader = await opened(file, { readonly: true });
    await writer('t').insert({ a: 7 });
    expect(await reader('t').pluck('a')).toEqual([7]);
    await expect(reader('t').insert({ a: 8 })).rejects.toMatchObject({ code: 'SQLITE_READONLY' });
  });

  test('a reader does not make a missing file', async () => {
    const file = path.join(await temporaryDirectory(), 'x.db');
    await expect(openDatabase(file, { readonly: true })).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await expect(modeOf(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('says that a file is no database', async () => {
    const file = path.join(await temporaryDirectory(), 'x.db');
    await writeFile(file, 'This is a letter to my aunt, not a database. '.repeat(50));
    await expect(openDatabase(file)).rejects.toMatchObject({
      name: 'StorageError',
      code: 'CORRUPT_DATA',
      message: `cannot open the database ${file}: file is not a database`,
    });
  });

  test('says why a place cannot hold a database', async () => {
    const directory = await temporaryDirectory();
    await writeFile(path.join(directory, 'file'), '');
    await expect(openDatabase(path.join(directory, 'file', 'x.db'))).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringMatching(/ENOTDIR|EEXIST/),
    });
  });

  test('error texts have no values', async () => {
    const database = await opened(path.join(await temporaryDirectory(), 'x.db'));
    await database.schema.createTable('t', (table) => void table.string('a').primary());
    await database('t').insert({ a: 'hunter2' });
    await expect(database('t').insert({ a: 'hunter2' })).rejects.toMatchObject({
      message: expect.not.stringContaining('hunter2'),
    });
  });
});
