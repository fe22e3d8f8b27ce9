import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RecordBatch, type LogRecord } from '../../dist/record';
import type { LogQuery } from '../../dist/storage/log-store';
import { SqliteLogStore, type SqliteLogStoreOptions } from '../../dist/storage/logs';
import { isSealed } from '../support/journal';
import { until } from '../support/until';

const ALWAYS = { from: 0, to: 8_640_000_000_000_000 };

let directory: string;
let store: SqliteLogStore;
let warnings: string[];

function open(options: Partial<SqliteLogStoreOptions> = {}): Promise<SqliteLogStore> {
  return SqliteLogStore.open({
    directory,
    maxPendingBytes: 64 * 1024 * 1024,
    sealer: { maxJournalAgeMs: 3_600_000, maxSegmentRecords: 1_024 },
    queryWorkers: 1,
    queryTimeoutMs: 30_000,
    onWarning: (warning) => void warnings.push(warning),
    ...options,
  });
}

/** One store serves many tests: each has a stream of its own. */
let stream: string;
let streams = 0;

beforeEach(() => {
  stream = `test ${++streams}`;
});

async function openNew(options: Partial<SqliteLogStoreOptions> = {}): Promise<void> {
  directory = await mkdtemp(path.join(tmpdir(), 'logweir-store-'));
  warnings = [];
  store = await open(options);
}

async function remove(): Promise<void> {
  await store.close();
  await rm(directory, { recursive: true, force: true });
}

function records(count: number, make: (i: number) => LogRecord): RecordBatch {
  return RecordBatch.from(Array.from({ length: count }, (_, i) => make(i)));
}

function numbered(first: number, count: number, extra: Record<string, string> = {}): RecordBatch {
  return records(count, (i) => ({ timestamp: 1_000_000 + first + i, fields: { n: String(first + i), ...extra } }));
}

interface Answer {
  readonly timestamp: string;
  readonly fields: Record<string, string>;
}

async function query(text: Partial<LogQuery> = {}): Promise<Answer[]> {
  const result = await store.query({ stream, ...ALWAYS, ...text });
  return JSON.parse(Buffer.from(result.json).toString()) as Answer[];
}

async function numbers(text: Partial<LogQuery> = {}): Promise<number[]> {
  return (await query(text)).map((record) => Number(record.fields.n));
}

async function allSealed(): Promise<void> {
  await until(() => isSealed(directory));
}

/** Everything that is true of the journal is true of segments. */
const STATES: readonly [name: string, options: Partial<SqliteLogStoreOptions>][] = [
  ['in the journal', {}],
  ['in segments', { sealer: { maxJournalAgeMs: 0, maxSegmentRecords: 1_024 } }],
  // Queries go to the end of the line after each journal row.
  ['in the journal, read in slices', { querySliceMs: 0 }],
];

describe.each(STATES)('records %s', (state, options) => {
  beforeAll(() => openNew(options));
  afterAll(remove);

  const settle = async (): Promise<void> => {
    if (state === 'in segments') await allSealed();
  };

  test('come back newest first, with all their fields', async () => {
    await store.append(stream, numbered(0, 3, { level: 'info', 'key with blank': 'ä€😀"\\\n' }));
    await settle();
    expect(await query()).toEqual(
      [2, 1, 0].map((n) => ({
        timestamp: new Date(1_000_000 + n).toISOString(),
        fields: { n: String(n), level: 'info', 'key with blank': 'ä€😀"\\\n' },
      })),
    );
  });

  test('from and to are inclusive', async () => {
    await store.append(stream, numbered(0, 10));
    await settle();
    expect(await numbers({ from: 1_000_003, to: 1_000_005 })).toEqual([5, 4, 3]);
    expect(await numbers({ from: 1_000_005, to: 1_000_003 })).toEqual([]);
  });

  test('of one millisecond keep their order of arrival', async () => {
    for (let i = 0; i < 5; i++) {
      await store.append(
        stream,
        records(1, () => ({ timestamp: 7, fields: { n: String(i) } })),
      );
    }
    await settle();
    expect(await numbers()).toEqual([4, 3, 2, 1, 0]);
    expect(await numbers({ order: 'oldest' })).toEqual([0, 1, 2, 3, 4]);
  });

  test.each(['newest', 'oldest'] as const)('are paged by cursor without a gap or a double, %s first', async (order) => {
    await store.append(stream, numbered(0, 500));
    await store.append(
      stream,
      records(50, (i) => ({ timestamp: 1_000_100, fields: { n: String(1000 + i) } })),
    );
    await settle();
    const whole = await numbers({ order });
    expect(whole).toHaveLength(550);
    const paged: number[] = [];
    let cursor: string | undefined;
    do {
      const result = await store.query({ stream, ...ALWAYS, order, limit: 37, cursor });
      const page = JSON.parse(Buffer.from(result.json).toString()) as Answer[];
      expect(page.length).toBeLessThanOrEqual(37);
      expect(result.ids).toHaveLength(page.length);
      paged.push(...page.map((record) => Number(record.fields.n)));
      cursor = result.cursor;
    } while (cursor !== undefined);
    expect(paged).toEqual(whole);
  });

  test.each<[filter: string, matches: (n: number) => boolean]>([
    ['n == "17"', (n) => n === 17],
    ['n in ["17", "18"]', (n) => n === 17 || n === 18],
    ['parity == "even"', (n) => n % 2 === 0],
    ['parity != "even"', (n) => n % 2 === 1],
    ['message contains "number 1 "', (n) => n === 1],
    ['message contains "umber 29"', (n) => n === 29 || (n >= 290 && n <= 299)],
    ['message startsWith "record number 30"', (n) => n === 30 || (n >= 300 && n <= 309)],
    ['message endsWith "9 of all"', (n) => n % 10 === 9],
    ['message matches "number [12]0 "', (n) => n === 10 || n === 20],
    ['not (parity == "even") and message contains "5 of"', (n) => n % 10 === 5],
    ['n == "3" or n == "4"', (n) => n === 3 || n === 4],
    ['missing == ""', () => true],
    ['missing == "x"', () => false],
    ['rare == "yes"', (n) => n === 123],
    ['rare == ""', (n) => n !== 123],
    ['"rare" in $env', (n) => n === 123],
    ['any(values($env), # == "yes")', (n) => n === 123],
    ['parity == "even" and rare != ""', () => false],
    ['', () => true],
  ])('are filtered by %s', async (filter, matches) => {
    await store.append(
      stream,
      records(400, (n) => ({
        timestamp: 1_000_000 + n,
        fields: {
          n: String(n),
          parity: n % 2 === 0 ? 'even' : 'odd',
          message: `record number ${n} of all`,
          ...(n === 123 ? { rare: 'yes' } : {}),
        },
      })),
    );
    await settle();
    const expected = Array.from({ length: 400 }, (_, n) => n).filter(matches);
    expect(await numbers({ filter, order: 'oldest' })).toEqual(expected);
  });

  test('that a filter fails on do not match and are counted', async () => {
    await store.append(stream, numbered(0, 10));
    await store.append(
      stream,
      records(3, (i) => ({ timestamp: 5 + i, fields: { n: 'x' } })),
    );
    await settle();
    const result = await store.query({ stream, ...ALWAYS, filter: 'int(n) >= 8' });
    expect(result.ids).toHaveLength(2);
    expect(result.filterErrors).toBe(3);
    expect(result.firstFilterError).toEqual(expect.any(String));
  });

  test('answer with only the fields that are asked for', async () => {
    await store.append(stream, numbered(0, 1, { a: '1', b: '2' }));
    await settle();
    expect((await query({ fields: ['b', 'none'] }))[0]?.fields).toEqual({ b: '2' });
  });

  test('are selected by indexed values', async () => {
    await store.configureStream(stream, { ttl: 0, size: 0, indexed_fields: ['level', 'host'] });
    await store.append(stream, numbered(0, 2, { level: 'error', host: 'a' }));
    await store.append(stream, numbered(2, 1, { level: 'info', host: 'a' }));
    await store.append(stream, numbered(3, 1, { host: 'b' }));
    await settle();
    expect(await numbers({ indexing: { level: ['error'] } })).toEqual([1, 0]);
    expect(await numbers({ indexing: { level: ['error', 'info'] } })).toEqual([2, 1, 0]);
    expect(await numbers({ indexing: { level: ['error', 'info'], host: ['b'] } })).toEqual([]);
    expect(await numbers({ indexing: { n: ['1'] } })).toEqual([]);
    expect(await store.listIndexedValues(stream)).toEqual({ level: ['error', 'info'], host: ['a', 'b'] });
  });

  test('survive closing and opening', async () => {
    await store.append(stream, numbered(0, 300));
    await settle();
    const before = await store.query({ stream, ...ALWAYS });
    await store.close();
    store = await open(options);
    const after = await store.query({ stream, ...ALWAYS });
    expect(after.ids).toEqual(before.ids);
    expect(Buffer.from(after.json).equals(Buffer.from(before.json))).toBe(true);
    await store.append(stream, numbered(300, 1));
    const ids = (await store.query({ stream, ...ALWAYS })).ids;
    expect(new Set(ids.map((id) => id.sequence)).size).toBe(301);
  });

  test('older than the time to live are gone at once', async () => {
    const now = Date.now();
    await store.append(
      stream,
      records(1, () => ({ timestamp: now - 60_000, fields: { n: '1' } })),
    );
    await store.append(
      stream,
      records(1, () => ({ timestamp: now, fields: { n: '2' } })),
    );
    await settle();
    expect(await numbers()).toEqual([2, 1]);
    await store.configureStream(stream, { ttl: 30, size: 0, indexed_fields: [] });
    expect(await numbers()).toEqual([2]);
  });

  test('stored later than another are read even if the clock was set back before', async () => {
    await store.append(stream, numbered(0, 10));
    const [known] = (await store.query({ stream, ...ALWAYS })).ids;
    const earlier = (i: number): number => 500_000 + i;
    await store.append(
      stream,
      records(5, (i) => ({ timestamp: earlier(i), fields: { n: String(20 + i) } })),
    );
    await settle();
    const since = { from: 1_000_009, order: 'oldest', orAfterSequence: known!.sequence } as const;
    expect(await numbers({ ...since })).toEqual([20, 21, 22, 23, 24, 9]);
    const page = await store.query({ stream, ...ALWAYS, ...since, limit: 3 });
    expect(await numbers({ ...since, cursor: page.cursor })).toEqual([23, 24, 9]);
    expect(await numbers({ ...since, to: earlier(1) })).toEqual([20, 21]);
  });

  test('are found in time whatever the clock says', async () => {
    await store.append(stream, numbered(0, 1));
    await settle();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(0);
    try {
      expect(await numbers()).toEqual([0]);
    } finally {
      clock.mockRestore();
    }
  });

  test('of a deleted stream are gone, and a new stream of that name is empty', async () => {
    await store.append(stream, numbered(0, 10));
    await store.append('other', numbered(0, 1));
    await settle();
    await store.deleteStream(stream);
    expect(await query()).toEqual([]);
    expect([...(await store.listStreams()).keys()]).not.toContain(stream);
    expect(await store.listFields(stream)).toEqual([]);
    await store.append(stream, numbered(50, 1));
    expect(await numbers()).toEqual([50]);
  });

  test('tell their field names', async () => {
    await store.append(stream, numbered(0, 1, { b: '', a: 'x' }));
    await settle();
    expect(await store.listFields(stream)).toEqual(['a', 'b', 'n']);
  });
});

describe('a store', () => {
  afterEach(remove);

  test('answers span journal and segments in the right order, and merging changes nothing', async () => {
    await openNew({ sealer: { maxJournalAgeMs: 0, maxSegmentRecords: 256 } });
    const expected: number[] = [];
    for (let i = 0; i < 40; i++) {
      await store.append(stream, numbered(i * 10, 10));
      for (let k = 0; k < 10; k++) expected.unshift(i * 10 + k);
      if (i % 10 === 0) expect(await numbers()).toEqual(expected);
    }
    await allSealed();
    const ids = (await store.query({ stream, ...ALWAYS })).ids;
    expect(await numbers()).toEqual(expected);
    let before = (await store.usage(stream)).bytes;
    // Small segments are merged until there are only a few: the bytes settle.
    await until(async () => {
      const { bytes } = await store.usage(stream);
      const settled = bytes === before;
      before = bytes;
      return settled;
    });
    expect(await numbers()).toEqual(expected);
    expect((await store.query({ stream, ...ALWAYS })).ids).toEqual(ids);
  });

  test.each(['newest', 'oldest'] as const)(
    'an answer that was interrupted everywhere is the same, %s first',
    async (order) => {
      await openNew({ querySliceMs: 0, sealer: { maxJournalAgeMs: 0, maxSegmentRecords: 256 } });
      const expected: number[] = [];
      for (let batch = 0; batch < 40; batch++) {
        // Times of neighbouring batches overlap, and many records are of one millisecond.
        const make = (i: number): LogRecord => ({
          timestamp: 1_000_000 + batch * 20 + ((i * 7) % 50),
          fields: { n: String(batch * 100 + i), batch: String(batch) },
        });
        await store.append(stream, records(100, make));
        if (batch === 30) await allSealed();
        for (let i = 0; i < 100; i++) expected.push(batch * 100 + i);
      }
      const whole = await store.query({ stream, ...ALWAYS, order });
      const inOrder = [...whole.ids].sort((a, b) => a.timestamp - b.timestamp || a.sequence - b.sequence);
      expect(whole.ids).toEqual(order === 'oldest' ? inOrder : inOrder.reverse());
      expect((await numbers({ order })).sort((a, b) => a - b)).toEqual(expected);
      const some = await numbers({ order, filter: 'batch in ["0", "17", "39"]' });
      expect(some.length).toBe(300);
      const paged: number[] = [];
      for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
        const page = await store.query({
          stream,
          ...ALWAYS,
          order,
          cursor,
          limit: 70,
          filter: 'batch in ["0", "17", "39"]',
        });
        expect(page.ids.length).toBeLessThanOrEqual(70);
        for (const { fields } of JSON.parse(Buffer.from(page.json).toString()) as Answer[])
          paged.push(Number(fields.n));
        cursor = page.cursor;
      }
      expect(paged).toEqual(some);
      const lines = await store.query({
        stream,
        ...ALWAYS,
        order,
        format: 'lines',
        filter: 'batch in ["0", "17", "39"]',
      });
      const read = Buffer.from(lines.json).toString().trimEnd().split('\n');
      expect(read.map((line) => Number((JSON.parse(line) as Answer).fields.n))).toEqual(some);
    },
  );

  test('a stream above its size loses its oldest records and no others', async () => {
    await openNew({ sealer: { maxJournalAgeMs: 0, maxSegmentRecords: 1_024 } });
    await store.configureStream(stream, { ttl: 0, size: 1, indexed_fields: [] });
    let n = 0;
    const random = (): string => Buffer.from(Array.from({ length: 300 }, () => Math.random() * 256)).toString('base64');
    for (let i = 0; i < 30; i++) {
      await store.append(
        stream,
        records(300, () => ({ timestamp: 1_000_000 + n, fields: { n: String(n++), noise: random() } })),
      );
    }
    await until(async () => (await store.usage(stream)).bytes <= 1024 * 1024 && isSealed(directory));
    const kept = await numbers();
    expect(kept.length).toBeGreaterThan(500);
    expect(kept.length).toBeLessThan(9_000);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => n - 1 - i));
  }, 60_000);

  test('pages of removed records go back to the file system', async () => {
    await openNew({ sealer: { maxJournalAgeMs: 0, maxSegmentRecords: 1_024 } });
    const random = (): string => randomBytes(300).toString('base64');
    for (let i = 0; i < 90; i++) {
      await store.append(
        stream,
        records(1_000, () => ({ timestamp: 1_000_000, fields: { noise: random() } })),
      );
    }
    await allSealed();
    const size = (): number => statSync(path.join(directory, 'logs.db')).size;
    expect(size()).toBeGreaterThan(12 * 1024 * 1024);
    await store.deleteStream(stream);
    // Five MB are kept for reuse.
    await until(() => size() < 6 * 1024 * 1024, 40_000);
  }, 60_000);

  test('a mistake in a filter is told with its position', async () => {
    await openNew();
    await expect(store.query({ stream, ...ALWAYS, filter: 'n == ' })).rejects.toMatchObject({
      code: 'INVALID_FILTER',
      offset: expect.any(Number) as number,
    });
  });

  test('a cursor of another stream or of nothing is refused', async () => {
    await openNew();
    await store.append(stream, numbered(0, 2));
    const { cursor } = await store.query({ stream, ...ALWAYS, limit: 1 });
    for (const wrong of ['nonsense', (cursor ?? '').replace(stream, 'other')]) {
      await expect(query({ cursor: wrong })).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
    }
  });

  test('a query that is cancelled ends', async () => {
    await openNew();
    await store.append(stream, numbered(0, 10));
    const abort = new AbortController();
    abort.abort();
    await expect(store.query({ stream, ...ALWAYS }, abort.signal)).rejects.toMatchObject({ code: 'QUERY_CANCELLED' });
  });

  test('a query ends in time while its filter looks at many records of one batch', async () => {
    await openNew({ queryTimeoutMs: 50 });
    const make = (i: number): LogRecord => ({ timestamp: i, fields: { text: `${i} ${'word '.repeat(400)}` } });
    await store.append(stream, records(4000, make));
    const filter = 'len(filter(split(text, ""), {# == "!"})) > 0';
    await expect(query({ filter })).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
  });

  test('a query that takes too long ends', async () => {
    await openNew({ queryTimeoutMs: -1 });
    await store.append(stream, numbered(0, 10));
    await expect(query()).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
  });

  test('more than the memory allows is refused, and nothing of it is stored', async () => {
    await openNew({ maxPendingBytes: 100_000 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) => store.append(stream, numbered(i * 100, 100, { filler: 'x'.repeat(400) }))),
    );
    const stored = outcomes.filter((outcome) => outcome.status === 'fulfilled').length;
    expect(stored).toBeLessThan(10);
    expect(stored).toBeGreaterThan(0);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'BACK_PRESSURE' });
    }
    expect(await query()).toHaveLength(stored * 100);
    expect(store.saturated).toBe(false);
  });

  test('subscribers are told of what is durable, with ids that a query knows', async () => {
    await openNew();
    const seen: string[] = [];
    const end = store.subscribe(stream, ({ batch, firstSequence }) => {
      batch.timestamps.forEach((timestamp, row) =>
        seen.push(`${timestamp}/${firstSequence + row}/${batch.field(row, 'n')}`),
      );
    });
    await store.append(stream, numbered(0, 3));
    await store.append('other', numbered(0, 3));
    end();
    await store.append(stream, numbered(3, 3));
    const { ids } = await store.query({ stream, ...ALWAYS, order: 'oldest', limit: 3 });
    expect(seen).toEqual(ids.map((id, i) => `${id.timestamp}/${id.sequence}/${i}`));
  });

  test('nothing is accepted after closing', async () => {
    await openNew();
    await store.close();
    await expect(store.append(stream, numbered(0, 1))).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });

  test('what was accepted before closing is stored', async () => {
    await openNew();
    const accepted = store.append(stream, numbered(0, 100));
    await store.close();
    await accepted;
    store = await open();
    expect(await numbers()).toHaveLength(100);
  });
});
