import { randomBytes } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import { RunningServer } from '../support/running-server';

const MIB = 2 ** 20;
const REQUESTS = 200;
const RECORDS_A_REQUEST = 1_000;
/** Of letters that hardly compress: with names and quotes about 1 KB a record on the wire. */
const TEXT_BYTES = 700;
/** Half of what the answer has, or less: some pages, what the connection buffers, and garbage that is yet to be collected. */
const MOST_GROWTH = 96 * MIB;

let server: RunningServer;

beforeAll(async () => {
  server = await RunningServer.start();
  for (let i = 0; i < REQUESTS; i++) {
    const records = Array.from({ length: RECORDS_A_REQUEST }, (_value, row) => ({
      n: String(i * RECORDS_A_REQUEST + row),
      text: randomBytes(TEXT_BYTES).toString('base64'),
    }));
    const { status } = await server.api('POST', '/pipelines/default/logs/struct', { records });
    expect(status).toBe(200);
  }
}, 120_000);

afterAll(() => server.dispose());

async function exported(more = ''): Promise<IncomingMessage> {
  const range = 'from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z&order=oldest';
  const headers = { Authorization: `Bearer ${await server.token()}`, Accept: 'application/x-ndjson' };
  return new Promise((resolve, reject) => {
    get(server.url('http', `/api/v1/streams/default/logs?${range}${more}`), { headers, agent: false }, resolve).on(
      'error',
      reject,
    );
  });
}

/** Reads an answer to its end; its length, and the most memory that the server had meanwhile. */
async function read(response: IncomingMessage): Promise<{ bytes: number; lines: number; residentBytes: number }> {
  let bytes = 0;
  let lines = 0;
  let residentBytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
    residentBytes = Math.max(residentBytes, server.residentBytes());
  }
  return { bytes, lines, residentBytes };
}

test('an export that is far larger than the memory for it is sent whole', async () => {
  // What short ones need, code that is yet to be compiled and garbage that is yet to be collected included.
  let few = 0;
  for (let i = 0; i < 5; i++) few = Math.max(few, (await read(await exported('&limit=20000'))).residentBytes);
  const { bytes, lines, residentBytes } = await read(await exported());
  expect(bytes).toBeGreaterThan(180 * MIB);
  expect(lines).toBe(REQUESTS * RECORDS_A_REQUEST);
  expect(residentBytes - few).toBeLessThan(MOST_GROWTH);
}, 120_000);

test('a reader that stops reading makes the server wait, and nothing else', async () => {
  const response = await exported();
  response.pause();
  const before = server.residentBytes();
  // Queries and records of others go on.
  for (let i = 0; i < 50; i++) {
    expect((await server.api('POST', '/pipelines/default/logs', { record: { i: String(i) } })).status).toBe(200);
  }
  expect((await server.api('GET', '/streams/default/fields')).status).toBe(200);
  expect(server.residentBytes() - before).toBeLessThan(MOST_GROWTH);
  const { lines } = await read(response);
  expect(lines).toBeGreaterThanOrEqual(REQUESTS * RECORDS_A_REQUEST);
}, 120_000);
