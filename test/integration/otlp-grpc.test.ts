import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { connect as connectPlain } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { RunningServer } from '../support/running-server';
import { EXPORT, GrpcCaller } from '../support/grpc-caller';
import { until } from '../support/until';

const run = promisify(execFile);
const MAX_BODY_BYTES = 1024 * 1024;
/** In the details of a status: the sender should come back. */
const RETRY_INFO = 'google.rpc.RetryInfo';

let server: RunningServer;
let caller: GrpcCaller;

beforeAll(async () => {
  server = await RunningServer.start({ settings: { 'otlp.max_body_size': String(MAX_BODY_BYTES) } });
  caller = new GrpcCaller(`127.0.0.1:${server.port('otlp_grpc')}`);
});

afterAll(async () => {
  caller.close();
  await server.dispose();
});

/** A request with one record: ResourceLogs, ScopeLogs, LogRecord, body, string_value. */
function request(text: string): Buffer {
  return [0x0a, 0x2a, 0x12, 0x12, 0x0a].reduce<Buffer>((inner, tag) => field(tag, inner), Buffer.from(text));
}

function field(tag: number, content: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = content.length; ; rest >>>= 7) {
    if (rest < 0x80) {
      length.push(rest);
      break;
    }
    length.push((rest & 0x7f) | 0x80);
  }
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function refused(reason: string): Promise<number> {
  return server.metric(`logweir_input_requests_refused_total{input="otlp_grpc",reason="${reason}"}`);
}

test.each(['none', 'gzip'])('the OpenTelemetry SDK over gRPC with compression %s', async (compression) => {
  const sender = path.join(__dirname, '../support/otel-sender.js');
  const url = `http://127.0.0.1:${server.port('otlp_grpc')}`;
  await run(process.execPath, [sender, 'grpc', compression, url, `grpc ${compression}`]);
  // The SDK was told of success, which means that the records are committed: there is nothing to wait for.
  const records = await server.records('default', `body startsWith "grpc ${compression} "`);
  expect(records).toHaveLength(10);
  expect(records[0]?.fields).toMatchObject({
    body: `grpc ${compression} 0`,
    severity_number: '9',
    'attr.http.status': '200',
    'resource.service.name': 'checkout',
    'scope.name': 'cart',
  });
});

test.each([0, 1, 2] as const)('a message with compression %d is taken', async (compression) => {
  const text = `compression ${compression} ${'x'.repeat(300_000)}`;
  expect(await caller.call(request(text), { compression })).toMatchObject({ code: 0, response: Buffer.alloc(0) });
  expect(await server.records('default', `body startsWith "compression ${compression}"`)).toHaveLength(1);
});

test('an empty request is a success', async () => {
  expect(await caller.call(Buffer.alloc(0))).toMatchObject({ code: 0 });
});

test('records beyond a limit are told of in a partial success', async () => {
  const deep = Array.from({ length: 80 }).reduce<Buffer>((inner) => field(0x2a, field(0x0a, inner)), Buffer.alloc(0));
  const body = [0x0a, 0x12, 0x12, 0x2a].reduceRight<Buffer>((inner, tag) => field(tag, inner), deep);
  const { code, response } = await caller.call(body);
  expect(code).toBe(0);
  expect(response?.toString('latin1')).toContain('deep');
});

test.each<
  [what: string, send: () => Promise<{ code: number; details: Buffer | undefined }>, code: number, reason: string]
>([
  ['what is not protobuf', () => caller.call(Buffer.from([0x0a, 0xff, 0x01])), 3, 'malformed'],
  ['a message that is too long', () => caller.call(Buffer.alloc(MAX_BODY_BYTES + 1)), 8, 'too_large'],
  ['a bomb', () => caller.call(Buffer.alloc(64 * MAX_BODY_BYTES), { compression: 2 }), 8, 'too_large'],
  [
    'traces',
    () => caller.call(request('x'), { method: '/opentelemetry.proto.collector.trace.v1.TraceService/Export' }),
    12,
    'other_signal',
  ],
  [
    'metrics',
    () => caller.call(request('x'), { method: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export' }),
    12,
    'other_signal',
  ],
  ['another method', () => caller.call(request('x'), { method: '/a.B/C' }), 12, 'unsupported'],
])('%s is refused for good, and counted', async (_what, send, code, reason) => {
  const before = await refused(reason);
  const answer = await send();
  expect(answer.code).toBe(code);
  expect(answer.details?.[1]).toBe(code);
  expect(answer.details?.toString('latin1')).not.toContain(RETRY_INFO);
  expect(await refused(reason)).toBe(before + 1);
  // The connection goes on.
  expect(await caller.call(request('afterwards'))).toMatchObject({ code: 0 });
});

test('without its pipeline the listener asks senders to come back', async () => {
  const saved = await server.api('GET', '/pipelines/default');
  expect((await server.api('DELETE', '/pipelines/default')).status).toBe(200);
  const answer = await caller.call(request('x'));
  expect(answer.code).toBe(14);
  expect(answer.details?.toString('latin1')).toContain(RETRY_INFO);
  expect((await server.api('PUT', '/pipelines/default', { flow: saved.body.flow })).status).toBe(200);
  expect(await caller.call(request('x'))).toMatchObject({ code: 0 });
});

describe('a client that does not keep to the protocol', () => {
  let session: ClientHttp2Session;

  beforeEach(() => {
    session = connect(`http://127.0.0.1:${server.port('otlp_grpc')}`);
  });

  afterEach(() => session.close());

  /** The answer's headers and trailers as one. */
  async function send(headers: Record<string, string>, body: Buffer): Promise<Record<string, unknown>> {
    const stream = session.request({ ':method': 'POST', ':path': EXPORT, te: 'trailers', ...headers });
    const answer: Record<string, unknown> = {};
    stream.on('response', (received) => Object.assign(answer, received));
    stream.on('trailers', (received) => Object.assign(answer, received));
    stream.resume();
    stream.end(body);
    await once(stream, 'close');
    return answer;
  }

  const grpc = { 'content-type': 'application/grpc' };
  const frame = (flag: number, length: number, content: Buffer): Buffer => {
    const prefix = Buffer.from([flag, 0, 0, 0, 0]);
    prefix.writeUInt32BE(length, 1);
    return Buffer.concat([prefix, content]);
  };

  test.each<[what: string, headers: Record<string, string>, body: Buffer, expected: Record<string, unknown>]>([
    ['no gRPC', { 'content-type': 'text/plain' }, Buffer.from('x'), { ':status': 415 }],
    ['PUT', { ...grpc, ':method': 'PUT' }, Buffer.alloc(0), { ':status': 405 }],
    ['no message', grpc, Buffer.alloc(0), { 'grpc-status': '1' }],
    ['half a message', grpc, frame(0, 10, Buffer.alloc(3)), { 'grpc-status': '1' }],
    [
      'two messages',
      grpc,
      Buffer.concat([frame(0, 0, Buffer.alloc(0)), frame(0, 0, Buffer.alloc(0))]),
      { 'grpc-status': '3' },
    ],
    ['a length beyond all limits', grpc, frame(0, 0xffffffff, Buffer.alloc(0)), { 'grpc-status': '8' }],
    ['compressed by nothing', grpc, frame(1, 1, Buffer.alloc(1)), { 'grpc-status': '3' }],
    [
      'another compression',
      { ...grpc, 'grpc-encoding': 'snappy' },
      frame(1, 1, Buffer.alloc(1)),
      { 'grpc-status': '12', 'grpc-accept-encoding': 'identity,gzip,deflate' },
    ],
    ['no gzip', { ...grpc, 'grpc-encoding': 'gzip' }, frame(1, 4, Buffer.from('nope')), { 'grpc-status': '3' }],
  ])('%s', async (_what, headers, body, expected) => {
    expect(await send(headers, body)).toMatchObject(expected);
    expect(server.running).toBe(true);
  });

  test('breaks off its call', async () => {
    const before = await refused('cancelled');
    const stream = session.request({ ':method': 'POST', ':path': EXPORT, ...grpc });
    stream.on('error', () => undefined);
    stream.write(frame(0, 1000, Buffer.alloc(10)));
    await new Promise((resolve) => session.ping(resolve));
    stream.close(constants.NGHTTP2_CANCEL);
    await once(stream, 'close');
    await until(async () => (await refused('cancelled')) === before + 1);
  });
});

test('a client that speaks something else is told of with its address', async () => {
  const socket = connectPlain(server.port('otlp_grpc'), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await until(() => server.output.includes('otlp_grpc: the connection of 127.0.0.1 failed: '));
  socket.destroy();
});
