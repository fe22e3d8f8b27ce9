import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { inflateWithin, type DeflateFormat } from './inflate-within';

const MIB = 1024 * 1024;
const LIMIT = 16 * MIB;

const FORMATS: [DeflateFormat, (bytes: Buffer) => Buffer][] = [
  ['gzip', gzipSync],
  ['zlib', deflateSync],
  ['raw', deflateRawSync],
];

/** Bytes of which the first and then one in so many are random, the others the same. */
function sample(length: number, everyNth: number): Buffer {
  const bytes = Buffer.alloc(length, 'x');
  const random = randomBytes(Math.ceil(length / everyNth));
  for (let i = 0; i < random.length; i++) bytes[i * everyNth] = random[i]!;
  return bytes;
}

describe.each(FORMATS)('%s', (format, compress) => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a line', Buffer.from('hello')],
    ['exactly one chunk', sample(128 * 1024, 10)],
    ['some chunks', sample(3 * MIB + 17, 10)],
    ['what looks like a bomb and is within the limit', sample(LIMIT, 5000)],
  ])('%s', async (_name, bytes) => {
    const result = await inflateWithin(compress(bytes), format, LIMIT);
    expect(Buffer.compare(result, bytes)).toBe(0);
  });

  test.each([2, 20, 5000])('one byte too many, one in %d random', async (everyNth) => {
    const bytes = sample(LIMIT + 1, everyNth);
    await expect(inflateWithin(compress(bytes), format, LIMIT)).rejects.toMatchObject({ code: 'INFLATE_LIMIT' });
  });

  test('damaged at its end', async () => {
    const bytes = compress(sample(4 * MIB, 10));
    await expect(inflateWithin(bytes.subarray(0, -9), format, LIMIT)).rejects.toThrow('unexpected end of file');
  });
});

test('the members of a gzip stream follow each other', async () => {
  const bytes = Buffer.concat([gzipSync('one '), gzipSync(Buffer.alloc(2 * MIB, 'x')), gzipSync(' two')]);
  const result = await inflateWithin(bytes, 'gzip', LIMIT);
  expect(result.toString('latin1')).toBe(`one ${'x'.repeat(2 * MIB)} two`);
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Highest amount of memory for buffers while the work goes on, above that at its start, in bytes. */
async function growth(work: () => Promise<unknown>): Promise<number> {
  collectGarbage();
  const before = process.memoryUsage().arrayBuffers;
  let highest = before;
  let isDone = false;
  const done = work().finally(() => {
    isDone = true;
  });
  while (!isDone) {
    highest = Math.max(highest, process.memoryUsage().arrayBuffers);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
  return highest - before;
}

describe('what is refused leaves no memory to be collected', () => {
  test.each([
    // The collector is not asked for: without giving back at once, these would add up.
    ['a bomb takes next to nothing', 5000, 0.25],
    ['what compresses as logs do takes the limit once', 20, 1.25],
  ])('%s', async (_name, everyNth, limits) => {
    const bytes = deflateSync(sample(2 * LIMIT, everyNth));
    const highest = await growth(async () => {
      for (let i = 0; i < 10; i++) await inflateWithin(bytes, 'zlib', LIMIT).catch(() => undefined);
    });
    expect(highest / LIMIT).toBeLessThan(limits);
  });
});
