import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { RunningServer } from '../support/running-server';

const run = promisify(execFile);
let server: RunningServer;

beforeAll(async () => {
  server = await RunningServer.start({ settings: { 'otlp.max_body_size': '1048576' } });
});

afterAll(() => server.dispose());

test.each([
  ['protobuf', 'none'],
  ['protobuf', 'gzip'],
  ['json', 'none'],
  ['json', 'gzip'],
])('the OpenTelemetry SDK with http/%s and compression %s', async (format, compression) => {
  const text = `${format} and ${compression}`;
  const sender = path.join(__dirname, '../support/otel-sender.js');
  await run(process.execPath, [sender, format, compression, server.url('otlp_http', '/v1/logs'), text]);
  // The SDK was told of success, which means that the records are committed: there is nothing to wait for.
  const records = await server.records('default', `body startsWith "${text} "`);
  expect(records).toHaveLength(10);
  expect(records[0]?.fields).toMatchObject({
    body: `${text} 0`,
    severity_number: '9',
    severity_text: 'INFO',
    'attr.http.status': '200',
    'attr.ratio': '0.5',
    'attr.ok': 'true',
    'resource.service.name': 'checkout',
    'scope.name': 'cart',
    'scope.version': '1.2.3',
  });
});

const ONE_LOG = JSON.stringify({
  resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'by hand' }, severityNumber: 17 }] }] }],
});

function post(body: string | Buffer, headers: Record<string, string>, route = '/v1/logs'): Promise<Response> {
  return fetch(server.url('otlp_http', route), { method: 'POST', headers, body: body as unknown as string });
}

test('JSON with a charset parameter and gzip is accepted', async () => {
  const response = await post(gzipSync(ONE_LOG), {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Encoding': 'gzip',
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await server.records('default', 'body == "by hand"')).toHaveLength(1);
});

test.each<[what: string, send: () => Promise<Response>, status: number]>([
  ['malformed JSON', () => post('{"resourceLogs": [', { 'Content-Type': 'application/json' }), 400],
  ['a wrong type', () => post('{"resourceLogs": 5}', { 'Content-Type': 'application/json' }), 400],
  ['broken protobuf', () => post(Buffer.from([0x0a, 0xff, 0x01]), { 'Content-Type': 'application/x-protobuf' }), 400],
  ['another content type', () => post('x', { 'Content-Type': 'text/plain' }), 415],
  ['another encoding', () => post('x', { 'Content-Type': 'application/json', 'Content-Encoding': 'br' }), 415],
  ['what is not gzip', () => post('x', { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }), 400],
  ['a huge body', () => post(Buffer.alloc(2_000_000, 0x20), { 'Content-Type': 'application/json' }), 413],
  [
    'a bomb',
    () => post(gzipSync(Buffer.alloc(200_000_000)), { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }),
    413,
  ],
  ['traces', () => post('{}', { 'Content-Type': 'application/json' }, '/v1/traces'), 404],
  ['another path', () => post('{}', { 'Content-Type': 'application/json' }, '/nowhere'), 404],
])('%s is refused with a google.rpc.Status', async (_what, send, status) => {
  const before = (await server.records()).length;
  const response = await send();
  expect(response.status).toBe(status);
  const protobuf = response.headers.get('content-type') === 'application/x-protobuf';
  if (protobuf) expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(2);
  else
    expect(await response.json()).toMatchObject({
      code: expect.any(Number) as number,
      message: expect.any(String) as string,
    });
  expect((await server.records()).length).toBe(before);
  expect(server.running).toBe(true);
});

test('without its pipeline the listener asks senders to come back', async () => {
  const saved = await server.api('GET', '/pipelines/default');
  expect((await server.api('DELETE', '/pipelines/default')).status).toBe(200);
  const response = await post(ONE_LOG, { 'Content-Type': 'application/json' });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
  expect((await server.api('PUT', '/pipelines/default', { flow: saved.body.flow })).status).toBe(200);
  expect((await post(ONE_LOG, { 'Content-Type': 'application/json' })).status).toBe(200);
});
