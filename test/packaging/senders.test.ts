import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { findRsyslog } from '../support/rsyslog';
import { RunningServer } from '../support/running-server';
import { until } from '../support/until';

const PACKAGING = path.join(__dirname, '../../packaging');
const snippet = (name: string): string => readFileSync(path.join(PACKAGING, name), 'utf8');
const hasSyslogNg = spawnSync('syslog-ng', ['--version']).status === 0;
const rsyslog = findRsyslog(['imptcp', 'omrelp']);
const withRsyslog = rsyslog === undefined ? test.skip : test;
const withSyslogNg = hasSyslogNg ? test : test.skip;

let directory: string;
let server: RunningServer;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'logweir-senders-'));
  const listeners = JSON.stringify([{ name: 'relp', protocol: 'relp', bind: '127.0.0.1:0' }]);
  server = await RunningServer.start({ settings: { 'syslog.listeners': listeners } });
}, 60_000);

afterAll(async () => {
  await server.dispose();
  rmSync(directory, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** The snippet with the test's server in the place of the example. */
function pointed(text: string, listener: string): string {
  const changed = text
    .replace('logs.example.com', '127.0.0.1')
    .replace(/port="\d+"/, `port="${server.port(listener)}"`)
    .replace(/port\(\d+\)/, `port(${server.port(listener)})`);
  expect(changed).not.toBe(text);
  return changed;
}

/** Sends one line to a daemon until it listens. */
async function sendTo(port: number, line: string): Promise<void> {
  await until(async () => {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
    } catch {
      return false;
    }
    socket.end(line);
    await once(socket, 'close');
    return true;
  });
}

async function arrives(message: string): Promise<Record<string, string>> {
  let found: Record<string, string> | undefined;
  await until(async () => {
    found = (await server.records('default', `message contains "${message}"`))[0]?.fields;
    return found !== undefined;
  });
  return found!;
}

async function ended(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

withRsyslog.each([
  ['rsyslog/60-logweir.conf', 'syslog_tcp'],
  ['rsyslog/60-logweir-relp.conf', 'relp'],
])(
  '%s is accepted by rsyslog, which then sends',
  async (name, listener) => {
    const { program, arguments: args, env } = rsyslog!;
    const checked = spawnSync(program, [...args, '-N1', '-f', path.join(PACKAGING, name)], { env, encoding: 'utf8' });
    expect([checked.status, checked.stderr]).toEqual([0, expect.stringContaining('End of config validation run')]);
    const port = await freePort();
    const file = path.join(directory, `${listener}.conf`);
    writeFileSync(
      file,
      `global(workDirectory="${directory}")\nmodule(load="imptcp")\ninput(type="imptcp" address="127.0.0.1" port="${port}")\n` +
        pointed(snippet(name), listener),
    );
    const child = spawn(program, [...args, '-n', '-f', file, '-i', path.join(directory, `${listener}.pid`)], {
      env,
      stdio: 'ignore',
    });
    try {
      await sendTo(port, `<13>Oct 11 22:14:15 web-1 shop[42]: by ${listener}\n`);
      expect(await arrives(`by ${listener}`)).toMatchObject({ hostname: 'web-1', app_name: 'shop', proc_id: '42' });
    } finally {
      await ended(child);
    }
  },
  60_000,
);

withSyslogNg(
  'syslog-ng/logweir.conf is accepted by syslog-ng, which then sends',
  async () => {
    const port = await freePort();
    const file = path.join(directory, 'syslog-ng.conf');
    const version = /(\d+\.\d+)/.exec(spawnSync('syslog-ng', ['--version'], { encoding: 'utf8' }).stdout)![1]!;
    writeFileSync(
      file,
      `@version: ${version}\nsource s_src { network(ip("127.0.0.1") port(${port}) transport("tcp")); };\n` +
        pointed(snippet('syslog-ng/logweir.conf'), 'syslog_tcp'),
    );
    const checked = spawnSync('syslog-ng', ['--syntax-only', '--cfgfile', file], { encoding: 'utf8' });
    expect([checked.status, checked.stderr]).toEqual([0, '']);
    const at = (name: string): string => path.join(directory, name);
    const child = spawn(
      'syslog-ng',
      [
        ...['--foreground', '--no-caps', '--cfgfile', file, '--persist-file', at('persist')],
        ...['--pidfile', at('pid'), '--control', at('control')],
      ],
      { stdio: 'ignore' },
    );
    try {
      await sendTo(port, '<13>Oct 11 22:14:15 web-1 shop[42]: by syslog-ng\n');
      expect(await arrives('by syslog-ng')).toMatchObject({ app_name: 'shop', proc_id: '42' });
    } finally {
      await ended(child);
    }
  },
  60_000,
);

interface Collector {
  readonly receivers: object;
  readonly processors: object;
  readonly exporters: Readonly<
    Record<string, { readonly logs_endpoint: string; readonly sending_queue: { readonly storage: string } }>
  >;
  readonly extensions: object;
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  };
}

test('otel-collector.yaml uses what it defines, and sends where logs are taken', () => {
  const collector = parse(snippet('otel-collector.yaml'), { strict: true }) as Collector;
  const { service } = collector;
  expect(service.extensions).toEqual(Object.keys(collector.extensions));
  expect(Object.keys(service.pipelines)).toEqual(['logs']);
  for (const kind of ['receivers', 'processors', 'exporters'] as const) {
    expect(service.pipelines.logs![kind]).toEqual(Object.keys(collector[kind]));
  }
  const exporter = Object.values(collector.exporters)[0]!;
  expect(exporter.logs_endpoint).toMatch(/:4318\/v1\/logs$/);
  expect(collector.extensions).toHaveProperty(exporter.sending_queue.storage);
});
