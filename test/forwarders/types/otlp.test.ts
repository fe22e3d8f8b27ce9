import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Metadata, Server, ServerCredentials, status, type ServiceError, type sendUnaryData } from '@grpc/grpc-js';
import { Writer } from 'protobufjs';
import { TemporaryFailure, type Destination } from '../../../src/forwarders/destination';
import {
  OTLP_LOGS_GRPC_METHOD,
  decodeLogsJson,
  decodeLogsProtobuf,
  encodeExportLogsResponse,
  encodeLogsProtobuf,
  encodeStatus,
} from '../../../src/otlp';
import { RecordBatch, type RecordFields } from '../../../src/record';
import { RunningServer } from '../../support/running-server';
import { selfSigned } from '../../support/self-signed';
import { until } from '../../support/until';
import { HttpReceiver, type Answer as HttpAnswer, type Handler } from './support/http-receiver';
import {
  NEVER,
  batchOf,
  lookupWithDeadEnd,
  openDestination,
  problemsOf,
  type AnyConfig,
} from './support/open-destination';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function receive(handler?: Handler): Promise<HttpReceiver> {
  const receiver = await HttpReceiver.start(handler);
  closing.push(() => receiver.stop());
  return receiver;
}

function open(config: Record<string, unknown>, context = {}): Destination {
  const destination = openDestination({ type: 'otlp', ...config } as AnyConfig, context);
  closing.push(() => destination.close());
  return destination;
}

function decoded(format: string, body: Buffer): RecordFields[] {
  const batch = new RecordBatch();
  if (format === 'http/json') decodeLogsJson(body, 0, batch);
  else decodeLogsProtobuf(body, 0, batch);
  return [...batch.records()].map(({ fields }) => ({ ...fields }));
}

/** Fields of logs as a listener makes them. */
const sources: RecordFields[] = [
  {
    body: '{"a":[1,{"b":true}],"c":null}',
    'body.a.0': '1',
    'body.a.1.b': 'true',
    'body.c': '',
    severity_number: '17',
    severity_text: 'ERROR',
    event_name: 'checkout',
    time_unix_nano: '1544712660300000001',
    observed_time_unix_nano: '18446744073709551615',
    trace_id: '5b8efff798038103d269b633813fc60c',
    span_id: 'eee19b7ec3c1b174',
    flags: '1',
    dropped_attributes_count: '3',
    'attr.http.status': '500',
    'resource.service.name': 'shop',
    'scope.name': 'lib',
    'scope.version': '1.2',
    'scope.kind': 'x',
  },
  { body: 'ünïcödé', 'resource.service.name': 'cart' },
];
const records = decoded(
  'protobuf',
  encodeLogsProtobuf(sources.map((fields) => ({ timestamp: 1_700_000_000_123, fields }))),
);

interface Call {
  readonly body: Buffer;
  readonly metadata: Metadata;
}

type Answer = Buffer | Partial<ServiceError> | 'hang';

/** A gRPC server of the logs service. */
async function grpcServer(
  answer: (call: Call) => Answer,
  tls?: { cert: string; key: string },
): Promise<{ url: string; calls: Call[] }> {
  const calls: Call[] = [];
  const server = new Server();
  const raw = (bytes: Buffer): Buffer => bytes;
  server.addService(
    {
      export: {
        path: OTLP_LOGS_GRPC_METHOD,
        requestStream: false,
        responseStream: false,
        requestSerialize: raw,
        requestDeserialize: raw,
        responseSerialize: raw,
        responseDeserialize: raw,
      },
    },
    {
      export: (call: { request: Buffer; metadata: Metadata }, done: sendUnaryData<Buffer>) => {
        const received = { body: call.request, metadata: call.metadata };
        calls.push(received);
        const given = answer(received);
        if (given === 'hang') return;
        if (Buffer.isBuffer(given)) done(null, given);
        else done(given);
      },
    },
  );
  const credentials =
    tls === undefined
      ? ServerCredentials.createInsecure()
      : ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) }]);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  closing.push(async () => server.forceShutdown());
  return { url: `${tls ? 'https' : 'http'}://localhost:${port}`, calls };
}

describe.each(['http/protobuf', 'http/json', 'grpc'])('%s', (protocol) => {
  const format = protocol === 'http/json' ? 'json' : 'protobuf';
  const success = encodeExportLogsResponse({ rejected: 0, message: '' }, format);

  /** A receiver with the given answers, and a forwarder to it. */
  async function forward(answers: Buffer[], config = {}): Promise<{ bodies: Buffer[]; destination: Destination }> {
    const bodies: Buffer[] = [];
    if (protocol === 'grpc') {
      const { url } = await grpcServer(({ body }) => {
        bodies.push(body);
        return answers[bodies.length - 1] ?? success;
      });
      return { bodies, destination: open({ endpoint: url, protocol, ...config }) };
    }
    const receiver = await receive(({ body }) => {
      bodies.push(body);
      return { body: answers[bodies.length - 1] ?? success };
    });
    return { bodies, destination: open({ endpoint: receiver.url('/v1/logs'), protocol, ...config }) };
  }

  test.each(['none', 'gzip'])('what came over OTLP leaves as it came (compression %s)', async (compression) => {
    const { bodies, destination } = await forward([], { compression });
    expect(await destination.send(batchOf(...records), NEVER)).toEqual({ refused: [], retry: [] });
    expect(decoded(protocol, bodies[0]!)).toEqual(records);
  });

  test('records that did not: the message is the body, other fields are attributes', async () => {
    const { bodies, destination } = await forward([]);
    await destination.send(batchOf({ message: 'hi', host: 'web1' }), NEVER);
    expect(decoded(protocol, bodies[0]!)[0]).toMatchObject({
      body: 'hi',
      'attr.host': 'web1',
      time_unix_nano: '1772600767089000000',
    });
  });

  test('records that were rejected are among the refused, and later requests are smaller', async () => {
    const partial = encodeExportLogsResponse({ rejected: 1, message: 'too old' }, format);
    const { bodies, destination } = await forward([partial]);
    const batch = batchOf(...Array.from({ length: 16 }, (_, i) => ({ body: String(i) })));
    const outcome = await destination.send(batch, NEVER);
    expect(outcome.refused).toHaveLength(16);
    expect(outcome.refused[0]!.reason).toBe('1 of 16 records rejected, which is not said: too old');
    expect(outcome.retry).toEqual([]);
    expect(await destination.send(batch, NEVER)).toEqual({ refused: [], retry: [] });
    expect(bodies.slice(1).flatMap((body) => decoded(protocol, body).map((fields) => fields.body))).toEqual(
      [...batch.records()].map(({ fields }) => fields.body),
    );
    expect(bodies.length).toBe(9);
  });

  test('large batches are cut', async () => {
    const { bodies, destination } = await forward([]);
    await destination.send(batchOf(...Array.from({ length: 12 }, () => ({ body: 'x'.repeat(600_000) }))), NEVER);
    expect(bodies.length).toBeGreaterThan(1);
    expect(bodies.every((body) => body.length <= 4_000_000)).toBe(true);
    expect(bodies.flatMap((body) => decoded(protocol, body))).toHaveLength(12);
  });
});

describe('over HTTP', () => {
  test('headers may replace the content type; failures show the words of the receiver', async () => {
    const receiver = await receive((_, number) => (number === 1 ? {} : { status: 401, body: 'who are you' }));
    const headers = { 'content-type': 'application/otlp', 'x-tenant': 'a' };
    const destination = open({ endpoint: receiver.url('/custom'), headers });
    await destination.send(batchOf({ body: 'a' }), NEVER);
    expect(receiver.requests[0]).toMatchObject({ url: '/custom', headers });
    const outcome = await destination.send(batchOf({ body: 'a' }), NEVER);
    expect(outcome.refused).toEqual([{ row: 0, reason: 'HTTP status 401: who are you' }]);
  });

  test.each<[string, HttpAnswer, string, string]>([
    [
      'a status in protobuf',
      {
        status: 403,
        headers: { 'Content-Type': 'application/x-protobuf' },
        body: encodeStatus({ code: 7, message: 'the token may not write' }, 'protobuf'),
      },
      '/v1/logs',
      'HTTP status 403: the token may not write',
    ],
    [
      'something else that says it is protobuf',
      { status: 403, headers: { 'Content-Type': 'application/x-protobuf' }, body: '<html>' },
      '/v1/logs',
      'HTTP status 403: <html>',
    ],
    [
      'an endpoint without a path',
      { status: 404, body: 'page not found' },
      '/',
      'HTTP status 404: page not found (logs mostly go to /v1/logs, and the endpoint has no path)',
    ],
  ])('a failure is told of in words: %s', async (_name, answer, path, reason) => {
    const receiver = await receive(() => answer);
    const outcome = await open({ endpoint: receiver.url(path) }).send(batchOf({ body: 'a' }), NEVER);
    expect(outcome.refused).toEqual([{ row: 0, reason }]);
  });

  test('a warning about what was taken is passed on', async () => {
    const body = encodeExportLogsResponse({ rejected: 0, message: 'attributes were cut' }, 'protobuf');
    const receiver = await receive(() => ({ body }));
    expect(await open({ endpoint: receiver.url() }).send(batchOf({ body: 'a' }), NEVER)).toEqual({
      refused: [],
      retry: [],
      warning: 'the receiver warns: attributes were cut',
    });
  });

  test('a success with a body that is none is a success', async () => {
    const receiver = await receive(() => ({ body: '<html>ok</html>' }));
    expect(await open({ endpoint: receiver.url() }).send(batchOf({ body: 'a' }), NEVER)).toEqual({
      refused: [],
      retry: [],
    });
  });
});

describe('over gRPC', () => {
  const one = batchOf({ body: 'a' });

  test('TLS by the name of the host, metadata', async () => {
    const certificate = selfSigned('localhost');
    const { url, calls } = await grpcServer(() => Buffer.alloc(0), certificate);
    const config = { endpoint: url, protocol: 'grpc', headers: { 'X-Tenant': 'a' } };
    await expect(open(config).send(one, NEVER)).rejects.toThrow(TemporaryFailure);
    await open({ ...config, tls: { ca: certificate.cert } }).send(one, NEVER);
    expect(calls.map(({ metadata }) => metadata.get('x-tenant'))).toEqual([['a']]);
    const tls = { ca: certificate.cert, server_name: 'other.test' };
    await expect(open({ ...config, tls }).send(one, NEVER)).rejects.toThrow(TemporaryFailure);
  });

  test('user and password of the URL go into the metadata', async () => {
    const { url, calls } = await grpcServer(() => Buffer.alloc(0));
    await open({ endpoint: url.replace('//', '//user:pass@'), protocol: 'grpc' }).send(one, NEVER);
    expect(calls.map(({ metadata }) => metadata.get('authorization'))).toEqual([['Basic dXNlcjpwYXNz']]);
  });

  test('throttling asks for a time', async () => {
    // google.rpc.Status with a RetryInfo of 2.5 s.
    const duration = Writer.create().uint32(8).int64(2).uint32(16).int32(500_000_000).finish();
    const info = Writer.create().uint32(10).bytes(duration).finish();
    const any = Writer.create()
      .uint32(10)
      .string('type.googleapis.com/google.rpc.RetryInfo')
      .uint32(18)
      .bytes(info)
      .finish();
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', Buffer.from(Writer.create().uint32(26).bytes(any).finish()));
    const { url } = await grpcServer(() => ({ code: status.UNAVAILABLE, details: 'busy', metadata }));
    await expect(open({ endpoint: url, protocol: 'grpc' }).send(one, NEVER)).rejects.toMatchObject({
      code: 'TEMPORARY_FAILURE',
      message: 'gRPC status UNAVAILABLE: busy',
      retryAfterMs: 2500,
    });
  });

  test('what is wrong with the request is for good', async () => {
    const { url } = await grpcServer(() => ({ code: status.INVALID_ARGUMENT, details: 'no such tenant' }));
    const outcome = await open({ endpoint: url, protocol: 'grpc' }).send(one, NEVER);
    expect(outcome.refused).toEqual([{ row: 0, reason: 'gRPC status INVALID_ARGUMENT: no such tenant' }]);
  });

  test('a silent server ends with the signal or the time; nobody listens; up again', async () => {
    const { url, calls } = await grpcServer(() => 'hang');
    const controller = new AbortController();
    const sent = open({ endpoint: url, protocol: 'grpc' }).send(one, controller.signal);
    const failed = expect(sent).rejects.toThrow('no answer in time');
    await until(() => calls.length === 1);
    controller.abort();
    await failed;
    await expect(open({ endpoint: url, protocol: 'grpc' }, { timeoutMs: 100 }).send(one, NEVER)).rejects.toThrow(
      /DEADLINE/,
    );
    await expect(open({ endpoint: 'http://127.0.0.1:1', protocol: 'grpc' }).send(one, NEVER)).rejects.toThrow(
      /UNAVAILABLE/,
    );
  });

  test('a connection over which nothing comes any more is given up', async () => {
    const { url, calls } = await grpcServer(() => Buffer.alloc(0));
    const port = Number(new URL(url).port);
    const sockets: Socket[] = [];
    let connections = 0;
    // Takes what is sent over the first connection and says nothing, as a firewall does that has forgotten it.
    const firewall = createServer((socket) => {
      connections++;
      sockets.push(socket.on('error', () => undefined).resume());
      if (connections === 1) return;
      const onward = connect(port, '127.0.0.1').on('error', () => undefined);
      sockets.push(onward);
      socket.pipe(onward).pipe(socket);
    });
    await new Promise<void>((resolve) => firewall.listen(0, '127.0.0.1', resolve));
    closing.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => firewall.close(resolve));
    });
    const endpoint = `http://127.0.0.1:${(firewall.address() as AddressInfo).port}`;
    const destination = open({ endpoint, protocol: 'grpc' }, { timeoutMs: 300 });
    await expect(destination.send(one, NEVER)).rejects.toThrow(/DEADLINE_EXCEEDED/);
    await until(async () => {
      await destination.send(one, NEVER).catch(() => undefined);
      return calls.length > 0;
    });
    expect(connections).toBeGreaterThan(1);
  });

  test('an address that leads nowhere is followed by the next one', async () => {
    const { url, calls } = await grpcServer(() => Buffer.alloc(0));
    const config = { endpoint: url.replace('localhost', 'collector.test'), protocol: 'grpc' };
    const destination = open(config, { lookup: lookupWithDeadEnd });
    await expect(destination.send(one, NEVER)).rejects.toThrow(TemporaryFailure);
    await destination.send(one, NEVER);
    expect(calls).toHaveLength(1);
  });

  test('names go through the lookup of the service', async () => {
    const { url, calls } = await grpcServer(() => Buffer.alloc(0));
    const asked: string[] = [];
    const lookup = (
      host: string,
      _options: unknown,
      answer: (error: null, address: string, family: number) => void,
    ): void => {
      asked.push(host);
      answer(null, '127.0.0.1', 4);
    };
    await open({ endpoint: url.replace('localhost', 'collector.test'), protocol: 'grpc' }, { lookup }).send(one, NEVER);
    expect([asked, calls.length]).toEqual([['collector.test'], 1]);
  });
});

test('through a listener of the product every field comes back', async () => {
  const server = await RunningServer.start();
  try {
    for (const protocol of ['http/protobuf', 'http/json']) {
      await open({ endpoint: server.url('otlp_http', '/v1/logs'), protocol }).send(batchOf(...records), NEVER);
    }
    await until(async () => (await server.records('default')).length === 4);
    const stored = (await server.records('default')).map(({ fields }) => fields);
    for (const record of records) {
      const same = stored.filter((fields) => fields.body === record.body);
      expect(same).toEqual([record, record]);
    }
  } finally {
    await server.dispose();
  }
});

test.each([
  [{ 'x!y': 'a' }, 'headers.x!y'],
  [{ 'trace-bin': 'a' }, 'headers.trace-bin'],
  [{ 'x-name': 'café' }, 'headers.x-name'],
])('metadata that gRPC does not allow: %j', (headers, path) => {
  const config = { type: 'otlp', endpoint: 'http://x', headers };
  expect(problemsOf(config)).toEqual([]);
  expect(problemsOf({ ...config, protocol: 'grpc' }).map((problem) => problem.path)).toEqual([path]);
});

test('a proxy is not for gRPC', () => {
  const config = { type: 'otlp', endpoint: 'http://x', protocol: 'grpc', proxy: 'http://p' };
  expect(problemsOf(config).map(({ path }) => path)).toEqual(['proxy']);
});
