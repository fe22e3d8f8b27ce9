import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RecordBatch } from '../../dist/record';
import { SqliteLogStore } from '../../dist/storage/logs';
import { isSealed } from '../support/journal';
import { until } from '../support/until';

const START = 1_700_000_000_000;
const RECORDS = 5_000;
const LEVELS = ['info', 'info', 'info', 'warning', 'error'];

/** Record `i` arrives at START + 10 i ms. */
function fieldsOf(i: number): Record<string, string> {
  return { n: String(i), ...(i % 7 === 0 ? {} : { level: LEVELS[i % LEVELS.length] as string }) };
}

/** Everything that is true of the journal is true of segments. */
describe.each([
  ['in the journal', 3_600_000],
  ['in segments', 0],
])('counts of records %s', (_where, maxJournalAgeMs) => {
  let directory: string;
  let store: SqliteLogStore;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'logweir-counts-'));
    store = await SqliteLogStore.open({
      directory,
      maxPendingBytes: 64 * 1024 * 1024,
      sealer: { maxJournalAgeMs, maxSegmentRecords: 512 },
      queryWorkers: 1,
      queryTimeoutMs: 30_000,
      onWarning: () => {},
    });
    for (let first = 0; first < RECORDS; first += 500) {
      const batch = new RecordBatch();
      for (let i = first; i < first + 500; i++) batch.addRecord(START + 10 * i, fieldsOf(i));
      await store.append('web', batch);
    }
    if (maxJournalAgeMs === 0) await until(() => isSealed(directory));
  });

  afterAll(async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });

  function expected(from: number, to: number, interval: number, chosen: (i: number) => boolean): number[] {
    const first = Math.floor(from / interval);
    const counts = new Array<number>(Math.floor(to / interval) - first + 1).fill(0);
    for (let i = 0; i < RECORDS; i++) {
      const time = START + 10 * i;
      if (time < from || time > to || !chosen(i)) continue;
      counts[Math.floor(time / interval) - first]!++;
    }
    return counts;
  }

  test.each([
    ['everything in one bucket', START - 1, START + 1e6, 1e9],
    ['many buckets', START, START + 50_000, 1_000],
    ['a range that cuts segments', START + 1_234, START + 40_321, 5_000],
    ['nothing', START + 1e9, START + 1e9 + 5, 1],
  ])('%s', async (_name, from, to, interval) => {
    const range = { stream: 'web', from, to };
    const all = await store.histogram({ ...range, interval, limit: 10 });
    expect(all.counts).toEqual(expected(from, to, interval, () => true));
    expect(all.starts).toHaveLength(all.counts.length);

    const errors = await store.histogram({ ...range, interval, limit: 10, filter: 'level == "error"' });
    const isError = (i: number): boolean => fieldsOf(i).level === 'error';
    expect(errors.counts).toEqual(expected(from, to, interval, isError));

    const split = await store.histogram({ ...range, interval, limit: 2, field: 'level' });
    expect(split.counts).toEqual(all.counts);
    for (const { value, counts } of split.groups ?? []) {
      expect([value, counts]).toEqual([value, expected(from, to, interval, (i) => fieldsOf(i).level === value)]);
    }
    const values = await store.fieldValues({ ...range, field: 'level', limit: 2 });
    expect(split.groups?.map(({ value }) => value)).toEqual(values.values.map(({ value }) => value));
  });

  test('values of a field', async () => {
    const range = { stream: 'web', from: 0, to: START + 1e9 };
    const counts = new Map<string, number>();
    for (let i = 0; i < RECORDS; i++) {
      const { level } = fieldsOf(i);
      if (level !== undefined) counts.set(level, (counts.get(level) ?? 0) + 1);
    }
    const sorted = [...counts]
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .map(([value, count]) => ({ value, count }));
    expect(await store.fieldValues({ ...range, field: 'level', limit: 10 })).toMatchObject({
      values: sorted,
      present: sorted.reduce((sum, { count }) => sum + count, 0),
      missing: Math.ceil(RECORDS / 7),
      distinct: 3,
      approximate: false,
    });
    expect(await store.fieldValues({ ...range, field: 'n', limit: 1 })).toMatchObject({
      values: [{ value: '0', count: 1 }],
      distinct: RECORDS,
    });
    expect((await store.fieldValues({ ...range, stream: 'unknown', field: 'n', limit: 1 })).values).toEqual([]);
  });

  test('a mistake in the filter is told, and work that nobody waits for ends', async () => {
    const query = { stream: 'web', from: 0, to: START + 1e9, interval: 1e12, limit: 1 };
    await expect(store.histogram({ ...query, filter: '(' })).rejects.toMatchObject({ code: 'INVALID_FILTER' });
    await expect(store.histogram(query, AbortSignal.abort())).rejects.toMatchObject({ code: 'QUERY_CANCELLED' });
  });

  test('records a line have the same text as in an array', async () => {
    const query = { stream: 'web', from: 0, to: START + 1e9, limit: 3 };
    const array = JSON.parse(Buffer.from((await store.query(query)).json).toString()) as unknown[];
    const lines = Buffer.from((await store.query({ ...query, format: 'lines' })).json).toString();
    expect(lines).toBe(array.map((record) => `${JSON.stringify(record)}\n`).join(''));
  });
});
