import { createSocket } from 'node:dgram';
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

const RECORDS = 500;
const BODY = JSON.stringify({
  resourceLogs: [
    {
      scopeLogs: [{ logRecords: Array.from({ length: RECORDS }, () => ({ body: { stringValue: 'x'.repeat(200) } })) }],
    },
  ],
});

test('under overload each record of each request is stored or given back, and after a restart all stored ones are there', async () => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const options = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: BODY };
      return (await fetch(server.url('otlp_http', '/v1/logs'), options)).status;
    }),
  );
  const taken = answers.filter((status) => status === 200).length;
  expect(taken).toBeGreaterThan(0);
  expect(answers.every((status) => [200, 429, 503].includes(status))).toBe(true);
  const ledger = await input('otlp_http');
  expect(ledger.in_flight).toBe(0);
  expect(settled(ledger)).toBe(ledger.received);
  expect(ledger.stored).toBe(taken * RECORDS);
  // Requests that were refused before they were read hold records that nobody has counted.
  const refusedRequests = await server.metric(
    'logweir_input_requests_refused_total{input="otlp_http",reason="back_pressure"}',
  );
  expect(ledger.received).toBe((answers.length - refusedRequests) * RECORDS);
  expect(await server.metric('flowg_stream_log_total{stream="default"}')).toBe(ledger.stored);

  await server.end('SIGKILL');
  const { directory } = server;
  server = await RunningServer.start({ directory });
  expect(await server.records('default')).toHaveLength(ledger.stored);
  expect((await input('otlp_http')).received).toBe(0);
});

test('senders are told of with what they sent', async () => {
  const socket = createSocket('udp4');
  const now = new Date().toISOString();
  const messages = [`<13>1 ${now} h app - - - one`, `<13>1 ${now} h app - - - two`, '<13>no format at all'];
  for (const message of messages) socket.send(message, server.port('syslog_udp'), '127.0.0.1');
  await until(async () => (await input('syslog_udp')).stored === messages.length);
  socket.close();
  const found = await server.api('GET', '/senders?listener=syslog_udp&address=127.0.0.1');
  expect(found.body).toMatchObject({
    total: 1,
    senders: [
      { listener: 'syslog_udp', address: '127.0.0.1', received: 3, parsed: { rfc5424: 2, rfc3164: 1 }, silent: false },
    ],
  });
  expect((await server.api('GET', '/senders?silent_for=3600')).body).toMatchObject({ total: 0, senders: [] });
  expect((await server.api('GET', '/senders?sort=nonsense')).status).toBe(400);
});
