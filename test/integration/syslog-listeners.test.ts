import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { closed } from '../support/closed';
import { TestAuthority, type CertificateFiles } from '../support/certificates';
import { RunningServer, type StoredRecord } from '../support/running-server';
import { until } from '../support/until';

let directory: string;
let authority: TestAuthority;
let files: CertificateFiles;
let server: RunningServer;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'logweir-listeners-'));
  authority = new TestAuthority(directory);
  files = authority.issue('server');
  const any = { bind: '127.0.0.1:0' };
  const listeners = [
    {
      ...any,
      name: 'berlin',
      protocol: 'udp',
      timezone: 'Europe/Berlin',
      timezones: [{ network: '127.0.0.2', timezone: 'America/New_York' }],
      pipelines: ['special'],
    },
    { ...any, name: 'small', protocol: 'tcp', max_message_size: 480, oversize: 'split' },
    { ...any, name: 'strict', protocol: 'tcp', allowed_origins: ['192.0.2.0/24'] },
    { ...any, name: 'few', protocol: 'tcp', max_connections: 5, max_connections_per_address: 2, idle_timeout: 1 },
    { ...any, name: 'proxied', protocol: 'tcp', proxy_protocol: ['127.0.0.0/8'], allowed_origins: ['192.0.2.0/24'] },
    { ...any, name: 'proxied_tls', protocol: 'tls', proxy_protocol: ['127.0.0.1'], ...files },
    { ...any, name: 'mutual', protocol: 'tls', ...files, ca: authority.cert, client_auth: 'require' },
    { ...any, name: 'tiny', protocol: 'udp', receive_buffer: 4096 },
    { ...any, name: 'calm_udp', protocol: 'udp', rate_limit: 5, rate_limit_burst: 4, rate_limit_exempt: 'error' },
    { ...any, name: 'calm_tcp', protocol: 'tcp', rate_limit: 100, rate_limit_burst: 1 },
    { ...any, name: 'calm_relp', protocol: 'relp', rate_limit_bytes: 4000, rate_limit_burst: 1 },
    { ...any, name: 'lost', protocol: 'tcp', pipelines: ['nowhere'] },
  ];
  server = await RunningServer.start({ settings: { 'syslog.listeners': JSON.stringify(listeners) } });
  const flow = {
    version: 2,
    nodes: [
      { id: '__builtin__source_syslog', type: 'source', position: { x: 0, y: 0 }, data: { type: 'syslog' } },
      { id: 'router', type: 'router', position: { x: 0, y: 0 }, data: { stream: 'special' } },
    ],
    edges: [{ id: 'e', source: '__builtin__source_syslog', sourceHandle: null, target: 'router', targetHandle: null }],
  };
  const saved = await server.api('PUT', '/pipelines/special', { flow });
  if (saved.status !== 200) throw new Error(JSON.stringify(saved.body));
}, 60_000);

afterAll(async () => {
  await server.dispose();
  rmSync(directory, { recursive: true });
});

async function stored(filter: string, count = 1, stream = 'default'): Promise<StoredRecord[]> {
  let records: StoredRecord[] = [];
  await until(async () => (records = await server.records(stream, filter)).length >= count);
  return records;
}

async function dial(name: string): Promise<Socket> {
  const socket = connect(server.port(name), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function send(name: string, ...chunks: (string | Buffer)[]): Promise<void> {
  const socket = await dial(name);
  for (const chunk of chunks) {
    socket.write(chunk);
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.end();
  socket.resume();
  await closed(socket);
}

async function dialTls(name: string, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connectTls({ port: server.port(name), host: '127.0.0.1', rejectUnauthorized: false, ...options });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

const refused = (name: string): Promise<number> =>
  server.metric(`logweir_input_connections_refused_total{input="${name}"}`);

test('a listener has its own time zone, for a network another, and its own pipelines', async () => {
  for (const address of ['127.0.0.1', '127.0.0.2']) {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    await new Promise((done) =>
      socket.send('<13>Jun  1 12:00:00 host app: zoned', server.port('berlin'), '127.0.0.1', done),
    );
    socket.close();
  }
  const records = await stored('content == "zoned"', 2, 'special');
  expect(records.map(({ fields }) => fields.timestamp?.slice(19)).sort()).toEqual(['+02:00', '-04:00']);
  expect(await server.records('default', 'content == "zoned"')).toEqual([]);
});

test('records for a pipeline that does not exist go to the stream of failed records', async () => {
  await send('lost', '<13>Oct 11 22:14:15 host app: nobody waits\n');
  const [record] = await stored('content == "nobody waits"', 1, '_failed');
  expect(record?.fields.error).toContain('nowhere');
  expect(record?.fields).not.toHaveProperty('proxy');
});

test('the size limit and its policy are those of the listener', async () => {
  await send('small', `<13>1 - h a - - - ${'x'.repeat(1000)}\n<13>1 - h a - - - after the split\n`);
  await stored('message == "after the split"');
  const parts = await server.records('default', 'split_part != ""');
  expect(parts.map(({ fields }) => fields.split_part)).toEqual(['1', '2', '3']);
});

test('allowed origins of a listener', async () => {
  const before = await refused('strict');
  await send('strict', '<13>1 - h a - - - stranger\n');
  await until(async () => (await refused('strict')) === before + 1);
});

test('what the kernel drops is told: every datagram is stored or counted', async () => {
  const datagrams = 2_000;
  const socket = createSocket('udp4');
  // Nobody reads: the buffer is full soon.
  server.process.kill('SIGSTOP');
  for (let i = 0; i < datagrams; i++) {
    await new Promise((done) => socket.send(`<13>1 - h a - - - burst ${i}`, server.port('tiny'), '127.0.0.1', done));
  }
  server.process.kill('SIGCONT');
  socket.close();
  const counts = async (): Promise<{ stored: number; dropped: number }> => {
    const { body } = await server.api('GET', '/inputs');
    type View = { name: string; stored: number; udp?: { kernel_dropped: number; receive_buffer: object } };
    const tiny = (body.inputs as View[]).find(({ name }) => name === 'tiny')!;
    expect(tiny.udp?.receive_buffer).toEqual({ requested: 4096, effective: 4096 });
    return { stored: tiny.stored, dropped: tiny.udp!.kernel_dropped };
  };
  await until(async () => {
    const { stored: kept, dropped } = await counts();
    return kept + dropped === datagrams;
  });
  expect((await counts()).dropped).toBeGreaterThan(0);
  const { stored: kept, dropped } = await counts();
  expect(await server.metric('logweir_udp_kernel_dropped_total{input="tiny"}')).toBe(dropped);
  expect(await server.records('default', 'message startsWith "burst "')).toHaveLength(kept);
  expect(server.output).toMatch(/tiny: the kernel dropped \d+ datagrams .* net\.core\.rmem_max/);
});

test('a noisy sender over UDP is held to its limit, but for errors; what was dropped is counted', async () => {
  const socket = createSocket('udp4');
  const send = (message: string): Promise<void> =>
    new Promise((done) => socket.send(message, server.port('calm_udp'), '127.0.0.1', () => done()));
  // Again until it was faster than it may be: a slow machine takes its time.
  let sent = 0;
  const dropped = (): Promise<number> =>
    server.metric('logweir_input_records_dropped_total{input="calm_udp",reason="rate_limit"}');
  await until(async () => {
    for (let i = 0; i < 100; i++, sent++) await send('<14>1 - h a - - - noise');
    return (await dropped()) > 0;
  });
  for (let i = 0; i < 10; i++, sent++) await send('<11>1 - h a - - - an error in the noise');
  socket.close();
  await stored('message == "an error in the noise"', 10);
  await until(
    async () => (await server.records('default', 'message == "noise"')).length + (await dropped()) + 10 === sent,
  );
  const { body } = await server.api('GET', '/senders?listener=calm_udp');
  expect(body.senders).toEqual([expect.objectContaining({ received: sent, dropped: { rate_limit: await dropped() } })]);
  expect(server.output).toContain('calm_udp: 127.0.0.1 sends more than 5 messages a second, the rest is dropped');
});

test('a noisy sender over TCP or RELP has to wait and loses nothing', async () => {
  await send('calm_tcp', ...Array.from({ length: 3 }, () => '<13>1 - h a - - - patient\n'.repeat(50)));
  await stored('message == "patient"', 150);
  const socket = await dial('calm_relp');
  let answers = '';
  socket.on('data', (chunk: Buffer) => (answers += chunk.toString()));
  socket.write('1 open 14 relp_version=1\n');
  for (let i = 2; i < 102; i++) socket.write(`${i} syslog 60 <13>1 - h a - - - over RELP ${'x'.repeat(60 - 28)}\n`);
  await until(() => Promise.resolve(answers.includes('101 rsp 6 200 OK')));
  socket.destroy();
  expect(server.output).toContain('calm_relp: 127.0.0.1 sends more than 4000 bytes a second, it is slowed down');
});

test('connections of one address are limited, and silent ones are closed', async () => {
  const first = await dial('few');
  const second = await dial('few');
  const third = await dial('few');
  await closed(third);
  expect(await refused('few')).toBeGreaterThanOrEqual(1);
  // Nothing is sent: after the idle time both are closed.
  first.resume();
  second.resume();
  await Promise.all([closed(first), closed(second)]);
  // The server may see the ends later than we do.
  await until(async () => {
    await send('few', '<13>1 - h a - - - room again\n');
    return (await server.records('default', 'message == "room again"')).length > 0;
  });
});

const V2 = Buffer.concat([
  Buffer.from('0d0a0d0a000d0a515549540a2111000c', 'hex'),
  Buffer.from([192, 0, 2, 7, 10, 0, 0, 1, 0x10, 0x00, 0x02, 0x02]),
]);

test.each([
  ['version 1', Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.1 4096 514\r\n')],
  ['version 2', V2],
])('a PROXY header of %s names the sender, wherever it is split', async (name, header) => {
  const message = Buffer.from(`<13>no header but ${name}\n`);
  const bytes = Buffer.concat([header, message]);
  for (const at of [1, 13, header.length, bytes.length - 1]) {
    await send('proxied', bytes.subarray(0, at), bytes.subarray(at));
  }
  const records = await stored(`content == "no header but ${name}"`, 4);
  expect(new Set(records.map(({ fields }) => fields.client))).toEqual(new Set(['192.0.2.7:4096']));
  expect(records[0]?.fields).toMatchObject({ hostname: '192.0.2.7', proxy: '127.0.0.1' });
});

test('a proxy that sends no PROXY header, or that of a sender who may not send, is closed', async () => {
  const before = await refused('proxied');
  await send('proxied', '<13>1 - h a - - - no header\n');
  await send('proxied', 'PROXY TCP4 198.51.100.1 10.0.0.1 4096 514\r\n<13>1 - h a - - - stranger\n');
  await until(async () => (await refused('proxied')) === before + 2);
});

test('a PROXY header stands before the TLS handshake', async () => {
  const raw = await dial('proxied_tls');
  raw.write(V2);
  const socket = connectTls({ socket: raw, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  socket.end('<13>1 - h a - - - proxied and secret\n');
  const [record] = await stored('message == "proxied and secret"');
  expect(record?.fields.client).toBe('192.0.2.7:4096');
});

test('a listener that requires client certificates stores the name of the sender', async () => {
  const client = authority.issue('firewall.example', { subject: '/O=Acme, Inc./CN=firewall.example' });
  const socket = await dialTls('mutual', { cert: readFileSync(client.cert), key: readFileSync(client.key) });
  socket.end('<13>1 - h a - - - certified\n');
  const [record] = await stored('message == "certified"');
  expect(record?.fields).toMatchObject({
    tls_peer: 'firewall.example',
    tls_subject: String.raw`CN=firewall.example,O=Acme\, Inc.`,
  });

  const before = await refused('mutual');
  const stranger = await dialTls('mutual', { minVersion: 'TLSv1.3' });
  stranger.resume();
  stranger.write('<13>1 - h a - - - uncertified\n');
  // An alert comes first, so the error is expected.
  await new Promise((resolve) => stranger.once('close', resolve));
  await until(async () => (await refused('mutual')) === before + 1);
  await until(() =>
    /mutual: TLS handshake with 127\.0\.0\.1:\d+ failed: peer did not return a certificate/.test(server.output),
  );
});

test('TLS 1.1 is refused', async () => {
  const socket = connectTls({
    port: server.port('proxied_tls'),
    host: '127.0.0.1',
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'ALL@SECLEVEL=0',
  });
  await expect(once(socket, 'secureConnect')).rejects.toThrow();
});

test('SIGHUP takes over a new certificate without closing connections; its expiry is in the metrics', async () => {
  const expiry = 'logweir_tls_certificate_expiry_seconds{listener="mutual"}';
  const before = await server.metric(expiry);
  expect(before).toBeGreaterThan(Date.now() / 1000);
  const client = authority.issue('steady.example');
  const credentials = { cert: readFileSync(client.cert), key: readFileSync(client.key) };
  const open = await dialTls('mutual', credentials);
  const renewed = authority.issue('renewed', { days: 20 });
  copyFileSync(renewed.key, files.key);
  copyFileSync(renewed.cert, files.cert);
  server.process.kill('SIGHUP');
  await until(async () => (await server.metric(expiry)) > before);
  const late = await dialTls('mutual', credentials);
  expect(late.getPeerCertificate().subject.CN).toBe('renewed');
  late.end('<13>1 - h a - - - new connection\n');
  open.end('<13>1 - h a - - - old connection\n');
  await stored('message == "old connection" or message == "new connection"', 2);
});
