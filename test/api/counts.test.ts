import { get, type IncomingMessage } from 'node:http';
import { RecordBatch } from '../../src/record';
import { operate } from './support/contract';
import { Harness } from './support/harness';

let harness: Harness;

const START = Date.parse('2024-05-01T12:00:00Z');
const MINUTE = 60_000;
const HOUR = { from: '2024-05-01T12:00:00Z', to: '2024-05-01T12:59:59.999Z' };

beforeAll(async () => {
  harness = await Harness.start();
  const batch = new RecordBatch();
  batch.addRecord(START, { level: 'info', message: 'a' });
  batch.addRecord(START + 1, { level: 'error', message: 'b' });
  batch.addRecord(START + 2, { level: 'info', message: 'c' });
  batch.addRecord(START + 10 * MINUTE, { message: 'd' });
  batch.addRecord(START + 59 * MINUTE, { level: '__proto__', message: 'e' });
  harness.logs.store('web', batch);
});

afterAll(() => harness.stop());

afterEach(() => {
  harness.logs.beforeQuery = () => {};
});

describe('a histogram', () => {
  const path = { stream: 'web' };

  test('has all buckets of the range, in a readable width', async () => {
    const { json } = await operate(harness, 'get_stream_histogram', { path, query: { ...HOUR, buckets: '6' } });
    const buckets = json?.buckets as { timestamp: string; count: number }[];
    expect([json?.interval, json?.total]).toEqual([10 * MINUTE, 5]);
    expect(buckets.map(({ count }) => count)).toEqual([3, 1, 0, 0, 0, 1]);
    expect(buckets[1]).toEqual({ timestamp: '2024-05-01T12:10:00.000Z', count: 1 });
  });

  test('is split by the values of a field', async () => {
    const query = { ...HOUR, interval: String(30 * MINUTE), field: 'level' };
    const { json, text } = await operate(harness, 'get_stream_histogram', { path, query });
    expect(json?.values).toEqual(['info', '__proto__', 'error']);
    expect(text).toContain(
      '{"timestamp":"2024-05-01T12:00:00.000Z","count":4,"values":{"info":2,"__proto__":0,"error":1}}',
    );
    const one = await operate(harness, 'get_stream_histogram', { path, query: { ...query, limit: '1' } });
    expect(one.json?.values).toEqual(['info']);
  });

  test('counts what a filter lets pass', async () => {
    const query = { ...HOUR, interval: String(60 * MINUTE), filter: 'level == "info"' };
    expect((await operate(harness, 'get_stream_histogram', { path, query })).json?.total).toBe(2);
  });

  test('of a range that ends before it begins has no buckets', async () => {
    const query = { from: HOUR.to, to: HOUR.from };
    expect((await operate(harness, 'get_stream_histogram', { path, query })).json).toMatchObject({
      total: 0,
      buckets: [],
    });
  });

  test('of all times there are has as many buckets as asked for', async () => {
    const query = { from: '0001-01-01T00:00:00Z', to: '9999-12-31T23:59:59Z' };
    const { json } = await operate(harness, 'get_stream_histogram', { path, query });
    expect((json?.buckets as unknown[]).length).toBeLessThanOrEqual(61);
    expect(json?.total).toBe(5);
  });

  test.each([
    [{ interval: '1' }, 'query:interval', /makes 3600000 buckets, at most 2000/],
    [{ interval: '0' }, 'query:interval', /must be >= 1/],
    [{ buckets: '1001' }, 'query:buckets', /must be <= 1000/],
    [{ filter: '(' }, 'query:filter', /./],
    [{ indexing: '[]' }, 'query:indexing', /must be object/],
  ])('with %j is refused', async (extra: Record<string, string>, part, message) => {
    const answer = await operate(harness, 'get_stream_histogram', { path, query: { ...HOUR, ...extra } });
    expect([answer.status, answer.json?.context]).toEqual([400, { [part]: [expect.stringMatching(message)] }]);
  });
});

describe('values of a field', () => {
  test('come with their counts, most frequent first', async () => {
    const path = { stream: 'web', field: 'level' };
    const { json } = await operate(harness, 'list_field_values', { path, query: { ...HOUR, limit: '2' } });
    expect(json).toEqual({
      success: true,
      values: [
        { value: 'info', count: 2 },
        { value: '__proto__', count: 1 },
      ],
      present: 4,
      missing: 1,
      distinct: 3,
      approximate: false,
    });
  });

  test('of an unknown stream or field are none', async () => {
    for (const path of [
      { stream: 'unknown', field: 'level' },
      { stream: 'web', field: 'a/b' },
    ]) {
      expect((await operate(harness, 'list_field_values', { path, query: HOUR })).json?.values).toEqual([]);
    }
  });
});

/** An export, with its trailers. */
function exported(query: Record<string, string>): Promise<{ lines: string[]; trailers: IncomingMessage['trailers'] }> {
  const search = new URLSearchParams({ ...HOUR, ...query }).toString();
  const headers = { Authorization: `Bearer ${harness.adminToken}`, Accept: 'application/x-ndjson' };
  return new Promise((resolve, reject) => {
    get(`${harness.url}/api/v1/streams/web/logs?${search}`, { headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ lines: text.split('\n'), trailers: response.trailers }));
    }).on('error', reject);
  });
}

describe('an export', () => {
  test('has a record a line', async () => {
    const { lines, trailers } = await exported({ order: 'oldest' });
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe('{"timestamp":"2024-05-01T12:00:00.000Z","fields":{"level":"info","message":"a"}}');
    expect(lines[5]).toBe('');
    expect(trailers).toEqual({});
  });

  test('goes on where the last one ended', async () => {
    const first = await exported({ limit: '2', order: 'oldest' });
    const cursor = decodeURI(String(first.trailers['x-cursor']));
    const second = await exported({ limit: '5', order: 'oldest', cursor });
    expect(second.lines.map((line) => line.slice(-4))).toEqual(['c"}}', 'd"}}', 'e"}}', '']);
  });

  test('is asked of the store page by page', async () => {
    harness.logs.queries.length = 0;
    await exported({ limit: '10001' });
    expect(harness.logs.queries[0]).toMatchObject({ limit: 10_000, format: 'lines' });
  });

  test('tells of records on which the filter failed', async () => {
    const { lines, trailers } = await exported({ filter: 'int(message) > 0' });
    expect([lines, trailers['x-filter-errors']]).toEqual([[''], '5']);
  });

  test('with a mistake is answered with JSON', async () => {
    const answer = await operate(harness, 'query_stream', {
      path: { stream: 'web' },
      query: { ...HOUR, filter: '(' },
      headers: { Accept: 'application/x-ndjson' },
    });
    expect(answer.status).toBe(400);
  });

  test('is not what clients get that take anything', async () => {
    for (const Accept of ['*/*', 'text/html', 'application/json, application/x-ndjson']) {
      const answer = await operate(harness, 'query_stream', {
        path: { stream: 'web' },
        query: HOUR,
        headers: { Accept },
      });
      expect(answer.json?.success).toBe(true);
    }
  });
});
