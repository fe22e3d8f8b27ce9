import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { RunningServer } from '../support/running-server';
import { until } from '../support/until';

interface InputView {
  readonly name: string;
  readonly received: number;
  readonly stored: number;
  readonly failed: number;
  readonly in_flight: number;
  readonly refused: Record<string, number>;
  readonly dropped: Record<string, number>;
}

let server: RunningServer;

beforeAll(async () => {
  // So little may wait for the store that parallel requests are refused.
  server = await RunningServer.start({ settings: { 'storage.max_pending_bytes': '1048576' } });
});

afterAll(() => server.dispose());

async function input(name: string): Promise<InputView> {
  const { body } = await server.api('GET', '/inputs');
  return (body.inputs as InputView[]).find((one) => one.name === name)!;
}

function settled({ stored, failed, refused, dropped }: InputView): number {
  return [...Object.values(refused), ...Object.values(dropped)].reduce((sum, count) => sum + count, stored + failed);
}

const RECORDS = 2_000;
const LINES = 20_000;
/** So many rounds of requests at once are sent until one is taken and one refused: how fast the store is must not matter. */
const MAX_ROUNDS = 50;
/** All different, so that they wait for the store as so many bytes. */
const TEXTS = Array.from({ length: RECORDS }, (_, i) => `${i} `.repeat(40));
const BODY = JSON.stringify({
  resourceLogs: [{ scopeLogs: [{ logRecords: TEXTS.map((stringValue) => ({ body: { stringValue } })) }] }],
});

async function post(): Promise<number> {
  const options = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: BODY };
  return (await fetch(server.url('otlp_http', '/v1/logs'), options)).status;
}

/** Some requests were taken and some were not. */
function isMixed(answers: readonly number[]): boolean {
  return answers.includes(200) && answers.some((status) => status !== 200);
}

async function sendLines(): Promise<void> {
  const socket = connect(server.port('syslog_tcp'), '127.0.0.1');
  socket.resume();
  socket.end(`<13>1 - h app - - - ${'y'.repeat(100)}\n`.repeat(LINES));
  await once(socket, 'close');
}

test('under overload each record of each request is stored or given back, and after a restart all stored ones are there', async () => {
  const lines = sendLines();
  const answers: number[] = [];
  for (let round = 0; round < MAX_ROUNDS && !isMixed(answers); round++) {
    answers.push(...(await Promise.all(Array.from({ length: 20 }, post))));
  }
  await lines;
  await until(async () => {
    const { received, in_flight } = await input('syslog_tcp');
    return received === LINES && in_flight === 0;
  });
  const taken = answers.filter((status) => status === 200).length;
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(answers.length);
  expect(answers.every((status) => [200, 429, 503].includes(status))).toBe(true);
  // Who cannot be told to come back waits: no line is lost.
  const waiting = await input('syslog_tcp');
  expect(waiting.stored).toBe(LINES);
  const ledger = await input('otlp_http');
  expect(ledger.in_flight).toBe(0);
  expect(settled(ledger)).toBe(ledger.received);
  expect(ledger.stored).toBe(taken * RECORDS);
  // Requests that were refused before they were read hold records that nobody has counted.
  const refusedRequests = await server.metric(
    'logweir_input_requests_refused_total{input="otlp_http",reason="back_pressure"}',
  );
  expect(ledger.received).toBe((answers.length - refusedRequests) * RECORDS);
  const { body } = await server.api('GET', '/senders?listener=otlp_http');
  expect(body.senders).toEqual([
    expect.objectContaining({
      received: ledger.received,
      refused: ledger.refused.back_pressure === 0 ? {} : { back_pressure: ledger.refused.back_pressure },
      refused_requests: refusedRequests === 0 ? {} : { back_pressure: refusedRequests },
    }),
  ]);
  const stored = ledger.stored + waiting.stored;
  expect(await server.metric('flowg_stream_log_total{stream="default"}')).toBe(stored);

  await server.end('SIGKILL');
  const { directory } = server;
  const sender = {
    address: '192.0.2.7',
    first_seen: 1e12,
    last_seen: 1.1e12,
    pauses: 60_000,
    squared_pauses: 1e9,
    silent: true,
  };
  const memory = { version: 1, listeners: { syslog_udp: [sender] } };
  writeFileSync(path.join(directory, 'senders.json'), JSON.stringify(memory));
  server = await RunningServer.start({ directory, settings: { 'otlp.dedupe_window': '60' } });
  // A regular sender of an earlier run is still missed.
  expect((await server.api('GET', '/senders?silent_for=3600')).body).toMatchObject({
    total: 1,
    senders: [{ address: '192.0.2.7', received: 0, last_seen: new Date(1.1e12).toISOString(), silent: true }],
  });
  const range = 'from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z&buckets=1';
  expect((await server.api('GET', `/streams/default/histogram?${range}`)).body.total).toBe(stored);
  expect((await input('otlp_http')).received).toBe(0);
});

test('with a window for it, a request that is repeated is stored once and counted as what it is', async () => {
  expect(await post()).toBe(200);
  expect(await post()).toBe(200);
  const ledger = await input('otlp_http');
  expect(ledger).toMatchObject({ received: 2 * RECORDS, stored: RECORDS, in_flight: 0 });
  expect(ledger.dropped.duplicate).toBe(RECORDS);
  expect(settled(ledger)).toBe(ledger.received);
});

test('senders are told of with what they sent', async () => {
  const socket = createSocket('udp4');
  const now = new Date().toISOString();
  const messages = [
    `<13>1 ${now} h app - - - one`,
    `<13>1 ${now} h app - - - two`,
    '<13>no format at all',
    'not even a PRI',
  ];
  for (const message of messages) socket.send(message, server.port('syslog_udp'), '127.0.0.1');
  await until(async () => (await input('syslog_udp')).stored === messages.length);
  socket.close();
  const found = await server.api('GET', '/senders?listener=syslog_udp&address=127.0.0.1');
  expect(found.body).toMatchObject({
    total: 1,
    senders: [
      {
        listener: 'syslog_udp',
        address: '127.0.0.1',
        received: 4,
        parsed: { rfc5424: 2, rfc3164: 1, unparsed: 1 },
        silent: false,
      },
    ],
  });
  expect((await server.api('GET', '/senders?silent_for=3600&address=127.0.0.1')).body).toMatchObject({ total: 0 });
  expect((await server.api('GET', '/senders?sort=nonsense')).status).toBe(400);
});
