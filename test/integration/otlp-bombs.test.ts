import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createGzip, constants } from 'node:zlib';
import { RunningServer } from '../support/running-server';

// Bodies of one MiB that expand to one GiB, many at once: each is refused, and costs neither memory nor the event loop.

const REQUESTS = 50;
const EXPANDED_MIB = 1024;
const MAX_GROWTH_MIB = 200;

let server: RunningServer;

beforeAll(async () => {
  server = await RunningServer.start();
});

afterAll(() => server.end());

async function bomb(): Promise<Buffer> {
  const gzip = createGzip({ level: constants.Z_BEST_COMPRESSION });
  const parts: Buffer[] = [];
  gzip.on('data', (part: Buffer) => parts.push(part));
  const zeros = Buffer.alloc(2 ** 20);
  for (let i = 0; i < EXPANDED_MIB; i++) {
    if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve));
  }
  gzip.end();
  await new Promise((resolve) => gzip.once('end', resolve));
  return Buffer.concat(parts);
}

function send(body: Buffer, contentType: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const post = request(
      server.url('otlp_http', '/v1/logs'),
      { method: 'POST', headers: { 'Content-Type': contentType, 'Content-Encoding': 'gzip' } },
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
