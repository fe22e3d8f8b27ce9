import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openDatabase } from '../database';
import { modeOf, removeTemporaryDirectories, temporaryDirectory } from '../testing/temporary-directory';
import type { AuthStore, Principal } from './auth-store';
import { MAX_PASSWORD_LENGTH, MAX_TOKENS_PER_USER, openAuthStore, type AuthStoreOptions } from './knex-auth-store';

let file: string;
let store: AuthStore;
let now: number;

async function reopen(options: AuthStoreOptions = {}): Promise<void> {
  await store.close();
  store = await openAuthStore(file, { now: () => now, ...options });
}

async function login(name: string, password: string): Promise<Principal> {
  const principal = await store.verifyPassword(name, password);
  if (principal === undefined) {
    throw new Error(`${name} cannot log in`);
  }
  return principal;
}

/** An administrator and an auditor. */
async function populate(): Promise<void> {
  await store.saveRole('admin', ['write_acls', 'write_pipelines', 'send_logs']);
  await store.saveRole('auditor', ['read_acls', 'read_streams']);
  await store.saveUser('root', 'toor', ['admin']);
  await store.saveUser('alice', 'wonderland', ['auditor']);
}

beforeEach(async () => {
  now = Date.UTC(2024, 0, 1);
  file = path.join(await temporaryDirectory(), 'auth.db');
  store = await openAuthStore(file, { now: () => now });
});

afterEach(async () => {
  await store.close();
  await removeTemporaryDirectories();
});

describe('users', () => {
  test('are listed by name, with their roles in the order given', async () => {
    await store.saveUser('bob', 'pw', ['z', 'a', 'z', 'm']);
    await store.saveUser('Zoe', 'pw', []);
    await store.saveUser('ärmel', 'pw', ['m']);
    expect(await store.listUsers()).toEqual([
      { name: 'Zoe', roles: [] },
      { name: 'bob', roles: ['z', 'a', 'm'] },
      { name: 'ärmel', roles: ['m'] },
    ]);
    expect(await store.getUser('bob')).toEqual({ name: 'bob', roles: ['z', 'a', 'm'] });
    expect(await store.getUser('BOB')).toBeUndefined();
    expect(await store.getUser('__proto__')).toBeUndefined();
  });

  test('survive reopening', async () => {
    await populate();
    await reopen();
    expect(await login('alice', 'wonderland')).toMatchObject({ user: 'alice', roles: ['auditor'] });
    expect(await modeOf(file)).toBe('600');
  });

  test('are replaced as a whole when saved again', async () => {
    await populate();
    await store.saveUser('alice', 'other', ['viewer']);
    expect(await store.getUser('alice')).toEqual({ name: 'alice', roles: ['viewer'] });
    expect(await store.verifyPassword('alice', 'wonderland')).toBeUndefined();
    await login('alice', 'other');
  });

  test.each(['', 'a\nb', 'a\u0000', 'a\ud800', '\u2028', 'x'.repeat(256)])('cannot be named %j', async (name) => {
    await expect(store.saveUser(name, 'pw', [])).rejects.toMatchObject({ name: 'AuthError', code: 'INVALID_NAME' });
    await expect(store.saveRole(name, [])).rejects.toMatchObject({ code: 'INVALID_NAME' });
    await expect(store.saveUser('bob', 'pw', [name])).rejects.toMatchObject({ code: 'INVALID_NAME' });
    expect(await store.listUsers()).toEqual([]);
  });

  test.each(['a', 'x'.repeat(255), 'a b/c', "o'brien", '用户', '__proto__', '%', '😀'])(
    'can be named %j',
    async (name) => {
      await store.saveUser(name, 'pw', [name]);
      expect(await store.getUser(name)).toEqual({ name, roles: [name] });
    },
  );

  test('that are saved at once are all there', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.saveUser(`user-${i}`, 'pw', [`role-${i}`])));
    expect(await store.listUsers()).toHaveLength(20);
    expect(await store.getUser('user-7')).toEqual({ name: 'user-7', roles: ['role-7'] });
  });

  test('that are deleted lose their tokens', async () => {
    await populate();
    const { token } = await store.createToken(await login('alice', 'wonderland'));
    expect(await store.authenticateToken(token)).toBeDefined();
    expect(await store.deleteUser('alice')).toBe(true);
    expect(await store.deleteUser('alice')).toBe(false);
    expect(await store.authenticateToken(token)).toBeUndefined();
    await store.saveUser('alice', 'wonderland', ['auditor']);
    expect(await store.authenticateToken(token)).toBeUndefined();
    expect(await store.listTokens('alice')).toEqual([]);
  });

  test('get other roles without losing the password; an unknown one is not made up', async () => {
    await populate();
    await store.setUserRoles('alice', ['admin', 'ghost']);
    expect((await login('alice', 'wonderland')).roles).toEqual(['admin', 'ghost']);
    await expect(store.setUserRoles('mallory', ['admin'])).rejects.toMatchObject({ code: 'UNKNOWN_USER' });
    expect(await store.getUser('mallory')).toBeUndefined();
  });
});

describe('passwords', () => {
  test.each([
    ['', 1],
    ['x'.repeat(MAX_PASSWORD_LENGTH + 1), 1],
    ['short', 8],
  ])('%j is refused when %d characters are the least', async (password, minPasswordLength) => {
    await reopen({ minPasswordLength });
    await store.saveUser('bob', 'long enough', []);
    const refusal = { name: 'AuthError', code: 'INVALID_PASSWORD' };
    await expect(store.saveUser('eve', password, [])).rejects.toMatchObject(refusal);
    await expect(store.setPassword('bob', password)).rejects.toMatchObject(refusal);
    await expect(store.changePassword('bob', 'long enough', password)).rejects.toMatchObject(refusal);
    expect(await store.listUsers()).toEqual([{ name: 'bob', roles: [] }]);
    await login('bob', 'long enough');
  });

  test('may be short when the configuration says so, but never empty', async () => {
    await reopen({ minPasswordLength: 8 });
    await store.saveUser('bob', 'x', [], { allowShortPassword: true });
    await login('bob', 'x');
    await expect(store.setPassword('bob', '', { allowShortPassword: true })).rejects.toMatchObject({
      code: 'INVALID_PASSWORD',
    });
  });

  test('change with the old one alone', async () => {
    await populate();
    const wrong = { code: 'WRONG_PASSWORD', message: 'invalid credentials' };
    await expect(store.changePassword('alice', 'guess', 'new')).rejects.toMatchObject(wrong);
    await expect(store.changePassword('nobody', 'guess', 'new')).rejects.toMatchObject(wrong);
    await store.changePassword('alice', 'wonderland', 'new');
    await login('alice', 'new');
    expect(await store.verifyPassword('alice', 'wonderland')).toBeUndefined();
  });

  test('of two changes at once only one wins', async () => {
    await populate();
    const results = await Promise.allSettled(
      ['one', 'two'].map((password) => store.changePassword('alice', 'wonderland', password)),
    );
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    const winner = results[0]?.status === 'fulfilled' ? 'one' : 'two';
    await login('alice', winner);
  });

  test('that are too long match nobody', async () => {
    await populate();
    expect(await store.verifyPassword('alice', 'x'.repeat(1_000_000))).toBeUndefined();
  });

  test('are not to be found in the file', async () => {
    await populate();
    const { token } = await store.createToken(await login('alice', 'wonderland'));
    await store.close();
    const content = await readFile(file, 'latin1');
    expect(content).toContain('alice');
    expect(content).not.toContain('wonderland');
    expect(content).not.toContain(token.slice(4));
  });

  test('new versions of credentials come with password, roles and a new life', async () => {
    await populate();
    const versions = new Set<number>();
    const note = async (): Promise<void> => {
      versions.add((await store.principalOf('alice'))?.credentialsVersion ?? -1);
    };
    await note();
    await store.setPassword('alice', 'a');
    await note();
    await store.changePassword('alice', 'a', 'b');
    await note();
    await store.setUserRoles('alice', ['admin']);
    await note();
    await store.saveUser('alice', 'b', ['admin']);
    await note();
    await store.deleteUser('alice');
    await note();
    await store.saveUser('alice', 'b', ['admin']);
    await note();
    expect(versions.size).toBe(7);
    await store.saveRole('auditor', ['send_logs']);
    await store.createToken((await store.principalOf('alice'))!);
    await note();
    expect(versions.size).toBe(7);
  });
});

describe('roles', () => {
  test('are kept with their scopes as given, each once', async () => {
    await store.saveRole('b', ['send_logs', 'read_acls', 'send_logs']);
    await store.saveRole('a', []);
    expect(await store.listRoles()).toEqual([
      { name: 'a', scopes: [] },
      { name: 'b', scopes: ['send_logs', 'read_acls'] },
    ]);
    expect(await store.getRole('b')).toEqual({ name: 'b', scopes: ['send_logs', 'read_acls'] });
    expect(await store.getRole('c')).toBeUndefined();
  });

  test('with an unknown scope are refused', async () => {
    await expect(store.saveRole('r', ['send_logs', 'fly'])).rejects.toMatchObject({
      code: 'INVALID_SCOPE',
      message: 'there is no scope "fly"',
    });
    expect(await store.listRoles()).toEqual([]);
  });

  test('add up; unknown ones give nothing', async () => {
    await store.saveRole('sender', ['send_logs']);
    await store.saveRole('editor', ['write_streams']);
    await store.saveUser('bob', 'pw', ['sender', 'ghost', 'editor']);
    const principal = await login('bob', 'pw');
    expect([...principal.scopes].sort()).toEqual(['read_streams', 'send_logs', 'write_streams']);
    expect(principal.roles).toEqual(['sender', 'ghost', 'editor']);
  });

  test('hold at once for who is logged in', async () => {
    await populate();
    const scopes = async (): Promise<string[]> => [...((await store.principalOf('alice'))?.scopes ?? [])].sort();
    expect(await scopes()).toEqual(['read_acls', 'read_streams']);
    await store.saveRole('auditor', ['send_logs']);
    expect(await scopes()).toEqual(['send_logs']);
    expect(await store.deleteRole('auditor')).toBe(true);
    expect(await store.deleteRole('auditor')).toBe(false);
    expect(await scopes()).toEqual([]);
    expect(await store.getUser('alice')).toEqual({ name: 'alice', roles: ['auditor'] });
  });

  test('scopes of a newer version in the file give nothing', async () => {
    await populate();
    await store.close();
    const database = await openDatabase(file);
    await database('roles').where({ name: 'auditor' }).update({ scopes: 'read_acls read_minds' });
    await database.destroy();
    store = await openAuthStore(file);
    expect(await store.getRole('auditor')).toEqual({ name: 'auditor', scopes: ['read_acls'] });
  });
});

describe('the last administrator', () => {
  const removals: [string, () => Promise<unknown>][] = [
    ['deleting the user', () => store.deleteUser('root')],
    ['taking the role', () => store.setUserRoles('root', ['auditor'])],
    ['saving the user without the role', () => store.saveUser('root', 'toor', [])],
    ['taking the scope from the role', () => store.saveRole('admin', ['read_acls'])],
    ['deleting the role', () => store.deleteRole('admin')],
  ];

  test.each(removals)('cannot be lost by %s', async (_name, remove) => {
    await populate();
    await expect(remove()).rejects.toMatchObject({ name: 'AuthError', code: 'LAST_ADMINISTRATOR' });
    expect((await login('root', 'toor')).scopes.has('write_acls')).toBe(true);
    expect(await store.getRole('admin')).toEqual({
      name: 'admin',
      scopes: ['write_acls', 'write_pipelines', 'send_logs'],
    });
  });

  test.each(removals)('is not the last when there is another: %s', async (_name, remove) => {
    await populate();
    await store.saveRole('other', ['write_acls']);
    await store.setUserRoles('alice', ['other']);
    await remove();
    expect((await store.principalOf('root'))?.scopes.has('write_acls') ?? false).toBe(false);
  });

  test('stays when two administrators remove each other at once', async () => {
    await populate();
    await store.setUserRoles('alice', ['admin']);
    const results = await Promise.allSettled([store.deleteUser('root'), store.deleteUser('alice')]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await store.listUsers()).toHaveLength(1);
  });
});

describe('tokens', () => {
  test('carry all rights of their user, as they are now', async () => {
    await populate();
    const { token, uuid } = await store.createToken(await login('alice', 'wonderland'));
    expect(await store.authenticateToken(token)).toMatchObject({ user: 'alice', roles: ['auditor'], tokenUuid: uuid });
    await store.setUserRoles('alice', ['admin']);
    const principal = await store.authenticateToken(token);
    expect([...(principal?.scopes ?? [])].sort()).toEqual([
      'read_acls',
      'read_pipelines',
      'send_logs',
      'write_acls',
      'write_pipelines',
    ]);
  });

  test('are told from memory without a promise once they were used', async () => {
    await populate();
    const { token } = await store.createToken(await login('alice', 'wonderland'));
    const first = store.authenticateToken(token);
    expect(first).toBeInstanceOf(Promise);
    await first;
    expect(store.authenticateToken(token)).toMatchObject({ user: 'alice' });
    expect(store.authenticateToken('pat_garbage')).toBeUndefined();
  });

  test('survive reopening and a change of password', async () => {
    await populate();
    const { token } = await store.createToken(await login('alice', 'wonderland'));
    await store.setPassword('alice', 'new');
    await reopen();
    expect(await store.authenticateToken(token)).toMatchObject({ user: 'alice' });
  });

  test('end when they are deleted, by their owner alone', async () => {
    await populate();
    const { token, uuid } = await store.createToken(await login('alice', 'wonderland'));
    expect(await store.authenticateToken(token)).toBeDefined();
    expect(await store.deleteToken('root', uuid)).toBe(false);
    expect(await store.authenticateToken(token)).toBeDefined();
    expect(await store.deleteToken('alice', uuid)).toBe(true);
    expect(store.authenticateToken(token)).toBeInstanceOf(Promise);
    expect(await store.authenticateToken(token)).toBeUndefined();
    expect(await store.deleteToken('alice', uuid)).toBe(false);
  });

  test('a look-up that a deletion overtakes is not remembered', async () => {
    await populate();
    const { token, uuid } = await store.createToken(await login('alice', 'wonderland'));
    await Promise.all([store.authenticateToken(token), store.deleteToken('alice', uuid)]);
    expect(await store.authenticateToken(token)).toBeUndefined();
  });

  test('end with their time, also when remembered', async () => {
    await populate();
    const { token } = await store.createToken(await login('alice', 'wonderland'), { expiresAt: now + 1_000 });
    expect(await store.authenticateToken(token)).toBeDefined();
    now += 999;
    expect(store.authenticateToken(token)).toBeDefined();
    now += 1;
    expect(store.authenticateToken(token)).toBeUndefined();
    await reopen();
    expect(await store.authenticateToken(token)).toBeUndefined();
  });

  test('are narrowed to their scopes, and never wider than their user', async () => {
    await populate();
    await store.saveUser('ed', 'pw', ['admin']);
    const ed = await login('ed', 'pw');
    const { token } = await store.createToken(ed, { scopes: ['read_pipelines', 'write_streams'] });
    expect([...((await store.authenticateToken(token))?.scopes ?? [])]).toEqual(['read_pipelines']);
    const { token: powerless } = await store.createToken(ed, { scopes: [] });
    expect((await store.authenticateToken(powerless))?.scopes.size).toBe(0);
  });

  test('cannot be used to get a token that is wider or lives longer', async () => {
    await populate();
    const root = await login('root', 'toor');
    const created = await store.createToken(root, { scopes: ['write_pipelines'], expiresAt: now + 60_000 });
    const narrowed = (await store.authenticateToken(created.token))!;
    expect(await store.createToken(narrowed)).toMatchObject({ scopes: ['write_pipelines'], expiresAt: now + 60_000 });
    expect(await store.createToken(narrowed, { scopes: ['read_pipelines'], expiresAt: now + 1 })).toMatchObject({
      scopes: ['read_pipelines'],
      expiresAt: now + 1,
    });
    await expect(store.createToken(narrowed, { scopes: ['send_logs'] })).rejects.toMatchObject({
      code: 'INVALID_SCOPE',
    });
    await expect(store.createToken(narrowed, { expiresAt: now + 60_001 })).rejects.toMatchObject({
      code: 'INVALID_EXPIRY',
    });
  });

  test.each([
    [{ name: '' }, 'INVALID_NAME'],
    [{ name: 'a\u0007' }, 'INVALID_NAME'],
    [{ scopes: ['fly'] }, 'INVALID_SCOPE'],
    [{ expiresAt: 0 }, 'INVALID_EXPIRY'],
    [{ expiresAt: NaN }, 'INVALID_EXPIRY'],
    [{ expiresAt: Infinity }, 'INVALID_EXPIRY'],
  ])('%j is refused with %s', async (options, code) => {
    await populate();
    await expect(store.createToken(await login('alice', 'wonderland'), options)).rejects.toMatchObject({ code });
    expect(await store.listTokens('alice')).toEqual([]);
  });

  test('are not made for a user who is gone', async () => {
    await populate();
    const alice = await login('alice', 'wonderland');
    await store.deleteUser('alice');
    await expect(store.createToken(alice)).rejects.toMatchObject({ code: 'UNKNOWN_USER' });
  });

  test('are listed oldest first without their secret', async () => {
    await populate();
    const alice = await login('alice', 'wonderland');
    const first = await store.createToken(alice, { name: 'laptop', scopes: ['read_acls'] });
    now += 5;
    const second = await store.createToken(alice, { expiresAt: now + 9 });
    expect(await store.listTokens('alice')).toEqual([
      { uuid: first.uuid, name: 'laptop', scopes: ['read_acls'], createdAt: now - 5 },
      { uuid: second.uuid, createdAt: now, expiresAt: now + 9 },
    ]);
    expect(await store.listTokens('root')).toEqual([]);
    expect(first.uuid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test('have a time of last use that is right to the minute and survives reopening', async () => {
    await populate();
    const { token } = await store.createToken(await login('alice', 'wonderland'));
    const lastUse = async (): Promise<number | undefined> => (await store.listTokens('alice'))[0]?.lastUsedAt;
    expect(await lastUse()).toBeUndefined();
    const firstUse = now;
    await store.authenticateToken(token);
    now += 59_999;
    await store.authenticateToken(token);
    expect(await lastUse()).toBe(firstUse);
    now += 1;
    await store.authenticateToken(token);
    expect(await lastUse()).toBe(now);
    await reopen();
    expect(await lastUse()).toBe(now);
  });

  test('are limited in number', async () => {
    await populate();
    await store.close();
    const database = await openDatabase(file);
    const rows = Array.from({ length: MAX_TOKENS_PER_USER }, (_, i) => ({
      uuid: `uuid-${i}`,
      hash: `hash-${i}`,
      user_name: 'alice',
      created_at: i,
    }));
    await database.batchInsert('tokens', rows, 500);
    await database.destroy();
    store = await openAuthStore(file);
    const alice = await login('alice', 'wonderland');
    await expect(store.createToken(alice)).rejects.toMatchObject({ code: 'TOO_MANY_TOKENS' });
    await store.deleteToken('alice', 'uuid-0');
    await store.createToken(alice);
  });
});

describe('the file', () => {
  test('of a newer version is refused', async () => {
    await store.close();
    const database = await openDatabase(file);
    await database('knex_migrations').insert({ name: '999-future', batch: 2 });
    await database.destroy();
    await expect(openAuthStore(file)).rejects.toMatchObject({ name: 'StorageError', code: 'UNSUPPORTED_FORMAT' });
  });

  test('is not used after close', async () => {
    await populate();
    const { token } = await store.createToken(await login('alice', 'wonderland'));
    await store.authenticateToken(token);
    await store.close();
    await store.close();
    await expect(store.authenticateToken(token)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await expect(store.listUsers()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await expect(store.saveRole('r', [])).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });

  test('bears the mark of the first start', async () => {
    expect(await store.isBootstrapped()).toBe(false);
    await store.markBootstrapped();
    await store.markBootstrapped();
    await reopen();
    expect(await store.isBootstrapped()).toBe(true);
  });
});
