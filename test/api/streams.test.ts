import { RecordBatch } from '../../src/record';
import { StorageError } from '../../src/storage/errors';
import { operate } from './support/contract';
import { Harness } from './support/harness';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});

afterAll(() => harness.stop());

afterEach(() => {
  harness.logs.beforeQuery = () => {};
});

const START = Date.parse('2024-05-01T12:00:00Z');
const EVER = { from: '2024-01-01T00:00:00Z', to: '2024-12-31T00:00:00Z' };

/** Stores records a millisecond apart. */
function store(stream: string, ...records: Record<string, string>[]): void {
  const batch = new RecordBatch();
  for (const [i, fields] of records.entries()) batch.addRecord(START + i, fields);
  harness.logs.store(stream, batch);
}

function query(stream: string, parameters: Record<string, string | string[]> = {}) {
  return operate(harness, 'query_stream', { path: { stream }, query: { ...EVER, ...parameters } });
}

function fieldsOf(answer: { readonly json: Readonly<Record<string, unknown>> | undefined }): unknown[] {
  return (answer.json?.records as { fields: unknown }[]).map(({ fields }) => fields);
}

describe('configuration of streams', () => {
  test('is saved, listed, shown and removed', async () => {
    const config = { ttl: 60, size: 10, indexed_fields: ['level'] };
    const path = { stream: 'web/ü' };
    expect((await operate(harness, 'configure_stream', { path, json: { config } })).json).toEqual({ success: true });
    expect((await operate(harness, 'get_stream', { path })).json).toEqual({ success: true, config });
    expect((await operate(harness, 'list_streams')).json?.streams).toHaveProperty(['web/ü'], config);
    expect((await operate(harness, 'purge_stream', { path })).json).toEqual({ success: true });
    expect((await operate(harness, 'list_streams')).json?.streams).not.toHaveProperty(['web/ü']);
    expect((await operate(harness, 'purge_stream', { path })).status).toBe(200);
  });

  test.each([
    [['read_streams'], false],
    [['write_streams'], true],
  ])('an unknown stream is shown with the defaults; for a user with %j created: %s', async (scopes, created) => {
    const stream = `asked for with ${scopes.join()}`;
    const token = await harness.userWith(stream, scopes);
    const answer = await operate(harness, 'get_stream', { path: { stream }, token });
    expect(answer.json?.config).toEqual({ ttl: 0, size: 0, indexed_fields: [] });
    expect('etag' in answer.headers).toBe(created);
    expect(Object.keys((await operate(harness, 'list_streams')).json?.streams as object).includes(stream)).toBe(
      created,
    );
  });

  test('a stream that is configured while it is asked for keeps its configuration', async () => {
    const path = { stream: 'contended' };
    const config = { ttl: 7, size: 0, indexed_fields: [] };
    const reads = [1, 2, 3].map(() => operate(harness, 'get_stream', { path }));
    await operate(harness, 'configure_stream', { path, json: { config } });
    await Promise.all(reads);
    expect((await operate(harness, 'get_stream', { path })).json?.config).toEqual(config);
  });

  test('what the service writes about itself is listed only when asked for', async () => {
    store('_audit', { operation: 'save_role' });
    const listed = async (query = {}): Promise<object> =>
      (await operate(harness, 'list_streams', { query })).json?.streams as object;
    expect(await listed()).not.toHaveProperty('_audit');
    expect(await listed({ internal: 'false' })).not.toHaveProperty('_audit');
    expect(await listed({ internal: 'true' })).toHaveProperty('_audit');
  });

  test.each([{}, { indexed_fields: null }, { ttl: 0, size: 0, indexed_fields: [] }])(
    '%j means the defaults',
    async (config) => {
      const path = { stream: 'partial' };
      await operate(harness, 'configure_stream', { path, json: { config } });
      expect((await operate(harness, 'get_stream', { path })).json?.config).toEqual({
        ttl: 0,
        size: 0,
        indexed_fields: [],
      });
    },
  );

  test('a stream called __proto__ is a stream like any other', async () => {
    const config = { ttl: 1, size: 2, indexed_fields: ['__proto__'] };
    await operate(harness, 'configure_stream', { path: { stream: '__proto__' }, json: { config } });
    const { text } = await operate(harness, 'list_streams');
    expect(text).toContain('"__proto__":{"ttl":1');
  });

  test.each([
    [{}, 'config is required'],
    [{ config: null }, 'config must be object'],
    [{ config: { ttl: -1 } }, 'config.ttl must be >= 0'],
    [{ config: { size: -1 } }, 'config.size must be >= 0'],
    [{ config: { ttl: 1.5 } }, 'config.ttl must be integer'],
    [{ config: { ttl: '60' } }, 'config.ttl must be integer'],
    [{ config: { ttl: 1e300 } }, 'config.ttl must be <= 9007199254740991'],
    [{ config: { indexed_fields: [''] } }, 'config.indexed_fields[0] must NOT have fewer than 1 characters'],
    [{ config: { indexed_fields: [1] } }, 'config.indexed_fields[0] must be string'],
    [[], 'must be object'],
  ])('%j is refused', async (json, message) => {
    const answer = await operate(harness, 'configure_stream', { path: { stream: 'refused' }, json });
    expect([answer.status, answer.json?.context]).toEqual([400, { body: [message] }]);
    expect(await harness.logs.getStream('refused')).toBeUndefined();
  });
});

test('fields, usage and indexed values of a stream', async () => {
  const path = { stream: 'figures' };
  await harness.logs.configureStream('figures', { ttl: 0, size: 0, indexed_fields: ['level'] });
  store('figures', { level: 'info', b: '1' }, { level: 'error', a: '2' });
  expect((await operate(harness, 'list_stream_fields', { path })).json).toEqual({
    success: true,
    fields: ['a', 'b', 'level'],
  });
  expect((await operate(harness, 'get_stream_usage', { path })).json).toEqual({
    success: true,
    usage: 200,
    records: 2,
  });
  expect((await operate(harness, 'get_stream_indices', { path })).json).toEqual({
    success: true,
    indices: { level: ['error', 'info'] },
  });
});

test('an unknown stream has no fields, no usage and no records', async () => {
  const path = { stream: 'nowhere' };
  expect((await operate(harness, 'list_stream_fields', { path })).json?.fields).toEqual([]);
  expect((await operate(harness, 'get_stream_usage', { path })).json?.usage).toBe(0);
  expect((await operate(harness, 'get_stream_indices', { path })).json?.indices).toEqual({});
  expect((await query('nowhere')).json).toEqual({ success: true, records: [] });
  expect(await harness.logs.getStream('nowhere')).toBeUndefined();
});

describe('queries', () => {
  beforeAll(() => store('q', { level: 'info', n: '1' }, { level: 'error', n: '2' }, { level: 'info', n: '3' }));

  test('the newest record comes first, with its time of arrival', async () => {
    const { json } = await query('q');
    expect(json?.records).toEqual([
      { timestamp: '2024-05-01T12:00:00.002Z', fields: { level: 'info', n: '3' } },
      { timestamp: '2024-05-01T12:00:00.001Z', fields: { level: 'error', n: '2' } },
      { timestamp: '2024-05-01T12:00:00.000Z', fields: { level: 'info', n: '1' } },
    ]);
  });

  test.each([
    ['both ends are inclusive', '2024-05-01T12:00:00.000Z', '2024-05-01T12:00:00.001Z', ['2', '1']],
    ['finer digits are cut off', '2024-05-01T12:00:00.0019Z', '2024-05-01T12:00:00.002999999Z', ['3', '2']],
    ['offsets count', '2024-05-01T14:00:00.001+02:00', '2024-05-01T05:30:00.001-06:30', ['2']],
    ['nothing is between a later and an earlier time', '2024-05-02T00:00:00Z', '2024-05-01T00:00:00Z', []],
  ])('%s', async (_name, from, to, expected) => {
    expect(fieldsOf(await query('q', { from, to })).map((fields) => (fields as { n: string }).n)).toEqual(expected);
  });

  test('a plus sign that was not percent-encoded is understood', async () => {
    const target = '/streams/q/logs?from=2024-05-01T14:00:00+02:00&to=2024-05-01T14:00:01+02:00';
    expect(fieldsOf(await harness.call('GET', target))).toHaveLength(3);
  });

  test.each([
    ['level == "error"', ['2']],
    ['n != "2" and level startsWith "in"', ['3', '1']],
    ['', ['3', '2', '1']],
    ['   ', ['3', '2', '1']],
  ])('the filter %j', async (filter, expected) => {
    expect(fieldsOf(await query('q', { filter })).map((fields) => (fields as { n: string }).n)).toEqual(expected);
  });

  test.each([
    ['{"level":["error"]}', ['2']],
    ['{"level":["error","info"],"n":["1","2"]}', ['2', '1']],
    ['{"level":[]}', []],
    ['{}', ['3', '2', '1']],
    ['null', ['3', '2', '1']],
    ['', ['3', '2', '1']],
  ])('indexing by %s', async (indexing, expected) => {
    expect(fieldsOf(await query('q', { indexing })).map((fields) => (fields as { n: string }).n)).toEqual(expected);
  });

  test('a limit gives a cursor that goes on', async () => {
    const first = await query('q', { limit: '2' });
    expect(fieldsOf(first)).toHaveLength(2);
    const second = await query('q', { limit: '2', cursor: String(first.json?.cursor) });
    expect(fieldsOf(second)).toEqual([{ level: 'info', n: '1' }]);
    expect(second.json).not.toHaveProperty('cursor');
  });

  test('the oldest record comes first when one asks', async () => {
    expect(fieldsOf(await query('q', { order: 'oldest', limit: '1' }))).toEqual([{ level: 'info', n: '1' }]);
  });

  test('only some fields', async () => {
    expect(fieldsOf(await query('q', { fields: 'n', limit: '1' }))).toEqual([{ n: '3' }]);
    expect(fieldsOf(await query('q', { fields: ['n', 'level'], limit: '1' }))).toEqual([{ n: '3', level: 'info' }]);
    expect(fieldsOf(await query('q', { fields: 'n,level', limit: '1' }))).toEqual([{ n: '3', level: 'info' }]);
  });

  test('a filter that fails on records is told, and the query goes on', async () => {
    store('mixed', { n: '1' }, { n: 'x' }, { n: '3' });
    const { json } = await query('mixed', { filter: 'int(n) > 0' });
    expect(json?.records).toHaveLength(2);
    expect([json?.filter_errors, json?.first_filter_error]).toEqual([1, expect.any(String)]);
  });

  test('an unknown parameter is ignored', async () => {
    expect((await query('q', { refresh: '5s', 'a[b]': 'c', '__proto__[x]': 'y' })).status).toBe(200);
  });

  test.each([
    [{ from: '' }, 'query:from', 'is required'],
    [{ to: '' }, 'query:to', 'is required'],
    [{ from: 'yesterday' }, 'query:from', 'must match format "date-time"'],
    [{ from: '2024-02-30T00:00:00Z' }, 'query:from', 'must match format "date-time"'],
    [{ from: '2024-01-01' }, 'query:from', 'must match format "date-time"'],
    [{ from: ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z'] }, 'query:from', 'must be string'],
    [{ limit: '0' }, 'query:limit', 'must be >= 1'],
    [{ limit: 'many' }, 'query:limit', 'must be integer'],
    [{ order: 'random' }, 'query:order', 'must be equal to one of the allowed values: newest, oldest'],
    [{ cursor: 'nonsense' }, 'query:cursor', 'the cursor is not one'],
    [{ indexing: '{' }, 'query:indexing', 'is not JSON'],
    [{ indexing: '[]' }, 'query:indexing', 'must be object'],
    [{ indexing: '{"a":"b"}' }, 'query:indexing', 'a must be array'],
    [{ indexing: '{"a":["b",1]}' }, 'query:indexing', 'a[1] must be string'],
    [{ filter: 'level ==' }, 'query:filter', '(1:8)'],
    [{ filter: '1 + 1' }, 'query:filter', ''],
  ])('%j is refused', async (parameters, key, message) => {
    const answer = await query('q', parameters as Record<string, string | string[]>);
    expect([answer.status, answer.json?.status]).toEqual([400, 'INVALID_ARGUMENT']);
    expect(answer.json?.context).toEqual({ [key]: [expect.stringContaining(message)] });
  });

  test('an answer longer than one page is sent whole', async () => {
    const records = Array.from({ length: 25_000 }, (_value, i) => ({ i: String(i) }));
    store('long', ...records);
    const all = await query('long');
    expect(fieldsOf(all)).toEqual([...records].reverse());
    expect(all.json).not.toHaveProperty('cursor');
    const limited = await query('long', { limit: '15000', order: 'oldest' });
    expect(fieldsOf(limited)).toEqual(records.slice(0, 15_000));
    const rest = await query('long', { cursor: String(limited.json?.cursor), order: 'oldest' });
    expect(fieldsOf(rest)).toEqual(records.slice(15_000));
  });

  test('a failure in the middle of an answer breaks it off', async () => {
    let pages = 0;
    harness.logs.beforeQuery = () => {
      if (++pages === 2) throw new StorageError('CORRUPT_DATA', 'a segment is damaged');
    };
    await expect(query('long')).rejects.toThrow(/aborted|socket hang up/);
  });

  test.each([
    ['QUERY_TIMEOUT', 504, 'DEADLINE_EXCEEDED'],
    ['STORE_CLOSED', 503, 'UNAVAILABLE'],
    ['CORRUPT_DATA', 500, 'INTERNAL'],
  ] as const)('%s of the store', async (code, status, word) => {
    harness.logs.beforeQuery = () => {
      throw new StorageError(code, 'the reason');
    };
    const answer = await query('q');
    expect([answer.status, answer.json?.status, answer.json?.error]).toEqual([
      status,
      word,
      expect.stringContaining('the reason'),
    ]);
  });

  test('a query ends when its client goes away', async () => {
    const cancelled = new Promise<void>((resolve) => {
      harness.logs.beforeQuery = (_query, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => {
            resolve();
            reject(new StorageError('QUERY_CANCELLED', 'cancelled'));
          });
        });
    });
    const before = harness.logs.queries.length;
    const aborter = new AbortController();
    const url = `${harness.url}/api/v1/streams/q/logs?from=${EVER.from}&to=${EVER.to}`;
    const answer = fetch(url, { signal: aborter.signal, headers: { Authorization: `Bearer ${harness.adminToken}` } });
    while (harness.logs.queries.length === before) await new Promise(setImmediate);
    aborter.abort();
    await expect(answer).rejects.toThrow();
    await cancelled;
    expect(harness.internalErrors.filter((error) => (error as StorageError).code === 'QUERY_CANCELLED')).toEqual([]);
  });
});
