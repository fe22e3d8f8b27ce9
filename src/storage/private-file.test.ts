import { readdir, readFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writePrivateFile } from './private-file';
import { modeOf, removeTemporaryDirectories, temporaryDirectory } from './testing/temporary-directory';

afterEach(removeTemporaryDirectories);

describe('writePrivateFile', () => {
  test('writes and replaces a file that only its owner can read', async () => {
    const directory = path.join(await temporaryDirectory(), 'new');
    const file = path.join(directory, 'secret');
    await writePrivateFile(file, 'a long first text');
    await writePrivateFile(file, 'second');
    expect(await readFile(file, 'utf8')).toBe('second');
    expect(await modeOf(file)).toBe('600');
    expect(await modeOf(directory)).toBe('700');
    expect(await readdir(directory)).toEqual(['secret']);
  });

  test('leaves nothing behind when it fails', async () => {
    const directory = await temporaryDirectory();
    await mkdir(path.join(directory, 'taken', 'inside'), { recursive: true });
    await expect(writePrivateFile(path.join(directory, 'taken'), 'text')).rejects.toMatchObject({
      code: expect.stringMatching(/EISDIR|ENOTEMPTY|EEXIST/),
    });
    expect(await readdir(directory)).toEqual(['taken']);
  });
});
