import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { BodyExpander, contentEncoding, type ContentEncoding } from './expand-body';

const LIMIT = 100_000;
const expander = new BodyExpander(2);

test('what was compressed is expanded', async () => {
  const way = fc.constantFrom<readonly [ContentEncoding, (body: Uint8Array) => Uint8Array]>(
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['identity', (body) => body],
  );
  await fc.assert(
    fc.asyncProperty(way, fc.uint8Array({ maxLength: 5000 }), async ([encoding, compress], body) => {
      const expanded = await expander.expand(Buffer.from(compress(body)), encoding, LIMIT);
      expect(Buffer.compare(expanded, body)).toBe(0);
    }),
  );
});

test('a body that expands beyond the limit is refused', async () => {
  for (const size of [LIMIT, LIMIT + 1]) {
    const result = expander.expand(gzipSync(Buffer.alloc(size)), 'gzip', LIMIT);
    if (size <= LIMIT) await expect(result).resolves.toHaveLength(size);
    else await expect(result).rejects.toMatchObject({ code: 'TOO_LARGE' });
  }
});

test('a size in the trailer that cannot be true says nothing', async () => {
  const body = gzipSync('hello');
  body.writeUInt32LE(0xfffffff0, body.length - 4);
  await expect(expander.expand(body, 'gzip', LIMIT)).rejects.toMatchObject({ code: 'MALFORMED' });
});

test('a bomb is refused by what its trailer says, and when that is a lie by what comes of it', async () => {
  const bomb = gzipSync(Buffer.alloc(10 * LIMIT));
  // Nothing of it is expanded: bytes that cannot be would be malformed.
  const honest = Buffer.concat([bomb.subarray(0, 10), Buffer.alloc(bomb.length - 14, 0xff), bomb.subarray(-4)]);
  await expect(expander.expand(honest, 'gzip', LIMIT)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  bomb.writeUInt32LE(100, bomb.length - 4);
  await expect(expander.expand(bomb, 'gzip', LIMIT)).rejects.toMatchObject({ code: 'TOO_LARGE' });
});

test('bytes that are not of the encoding are refused, whatever they are', async () => {
  const encoding = fc.constantFrom<ContentEncoding>('gzip', 'deflate');
  await fc.assert(
    fc.asyncProperty(encoding, fc.uint8Array(), async (name, body) => {
      const outcome = await expander.expand(Buffer.from(body), name, LIMIT).catch((error: unknown) => error);
      if (!Buffer.isBuffer(outcome)) expect(outcome).toMatchObject({ code: 'MALFORMED' });
    }),
  );
});

test('all of many bodies get their turn, those that fail too', async () => {
  const bodies = Array.from({ length: 50 }, (_value, i) =>
    i % 3 === 0 ? Buffer.from('no gzip') : gzipSync(String(i)),
  );
  const results = await Promise.allSettled(bodies.map((body) => expander.expand(body, 'gzip', LIMIT)));
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(17);
});

test.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['Identity', 'identity'],
  [' GZIP ', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
])('the header %j', (header, expected) => {
  expect(contentEncoding(header)).toBe(expected);
});

test.each(['br', 'gzip, gzip', 'zstd'])('the encoding %j is not supported', (header) => {
  expect(() => contentEncoding(header)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_ENCODING' }));
});
