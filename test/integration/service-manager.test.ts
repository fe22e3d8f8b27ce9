import { spawn, spawnSync } from 'node:child_process';
import dgram, { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import net, { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RunningServer } from '../support/running-server';
import { until } from '../support/until';

const NOTIFY_EXEC = path.join(__dirname, '../../systemd/notify-exec');
const UNITS = path.join(__dirname, '../../systemd');

function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** Runs a test where the tool is there; without it, the test says so. */
const withTool = (tool: string): jest.It => (has(tool) ? test : (test.skip as jest.It));

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'logweir-service-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** The service manager's end: every message that arrives at a datagram socket in the file system. */
async function receiver(): Promise<{ socket: string; messages: () => string; end: () => void }> {
  const socket = path.join(directory, 'notify');
  const script =
    'use Socket; $| = 1; socket(S, AF_UNIX, SOCK_DGRAM, 0); bind(S, pack_sockaddr_un($ARGV[0])) or die $!;' +
    'print "listening\\n"; while (defined recv(S, $m, 4096, 0)) { print "[$m]\\n" }';
  const child = spawn('perl', ['-e', script, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await until(() => text.includes('listening'));
  return { socket, messages: () => text, end: () => void child.kill() };
}

describe.each([
  ['the descriptor that notify-exec opens', 'perl', [NOTIFY_EXEC]],
  ['systemd-notify', 'systemd-notify', []],
])('through %s', (_name, tool, launcher) => {
  withTool(tool)(
    'the service manager is told of start, signs of life, reload and stop',
    async () => {
      const manager = await receiver();
      const file = path.join(directory, 'logweir.yaml');
      await writeFile(file, 'log: { level: info }\n');
      const server = await RunningServer.start({
        launcher,
        directory: path.join(directory, 'data'),
        env: { NOTIFY_SOCKET: manager.socket, WATCHDOG_USEC: '600000', LOGWEIR_CONFIG: file },
      });
      try {
        await until(() => /\[READY=1\nSTATUS=ready: .*http=/.test(manager.messages()));
        await until(() => manager.messages().split('[WATCHDOG=1]').length > 3);
        await writeFile(file, 'log: { level: debug }\n');
        server.process.kill('SIGHUP');
        await until(() => /\[RELOADING=1\nMONOTONIC_USEC=\d+[\s\S]*\[READY=1/.test(manager.messages()));
        expect(server.output).toContain('log.level is debug now');
        await writeFile(file, 'log: { levle: debug }\n');
        server.process.kill('SIGHUP');
        await until(() => server.output.includes('the one before stays'));
        // The service's own warnings are records as well.
        await until(async () => (await server.records('_events')).length > 0);
        const events = (await server.records('_events')).map(({ fields }) => fields);
        expect(events).toContainEqual({ level: 'warn', message: expect.stringContaining('levle') as string });
        expect(await server.end()).toBe(0);
        await until(() => manager.messages().includes('[STOPPING=1'));
        expect(server.output).not.toContain('could not be told');
      } finally {
        await server.end();
        manager.end();
      }
    },
    120_000,
  );
});

withTool('systemd-analyze')('the sandbox of the unit scores 1.5 or better', async () => {
  const unit = path.join(UNITS, 'logweir.service');
  const result = spawnSync('systemd-analyze', ['security', '--offline=true', unit], { encoding: 'utf8' });
  const score = /Overall exposure level for logweir.service: ([\d.]+)/.exec(result.stdout)?.[1];
  expect(Number(score)).toBeLessThanOrEqual(1.5);
  // The engine compiles to machine code.
  expect(result.stdout).toMatch(/✗ MemoryDenyWriteExecute/);
});

describe('in the journal', () => {
  const MAIN = path.join(__dirname, '../../dist/cli/main.js');

  /** A server whose output is a file that says of itself that it is the journal. */
  async function serveIntoJournal(
    ...flags: readonly string[]
  ): Promise<{ text: () => string; end: () => Promise<void> }> {
    const file = path.join(directory, 'journal');
    const handle = await open(file, 'w');
    const { dev, ino } = await handle.stat({ bigint: true });
    const listeners = ['http', 'management', 'syslog.udp', 'syslog.tcp', 'otlp.http', 'otlp.grpc'];
    const off = listeners.flatMap((name) => ['--set', `${name}.bind=off`]);
    const command = [MAIN, 'serve', '--data-dir', path.join(directory, 'data'), ...off, ...flags];
    const child = spawn(process.execPath, command, {
      stdio: ['ignore', handle.fd, handle.fd],
      env: { PATH: process.env.PATH, JOURNAL_STREAM: `${dev}:${ino}` },
    });
    const exited = once(child, 'exit');
    await until(() => child.exitCode !== null || readFileSync(file, 'utf8').includes('is ready'), 60_000);
    return {
      text: () => readFileSync(file, 'utf8'),
      end: async () => {
        child.kill();
        await exited;
        await handle.close();
      },
    };
  }

  test('the first password is named by its file alone', async () => {
    const server = await serveIntoJournal();
    await server.end();
    const file = path.join(directory, 'data/initial-password');
    const password = readFileSync(file, 'utf8').trim();
    expect(password).toHaveLength(24);
    expect(server.text()).toContain(`its password is in ${file}`);
    expect(server.text()).not.toContain(password);
  }, 60_000);

  test.each([
    ['a configuration that cannot be used', ['--set', 'log.level=loud'], 2],
    ['an address that cannot be listened on', ['--set', 'http.bind=192.0.2.1:1'], 1],
  ])(
    '%s is an error in each of its lines',
    async (_name, flags, lines) => {
      const server = await serveIntoJournal(...flags);
      await server.end();
      expect(server.text().match(/^<3>/gm)).toHaveLength(lines);
      expect(server.text()).not.toMatch(/^[^<]/m);
    },
    60_000,
  );
});

interface Handle {
  readonly fd: number;
  close(): void;
}

/** Sockets that are bound and that nobody here reads from, as a service manager holds them. */
function heldSockets(address: '127.0.0.1' | '::'): { udp: Handle; tcp: Handle } {
  // The public functions read from what they bind.
  const bound = net as unknown as { _createServerHandle(address: string, port: number, family: number): Handle };
  const boundUdp = dgram as unknown as { _createSocketHandle(address: string, port: number, family: string): Handle };
  const family = address === '::' ? 6 : 4;
  const udp = boundUdp._createSocketHandle(address, 0, `udp${family}`);
  const tcp = bound._createServerHandle(address, 0, family);
  // Listening is a state of the socket, which outlives the process that asked for it.
  const listen = "require('net').createServer().listen({ fd: 3 }, () => process.exit(0))";
  const { status } = spawnSync(process.execPath, ['-e', listen], { stdio: ['ignore', 'ignore', 'inherit', tcp.fd] });
  expect(status).toBe(0);
  return { udp, tcp };
}

test.each([
  ['of one IPv4 address', '127.0.0.1'],
  ['of all addresses', '::'],
] as const)(
  'what arrives while the service restarts waits in the sockets %s that were handed over',
  async (_name, address) => {
    const { udp, tcp } = heldSockets(address);
    // The identity of the process that the sockets are meant for is known only inside it.
    const launcher = ['/bin/sh', '-c', 'LISTEN_PID=$$ exec "$@"', 'sh'];
    const env = { LISTEN_FDS: '2', LISTEN_FDNAMES: 'logweir.socket:logweir.socket' };
    const options = { directory, launcher, env, descriptors: [udp.fd, tcp.fd] };
    const settings = { 'syslog.udp.bind': 'off', 'syslog.tcp.bind': ':1' };
    let server = await RunningServer.start({ ...options, settings });
    const ports = { udp: server.port('syslog_udp'), tcp: server.port('syslog_tcp') };
    const send = async (text: string): Promise<void> => {
      const socket = createSocket('udp4');
      await new Promise((resolve) =>
        socket.send(`<13>Oct 11 22:14:15 h a: udp ${text}`, ports.udp, '127.0.0.1', resolve),
      );
      socket.close();
      const stream = connect(ports.tcp, '127.0.0.1');
      stream.on('error', () => undefined);
      stream.end(`<13>Oct 11 22:14:15 h a: tcp ${text}\n`);
      await once(stream, 'connect');
    };
    try {
      await send('first');
      await until(async () => (await server.records()).length === 2);
      await server.end('SIGTERM');
      await send('in the gap');
      server = await RunningServer.start({ ...options, settings });
      expect(server.port('syslog_udp')).toBe(ports.udp);
      await until(async () => (await server.records()).length === 4);
      await server.end('SIGKILL');
      await send('after a kill');
      server = await RunningServer.start({ ...options, settings });
      await until(async () => (await server.records()).length === 6);
      const contents = (await server.records()).map(({ fields }) => fields.content).sort();
      expect(contents).toEqual(['first', 'in the gap', 'after a kill'].flatMap((t) => [`tcp ${t}`, `udp ${t}`]).sort());
    } finally {
      await server.end();
      udp.close();
      tcp.close();
    }
  },
  120_000,
);
