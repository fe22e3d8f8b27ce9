import { gzipSync } from 'node:zlib';
import { RunningServer } from '../support/running-server';
import { until } from '../support/until';

let server: RunningServer;
let token: string;

beforeAll(async () => {
  server = await RunningServer.start({ settings: { 'http.max_body_size': '1048576' } });
  token = await server.token();
});

afterAll(() => server.dispose());

function post(route: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(server.url('http', `/api/v1${route}`), {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
    body: body as unknown as string,
  });
}

test('a single record, a batch, lines of text and OTLP are stored when the answer comes', async () => {
  const otlp = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'one of otlp' } }] }] }] };
  const sent: [string, string | Buffer, Record<string, string>, number][] = [
    ['/logs', JSON.stringify({ record: { from: 'single' } }), {}, 1],
    ['/logs/struct', JSON.stringify({ records: [{ from: 'struct' }, { from: 'struct', x: '' }] }), {}, 2],
    ['/logs/text', 'first line\r\n\r\n  second line  \n', { 'Content-Type': 'text/plain; charset=utf-8' }, 2],
    ['/logs/otlp', gzipSync(JSON.stringify(otlp)), { 'Content-Encoding': 'gzip' }, 1],
  ];
  for (const [route, body, headers, count] of sent) {
    const response = await post(`/pipelines/default${route}`, body, headers);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ success: true, processed_count: count });
  }
  const records = await server.records();
  expect(records.map((record) => record.fields)).toEqual([
    { from: 'single' },
    { from: 'struct' },
    { from: 'struct', x: '' },
    { content: 'first line' },
    { content: 'second line' },
    expect.objectContaining({ body: 'one of otlp' }),
  ]);
});

test.each<[what: string, route: string, body: string | Buffer, headers: Record<string, string>, status: number]>([
  ['malformed JSON', '/pipelines/default/logs/struct', '{"records": [', {}, 400],
  ['a value that is no string', '/pipelines/default/logs/struct', '{"records": [{"a": "b"}, {"a": 1}]}', {}, 400],
  ['no records', '/pipelines/default/logs/struct', '{}', {}, 400],
  ['an array', '/pipelines/default/logs', '[]', {}, 400],
  ['an unknown pipeline', '/pipelines/nowhere/logs/struct', '{"records": []}', {}, 404],
  ['a huge body', '/pipelines/default/logs/text', Buffer.alloc(2_000_000, 0x61), { 'Content-Type': 'text/plain' }, 413],
  [
    'a bomb',
    '/pipelines/default/logs/text',
    gzipSync(Buffer.alloc(100_000_000, 0x61)),
    { 'Content-Type': 'text/plain', 'Content-Encoding': 'gzip' },
    413,
  ],
  ['another type', '/pipelines/default/logs/otlp', '<x/>', { 'Content-Type': 'application/xml' }, 400],
  ['no token', '/pipelines/default/logs/struct', '{"records": []}', { Authorization: '' }, 401],
  ['a wrong token', '/pipelines/default/logs/struct', '{"records": []}', { Authorization: 'Bearer pat_wrong' }, 401],
])('%s is refused clearly and stores nothing', async (_what, route, body, headers, status) => {
  const before = (await server.records()).length;
  const response = await post(route, body, headers);
  expect(response.status).toBe(status);
  const answer = (await response.json()) as Record<string, unknown>;
  expect(answer).toMatchObject({ status: expect.any(String) as string, error: expect.any(String) as string });
  expect(answer).not.toHaveProperty('success');
  expect(await server.records()).toHaveLength(before);
});

test('a switch routes by field, failures of a filter go to _failed, and saving swaps while records are in flight', async () => {
  const flow = (stream: string): object => ({
    nodes: [
      { id: 'in', type: 'source', position: { x: 0, y: 0 }, data: { type: 'direct' } },
      { id: 'errors', type: 'switch', position: { x: 0, y: 0 }, data: { condition: 'level == "error"' } },
      { id: 'numbers', type: 'switch', position: { x: 0, y: 0 }, data: { condition: 'int(code) > 10' } },
      { id: 'a', type: 'router', position: { x: 0, y: 0 }, data: { stream } },
      { id: 'b', type: 'router', position: { x: 0, y: 0 }, data: { stream: `${stream}-numbers` } },
    ],
    edges: [
      { id: '1', source: 'in', target: 'errors' },
      { id: '2', source: 'in', target: 'numbers' },
      { id: '3', source: 'errors', target: 'a' },
      { id: '4', source: 'numbers', target: 'b' },
    ],
  });
  expect((await server.api('PUT', '/pipelines/split', { flow: flow('one') })).status).toBe(200);
  const body = JSON.stringify({
    records: [
      { level: 'error', code: '12' },
      { level: 'info', code: 'x' },
    ],
  });
  let accepted = 0;
  let swapping = true;
  const sender = async (): Promise<void> => {
    while (swapping) {
      expect((await post('/pipelines/split/logs/struct', body)).status).toBe(200);
      accepted++;
    }
  };
  const senders = [sender(), sender()];
  for (let i = 0; i < 10; i++) {
    expect((await server.api('PUT', '/pipelines/split', { flow: flow(i % 2 === 0 ? 'two' : 'one') })).status).toBe(200);
  }
  swapping = false;
  await Promise.all(senders);
  const one = await server.records('one');
  const two = await server.records('two');
  expect(one.length + two.length).toBe(accepted);
  expect((await server.records('one-numbers')).length + (await server.records('two-numbers')).length).toBe(accepted);
  const failed = await server.records('_failed');
  expect(failed).toHaveLength(accepted);
  expect(failed[0]?.fields).toMatchObject({ level: 'info', code: 'x', pipeline: 'split', node: 'numbers' });
  expect(failed[0]?.fields.error).toContain('x');
}, 60_000);

test('a flow with mistakes is refused with all of them and changes nothing', async () => {
  const before = await server.api('GET', '/pipelines/default');
  const answer = await server.api('PUT', '/pipelines/default', {
    flow: {
      nodes: [
        { id: 'in', type: 'source', position: { x: 0, y: 0 }, data: {} },
        { id: 'cond', type: 'switch', position: { x: 0, y: 0 }, data: { condition: 'level == ' } },
        { id: 'self', type: 'pipeline', position: { x: 0, y: 0 }, data: { pipeline: 'default' } },
        { id: 'fwd', type: 'forwarder', position: { x: 0, y: 0 }, data: { forwarder: 'none' } },
      ],
      edges: [
        { id: '1', source: 'in', target: 'cond' },
        { id: '2', source: 'cond', target: 'self' },
        { id: '3', source: 'cond', target: 'missing' },
      ],
    },
  });
  expect(answer.status).toBe(400);
  const text = JSON.stringify(answer.body);
  for (const part of ['condition', 'missing', 'none', 'default']) expect(text).toContain(part);
  expect((await server.api('GET', '/pipelines/default')).body).toEqual(before.body);
});

test('a watcher sees what is stored while it watches and goes on where it was', async () => {
  const open = (headers: Record<string, string>, signal: AbortSignal): Promise<Response> =>
    fetch(server.url('http', `/api/v1/streams/watched/logs/watch?filter=${encodeURIComponent('level == "error"')}`), {
      headers: { Authorization: `Bearer ${token}`, ...headers },
      signal,
    });
  const follow = (response: Response): { text: string } => {
    const seen = { text: '' };
    void (async () => {
      try {
        for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
          seen.text += Buffer.from(chunk).toString();
      } catch {
        // Aborted by the test.
      }
    })();
    return seen;
  };
  await server.api('PUT', '/pipelines/watched', {
    flow: {
      nodes: [
        { id: 'in', type: 'source', position: { x: 0, y: 0 }, data: { type: 'direct' } },
        { id: 'out', type: 'router', position: { x: 0, y: 0 }, data: { stream: 'watched' } },
      ],
      edges: [{ id: '1', source: 'in', target: 'out' }],
    },
  });
  const send = (n: string, level: string): Promise<Response> =>
    post('/pipelines/watched/logs', JSON.stringify({ record: { n, level } }));
  const first = new AbortController();
  const response = await open({}, first.signal);
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const seen = follow(response);
  await send('1', 'error');
  await send('2', 'info');
  await send('3', 'error');
  await until(() => seen.text.includes('"n":"3"'));
  expect(seen.text).toContain('"n":"1"');
  expect(seen.text).not.toContain('"n":"2"');
  first.abort();
  const [, lastId = ''] = /id: (.*)\n(?![\s\S]*id: )/.exec(seen.text) ?? [];
  expect(lastId).toMatch(/^entry:watched:\d{20}:/);
  await send('4', 'error');
  const second = new AbortController();
  const resumed = follow(await open({ 'Last-Event-ID': lastId }, second.signal));
  await send('5', 'error');
  await until(() => resumed.text.includes('"n":"5"'));
  expect(resumed.text).toContain('"n":"4"');
  expect(resumed.text).not.toContain('"n":"3"');
  second.abort();
});

test('queries: bad dates and filters are 400 with what is wrong, unknown streams are empty', async () => {
  const range = 'from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
  expect((await server.api('GET', '/streams/default/logs')).status).toBe(400);
  expect((await server.api('GET', '/streams/default/logs?from=yesterday&to=now')).status).toBe(400);
  const bad = await server.api('GET', `/streams/default/logs?${range}&filter=${encodeURIComponent('level == ')}`);
  expect(bad.status).toBe(400);
  expect(JSON.stringify(bad.body)).toContain('(1:9)');
  const unknown = await server.api('GET', `/streams/nowhere/logs?${range}`);
  expect(unknown).toMatchObject({ status: 200, body: { success: true, records: [] } });
});
