import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DiskSpace, measureSpace, type DiskSpaceOptions } from './disk-space';

const MIB = 1024 * 1024;
const SIZE = 100 * 1024 * MIB;

let directory: string;
let space: DiskSpace | undefined;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'logweir-disk-'));
});
afterEach(async () => {
  await space?.close();
  await rm(directory, { recursive: true });
});

async function watch(given: Partial<DiskSpaceOptions> & { free: number; size?: number }) {
  const disk = { free: given.free, size: given.size ?? SIZE };
  const changes: boolean[] = [];
  let rooms = 0;
  space = await DiskSpace.watch({
    directory,
    reserveBytes: 0,
    measure: () => Promise.resolve({ ...disk }),
    onChange: (low) => changes.push(low),
    makeRoom: () => {
      rooms++;
      return Promise.resolve();
    },
    ...given,
  });
  return { disk, changes, rooms: () => rooms, watched: space };
}

const ballast = () =>
  stat(path.join(directory, 'reserve')).then(
    (status) => status.size,
    () => undefined,
  );

test('records are refused below the reserve and taken again above it', async () => {
  const { disk, changes, rooms, watched } = await watch({ free: 300 * MIB });
  expect(watched.low).toBe(false);
  disk.free = 255 * MIB;
  await watched.check();
  expect([watched.low, rooms()]).toEqual([true, 1]);
  // No switching to and fro at the edge.
  disk.free = 257 * MIB;
  await watched.check();
  expect([watched.low, rooms()]).toEqual([true, 2]);
  disk.free = 300 * MIB;
  await watched.check();
  expect(watched.low).toBe(false);
  expect(changes).toEqual([true, false]);
});

test.each([
  [0, SIZE, 256 * MIB],
  [0, 1024 * MIB, Math.floor(10.24 * MIB)],
  [1000, SIZE, 1000],
])('a reserve of %d on a disk of %d is %d', async (reserveBytes, size, expected) => {
  const { watched } = await watch({ free: size, size, reserveBytes });
  expect(watched.reserveBytes).toBe(expected);
});

test('a disk that is full at the start is known at once', async () => {
  expect((await watch({ free: 0 })).watched.low).toBe(true);
  expect(await ballast()).toBeUndefined();
});

test('the ballast goes at the edge and comes back', async () => {
  const { disk, watched } = await watch({ free: 300 * MIB });
  expect(await ballast()).toBe(4 * MIB);
  disk.free = 100 * MIB;
  await watched.check();
  expect(await ballast()).toBe(4 * MIB);
  disk.free = 4096;
  await watched.check();
  expect(await ballast()).toBeUndefined();
  disk.free = 300 * MIB;
  await watched.check();
  expect(await ballast()).toBe(4 * MIB);
});

test('what cannot be measured changes nothing', async () => {
  let fails = false;
  const { watched } = await watch({
    free: 0,
    measure: () => (fails ? Promise.reject(new Error('stale')) : Promise.resolve({ free: SIZE, size: SIZE })),
  });
  fails = true;
  await watched.check();
  expect(watched.low).toBe(false);
});

test('a real file system has space', async () => {
  const { free, size } = await measureSpace(directory);
  expect(size).toBeGreaterThan(0);
  expect(free).toBeLessThanOrEqual(size);
});
