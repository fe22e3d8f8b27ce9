import { execFile, execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { closed } from '../support/closed';
import { RunningServer, type StoredRecord } from '../support/running-server';
import { until } from '../support/until';

const run = promisify(execFile);
let server: RunningServer;

beforeAll(async () => {
  server = await RunningServer.start();
});

afterAll(() => server.dispose());

async function stored(filter: string, count: number): Promise<StoredRecord[]> {
  let records: StoredRecord[] = [];
  await until(async () => (records = await server.records('default', filter)).length >= count);
  return records;
}

async function sendTcp(...chunks: (string | Buffer)[]): Promise<void> {
  const socket = connect(server.port('syslog_tcp'), '127.0.0.1');
  await once(socket, 'connect');
  for (const chunk of chunks) {
    socket.write(chunk);
    // A turn of the loop between chunks, so that they arrive apart.
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.end();
  await closed(socket);
}

async function sendUdp(...datagrams: (string | Buffer)[]): Promise<void> {
  const socket = createSocket('udp4');
  for (const datagram of datagrams) {
    await new Promise<void>((resolve, reject) =>
      socket.send(datagram, server.port('syslog_udp'), '127.0.0.1', (error) => (error ? reject(error) : resolve())),
    );
  }
  socket.close();
}

describe('util-linux logger', () => {
  const common = ['--server', '127.0.0.1', '--tag', 'probe', '--priority', 'local3.warning'];

  test.each([
    ['UDP, RFC 3164', ['--udp', '--rfc3164'], 'syslog_udp'],
    ['TCP, RFC 3164', ['--tcp', '--rfc3164'], 'syslog_tcp'],
    ['TCP, RFC 3164, octet counting', ['--tcp', '--rfc3164', '--octet-count'], 'syslog_tcp'],
  ])('%s', async (name, options, listener) => {
    const text = `${name} says hello`;
    await run('logger', [...common, ...options, '--port', String(server.port(listener)), text]);
    const [record] = await stored(`content == "${text}"`, 1);
    expect(record?.fields).toMatchObject({
      tag: 'probe',
      priority: '156',
      facility: '19',
      severity: '4',
      content: text,
    });
    expect(record?.fields.hostname).not.toBe('');
    expect(record?.fields.client).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(record?.fields.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
  });

  test.each([
    ['UDP, RFC 5424', ['--udp', '--rfc5424'], 'syslog_udp'],
    ['TCP, RFC 5424', ['--tcp', '--rfc5424'], 'syslog_tcp'],
    ['TCP, RFC 5424, octet counting', ['--tcp', '--rfc5424', '--octet-count'], 'syslog_tcp'],
  ])('%s', async (name, options, listener) => {
    const text = `${name} says hello`;
    const data = ['--msgid', 'ID47', '--sd-id', 'example@32473', '--sd-param', 'key="a value"'];
    await run('logger', [...common, ...options, ...data, '--port', String(server.port(listener)), text]);
    const [record] = await stored(`message == "${text}"`, 1);
    expect(record?.fields).toMatchObject({
      app_name: 'probe',
      priority: '156',
      facility: '19',
      severity: '4',
      version: '1',
      msg_id: 'ID47',
      message: text,
    });
    expect(record?.fields['sd.example@32473.key']).toBe('a value');
    expect(record?.fields.structured_data).toContain('[example@32473 key="a value"]');
  });
});

const hasLoggen = (() => {
  try {
    execFileSync('loggen', ['--help'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

// Part of Debian's syslog-ng-core; CI installs it.
if (hasLoggen) {
  test('loggen of syslog-ng: every message of 5,000 over TCP arrives', async () => {
    const before = await server.metric('logweir_input_records_received_total{input="syslog_tcp"}');
    await run('loggen', [
      ...['--inet', '--stream', '--syslog-proto', '--size', '200', '--number', '5000', '--rate', '100000'],
      ...['127.0.0.1', String(server.port('syslog_tcp'))],
    ]);
    await until(async () => {
      const received = await server.metric('logweir_input_records_received_total{input="syslog_tcp"}');
      const accepted = await server.metric('logweir_input_records_accepted_total{input="syslog_tcp"}');
      return received - before >= 5_000 && accepted === received;
    });
    expect(await server.records('default', 'app_name startsWith "prg"')).toHaveLength(5_000);
  });
}

test('NIL values become empty strings', async () => {
  await sendTcp('<13>1 - - - - - - nil values\n');
  const [record] = await stored('message == "nil values"', 1);
  expect(record?.fields).toMatchObject({
    hostname: '',
    app_name: '',
    proc_id: '',
    msg_id: '',
    structured_data: '',
    timestamp: '',
  });
});

test('every line of a datagram is kept', async () => {
  await sendUdp('<13>Oct 11 22:14:15 host app: first line of two\n<13>Oct 11 22:14:15 host app: second line of two\n');
  expect(await stored('content endsWith "line of two"', 2)).toHaveLength(2);
});

test('octet counting and newlines are told apart on one connection, wherever it is split', async () => {
  const counted = '<13>1 2024-01-01T00:00:00Z h a 1 - - counted ünïcode\nwith a newline';
  const stream = Buffer.from(
    `<13>1 2024-01-01T00:00:00Z h a 1 - - mixed one\n${Buffer.byteLength(counted)} ${counted}<13>1 2024-01-01T00:00:00Z h a 1 - - mixed two\r\n`,
  );
  for (const at of [1, 46, 48, 50, 52, 100, 105, stream.length - 1]) {
    await sendTcp(stream.subarray(0, at), stream.subarray(at));
  }
  await stored('message startsWith "mixed"', 16);
  expect(await server.records('default', 'message == "mixed one"')).toHaveLength(8);
  expect(await server.records('default', 'message == "mixed two"')).toHaveLength(8);
  expect(await stored('message contains "counted ünïcode\\nwith"', 8)).toHaveLength(8);
});

test('the host of an IPv6 sender is its address', async () => {
  const other = await RunningServer.start({ settings: { 'syslog.tcp.bind': '[::1]:0' } });
  try {
    const socket = connect(other.port('syslog_tcp'), '::1');
    await once(socket, 'connect');
    socket.end('<13>just a message without header\n');
    await closed(socket);
    let records: StoredRecord[] = [];
    await until(async () => (records = await other.records()).length === 1);
    expect(records[0]?.fields.hostname).toBe('::1');
    expect(records[0]?.fields.client).toMatch(/^\[::1\]:\d+$/);
  } finally {
    await other.dispose();
  }
});

test('garbage on the ports harms nobody and nothing of it is lost silently', async () => {
  const before = await server.metric('logweir_input_records_received_total{input="syslog_udp"}');
  const garbage = [
    Buffer.from([0xff, 0xfe, 0x00, 0x80]),
    '<999>x',
    '<',
    Buffer.alloc(60_000, 0x41),
    '99999999999 a',
    '<13>1',
  ];
  await sendUdp(...garbage);
  await sendTcp(Buffer.from([0, 1, 2, 250, 251, 10]), 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', Buffer.alloc(300_000, 0x42));
  await until(
    async () =>
      (await server.metric('logweir_input_records_received_total{input="syslog_udp"}')) - before >= garbage.length,
  );
  const [bad] = await stored('invalid_utf8 == "true"', 1);
  expect(bad?.fields.content).toContain('\ufffd');
  expect(
    await server.metric('logweir_input_records_flagged_total{input="syslog_udp",flag="invalid_utf8"}'),
  ).toBeGreaterThan(0);
  await sendTcp('<13>1 2024-01-01T00:00:00Z h a 1 - - still alive\n');
  expect(await stored('message == "still alive"', 1)).toHaveLength(1);
  expect(server.running).toBe(true);
});

test('allowed origins of the system configuration hold at once', async () => {
  const save = (origins: string[]): Promise<{ status: number }> =>
    server.api('PUT', '/system-configuration', { syslog_allowed_origins: origins, default_roles: ['viewer'] });
  const open = connect(server.port('syslog_tcp'), '127.0.0.1');
  open.on('error', () => undefined);
  open.write('<13>Oct 11 22:14:15 host app: over an open connection\n');
  await stored('content == "over an open connection"', 1);
  const ended = closed(open);
  expect((await save(['192.0.2.0/24'])).status).toBe(200);
  // Who was let in before may go on no longer.
  open.resume();
  await ended;
  await sendUdp('<13>Oct 11 22:14:15 host app: from a stranger');
  await until(
    async () => (await server.metric('logweir_input_records_dropped_total{input="syslog_udp",reason="origin"}')) === 1,
  );
  const { body } = await server.api('GET', '/senders?listener=syslog_udp&address=127.0.0.1');
  expect((body.senders as { dropped: unknown }[])[0]?.dropped).toMatchObject({ origin: 1 });
  expect((await save(['127.0.0.0/8'])).status).toBe(200);
  await sendUdp('<13>Oct 11 22:14:15 host app: from a friend');
  expect(await stored('content == "from a friend"', 1)).toHaveLength(1);
  expect(await server.records('default', 'content == "from a stranger"')).toEqual([]);
  expect((await save(['not an address'])).status).toBe(400);
});

test('the receive buffer and the drops of the kernel are in the metrics', async () => {
  const metrics = await server.metrics();
  expect(metrics).toMatch(/logweir_udp_receive_buffer_bytes\{input="syslog_udp",kind="requested"\} \d+/);
  expect(metrics).toMatch(/logweir_udp_receive_buffer_bytes\{input="syslog_udp",kind="effective"\} \d+/);
  expect(metrics).toMatch(/logweir_udp_kernel_dropped_total\{input="syslog_udp"\} 0/);
});
