import path from 'node:path';
import type { Knex } from 'knex';
import { openDatabase } from './database';
import { migrate, type Migration } from './migrations';
import { removeTemporaryDirectories, temporaryDirectory } from './testing/temporary-directory';

function creates(name: string, table: string): Migration {
  return { name, up: (database) => database.schema.createTable(table, (columns) => void columns.integer('a')) };
}

const FIRST = creates('001-first', 'first');
const SECOND = creates('002-second', 'second');
const BROKEN: Migration = {
  name: '003-broken',
  async up(database) {
    await database.schema.createTable('third', (table) => void table.integer('a'));
    throw new Error('broken on purpose');
  },
};

let file: string;
let database: Knex;

async function tables(): Promise<string[]> {
  const names = await database('sqlite_master').where({ type: 'table' }).pluck('name');
  return names.filter((name: string) => !/^(knex|sqlite)_/.test(name)).sort();
}

beforeEach(async () => {
  file = path.join(await temporaryDirectory(), 'x.db');
  database = await openDatabase(file);
});

afterEach(async () => {
  await database.destroy();
  await removeTemporaryDirectories();
});

describe('migrate', () => {
  test('does each step once, in order, also after reopening', async () => {
    await migrate(database, [FIRST]);
    expect(await tables()).toEqual(['first']);
    await database.destroy();
    database = await openDatabase(file);
    await migrate(database, [FIRST, SECOND]);
    await migrate(database, [FIRST, SECOND]);
    expect(await tables()).toEqual(['first', 'second']);
  });

  test('does not write to a database that is at the newest schema', async () => {
    await migrate(database, [FIRST]);
    const reader = await openDatabase(file, { readonly: true });
    await expect(migrate(reader, [FIRST])).resolves.toBeUndefined();
    await reader.destroy();
  });

  test('a step that fails leaves no trace of itself or of the steps before it', async () => {
    await migrate(database, [FIRST]);
    await expect(migrate(database, [FIRST, SECOND, BROKEN])).rejects.toThrow('broken on purpose');
    expect(await tables()).toEqual(['first']);
    await migrate(database, [FIRST, SECOND]);
    expect(await tables()).toEqual(['first', 'second']);
  });

  test('refuses what a newer version wrote', async () => {
    await migrate(database, [FIRST, SECOND]);
    await expect(migrate(database, [FIRST])).rejects.toMatchObject({
      name: 'StorageError',
      code: 'UNSUPPORTED_FORMAT',
      message: expect.stringContaining('written by a newer version of Logweir (schema step "002-second"'),
    });
  });
});
