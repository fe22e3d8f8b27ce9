import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createGzip, constants, deflateSync, gzipSync } from 'node:zlib';
import { GrpcCaller } from '../support/grpc-caller';
import { RunningServer } from '../support/running-server';

// Bodies that expand to a thousand times their size, many at once: each is refused, and costs neither memory nor the event loop.

const MIB = 2 ** 20;
const REQUESTS = 50;
const EXPANDED_MIB = 1024;
const MAX_GROWTH_MIB = 200;

/** `otlp.max_body_size`. */
const LIMIT_MIB = 16;
/** Expanded, a small bomb is that large. */
const SMALL_BOMB = Buffer.alloc(4 * LIMIT_MIB * MIB);

/** gRPC's own number for what can't be taken. */
const RESOURCE_EXHAUSTED = 8;

let server: RunningServer;

beforeEach(async () => {
  server = await RunningServer.start({ settings: { 'otlp.max_body_size': String(LIMIT_MIB * MIB) } });
});

afterEach(() => server.end());

async function bomb(): Promise<Buffer> {
  const gzip = createGzip({ level: constants.Z_BEST_COMPRESSION });
  const parts: Buffer[] = [];
  gzip.on('data', (part: Buffer) => parts.push(part));
  const zeros = Buffer.alloc(MIB);
  for (let i = 0; i < EXPANDED_MIB; i++) {
    if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve));
  }
  gzip.end();
  await new Promise((resolve) => gzip.once('end', resolve));
  return Buffer.concat(parts);
}

function send(body: Buffer, contentType: string, encoding = 'gzip'): Promise<number> {
  return new Promise((resolve, reject) => {
    const post = request(
      server.url('otlp_http', '/v1/logs'),
      { method: 'POST', headers: { 'Content-Type': contentType, 'Content-Encoding': encoding } },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    post.on('error', reject);
    post.end(body);
  });
}

/** The most memory that was resident so far, or is now, in MiB. */
async function memoryMib(line: 'VmHWM' | 'VmRSS'): Promise<number> {
  const status = await readFile(`/proc/${String(server.process.pid)}/status`, 'utf8');
  return Number(new RegExp(`${line}:\\s*(\\d+)`).exec(status)?.[1]) / 1024;
}

test('fifty at once are all answered 413, while the service goes on', async () => {
  const body = await bomb();
  expect(body.length).toBeGreaterThan(900_000);
  const before = await memoryMib('VmRSS');
  let answered = false;
  const answers = Promise.all(
    Array.from({ length: REQUESTS }, (_, i) => send(body, i % 2 === 0 ? 'application/x-protobuf' : 'application/json')),
  ).finally(() => {
    answered = true;
  });
  while (!answered) expect((await fetch(server.url('management', '/health'))).status).toBe(200);
  expect(await answers).toEqual(new Array<number>(REQUESTS).fill(413));
  expect((await memoryMib('VmHWM')) - before).toBeLessThan(MAX_GROWTH_MIB);
  expect(await server.metric('logweir_input_requests_refused_total{input="otlp_http",reason="too_large"}')).toBe(
    REQUESTS,
  );
});

function lying(gzip: Buffer): Buffer {
  gzip.writeUInt32LE(100, gzip.length - 4);
  return gzip;
}

test.each([
  ['gzip that lies about its size', 'gzip', lying(gzipSync(SMALL_BOMB))],
  ['deflate, which does not tell it', 'deflate', deflateSync(SMALL_BOMB)],
])('a flood of %s takes less than two bodies do', async (_name, encoding, body) => {
  const before = await memoryMib('VmRSS');
  const answers = await Promise.all(
    Array.from({ length: REQUESTS }, () => send(body, 'application/x-protobuf', encoding)),
  );
  expect(answers).toEqual(new Array<number>(REQUESTS).fill(413));
  expect(((await memoryMib('VmHWM')) - before) / LIMIT_MIB).toBeLessThan(2);
});

test('over gRPC neither', async () => {
  const caller = new GrpcCaller(`127.0.0.1:${server.port('otlp_grpc')}`);
  try {
    const before = await memoryMib('VmRSS');
    const answers = await Promise.all(
      Array.from({ length: REQUESTS }, () => caller.call(SMALL_BOMB, { compression: 1 })),
    );
    expect(answers.map(({ code }) => code)).toEqual(new Array<number>(REQUESTS).fill(RESOURCE_EXHAUSTED));
    expect(((await memoryMib('VmHWM')) - before) / LIMIT_MIB).toBeLessThan(2);
  } finally {
    caller.close();
  }
});
