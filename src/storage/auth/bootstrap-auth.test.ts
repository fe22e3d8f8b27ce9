import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openDatabase } from '../database';
import { modeOf, removeTemporaryDirectories, temporaryDirectory } from '../testing/temporary-directory';
import type { AuthStore } from './auth-store';
import { bootstrapAuth } from './bootstrap-auth';
import { openAuthStore } from './knex-auth-store';
import { SCOPES } from './scopes';

let dataDir: string;
let file: string;
let store: AuthStore;

beforeEach(async () => {
  dataDir = await temporaryDirectory();
  file = path.join(dataDir, 'auth.db');
  store = await openAuthStore(file, { minPasswordLength: 12 });
});

afterEach(async () => {
  await store.close();
  await removeTemporaryDirectories();
});

/** What only someone with the file in hand can do. */
async function emptyTable(table: string): Promise<void> {
  await store.close();
  const database = await openDatabase(file);
  await database(table).del();
  await database.destroy();
  store = await openAuthStore(file);
}

describe('the first start', () => {
  test('makes an administrator with a random password that is in a file', async () => {
    const result = await bootstrapAuth(store, { dataDir });
    const passwordFile = path.join(dataDir, 'initial-password');
    expect(result).toMatchObject({ createdUser: 'root', passwordFile, warnings: [] });
    expect(result.generatedPassword).toMatch(/^[a-zA-Z0-9]{24}$/);
    expect(await readFile(passwordFile, 'utf8')).toBe(`${result.generatedPassword}\n`);
    expect(await modeOf(passwordFile)).toBe('600');
    const root = await store.verifyPassword('root', result.generatedPassword ?? '');
    expect(root?.roles).toEqual(['admin']);
    expect([...(root?.scopes ?? [])].sort()).toEqual([...SCOPES].sort());
  });

  test('makes the roles admin and viewer', async () => {
    await bootstrapAuth(store, { dataDir });
    expect(await store.listRoles()).toEqual([
      {
        name: 'admin',
        scopes: [
          'send_logs',
          'write_acls',
          'write_pipelines',
          'write_transformers',
          'write_streams',
          'write_forwarders',
          'read_system_configuration',
          'write_system_configuration',
          'read_auth_providers',
          'write_auth_providers',
        ],
      },
      { name: 'viewer', scopes: ['read_streams'] },
    ]);
  });

  test('takes the configured user and password, however weak, and warns', async () => {
    const result = await bootstrapAuth(store, { initialUser: 'boss', initialPassword: 'boss', dataDir });
    expect(result).toEqual({
      createdUser: 'boss',
      resetUser: undefined,
      warnings: ['auth.initial_password is easy to guess: change the password of "boss"'],
    });
    expect(await store.verifyPassword('boss', 'boss')).toBeDefined();
    await expect(modeOf(path.join(dataDir, 'initial-password'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('goes on where an earlier one was cut off', async () => {
    await store.saveRole('admin', ['write_acls']);
    const result = await bootstrapAuth(store, { initialUser: '', initialPassword: '', dataDir });
    expect(result.createdUser).toBe('root');
    expect((await store.listRoles()).map(({ name }) => name)).toEqual(['admin', 'viewer']);
  });

  test('fails, and makes no user, when the password cannot be written', async () => {
    await writeFile(path.join(dataDir, 'file'), '');
    await expect(bootstrapAuth(store, { dataDir: path.join(dataDir, 'file') })).rejects.toMatchObject({
      name: 'StorageError',
      code: 'STORE_FAILED',
    });
    expect(await store.listUsers()).toEqual([]);
  });
});

describe('later starts', () => {
  test('leave users and roles alone', async () => {
    await bootstrapAuth(store, { initialPassword: 'first password', dataDir });
    await store.deleteRole('viewer');
    await store.saveRole('ops', ['write_acls']);
    await store.setUserRoles('root', ['ops']);
    await store.deleteRole('admin');
    expect(await bootstrapAuth(store, { initialPassword: 'second password', dataDir })).toEqual({ warnings: [] });
    expect((await store.listRoles()).map(({ name }) => name)).toEqual(['ops']);
    expect(await store.verifyPassword('root', 'first password')).toBeDefined();
  });

  test('make an administrator again when there are no users at all', async () => {
    await bootstrapAuth(store, { dataDir });
    await emptyTable('users');
    await store.saveRole('admin', []);
    await store.deleteRole('viewer');
    const { generatedPassword } = await bootstrapAuth(store, { dataDir });
    const root = await store.verifyPassword('root', generatedPassword ?? '');
    expect(root?.scopes.has('write_acls')).toBe(true);
    expect((await store.listRoles()).map(({ name }) => name)).toEqual(['admin']);
  });
});

describe('resetting a password', () => {
  test('lets its user in again', async () => {
    await bootstrapAuth(store, { initialPassword: 'forgotten password', dataDir });
    const result = await bootstrapAuth(store, { resetUser: 'root', resetPassword: 'way back in', dataDir });
    expect(result.resetUser).toBe('root');
    expect(result.warnings).toHaveLength(1);
    expect(await store.verifyPassword('root', 'way back in')).toBeDefined();
    expect((await store.getUser('root'))?.roles).toEqual(['admin']);
  });

  test('does not end login sessions when the password is that one already', async () => {
    const options = { resetUser: 'root', resetPassword: 'way back in', dataDir };
    await bootstrapAuth(store, options);
    const before = await store.principalOf('root');
    const result = await bootstrapAuth(store, options);
    expect(result.resetUser).toBeUndefined();
    expect((await store.principalOf('root'))?.credentialsVersion).toBe(before?.credentialsVersion);
  });

  test.each([
    [{ resetUser: 'nobody', resetPassword: 'way back in' }, 'UNKNOWN_USER'],
    [{ resetUser: 'root' }, 'INCOMPLETE_RESET'],
    [{ resetPassword: 'way back in' }, 'INCOMPLETE_RESET'],
    [{ resetUser: 'root', resetPassword: 'x'.repeat(2_000) }, 'INVALID_PASSWORD'],
  ])('fails loudly: %j', async (options, code) => {
    await expect(bootstrapAuth(store, { ...options, dataDir })).rejects.toMatchObject({ name: 'AuthError', code });
  });
});
