import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { closed } from '../support/closed';
import { findRsyslog } from '../support/rsyslog';
import { RunningServer } from '../support/running-server';
import { until } from '../support/until';

const OPEN = '1 open 30 relp_version=0\ncommands=syslog\n';
const listener = (bind: string): string => JSON.stringify([{ name: 'relp', protocol: 'relp', bind }]);

let server: RunningServer;

beforeAll(async () => {
  server = await RunningServer.start({ settings: { 'syslog.listeners': listener('127.0.0.1:0') } });
}, 60_000);

afterAll(() => server.dispose());

/** A RELP connection whose answers are gathered. */
async function dial(port: number): Promise<{ socket: Socket; answers: () => string }> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'connect');
  return { socket, answers: () => text };
}

test('a session: opened, messages acknowledged once they can be queried, closed', async () => {
  const { socket, answers } = await dial(server.port('relp'));
  socket.write(OPEN);
  await until(() => Promise.resolve(answers().includes('commands=syslog\n')));
  expect(answers()).toMatch(/^1 rsp \d+ 200 OK\nrelp_version=0\nrelp_software=logweir\ncommands=syslog\n$/);
  socket.write('2 syslog 21 <13>1 - h a - - - one\n3 syslog 21 <13>1 - h a - - - two\n4 syslog 0\n');
  await until(() => Promise.resolve(answers().includes('4 rsp 6 200 OK\n')));
  expect(answers()).toContain('2 rsp 6 200 OK\n3 rsp 6 200 OK\n');
  expect(await server.records('default', 'message == "one" or message == "two"')).toHaveLength(2);
  socket.write('5 close 0\n');
  await closed(socket);
  expect(answers()).toMatch(/5 rsp 0\n0 serverclose 0\n$/);
});

test('messages without an open session and bytes that are no RELP close the connection and are counted', async () => {
  for (const bytes of ['2 syslog 2 hi\n', 'GET / HTTP/1.1\r\n\r\n', `${OPEN}2 starttls 0\n`]) {
    const { socket, answers } = await dial(server.port('relp'));
    socket.write(bytes);
    await closed(socket);
    expect(answers()).not.toContain('2 rsp');
  }
  expect(await server.metric('logweir_input_records_dropped_total{input="relp",reason="malformed"}')).toBe(3);
});

const rsyslog = findRsyslog(['omrelp', 'imtcp']);
const withRsyslog = rsyslog === undefined ? test.skip : test;
if (rsyslog === undefined) console.warn('skipped: rsyslog with omrelp is not installed (rsyslog, rsyslog-relp)');

withRsyslog(
  'rsyslog loses nothing over a service that is killed and started again',
  async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'logweir-relp-'));
    server = await RunningServer.start({ settings: { 'syslog.listeners': listener('127.0.0.1:0') } });
    const port = server.port('relp');
    const settings = { 'syslog.listeners': listener(`127.0.0.1:${port}`) };
    const portFile = path.join(directory, 'port');
    const configuration = path.join(directory, 'rsyslog.conf');
    writeFileSync(
      configuration,
      [
        `global(workDirectory="${directory}")`,
        'module(load="imtcp")',
        'module(load="omrelp")',
        `input(type="imtcp" port="0" address="127.0.0.1" listenPortFileName="${portFile}")`,
        'template(name="plain" type="string" string="<%pri%>1 %timestamp:::date-rfc3339% host relp - - - %msg:R,ERE,1,FIELD:(number [0-9]+)--end%")',
        `action(type="omrelp" target="127.0.0.1" port="${port}" template="plain" timeout="5"`,
        '  action.resumeRetryCount="-1" action.resumeInterval="1" queue.type="LinkedList" queue.size="100000")',
      ].join('\n'),
    );
    const { program, env } = rsyslog as NonNullable<typeof rsyslog>;
    const daemon: ChildProcess = spawn(
      program,
      [...(rsyslog?.arguments ?? []), '-n', '-f', configuration, '-i', path.join(directory, 'pid')],
      { env, stdio: 'ignore' },
    );
    try {
      await until(() => Promise.resolve(existsSync(portFile) && readFileSync(portFile, 'utf8').trim() !== ''));
      const sender = connect(Number(readFileSync(portFile, 'utf8')), '127.0.0.1');
      await once(sender, 'connect');
      const total = 6_000;
      const write = (from: number, to: number): void => {
        for (let i = from; i < to; i++) sender.write(`<13>Oct 11 22:14:15 host relp: number ${i}\n`);
      };
      write(0, total / 2);
      const running = server;
      await until(async () => (await running.metric('logweir_input_records_accepted_total{input="relp"}')) > 500);
      write(total / 2, total);
      await running.end('SIGKILL');
      const again = await RunningServer.start({ directory: running.directory, settings });
      server = again;
      const seen = new Set<string>();
      await until(async () => {
        for (const { fields } of await again.records()) {
          if (fields.app_name === 'relp') seen.add(fields.message ?? '');
        }
        return seen.size >= total;
      }, 40_000);
      expect(seen.size).toBe(total);
      sender.destroy();
    } finally {
      daemon.kill('SIGKILL');
      await once(daemon, 'exit');
      rmSync(directory, { recursive: true });
    }
  },
  90_000,
);
