import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Knex } from 'knex';
import { openDatabase } from '../database';
import { modeOf, removeTemporaryDirectories, temporaryDirectory } from '../testing/temporary-directory';
import type { AuthStore } from './auth-store';
import { openAuthStore } from './knex-auth-store';

let directory: string;
let store: AuthStore;
let backup: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
  backup = path.join(directory, 'backup.db');
  store = await openAuthStore(path.join(directory, 'auth.db'));
  await store.saveRole('admin', ['write_acls']);
  await store.saveUser('root', 'toor', ['admin']);
});

afterEach(async () => {
  await store.close();
  await removeTemporaryDirectories();
});

async function tamper(change: (database: Knex) => Promise<unknown>): Promise<void> {
  const database = await openDatabase(backup);
  await change(database);
  await database.destroy();
}

describe('backing up and restoring users', () => {
  test('brings back what was, and nothing else', async () => {
    await store.saveUser('alice', 'wonderland', ['ghost', 'admin']);
    const { token, uuid } = await store.createToken((await store.principalOf('alice'))!, { scopes: ['read_acls'] });
    await store.backup(backup);
    expect(await modeOf(backup)).toBe('600');

    const sessionVersion = (await store.principalOf('root'))?.credentialsVersion;
    await store.deleteUser('alice');
    await store.saveUser('mallory', 'pw', []);
    await store.saveRole('extra', []);
    await store.setPassword('root', 'changed');
    await store.restore(backup);

    expect(await store.listUsers()).toEqual([
      { name: 'alice', roles: ['ghost', 'admin'] },
      { name: 'root', roles: ['admin'] },
    ]);
    expect((await store.listRoles()).map(({ name }) => name)).toEqual(['admin']);
    expect(await store.verifyPassword('root', 'toor')).toBeDefined();
    expect([...((await store.authenticateToken(token))?.scopes ?? [])]).toEqual(['read_acls']);
    expect((await store.listTokens('alice')).map((each) => each.uuid)).toEqual([uuid]);
    expect((await store.principalOf('root'))?.credentialsVersion).not.toBe(sessionVersion);
  });

  test('ends the login sessions of those alone whose credentials were others', async () => {
    const versionOf = async (name: string) => (await store.principalOf(name))?.credentialsVersion;
    for (const name of ['same', 'changed', 'reset', 'demoted']) await store.saveUser(name, 'password', ['admin']);
    await store.backup(backup);
    await store.setPassword('changed', 'another');
    // The same password again: whoever had a session before must not have it back.
    await store.setPassword('reset', 'password');
    await store.setUserRoles('demoted', []);
    const names = ['root', 'same', 'changed', 'reset', 'demoted'];
    const before = await Promise.all(names.map(versionOf));
    await store.restore(backup);
    const after = await Promise.all(names.map(versionOf));
    expect(after.map((version, i) => version === before[i])).toEqual([true, true, false, false, false]);
    await store.restore(backup);
    expect(new Set([...before, ...after, ...(await Promise.all(names.map(versionOf)))]).size).toBe(2 + 3 * 3);
  });

  test('a password of the past in a backup does not keep a session', async () => {
    const before = (await store.principalOf('root'))?.credentialsVersion;
    await store.backup(backup);
    await tamper((database) => database('users').update({ password_hash: 'another' }));
    await store.restore(backup);
    expect((await store.principalOf('root'))?.credentialsVersion).not.toBe(before);
  });

  test('works on another installation and leaves the backup as it is', async () => {
    await store.backup(backup);
    const before = await readFile(backup);
    const other = await openAuthStore(path.join(directory, 'other.db'));
    await other.restore(backup);
    expect(await other.verifyPassword('root', 'toor')).toBeDefined();
    await other.close();
    expect(await readFile(backup)).toEqual(before);
  });

  test('does not write over a file', async () => {
    await writeFile(backup, 'precious');
    await expect(store.backup(backup)).rejects.toMatchObject({ name: 'StorageError', code: 'STORE_FAILED' });
    expect(await readFile(backup, 'utf8')).toBe('precious');
  });

  test('refuses a backup without an administrator', async () => {
    await store.backup(backup);
    await tamper((database) => database('user_roles').del());
    await expect(store.restore(backup)).rejects.toMatchObject({ code: 'LAST_ADMINISTRATOR' });
    expect((await store.getUser('root'))?.roles).toEqual(['admin']);
  });

  test.each<[string, string, (database: Knex) => Promise<unknown>]>([
    ['a newer schema', 'UNSUPPORTED_FORMAT', (d) => d('knex_migrations').insert({ name: '999-future', batch: 2 })],
    ['no schema', 'CORRUPT_DATA', (d) => d('knex_migrations').del()],
    ['a trigger', 'CORRUPT_DATA', (d) => d.raw('CREATE TRIGGER t AFTER INSERT ON users BEGIN DELETE FROM roles; END')],
    [
      'a view that never ends in place of a table',
      'CORRUPT_DATA',
      async (d) => {
        await d.schema.dropTable('tokens');
        await d.raw(
          'CREATE VIEW tokens AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS uuid FROM n',
        );
      },
    ],
    ['one more table', 'CORRUPT_DATA', (d) => d.raw('CREATE TABLE extra (a INTEGER)')],
    ['one column less', 'CORRUPT_DATA', (d) => d.raw('ALTER TABLE tokens DROP COLUMN last_used_at')],
    ['bytes for text', 'CORRUPT_DATA', (d) => d('users').update({ password_hash: Buffer.from([1, 2, 3]) })],
    [
      'a role of nobody',
      'CORRUPT_DATA',
      async (d) => {
        await d.raw('PRAGMA foreign_keys = OFF');
        await d('user_roles').insert({ user_name: 'nobody', role_name: 'admin', position: 0 });
      },
    ],
  ])('refuses a file with %s', async (_name, code, change) => {
    await store.backup(backup);
    await tamper(change);
    await expect(store.restore(backup)).rejects.toMatchObject({ name: 'StorageError', code });
    expect(await store.verifyPassword('root', 'toor')).toBeDefined();
  });

  test.each([
    ['nothing', ''],
    ['text', 'not a database at all, '.repeat(100)],
    ['the head of a database alone', 'SQLite format 3\0'],
  ])('refuses a file of %s', async (_name, content) => {
    await writeFile(backup, content);
    await expect(store.restore(backup)).rejects.toMatchObject({ name: 'StorageError', code: 'CORRUPT_DATA' });
  });

  test('refuses a file that was cut off', async () => {
    await store.backup(backup);
    const content = await readFile(backup);
    await writeFile(backup, content.subarray(0, content.length / 2));
    await expect(store.restore(backup)).rejects.toMatchObject({ name: 'StorageError', code: 'CORRUPT_DATA' });
  });
});
