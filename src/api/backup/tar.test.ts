import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ARCHIVE_END, archiveHeader, archivePadding, filesOfArchive, readArchive } from './tar';

let directory: string;
let archive: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'logweir-tar-'));
  archive = path.join(directory, 'archive.tar');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function file(name: string, content: Buffer): Buffer {
  return Buffer.concat([
    archiveHeader(name, content.length, 1_700_000_000_000),
    content,
    archivePadding(content.length),
  ]);
}

async function entries(bytes: Buffer) {
  await writeFile(archive, bytes);
  const handle = await open(archive, 'r');
  return readArchive(handle).finally(() => handle.close());
}

const FILES = Buffer.concat([
  file('a.db', Buffer.from('alpha')),
  file('b.db', Buffer.alloc(0)),
  file('c.db', Buffer.alloc(1024, 7)),
]);

test('what is written can be read', async () => {
  expect(await entries(Buffer.concat([FILES, ARCHIVE_END]))).toEqual([
    { name: 'a.db', start: 512, size: 5 },
    { name: 'b.db', start: 1536, size: 0 },
    { name: 'c.db', start: 2048, size: 1024 },
  ]);
});

test('tar understands it, and the other way round', async () => {
  await writeFile(archive, Buffer.concat([FILES, ARCHIVE_END]));
  execFileSync('tar', ['-xf', archive, '-C', directory]);
  expect(await readFile(path.join(directory, 'a.db'), 'utf8')).toBe('alpha');
  execFileSync('tar', ['-cf', archive, '-C', directory, 'c.db', 'a.db']);
  expect((await entries(await readFile(archive)))?.map(({ name, size }) => [name, size])).toEqual([
    ['c.db', 1024],
    ['a.db', 5],
  ]);
});

test('sizes beyond 8 GiB are kept', () => {
  expect(archiveHeader('a', 2 ** 40, 0).readBigUInt64BE(128)).toBe(BigInt(2 ** 40));
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['an archive without end', FILES],
  ['a file that is cut off', Buffer.concat([file('a', Buffer.alloc(4096)).subarray(0, 1024)])],
  ['text', Buffer.alloc(2048, 'x')],
  ['too many files', Buffer.concat([...Array.from({ length: 20 }, () => file('a', Buffer.alloc(0))), ARCHIVE_END])],
])('%s is no archive', async (_what, bytes) => {
  expect(await entries(bytes)).toBeUndefined();
});

test.each(['ustar', 'pax', 'gnu'])(
  'all files of an archive in the form %s are read, whatever their names',
  async (format) => {
    const folder = 'f'.repeat(60);
    const names = [
      `${folder}/${'n'.repeat(80)}`,
      'short',
      ...(format === 'ustar' ? [] : [`${folder}/${'ü'.repeat(100)}`]),
    ];
    await mkdir(path.join(directory, folder));
    for (const [i, name] of names.entries()) await writeFile(path.join(directory, name), 'x'.repeat(700 * i));
    execFileSync('tar', ['-cf', archive, `--format=${format}`, '-C', directory, '--no-recursion', folder, ...names]);
    const files = filesOfArchive(await readFile(archive));
    const sizes = new Map(files?.map(({ name, content }) => [name, content.length]));
    expect(sizes).toEqual(new Map(names.map((name, i) => [name, 700 * i])));
  },
);

test.each([
  ['nothing', Buffer.alloc(0)],
  ['an archive without end', FILES],
  ['a file that is cut off', file('a', Buffer.alloc(4096)).subarray(0, 1024)],
  ['text', Buffer.alloc(2048, 'x')],
])('%s has no files', (_what, bytes) => {
  expect(filesOfArchive(bytes)).toBeUndefined();
});
