import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { modeOf, removeTemporaryDirectories, temporaryDirectory } from '../testing/temporary-directory';
import { loadSecretKey, type SecretKey } from './secret-key';

afterEach(removeTemporaryDirectories);

function textOf({ key }: SecretKey): string {
  return key.export().toString('utf8');
}

describe('loadSecretKey', () => {
  test('takes the configured key', async () => {
    const dataDir = await temporaryDirectory();
    const loaded = await loadSecretKey({ configured: 'x'.repeat(32), dataDir });
    expect(textOf(loaded)).toBe('x'.repeat(32));
    expect(loaded.warnings).toEqual([]);
    await expect(modeOf(path.join(dataDir, 'secret-key'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('warns of a short key and refuses a very short one', async () => {
    const dataDir = await temporaryDirectory();
    expect((await loadSecretKey({ configured: 'x'.repeat(16), dataDir })).warnings).toEqual([
      'the configured secret_key has 16 bytes; at least 32 random ones are recommended',
    ]);
    await expect(loadSecretKey({ configured: 'x'.repeat(15), dataDir })).rejects.toMatchObject({
      name: 'AuthError',
      code: 'INVALID_SECRET_KEY',
      message: expect.not.stringContaining('xxx'),
    });
  });

  test('makes a key once and keeps it to itself', async () => {
    const dataDir = path.join(await temporaryDirectory(), 'data');
    const first = await loadSecretKey({ dataDir });
    const second = await loadSecretKey({ configured: '', dataDir });
    expect(textOf(first)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(textOf(second)).toBe(textOf(first));
    expect(await modeOf(path.join(dataDir, 'secret-key'))).toBe('600');
    expect(textOf(await loadSecretKey({ dataDir: await temporaryDirectory() }))).not.toBe(textOf(first));
  });

  test('tells when a key is made for data that had another one', async () => {
    const dataDir = await temporaryDirectory();
    await writeFile(path.join(dataDir, 'config.db'), '');
    expect((await loadSecretKey({ dataDir })).warnings).toEqual([expect.stringContaining('put the old file back')]);
    expect((await loadSecretKey({ dataDir })).warnings).toEqual([]);
  });

  test('closes a key file that others could read', async () => {
    const dataDir = await temporaryDirectory();
    const file = path.join(dataDir, 'secret-key');
    await writeFile(file, `${'k'.repeat(40)}\n`);
    await chmod(file, 0o644);
    expect(textOf(await loadSecretKey({ dataDir }))).toBe('k'.repeat(40));
    expect(await modeOf(file)).toBe('600');
  });

  test('does not replace a key file that it cannot use', async () => {
    const dataDir = await temporaryDirectory();
    const file = path.join(dataDir, 'secret-key');
    await writeFile(file, '\n');
    await expect(loadSecretKey({ dataDir })).rejects.toMatchObject({ code: 'INVALID_SECRET_KEY' });
    expect(await readFile(file, 'utf8')).toBe('\n');
  });
});
