import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { countSegments } from '../support/journal';
import { RunningServer } from '../support/running-server';
import { until } from '../support/until';

const run = promisify(execFile);
const MAIN = path.join(__dirname, '../../dist/cli/main.js');

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'logweir-life-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

test('the first start makes a user with a random password that only the service can read', async () => {
  const server = await RunningServer.start({ directory, settings: { 'auth.initial_password': '' } });
  try {
    const file = path.join(directory, 'initial-password');
    const password = (await readFile(file, 'utf8')).trim();
    expect(password.length).toBeGreaterThanOrEqual(20);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(server.output).toContain(password);
    const login = (text: string): Promise<Response> =>
      fetch(server.url('http', '/api/v1/auth/login'), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ username: 'root', password: text }),
      });
    expect((await login('root')).status).toBe(401);
    expect((await login(password)).status).toBe(200);
    await server.end();
    const again = await RunningServer.start({ directory, settings: { 'auth.initial_password': '' } });
    expect(again.output).not.toContain(password);
    await again.end();
  } finally {
    await server.end();
  }
});

test('SIGTERM stores what the sockets have taken and ends with 0 within ten seconds', async () => {
  const server = await RunningServer.start({ directory });
  const socket = connect(server.port('syslog_tcp'), '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  const lines = Array.from({ length: 20_000 }, (_, i) => `<13>1 2024-01-01T00:00:00Z h a 1 - - message ${i}\n`).join(
    '',
  );
  await new Promise<void>((resolve) => socket.write(lines, () => resolve()));
  const started = Date.now();
  expect(await server.end('SIGTERM')).toBe(0);
  expect(Date.now() - started).toBeLessThan(10_000);
  socket.destroy();
  const again = await RunningServer.start({ directory });
  try {
    expect((await again.records()).length).toBe(20_000);
  } finally {
    await again.end();
  }
}, 60_000);

test('an address in use ends the start with a clear message and another exit code than 0', async () => {
  const blocker = createServer();
  blocker.listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const { port } = blocker.address() as AddressInfo;
  try {
    await expect(RunningServer.start({ directory, settings: { 'http.bind': `127.0.0.1:${port}` } })).rejects.toThrow(
      /EADDRINUSE|in use/,
    );
  } finally {
    blocker.close();
  }
});

test('a mistake in the configuration names file, line and what is allowed', async () => {
  const file = path.join(directory, 'bad.yaml');
  await writeFile(file, 'http:\n  bind: 5080x\nsyslog:\n  udb:\n    bind: ":5514"\n');
  await expect(run(process.execPath, [MAIN, 'serve', '--config', file])).rejects.toMatchObject({
    code: 78,
    stderr: expect.stringMatching(/bad\.yaml:2[\s\S]*bad\.yaml:4[\s\S]*udp/) as string,
  });
});

test('health says what is true and the metrics count', async () => {
  const server = await RunningServer.start({ directory });
  try {
    const health = await fetch(server.url('management', '/health'));
    expect(health.status).toBe(200);
    expect(await health.text()).toBe('OK\r\n');
    await server.api('POST', '/pipelines/default/logs', { record: { a: 'b' } });
    expect(await server.metric('flowg_stream_log_total{stream="default"}')).toBe(1);
    expect(await server.metric('flowg_pipeline_log_total{pipeline="default",status="success"}')).toBe(1);
  } finally {
    await server.end();
  }
});

test('a damaged segment is left out and reported, everything else stays readable', async () => {
  const settings = { 'storage.journal.max_age': '100' };
  let server = await RunningServer.start({ directory, settings });
  const file = path.join(directory, 'logs.db');
  for (const [i, n] of ['one', 'two', 'three'].entries()) {
    await server.api('POST', '/pipelines/default/logs', { record: { n } });
    await until(() => countSegments(directory, 'default') === i + 1);
  }
  await server.end();
  const database = new Database(file);
  const [, second] = database
    .prepare("SELECT id FROM segments WHERE stream_id = (SELECT id FROM streams WHERE name = 'default') ORDER BY id")
    .pluck()
    .all() as number[];
  database.prepare("UPDATE segment_columns SET dictionary = x'00ff00' WHERE segment_id = ?").run(second);
  database.close();
  server = await RunningServer.start({ directory, settings });
  try {
    expect((await server.records()).map((record) => record.fields.n)).toEqual(['one', 'three']);
    expect(server.output).toMatch(/damaged/);
    expect((await server.api('POST', '/pipelines/default/logs', { record: { n: 'four' } })).status).toBe(200);
    expect((await server.records()).map((record) => record.fields.n)).toEqual(['one', 'three', 'four']);
  } finally {
    await server.end();
  }
});

test('a datagram sent just before SIGTERM is stored', async () => {
  const server = await RunningServer.start({ directory });
  const socket = createSocket('udp4');
  const port = server.port('syslog_udp');
  for (let i = 0; i < 200; i++) {
    await new Promise<void>((resolve) =>
      socket.send(`<13>Oct 11 22:14:15 h a: ${i}`, port, '127.0.0.1', () => resolve()),
    );
  }
  await server.end('SIGTERM');
  socket.close();
  const again = await RunningServer.start({ directory });
  try {
    expect((await again.records()).length).toBe(200);
  } finally {
    await again.end();
  }
});

test('a second server is kept away from the data of a running one', async () => {
  const server = await RunningServer.start({ directory });
  try {
    const second = RunningServer.start({ directory });
    await expect(second).rejects.toThrow(/the server ended with 1: [\s\S]*another Logweir is running with the data/);
    expect((await server.api('GET', '/streams')).status).toBe(200);
  } finally {
    await server.end();
  }
}, 60_000);
