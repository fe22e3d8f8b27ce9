import { createSecretKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openDatabase } from '../database';
import { modeOf, removeTemporaryDirectories, temporaryDirectory } from '../testing/temporary-directory';
import type { ConfigChange, ConfigStore, ItemKind } from './config-store';
import { openConfigStore, type ConfigStoreOptions } from './knex-config-store';
import { SecretBox } from './secret-box';

const KINDS: ItemKind[] = ['pipeline', 'transformer', 'forwarder', 'auth_provider'];

let file: string;
let store: ConfigStore;
let now: number;

const box = (fill = 1): SecretBox => new SecretBox(createSecretKey(Buffer.alloc(32, fill)));

async function reopen(options: ConfigStoreOptions = {}): Promise<void> {
  await store.close();
  store = await openConfigStore(file, { now: () => now, secretBox: box(), ...options });
}

function changesOf(observed: ConfigStore): ConfigChange[] {
  const changes: ConfigChange[] = [];
  observed.onChange((change) => void changes.push(change));
  return changes;
}

beforeEach(async () => {
  now = 1_000;
  file = path.join(await temporaryDirectory(), 'config.db');
  store = await openConfigStore(file, { now: () => now, secretBox: box() });
});

afterEach(async () => {
  await store.close();
  await removeTemporaryDirectories();
});

describe.each(KINDS)('items of kind %s', (kind) => {
  test('are saved, read, replaced, listed and deleted', async () => {
    expect(await store.get(kind, 'a')).toBeUndefined();
    expect(await store.save(kind, 'a', 'one')).toEqual({ name: 'a', body: 'one', revision: 1, updatedAt: 1_000 });
    now = 2_000;
    await store.save(kind, 'Z', '');
    await store.save(kind, 'a', 'two');
    expect(await store.get(kind, 'a')).toEqual({ name: 'a', body: 'two', revision: 3, updatedAt: 2_000 });
    expect(await store.list(kind)).toEqual(['Z', 'a']);
    expect(await store.listItems(kind)).toEqual([
      { name: 'Z', body: '', revision: 2, updatedAt: 2_000 },
      { name: 'a', body: 'two', revision: 3, updatedAt: 2_000 },
    ]);
    expect(await store.delete(kind, 'a')).toBe(true);
    expect(await store.delete(kind, 'a')).toBe(false);
    expect(await store.list(kind)).toEqual(['Z']);
  });

  test('survive reopening', async () => {
    await store.save(kind, '../../etc/passwd', '{"a": "ü😀\\u0000"}\n');
    await reopen();
    expect((await store.get(kind, '../../etc/passwd'))?.body).toBe('{"a": "ü😀\\u0000"}\n');
  });

  test('do not mix with those of other kinds', async () => {
    for (const other of KINDS) {
      await store.save(other, 'same', other);
    }
    await store.delete(kind, 'same');
    for (const other of KINDS) {
      expect((await store.get(other, 'same'))?.body).toBe(other === kind ? undefined : other);
    }
  });
});

describe('names', () => {
  test.each(['', 'a\nb', 'a\u0000', 'x'.repeat(256), '\ud800'])('%j is refused', async (name) => {
    await expect(store.save('pipeline', name, '{}')).rejects.toMatchObject({
      name: 'ConfigError',
      code: 'INVALID_NAME',
      message: expect.stringMatching(/^the name of a pipeline must /),
    });
    expect(await store.list('pipeline')).toEqual([]);
  });

  test.each(['x'.repeat(255), '__proto__', 'a b:c/d', '用户'])('%j is fine', async (name) => {
    await store.save('pipeline', name, '{}');
    expect(await store.list('pipeline')).toEqual([name]);
  });
});

describe('revisions', () => {
  test('never come again, even for a name that was deleted and after reopening', async () => {
    const first = await store.save('pipeline', 'a', '1');
    await store.delete('pipeline', 'a');
    await reopen();
    const second = await store.save('pipeline', 'a', '1');
    expect(second.revision).toBeGreaterThan(first.revision);
  });

  test('make a write conditional', async () => {
    const { revision } = await store.save('pipeline', 'a', '1', { ifRevision: 0 });
    const mismatch = { name: 'ConfigError', code: 'REVISION_MISMATCH' };
    await expect(store.save('pipeline', 'a', '2', { ifRevision: 0 })).rejects.toMatchObject(mismatch);
    await expect(store.save('pipeline', 'a', '2', { ifRevision: revision + 1 })).rejects.toMatchObject(mismatch);
    await expect(store.delete('pipeline', 'a', { ifRevision: revision + 1 })).rejects.toMatchObject(mismatch);
    await expect(store.save('pipeline', 'b', '2', { ifRevision: 5 })).rejects.toMatchObject(mismatch);
    expect((await store.get('pipeline', 'a'))?.body).toBe('1');
    const saved = await store.save('pipeline', 'a', '2', { ifRevision: revision });
    expect(await store.delete('pipeline', 'a', { ifRevision: saved.revision })).toBe(true);
  });

  test('let one of many writers at once win', async () => {
    const { revision } = await store.save('pipeline', 'a', '0');
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) => store.save('pipeline', 'a', `${i + 1}`, { ifRevision: revision })),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  test('differ among writes at once', async () => {
    const saved = await Promise.all(
      Array.from({ length: 30 }, (_, i) => store.save('transformer', `t${i % 3}`, `${i}`)),
    );
    expect(new Set(saved.map((item) => item.revision)).size).toBe(30);
    const last = saved.reduce((a, b) => (a.revision > b.revision ? a : b));
    expect(await store.get('transformer', last.name)).toEqual(last);
  });
});

describe('listeners', () => {
  test('hear of each change once it can be read', async () => {
    const read: Promise<unknown>[] = [];
    store.onChange(({ kind, name }) => {
      if (kind === 'pipeline') {
        read.push(store.get(kind, name));
      }
    });
    const changes = changesOf(store);
    await store.save('pipeline', 'a', 'new');
    await store.updateSystemConfiguration({ syslog_allowed_origins: [], default_roles: [] });
    await store.delete('pipeline', 'a');
    await store.delete('pipeline', 'a');
    expect(changes).toEqual([
      { kind: 'pipeline', name: 'a' },
      { kind: 'system_configuration', name: '' },
      { kind: 'pipeline', name: 'a' },
    ]);
    expect(await Promise.all(read)).toEqual([expect.objectContaining({ body: 'new' }), undefined]);
  });

  test('do not hear of writes that were refused', async () => {
    const changes = changesOf(store);
    await expect(store.save('pipeline', '', '')).rejects.toBeDefined();
    await expect(store.save('pipeline', 'a', '', { ifRevision: 9 })).rejects.toBeDefined();
    await expect(
      store.updateSystemConfiguration({ syslog_allowed_origins: ['?'], default_roles: [] }),
    ).rejects.toBeDefined();
    expect(changes).toEqual([]);
  });

  test('that fail disturb neither the write nor the others', async () => {
    const errors: unknown[] = [];
    await reopen({ onListenerError: (error) => errors.push(error) });
    store.onChange(() => {
      throw new Error('deaf');
    });
    store.onChange(() => Promise.reject(new Error('late')));
    const changes = changesOf(store);
    await store.save('pipeline', 'a', '1');
    expect(errors).toEqual([new Error('deaf'), new Error('late')]);
    expect(changes).toHaveLength(1);
  });

  test('are done when the write is', async () => {
    const applied: string[] = [];
    store.onChange(async ({ name }) => {
      applied.push((await store.get('pipeline', name))?.body ?? 'gone');
    });
    await store.save('pipeline', 'a', '1');
    expect(applied).toEqual(['1']);
    await store.delete('pipeline', 'a');
    expect(applied).toEqual(['1', 'gone']);
  });

  test('can be ended, also while being told', async () => {
    const heard: string[] = [];
    const listener = (change: ConfigChange): void => {
      heard.push(change.name);
      end();
    };
    const end = store.onChange(listener);
    store.onChange(listener);
    await store.save('pipeline', 'a', '1');
    await store.save('pipeline', 'b', '1');
    expect(heard).toEqual(['a', 'a', 'b']);
  });
});

describe('secrets', () => {
  test('of forwarders and auth providers are not to be found in the file, nor in a backup', async () => {
    for (const kind of KINDS) {
      await store.save(kind, 'x', `{"token": "secret of ${kind}"}`);
    }
    const backup = `${file}.backup`;
    await store.backup(backup);
    await store.close();
    for (const each of [file, backup]) {
      const content = await readFile(each, 'latin1');
      expect(content).toContain('secret of pipeline');
      expect(content).toContain('secret of transformer');
      expect(content).not.toContain('secret of forwarder');
      expect(content).not.toContain('secret of auth_provider');
    }
  });

  test('stored in clear are read, and encrypted with the next write', async () => {
    await reopen({ secretBox: undefined });
    await store.save('forwarder', 'x', '{"a":1}');
    await reopen();
    expect((await store.get('forwarder', 'x'))?.body).toBe('{"a":1}');
  });

  test('encrypted with another key are refused with the reason; all else works', async () => {
    await store.save('forwarder', 'x', '{}');
    await reopen({ secretBox: box(2) });
    const refusal = { name: 'ConfigError', code: 'WRONG_SECRET_KEY' };
    await expect(store.get('forwarder', 'x')).rejects.toMatchObject(refusal);
    await expect(store.listItems('forwarder')).rejects.toMatchObject(refusal);
    expect(await store.list('forwarder')).toEqual(['x']);
    await store.save('forwarder', 'x', '{"new":1}');
    expect((await store.get('forwarder', 'x'))?.body).toBe('{"new":1}');
  });

  test('encrypted ones without a key at hand are not passed off as configuration', async () => {
    await store.save('forwarder', 'x', '{}');
    await reopen({ secretBox: undefined });
    await expect(store.get('forwarder', 'x')).rejects.toMatchObject({ code: 'WRONG_SECRET_KEY' });
  });
});

describe('the system configuration', () => {
  test('lets everybody send until it is saved', async () => {
    expect(await store.systemConfiguration()).toEqual({ syslog_allowed_origins: [], default_roles: ['viewer'] });
  });

  test('is replaced as a whole and kept in order', async () => {
    const configuration = { syslog_allowed_origins: ['192.0.2.0/24', '::1'], default_roles: ['b', 'a'] };
    await store.updateSystemConfiguration(configuration);
    await reopen();
    expect(await store.systemConfiguration()).toEqual(configuration);
    await store.updateSystemConfiguration({ syslog_allowed_origins: [], default_roles: [] });
    expect(await store.systemConfiguration()).toEqual({ syslog_allowed_origins: [], default_roles: [] });
  });

  test.each([
    [['::1', 'nonsense'], [], 'syslog_allowed_origins[1]: "nonsense" is neither an IP address nor a CIDR block'],
    [[], ['a', ''], 'default_roles[1]: the name of a role must have 1 to 255 characters'],
  ])('refuses %j, %j', async (syslog_allowed_origins, default_roles, message) => {
    await expect(store.updateSystemConfiguration({ syslog_allowed_origins, default_roles })).rejects.toMatchObject({
      name: 'ConfigError',
      code: 'INVALID_SYSTEM_CONFIGURATION',
      message,
    });
    expect(await store.systemConfiguration()).toEqual({ syslog_allowed_origins: [], default_roles: ['viewer'] });
  });
});

describe('backing up and restoring', () => {
  let backup: string;

  beforeEach(async () => {
    backup = `${file}.backup`;
    await store.save('pipeline', 'kept', '1');
    await store.save('pipeline', 'changed', '1');
    await store.save('forwarder', 'siem', '{"token":"t"}');
    await store.save('forwarder', 'deleted', '{"token":"d"}');
    await store.backup(backup);
    await store.save('pipeline', 'changed', '2');
    await store.save('transformer', 'added', '.');
    await store.delete('forwarder', 'deleted');
  });

  test('brings back what was and tells of what differed', async () => {
    expect(await modeOf(backup)).toBe('600');
    const kept = await store.get('pipeline', 'kept');
    const changed = await store.get('pipeline', 'changed');
    const changes = changesOf(store);
    await store.restore(backup);
    expect(await store.get('pipeline', 'kept')).toEqual(kept);
    const restored = await store.get('pipeline', 'changed');
    expect(restored?.body).toBe('1');
    expect(restored?.revision).toBeGreaterThan(changed?.revision ?? Infinity);
    expect((await store.get('forwarder', 'deleted'))?.body).toBe('{"token":"d"}');
    expect(await store.list('transformer')).toEqual([]);
    const byText = (a: ConfigChange, b: ConfigChange): number => (a.kind + a.name < b.kind + b.name ? -1 : 1);
    expect(changes.sort(byText)).toEqual([
      { kind: 'forwarder', name: 'deleted' },
      { kind: 'pipeline', name: 'changed' },
      { kind: 'transformer', name: 'added' },
    ]);
  });

  test('works on another installation with the same key alone', async () => {
    const directory = await temporaryDirectory();
    const other = await openConfigStore(path.join(directory, 'b.db'), { secretBox: box(2) });
    await other.save('pipeline', 'own', '1');
    const changes = changesOf(other);
    await expect(other.restore(backup)).rejects.toMatchObject({ name: 'ConfigError', code: 'WRONG_SECRET_KEY' });
    expect(await other.list('pipeline')).toEqual(['own']);
    expect(changes).toEqual([]);
    await other.close();
    const same = await openConfigStore(path.join(directory, 'c.db'), { secretBox: box() });
    await same.restore(backup);
    expect((await same.get('forwarder', 'siem'))?.body).toBe('{"token":"t"}');
    await same.close();
  });

  test.each([
    [{ kind: 'spell', name: 'x', body: '' }],
    [{ kind: 'pipeline', name: 'a\nb', body: '' }],
    [{ kind: 'system_configuration', name: '', body: 'no JSON' }],
  ])('refuses a file with an item such as %j', async (item) => {
    const database = await openDatabase(backup);
    await database('items').insert({ ...item, revision: 1, updated_at: 1 });
    await database.destroy();
    await expect(store.restore(backup)).rejects.toMatchObject({ name: 'StorageError', code: 'CORRUPT_DATA' });
    expect((await store.get('pipeline', 'changed'))?.body).toBe('2');
  });
});

describe('the file', () => {
  test('is for its owner alone', async () => {
    expect(await modeOf(file)).toBe('600');
  });

  test('of a newer version is refused', async () => {
    await store.close();
    const database = await openDatabase(file);
    await database('knex_migrations').insert({ name: '999-future', batch: 2 });
    await database.destroy();
    await expect(openConfigStore(file)).rejects.toMatchObject({ name: 'StorageError', code: 'UNSUPPORTED_FORMAT' });
  });

  test('is not used after close', async () => {
    await store.close();
    await store.close();
    await expect(store.list('pipeline')).rejects.toMatchObject({ name: 'StorageError', code: 'STORE_CLOSED' });
    await expect(store.save('pipeline', 'a', '')).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });
});
