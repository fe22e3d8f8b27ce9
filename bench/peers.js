// rsyslog and syslog-ng next to this server, all with the same load: RFC 5424 over one TCP connection. The peers write JSON
// lines to a file, which they neither compress nor sync; a round ends when the file holds all lines.
//   npm run bench -- peers [rsyslog syslog_ng logweir] [--records 2000000] [--rounds 3] [--calm 0]
// A peer that is not installed is taken from its Debian packages, unpacked in a temporary folder; nothing is installed.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { withChild } = require('./support/child');
const { meter } = require('./support/meter');
const { bestOf, progress, rate, readCommandLine, report } = require('./support/report');
const { Server } = require('./support/server');
const { withDirectory } = require('./support/temporary');

const SEED = 42;
const START_TIMEOUT_MS = 10_000;
/** The file is complete when it has not grown for so long. */
const QUIET_MS = 1_000;
const DOWNLOAD_TIMEOUT_MS = 60_000;
const READ_BYTES = 4 * 1024 * 1024;
const LINE_FEED = 0x0a;

const PEERS = {
  rsyslog: {
    program: 'rsyslogd',
    packages: ['rsyslog', 'libestr0', 'libfastjson4', 'liblognorm5'],
    version: ['-v'],
    arguments: (config, directory, modules) => [
      ...['-n', '-f', config, '-i', path.join(directory, 'pid')],
      ...(modules === undefined ? [] : ['-M', modules]),
    ],
    config: rsyslogConfig,
  },
  syslog_ng: {
    program: 'syslog-ng',
    packages: ['syslog-ng-core', 'libivykis0', 'libevtlog0', 'libnet1'],
    version: ['--version'],
    arguments: (config, directory) => [
      ...['--foreground', '--no-caps', '--cfgfile', config, '--persist-file', path.join(directory, 'persist')],
      ...['--pidfile', path.join(directory, 'pid'), '--control', path.join(directory, 'control')],
    ],
    config: syslogNgConfig,
  },
};
const defaults = { records: 2_000_000, rounds: 3, calm: 0 };
const { cases, options } = readCommandLine(defaults, [...Object.keys(PEERS), 'logweir']);

function rsyslogConfig({ port, output, directory }) {
  const field = (name, property) =>
    `  constant(value="\\",\\"${name}\\":\\"") property(name="${property}" format="json")`;
  return `
global(workDirectory="${directory}" maxMessageSize="64k")
module(load="imptcp")
template(name="json" type="list") {
  constant(value="{\\"received\\":\\"") property(name="timegenerated" dateFormat="rfc3339")
${field('timestamp', 'timereported').replace('format="json"', 'dateFormat="rfc3339"')}
${field('hostname', 'hostname')}
${field('app_name', 'app-name')}
${field('proc_id', 'procid')}
${field('msg_id', 'msgid')}
${field('structured_data', 'structured-data')}
${field('facility', 'syslogfacility')}
${field('severity', 'syslogseverity')}
${field('client', 'fromhost-ip')}
${field('message', 'msg')}
  constant(value="\\"}\\n")
}
input(type="imptcp" address="127.0.0.1" port="${port}" ruleset="store")
ruleset(name="store") { action(type="omfile" file="${output}" template="json") }
`;
}

function syslogNgConfig({ port, output, version }) {
  return `
@version: ${version}
options { threaded(yes); stats-freq(0); use-dns(no); keep-hostname(yes); log-fifo-size(200000); };
source tcp { network(ip("127.0.0.1") port(${port}) transport("tcp") flags(syslog-protocol) log-iw-size(100000)); };
destination json { file("${output}" template("$(format-json --scope rfc5424 --key SOURCEIP --key FACILITY_NUM --key LEVEL_NUM)\\n")); };
log { source(tcp); destination(json); flags(flow-control); };
`;
}

/** Where a peer's program is: installed, or unpacked below `directory`; otherwise why not. */
function find({ program, packages, version }, directory) {
  const installed = spawnSync(program, version, { encoding: 'utf8' });
  if (installed.error === undefined) return { file: program, env: process.env, versionText: installed.stdout };
  const folder = path.join(directory, `packages-${program}`);
  fs.mkdirSync(folder);
  const got = spawnSync('apt-get', ['download', ...packages], {
    cwd: folder,
    encoding: 'utf8',
    timeout: DOWNLOAD_TIMEOUT_MS,
  });
  if (got.status !== 0)
    return { reason: `not installed, and apt-get download failed: ${String(got.stderr ?? got.error).trim()}` };
  for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.deb'))) {
    const unpacked = spawnSync('dpkg', ['-x', name, 'root'], { cwd: folder, encoding: 'utf8' });
    if (unpacked.status !== 0)
      return {
        reason: `not installed, and dpkg -x ${name} failed: ${String(unpacked.stderr ?? unpacked.error).trim()}`,
      };
  }
  const root = path.join(folder, 'root');
  const file = findFile(root, program);
  const library = findFile(root, 'imptcp.so') ?? findFile(root, 'libestr.so.0');
  if (file === undefined) return { reason: `the packages hold no ${program}` };
  const modules = library === undefined ? undefined : path.dirname(library);
  const libraries = modules === undefined ? '' : path.dirname(modules);
  const env = { ...process.env, LD_LIBRARY_PATH: libraries };
  const run = spawnSync(file, version, { encoding: 'utf8', env });
  if (run.status !== 0)
    return { reason: `the unpacked ${program} does not run: ${String(run.stderr ?? run.error).trim()}` };
  return { file, env, modules, versionText: run.stdout };
}

function findFile(root, name) {
  const found = fs.readdirSync(root, { recursive: true }).find((file) => path.basename(file) === name);
  return found === undefined ? undefined : path.join(root, found);
}

async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Starts a peer, sends it everything, waits until its file holds everything. */
function measurePeer(peer, found, sender) {
  return withDirectory(async (directory) => {
    const port = await freePort();
    const output = path.join(directory, 'records.ndjson');
    const config = path.join(directory, 'config');
    const [, version] = /(\d+\.\d+)/.exec(found.versionText) ?? [];
    fs.writeFileSync(config, peer.config({ port, output, directory, version }));
    const child = spawn(found.file, peer.arguments(config, directory, found.modules), {
      env: found.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    child.stdout.on('data', (chunk) => (log += chunk));
    child.stderr.on('data', (chunk) => (log += chunk));
    const exited = once(child, 'exit');
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    try {
      await untilListening(port, child, () => log);
      const used = meter(child.pid);
      const sent = await sender.call('send', { port });
      const { mtimeMs } = await untilComplete(output);
      const figures = { ...rate(options.records, mtimeMs - sent.start), ...used(options.records, sent.cpu_seconds) };
      const lines = countLines(output);
      if (lines !== options.records) throw new Error(`${lines} of ${options.records} lines: ${log}`);
      return { ...figures, bytes_per_record: Math.round(fs.statSync(output).size / lines) };
    } finally {
      kill();
      await exited;
      process.off('exit', kill);
    }
  });
}

async function untilListening(port, child, log) {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${log()}`);
    const socket = net.connect(port, '127.0.0.1');
    const connected = await new Promise((resolve) =>
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
    );
    socket.destroy();
    if (connected) return;
    if (performance.now() > deadline) throw new Error(`it does not listen: ${log()}`);
    await sleep(50);
  }
}

async function untilComplete(file) {
  let size = -1;
  let since = performance.now();
  for (;;) {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat !== undefined && stat.size !== size) {
      size = stat.size;
      since = performance.now();
    }
    if (stat !== undefined && performance.now() - since > QUIET_MS) return stat;
    if (stat === undefined && performance.now() - since > START_TIMEOUT_MS) throw new Error('it writes no file');
    await sleep(20);
  }
}

function countLines(file) {
  const handle = fs.openSync(file, 'r');
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  let lines = 0;
  for (let read = fs.readSync(handle, buffer); read > 0; read = fs.readSync(handle, buffer)) {
    const part = buffer.subarray(0, read);
    for (let at = part.indexOf(LINE_FEED); at >= 0; at = part.indexOf(LINE_FEED, at + 1)) lines++;
  }
  fs.closeSync(handle);
  return lines;
}

async function measureLogweir(sender) {
  const server = await Server.start();
  try {
    const used = meter(server.pid);
    const sent = await sender.call('send', { port: server.port('syslog_tcp') });
    const end = performance.timeOrigin + (await server.untilStored(options.records));
    return { ...rate(options.records, end - sent.start), ...used(options.records, sent.cpu_seconds) };
  } finally {
    await server.dispose();
  }
}

async function measureCase(name, sender, directory) {
  if (name === 'logweir') return bestOf(options, name, () => measureLogweir(sender));
  const found = find(PEERS[name], directory);
  if (found.reason !== undefined) return { skipped: found.reason };
  const version = found.versionText.split('\n')[0].replace(/ \(.*| compiled.*/, '');
  try {
    return { version, ...(await bestOf(options, name, () => measurePeer(PEERS[name], found, sender))) };
  } catch (error) {
    return { version, skipped: String(error.message) };
  }
}

report('peers', { directory: os.tmpdir(), options }, () =>
  withDirectory((directory) =>
    withChild('tcp-sender.js', async (sender) => {
      const results = await sender.call('prepare', { records: options.records, seed: SEED });
      for (const name of cases) {
        results[name] = await measureCase(name, sender, directory);
        if (results[name].skipped !== undefined) progress(`${name}: skipped, ${results[name].skipped}`);
      }
      return { results };
    }),
  ),
).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
