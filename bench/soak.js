// Mixed load for minutes or hours while everything happens that happens to a service: restarts, SIGKILLs, new certificates,
// changed configuration, full queries, backups. Prints memory and file sizes over time, and what became of every record.
//   npm run bench -- soak [--minutes 10] [--hours 0] [--rate 1500] [--event-seconds 15]
// Exits with 1 when a record that was acknowledged is missing, is there twice, or was not delivered.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const net = require('node:net');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const tls = require('node:tls');
const { once } = require('node:events');
const { progress, readCommandLine, report } = require('./support/report');
const { Server, request } = require('./support/server');
const { Ledger } = require('./support/soak-ledger');
const { SENDERS } = require('./support/soak-senders');
const { withDirectory } = require('./support/temporary');

const MIB = 1024 * 1024;
const MAIN = path.join(__dirname, '../dist/cli/main.js');
/** Samples of memory and file sizes that a report may have. */
const MAX_SAMPLES = 720;
const SHORTEST_SAMPLE_MS = 5_000;
/** How long the queue of the forwarder may take to become empty at the end. */
const DRAIN_MS = 300_000;
/** A new certificate is noticed by looking every 10 seconds, or at SIGHUP. */
const CERTIFICATE_MS = 30_000;
/** The receiver of the forwarder refuses one request in so many. */
const REFUSE_EVERY = 20;
/** Of all records a second, by sender. */
const SHARES = { http: 0.25, otlp: 0.25, relp: 0.15, tcp: 0.15, tls: 0.1, udp: 0.1 };
const ANY_TIME = 'from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';

const { options } = readCommandLine({ minutes: 10, hours: 0, rate: 1500, 'event-seconds': 15 }, []);
const durationMs = (options.hours > 0 ? options.hours * 60 : options.minutes) * 60_000;

class Soak {
  ledger = new Ledger();
  samples = [];
  events = {};
  failures = [];
  lives = 0;
  #directory;
  #ports;
  #authority;
  #server;
  #token;
  #sink;
  #round = 0;
  #started = performance.now();

  constructor(directory) {
    this.#directory = directory;
  }

  async start() {
    this.#authority = makeAuthority(this.#directory);
    this.#issueCertificate();
    fs.writeFileSync(this.#file('logweir.yaml'), 'log: { level: info }\n');
    const names = ['http', 'management', 'udp', 'tcp', 'tls', 'relp', 'otlp'];
    this.#ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await freePort()])));
    this.#sink = await startSink(this.ledger);
    await this.#startServer();
    this.#token = await this.#server.token();
    await this.#put('/forwarders/sink', {
      forwarder: {
        version: 2,
        config: { type: 'http', url: `http://127.0.0.1:${this.#sink.address().port}/`, batch: 'ndjson' },
        delivery: { batch_size: 1000 },
      },
    });
    await this.#put('/streams/short', { config: { ttl: 60, size: 4, indexed_fields: ['level'] } });
    await this.#changePipeline();
  }

  /** Load, events and samples until the time is over. */
  async run() {
    const stop = new AbortController();
    const shared = {
      ledger: this.ledger,
      ports: this.#ports,
      authority: this.#authority.cert,
      authorization: { Authorization: `Bearer ${this.#token}` },
      signal: stop.signal,
    };
    const work = Object.entries(SENDERS).map(([name, send]) => send({ ...shared, rate: options.rate * SHARES[name] }));
    work.push(this.#sampleUntil(stop.signal), this.#watchUntil(stop.signal));
    const end = performance.now() + durationMs;
    const kinds = Object.entries(this.#eventKinds());
    for (let at = 0; performance.now() < end; at++) {
      await sleep(Math.min(options['event-seconds'] * 1000, Math.max(0, end - performance.now())));
      const [name, happen] = kinds[at % kinds.length];
      await this.#event(name, happen);
    }
    stop.abort();
    await Promise.all(work);
  }

  /** Waits until everything is delivered, then compares the store with the ledger. */
  async settle() {
    const deadline = performance.now() + DRAIN_MS;
    for (;;) {
      const { queue } = await this.#server.get('/forwarders/sink/queue');
      if (queue.length === 0) break;
      if (performance.now() > deadline) throw new Error(`${queue.length} records are not delivered`);
      await sleep(500);
    }
    await this.#server.end();
    await this.#startServer();
    let rest = '';
    const headers = { Authorization: `Bearer ${this.#token}`, Accept: 'application/x-ndjson' };
    const target = `/api/v1/streams/default/logs?${ANY_TIME}&order=oldest&fields=message&fields=body`;
    const { status } = await request(this.#ports.http, 'GET', target, headers, undefined, (chunk) => {
      const text = rest + chunk.toString('latin1');
      const end = text.lastIndexOf('\n') + 1;
      this.ledger.stored(text.slice(0, end));
      rest = text.slice(end);
    });
    if (status !== 200) throw new Error(`the last query was answered with ${status}`);
    this.#sample();
  }

  async close() {
    await this.#server?.end();
    this.#sink?.closeAllConnections();
    this.#sink?.close();
  }

  #eventKinds() {
    return {
      certificate_by_sighup: () => this.#changeCertificate(true),
      transformer_changed: () => this.#changePipeline(),
      full_query: () => this.#fullQuery(),
      killed: () => this.#restart('SIGKILL'),
      stream_reindexed: () => this.#changeIndex(),
      certificate_noticed: () => this.#changeCertificate(false),
      backup: () => this.#backup(),
      log_level_by_sighup: () => this.#changeLogLevel(),
      restarted: () => this.#restart('SIGTERM'),
      doctor: () => this.#doctor(),
      pipeline_made_and_removed: () => this.#otherPipeline(),
    };
  }

  async #event(name, happen) {
    try {
      await happen();
      this.events[name] = (this.events[name] ?? 0) + 1;
      progress(`${this.#seconds()} s: ${name}`);
    } catch (error) {
      this.failures.push(`${this.#seconds()} s: ${name}: ${error.message}`);
      progress(this.failures.at(-1));
    }
  }

  async #startServer() {
    const at = (port) => `127.0.0.1:${port}`;
    const { http: api, management, udp, tcp, tls: tlsPort, relp, otlp } = this.#ports;
    this.#server = await Server.start({
      directory: this.#file('data'),
      keep: true,
      env: { LOGWEIR_CONFIG: this.#file('logweir.yaml') },
      settings: {
        'http.bind': at(api),
        'management.bind': at(management),
        'syslog.udp.bind': at(udp),
        'syslog.tcp.bind': at(tcp),
        'syslog.tls.bind': at(tlsPort),
        'syslog.tls.cert': this.#file('server.pem'),
        'syslog.tls.key': this.#file('server.key'),
        'syslog.listeners': `[{name: relp, protocol: relp, bind: "${at(relp)}"}]`,
        'otlp.http.bind': at(otlp),
        'storage.query.timeout': '600',
      },
    });
    this.lives++;
  }

  async #restart(signal) {
    const code = await this.#server.end(signal);
    const log = this.#server.log();
    await this.#startServer();
    if (signal === 'SIGTERM' && code !== 0) throw new Error(`exit code ${code}: ${log.slice(-500)}`);
  }

  #issueCertificate() {
    this.#authority.issue(this.#file('server'));
  }

  async #changeCertificate(bySignal) {
    const before = await presentedSerial(this.#ports.tls, this.#authority.cert);
    this.#issueCertificate();
    if (bySignal) this.#server.signal('SIGHUP');
    const deadline = performance.now() + CERTIFICATE_MS;
    while ((await presentedSerial(this.#ports.tls, this.#authority.cert)) === before) {
      if (performance.now() > deadline) throw new Error('the old certificate is still in use');
      await sleep(200);
    }
  }

  async #changeLogLevel() {
    const level = this.#round++ % 2 ? 'info' : 'debug';
    fs.writeFileSync(this.#file('logweir.yaml'), `log: { level: ${level} }\n`);
    const before = this.#server.log().length;
    this.#server.signal('SIGHUP');
    const deadline = performance.now() + CERTIFICATE_MS;
    // From debug to info the line has too low a level to be written after the change, so only the first kind is looked for.
    while (level === 'debug' && !this.#server.log().slice(before).includes('log.level is debug now')) {
      if (performance.now() > deadline) throw new Error('log.level was not taken over');
      await sleep(100);
    }
  }

  /** The records go through a transformer, and to two streams and a forwarder. */
  async #changePipeline() {
    const round = ++this.#round;
    await this.#put('/transformers/soak', {
      script: `.round = "${round}"\n.length = length(string!(.message || .body))`,
    });
    const node = (id, type, data) => ({ id, type, position: { x: 0, y: 0 }, data });
    const edge = (source, target) => ({ id: `${source}-${target}`, source, sourceHandle: '', target });
    const targets = ['keep', 'short', 'sink'];
    await this.#put('/pipelines/default', {
      flow: {
        ...(await this.#server.get('/pipelines/default')).flow,
        nodes: [
          node('__builtin__source_direct', 'source', { type: 'direct' }),
          node('__builtin__source_syslog', 'source', { type: 'syslog' }),
          node('change', 'transform', { transformer: 'soak' }),
          node('keep', 'router', { stream: 'default' }),
          node('short', 'router', { stream: 'short' }),
          node('sink', 'forwarder', { forwarder: 'sink' }),
        ],
        edges: [
          edge('__builtin__source_direct', 'change'),
          edge('__builtin__source_syslog', 'change'),
          ...targets.map((target) => edge('change', target)),
        ],
      },
    });
  }

  async #changeIndex() {
    const indexed_fields = this.#round++ % 2 ? ['level'] : ['level', 'app_name'];
    await this.#put('/streams/default', { config: { ttl: 0, size: 0, indexed_fields } });
  }

  async #otherPipeline() {
    const { flow } = await this.#server.get('/pipelines/default');
    // With a syslog source it would take each message too.
    const nodes = flow.nodes.filter(({ data }) => data.type !== 'syslog');
    const edges = flow.edges.filter(({ source }) => nodes.some(({ id }) => id === source));
    await this.#put('/pipelines/other', { flow: { ...flow, nodes, edges } });
    await this.#call('DELETE', '/pipelines/other');
  }

  async #fullQuery() {
    const count = async (query) => {
      let lines = 0;
      const headers = { Authorization: `Bearer ${this.#token}`, Accept: 'application/x-ndjson' };
      const target = `/api/v1/streams/default/logs?${ANY_TIME}&fields=none&${query}`;
      const { status } = await request(this.#ports.http, 'GET', target, headers, undefined, (chunk) => {
        for (const byte of chunk) if (byte === 0x0a) lines++;
      });
      if (status !== 200) throw new Error(`${query} was answered with ${status}`);
      return lines;
    };
    await count(`filter=${encodeURIComponent('message contains "customer 5" or body contains "customer 5"')}`);
    const stored = await count('');
    if (stored === 0) throw new Error('nothing is stored');
    await this.#server.get(`/streams/default/histogram?${ANY_TIME}&field=level`);
  }

  async #backup() {
    for (const kind of ['auth', 'config', 'logs']) {
      let bytes = 0;
      const headers = { Authorization: `Bearer ${this.#token}` };
      const target = `/api/v1/backup/${kind}`;
      const { status } = await request(this.#ports.http, 'GET', target, headers, undefined, (chunk) => {
        bytes += chunk.length;
      });
      if (status !== 200 || bytes === 0) throw new Error(`backup of ${kind}: ${status}, ${bytes} bytes`);
    }
  }

  async #doctor() {
    const args = [MAIN, 'doctor', '--data-dir', this.#file('data'), '--output', 'json'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    await once(child, 'close');
    const problems = JSON.parse(text).filter(({ status }) => status === 'problem');
    if (problems.length > 0) throw new Error(JSON.stringify(problems).slice(0, 1000));
  }

  /** A live tail that comes back after each break. */
  async #watchUntil(signal) {
    this.watched = 0;
    while (!signal.aborted) {
      const call = http.get({
        host: '127.0.0.1',
        port: this.#ports.http,
        path: `/api/v1/streams/default/logs/watch?filter=${encodeURIComponent('level == "error"')}`,
        headers: { Authorization: `Bearer ${this.#token}`, Accept: 'text/event-stream' },
        signal,
      });
      await new Promise((resolve) => {
        call.on('error', resolve);
        call.on('response', (response) => {
          response.on('data', (chunk) => (this.watched += chunk.toString('latin1').split('event: log').length - 1));
          response.on('error', resolve);
          response.on('close', resolve);
        });
      });
      await sleep(500);
    }
  }

  async #sampleUntil(signal) {
    const interval = Math.max(SHORTEST_SAMPLE_MS, durationMs / MAX_SAMPLES);
    while (!signal.aborted) {
      await sleep(interval, undefined, { signal }).catch(() => undefined);
      this.#sample();
    }
  }

  #sample() {
    const directory = this.#file('data');
    const sizes = {};
    for (const name of fs.readdirSync(directory).filter((file) => /\.db(-wal)?$/.test(file))) {
      const found = fs.statSync(path.join(directory, name), { throwIfNoEntry: false });
      if (found !== undefined) sizes[name] = mib(found.size);
    }
    let rss;
    try {
      rss = mib(Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${this.#server.pid}/status`, 'utf8'))[1]) * 1024);
    } catch {
      // It is being restarted.
      return;
    }
    this.samples.push({ seconds: this.#seconds(), life: this.lives, rss_mib: rss, file_mib: sizes });
  }

  #seconds() {
    return Math.round((performance.now() - this.#started) / 1000);
  }

  #put(route, body) {
    return this.#call('PUT', route, body);
  }

  async #call(method, route, body) {
    const headers = { Authorization: `Bearer ${this.#token}` };
    const { status, text } = await request(this.#ports.http, method, `/api/v1${route}`, headers, body);
    if (status !== 200) throw new Error(`${method} ${route}: ${status} ${text}`);
  }

  #file(name) {
    return path.join(this.#directory, name);
  }
}

/** A receiver that is not always there for what it gets. */
async function startSink(ledger) {
  let requests = 0;
  const sink = http.createServer((message, response) => {
    const chunks = [];
    message.on('data', (chunk) => chunks.push(chunk));
    message.on('end', () => {
      if (++requests % REFUSE_EVERY === 0) {
        response.writeHead(503).end();
        return;
      }
      ledger.delivered(Buffer.concat(chunks).toString('latin1'));
      response.writeHead(200).end();
    });
  });
  sink.listen(0, '127.0.0.1');
  await once(sink, 'listening');
  return sink;
}

function makeAuthority(directory) {
  const file = (name) => path.join(directory, name);
  const key = (name) => ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', name];
  openssl('req', '-x509', ...key(file('ca.key')), '-subj', '/CN=soak', '-days', '30', '-out', file('ca.pem'));
  fs.writeFileSync(file('extensions'), 'subjectAltName=IP:127.0.0.1\n');
  return {
    cert: file('ca.pem'),
    issue(base) {
      const made = `${base}.new`;
      openssl('req', ...key(`${made}.key`), '-subj', '/CN=server', '-out', `${made}.csr`);
      openssl(
        ...['x509', '-req', '-in', `${made}.csr`, '-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-days', '10'],
        ...['-CAcreateserial', '-extfile', file('extensions'), '-out', `${made}.pem`],
      );
      fs.renameSync(`${made}.key`, `${base}.key`);
      fs.renameSync(`${made}.pem`, `${base}.pem`);
    },
  };
}

function openssl(...args) {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
}

/** Serial number of the certificate that a listener presents. */
async function presentedSerial(port, authority) {
  const socket = tls.connect({ port, host: '127.0.0.1', ca: fs.readFileSync(authority) });
  try {
    await once(socket, 'secureConnect');
    return socket.getPeerCertificate().serialNumber;
  } finally {
    socket.destroy();
  }
}

async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

const mib = (bytes) => Number((bytes / MIB).toFixed(1));
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Figures of the first and of the last quarter: flat when they are alike. */
function flatness(samples) {
  const quarter = Math.max(1, samples.length >> 2);
  const parts = { first_quarter: samples.slice(0, quarter), last_quarter: samples.slice(-quarter) };
  const walOf = (sample) =>
    Math.max(0, ...Object.entries(sample.file_mib).map(([name, size]) => (name.endsWith('-wal') ? size : 0)));
  const figures = {};
  for (const [name, part] of Object.entries(parts)) {
    figures[name] = {
      rss_mib_median: median(part.map(({ rss_mib }) => rss_mib)),
      largest_wal_mib: Math.max(...part.map(walOf)),
    };
  }
  figures.rss_mib_max = Math.max(...samples.map(({ rss_mib }) => rss_mib));
  return figures;
}

let failed = false;
report('soak', { options }, () =>
  withDirectory(async (directory) => {
    const soak = new Soak(directory);
    try {
      await soak.start();
      await soak.run();
      await soak.settle();
    } finally {
      await soak.close();
    }
    const ledger = soak.ledger.balance();
    failed =
      soak.failures.length > 0 ||
      Object.values(ledger).some((s) => s.acknowledged_absent + s.twice + s.undelivered > 0);
    const every = Math.ceil(soak.samples.length / 20);
    return {
      minutes: durationMs / 60_000,
      starts: soak.lives,
      events: soak.events,
      failures: soak.failures,
      records_watched: soak.watched,
      flatness: flatness(soak.samples),
      samples: soak.samples.filter((_, i) => i % every === 0 || i === soak.samples.length - 1),
      ledger,
    };
  }),
).then(
  () => process.exit(failed ? 1 : 0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
