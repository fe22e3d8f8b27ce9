import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findRsyslog } from '../../support/rsyslog';
import { selfSigned } from '../../support/self-signed';
import { until } from '../../support/until';
import { NEVER, batchOf, openDestination } from './support/open-destination';

interface Ports {
  readonly udp: number;
  readonly tcp: number;
  readonly tls: number;
}

/** A receiver that writes a line for each message: PRI, host, program, process, message id, structured data and text, with `|` between. */
interface Daemon {
  readonly name: string;
  readonly missing: string | undefined;
  /** The daemon's configuration, in the folder where the certificate is too. */
  configuration(folder: string, ports: Ports): string;
  start(folder: string, configuration: string): ChildProcess;
}

const rsyslog = findRsyslog(['imudp', 'imtcp', 'lmnsd_gtls']);
const syslogNg = spawnSync('syslog-ng', ['--version']).error === undefined;

const DAEMONS: readonly Daemon[] = [
  {
    name: 'rsyslog',
    missing: rsyslog === undefined ? 'rsyslog with TLS is not installed (rsyslog, rsyslog-gnutls)' : undefined,
    configuration: (folder, { udp, tcp, tls }) =>
      [
        `global(workDirectory="${folder}" maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off"`,
        `  defaultNetstreamDriverCAFile="${folder}/cert.pem" defaultNetstreamDriverCertFile="${folder}/cert.pem"`,
        `  defaultNetstreamDriverKeyFile="${folder}/key.pem")`,
        'module(load="imudp")',
        'module(load="imtcp")',
        'template(name="line" type="string"',
        '  string="%pri%|%hostname%|%app-name%|%procid%|%msgid%|%structured-data%|%msg%\\n")',
        'ruleset(name="out") {',
        `  action(type="omfile" file="${folder}/out" template="line")`,
        '}',
        `input(type="imudp" address="127.0.0.1" port="${udp}" ruleset="out")`,
        `input(type="imtcp" address="127.0.0.1" port="${tls}" ruleset="out"`,
        '  streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")',
        `input(type="imtcp" address="127.0.0.1" port="${tcp}" ruleset="out")`,
      ].join('\n'),
    start: (folder, configuration) => {
      const { program, arguments: first, env } = rsyslog!;
      const pid = path.join(folder, 'pid');
      return spawn(program, [...first, '-n', '-f', configuration, '-i', pid], { env, stdio: 'ignore' });
    },
  },
  {
    name: 'syslog-ng',
    missing: syslogNg ? undefined : 'syslog-ng is not installed (syslog-ng-core)',
    configuration: (folder, { udp, tcp, tls }) =>
      [
        '@version: 3.35',
        'options { keep-hostname(yes); log-msg-size(65536); };',
        `source s { syslog(ip("127.0.0.1") port(${udp}) transport("udp"));`,
        `  syslog(ip("127.0.0.1") port(${tls}) transport("tls") tls(cert-file("${folder}/cert.pem")`,
        `    key-file("${folder}/key.pem") peer-verify(optional-untrusted)));`,
        `  syslog(ip("127.0.0.1") port(${tcp}) transport("tcp")); };`,
        `destination d { file("${folder}/out"`,
        '  template("$PRI|$HOST|$PROGRAM|$PID|$MSGID|$SDATA|$MSG\\n") flush-lines(1)); };',
        'log { source(s); destination(d); };',
      ].join('\n'),
    start: (folder, configuration) => {
      const own = ['persist', 'control', 'pid'].map((name) => path.join(folder, name)) as [string, string, string];
      const files = ['-R', own[0], '-c', own[1], '-p', own[2]];
      return spawn('syslog-ng', ['-F', '--no-caps', '-f', configuration, ...files], { stdio: 'ignore' });
    },
  },
];

/** Ports that nobody uses; these daemons can't choose one themselves. */
async function freePorts(): Promise<Ports> {
  const servers = Array.from({ length: 3 }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const [udp, tcp, tls] = servers.map((server) => (server.address() as AddressInfo).port) as [number, number, number];
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return { udp, tcp, tls };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const open = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  socket.destroy();
  return open;
}

const RECORDS = 300;
const records = Array.from({ length: RECORDS }, (_, i) => ({
  priority: '165',
  timestamp: '2003-10-11T22:14:15.003Z',
  hostname: 'web-1.example.com',
  app_name: 'shop',
  proc_id: '1370',
  msg_id: 'ID47',
  structured_data: `[origin@32473 ip="192.0.2.1" number="${i}"]`,
  message: `message ${i} of many: ünïcödé`,
}));
const LINES = records.map(({ structured_data: data, message }) =>
  ['165', 'web-1.example.com', 'shop', '1370', 'ID47', data, message].join('|'),
);

describe.each(DAEMONS)('$name', (daemon) => {
  if (daemon.missing !== undefined) console.warn(`skipped: ${daemon.missing}`);
  const whenThere = daemon.missing === undefined ? test : test.skip;
  const { cert, key } = selfSigned('localhost');
  let folder: string;
  let ports: Ports;
  let child: ChildProcess | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'logweir-daemon-'));
    if (daemon.missing !== undefined) return;
    writeFileSync(path.join(folder, 'cert.pem'), cert);
    writeFileSync(path.join(folder, 'key.pem'), key);
    ports = await freePorts();
    const configuration = path.join(folder, 'configuration');
    writeFileSync(configuration, daemon.configuration(folder, ports));
    child = daemon.start(folder, configuration);
    await until(async () => {
      if (child?.exitCode !== null) throw new Error(`${daemon.name} ended with ${child?.exitCode}`);
      return (await answers(ports.tcp)) && (await answers(ports.tls));
    });
  }, 60_000);

  afterAll(() => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  whenThere.each([
    ['udp', {}],
    ['tcp', {}],
    ['tls', { tls: { ca: cert } }],
  ])('takes every message over %s, each part in its place', async (network, more) => {
    const out = path.join(folder, 'out');
    writeFileSync(out, '');
    const destination = openDestination({
      type: 'syslog',
      network,
      address: `127.0.0.1:${ports[network as keyof Ports]}`,
      format: 'rfc5424',
      ...more,
    });
    try {
      const lines = (): string[] =>
        existsSync(out)
          ? readFileSync(out, 'utf8')
              .replaceAll('\ufeff', '')
              .split('\n')
              .filter((line) => line !== '')
          : [];
      // A receiver's buffer holds so many datagrams for sure, however late it is scheduled.
      const atOnce = network === 'udp' ? 50 : RECORDS;
      for (let sent = 0; sent < RECORDS; sent += atOnce) {
        const batch = batchOf(...records.slice(sent, sent + atOnce));
        expect(await destination.send(batch, NEVER)).toEqual({ refused: [], retry: [] });
        await until(() => lines().length >= sent + batch.length);
      }
      expect(lines()).toEqual(LINES);
    } finally {
      await destination.close();
    }
  });
});
