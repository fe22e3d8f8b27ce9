// Records a second into the running server, from the first byte sent until all are durable and queryable.
//   npm run bench -- ingest [tcp loggen udp relp otlp otlp_gzip grpc struct single] [--records 2000000] [--seconds 10] [--rounds 3]
//     [--udp-rate 100000] [--udp-seconds 20] [--cpu-profile FOLDER] [--calm 0]
// Before each round it waits up to --calm seconds for other work on the machine to end.
// Every round has a server of its own with an empty data directory; senders are processes of their own on the same machine.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { withChild } = require('./support/child');
const { summarizeProfiles } = require('./support/cpu-profiles');
const { meter } = require('./support/meter');
const { bestOf, progress, rate, readCommandLine, report, round } = require('./support/report');
const { Server } = require('./support/server');

const SEED = 42;
const SINGLE_CONNECTIONS = 64;
const BATCH_CONNECTIONS = 8;
/** Different bodies of each kind: some segments' worth of records, so that compression finds no copies. */
const SINGLE_BODIES = 100_000;
const BATCH_BODIES = 400;
const WARM_UP_SECONDS = 2;
/** How long the counters of a UDP round must stand still before it counts as over. */
const UDP_QUIET_MS = 1500;

const defaults = {
  records: 2_000_000,
  seconds: 10,
  rounds: 3,
  calm: 0,
  'udp-rate': 100_000,
  'udp-seconds': 20,
  'cpu-profile': '',
};
const CASES = { tcp, loggen, udp, relp, otlp, otlp_gzip: otlpGzip, grpc, struct, single };
const { cases, options } = readCommandLine(defaults, Object.keys(CASES));

/** Runs a measurement with a server of its own and adds what the server used. */
async function withServer(name, measure, settings = {}) {
  const profile = options['cpu-profile'] === '' ? undefined : path.join(options['cpu-profile'], name);
  if (profile !== undefined) fs.rmSync(profile, { recursive: true, force: true });
  const server = await Server.start({ cpuProfile: profile, settings });
  let result;
  try {
    await server.token();
    result = await measure(server);
    const counted = await server.countByQuery();
    const stored = await server.stored();
    if (counted !== stored) throw new Error(`${stored} records are stored, a query finds ${counted}`);
    result.records_found_by_query = counted;
  } finally {
    await server.dispose();
  }
  if (profile !== undefined) result.profile = summarizeProfiles(profile);
  return result;
}

/** (a) RFC 5424, one message a line, over one TCP connection. */
function tcp() {
  return withChild('tcp-sender.js', async (sender) => {
    const { bytes_per_message } = await sender.call('prepare', { records: options.records, seed: SEED });
    const figures = await bestOf(options, 'tcp', () =>
      withServer('tcp', async (server) => {
        const used = meter(server.pid);
        const sent = await sender.call('send', { port: server.port('syslog_tcp') });
        const end = performance.timeOrigin + (await server.untilStored(options.records));
        return { ...rate(options.records, end - sent.start), ...used(options.records, sent.cpu_seconds) };
      }),
    );
    return { bytes_per_message, ...figures };
  });
}

/** The same from syslog-ng's load generator. */
async function loggen() {
  if (spawnSync('loggen', ['--version']).error) return { skipped: 'loggen is not installed (syslog-ng-core)' };
  return bestOf(options, 'loggen', () =>
    withServer('loggen', async (server) => {
      const used = meter(server.pid);
      const limits = ['--number', String(options.records), '--rate', '10000000', '--interval', '600', '--size', '256'];
      const target = ['127.0.0.1', String(server.port('syslog_tcp'))];
      const start = performance.now();
      const child = spawn('loggen', ['--inet', '--stream', '--syslog-proto', '--quiet', ...limits, ...target], {
        stdio: 'ignore',
      });
      const [code] = await once(child, 'exit');
      if (code !== 0) throw new Error(`loggen ended with ${code}`);
      const end = await server.untilStored(options.records);
      return { ...rate(options.records, end - start), ...used(options.records, 0) };
    }),
  );
}

/** (b) RFC 5424 over UDP at a steady rate, while one full substring scan follows the other, and one backup of everything the other. */
function udp() {
  return withChild('udp-sender.js', async (sender) => {
    await sender.call('prepare', { seed: SEED });
    const figures = await bestOf(
      options,
      'udp',
      () =>
        withServer('udp', async (server) => {
          const used = meter(server.pid);
          const queries = queryLoop(server);
          const backups = backupLoop(server);
          const sent = await sender.call('send', {
            port: server.port('syslog_udp'),
            rate: options['udp-rate'],
            seconds: options['udp-seconds'],
          });
          await untilQuiet(server);
          const queried = await queries.stop();
          const backedUp = await backups.stop();
          const kernelDrops = udpDrops(server.port('syslog_udp'));
          const metrics = await server.metrics();
          const stored = await server.stored();
          return {
            stored_share: round(stored / sent.sent, 6),
            sent: sent.sent,
            sent_per_second: sent.rate,
            longest_burst: sent.longest_burst,
            received: metrics.get('logweir_input_records_received_total{input="syslog_udp"}'),
            stored,
            lost: sent.sent - stored,
            kernel_drops: kernelDrops,
            dropped_by_input: metrics.get(
              'logweir_input_records_dropped_total{input="syslog_udp",reason="back_pressure"}',
            ),
            receive_buffer_bytes: metrics.get('logweir_udp_receive_buffer_bytes{input="syslog_udp",kind="effective"}'),
            queries: queried,
            backups: backedUp,
            ...used(stored, sent.cpu_seconds),
          };
        }),
      'stored_share',
    );
    return figures;
  });
}

/** One backup after the other. */
function backupLoop(server) {
  let running = true;
  let count = 0;
  let bytes = 0;
  const loop = (async () => {
    while (running) {
      bytes += await server.download('/backup/all');
      count++;
    }
  })();
  loop.catch(() => undefined);
  return {
    async stop() {
      running = false;
      await loop;
      return { count, mib: Math.round(bytes / 1024 / 1024) };
    },
  };
}

/** One query after the other that has to look at every message and finds none. */
function queryLoop(server) {
  let running = true;
  const times = [];
  const loop = (async () => {
    const route = server.queryRoute({ filter: 'message contains "qzxq" or message contains "xqzx"' });
    while (running) {
      const start = performance.now();
      const { records } = await server.get(route);
      if (records.length !== 0) throw new Error('a needle that is not there was found');
      times.push(performance.now() - start);
    }
  })();
  loop.catch(() => undefined);
  return {
    async stop() {
      running = false;
      await loop;
      const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
      return { count: times.length, mean_ms: round(mean), longest_ms: round(Math.max(...times)) };
    },
  };
}

/** Waits until nothing is received any more and everything received is stored. */
async function untilQuiet(server) {
  let last = '';
  let since = performance.now();
  while (performance.now() - since < UDP_QUIET_MS) {
    await sleep(100);
    const metrics = await server.metrics();
    const now = `${metrics.get('logweir_input_records_received_total{input="syslog_udp"}')} ${metrics.get('flowg_stream_log_total{stream="default"}')}`;
    if (now !== last) since = performance.now();
    last = now;
  }
}

/** Datagrams that the kernel threw away for the socket on that port. */
function udpDrops(port) {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const file of ['/proc/net/udp', '/proc/net/udp6']) {
    for (const line of fs.readFileSync(file, 'utf8').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1] !== undefined && fields[1].endsWith(ending)) return Number(fields[fields.length - 1]);
    }
  }
  return null;
}

/** RFC 5424 over one RELP session: each message is acknowledged once it is durable. */
function relp() {
  const listeners = JSON.stringify([{ name: 'relp', protocol: 'relp', bind: '127.0.0.1:0' }]);
  return withChild('relp-sender.js', async (sender) => {
    await sender.call('prepare', { records: options.records, seed: SEED });
    return bestOf(options, 'relp', () =>
      withServer(
        'relp',
        async (server) => {
          const used = meter(server.pid);
          const sent = await sender.call('send', { port: server.port('relp'), records: options.records });
          const stored = await server.stored();
          if (stored !== options.records) throw new Error(`${stored} of ${options.records} are stored`);
          return { ...rate(options.records, sent.seconds * 1000), ...used(options.records, sent.cpu_seconds) };
        },
        { 'syslog.listeners': listeners },
      ),
    );
  });
}

/** (c) OTLP/HTTP, protobuf, batches of 512. */
function otlp() {
  return batches('otlp', 'otlp', false);
}

function otlpGzip() {
  return batches('otlp_gzip', 'otlp', true);
}

/** (d) `POST /logs/struct`, batches of 500. */
function struct() {
  return batches('struct', 'struct', false);
}

/** OTLP/gRPC, batches of 512. */
function grpc() {
  return withChild('grpc-sender.js', async (sender) => {
    const prepared = await sender.call('prepare', { count: BATCH_BODIES, seed: SEED });
    const figures = await bestOf(options, 'grpc', () =>
      withServer(
        'grpc',
        (server) => sendRequests(sender, server, { port: server.port('otlp_grpc'), connections: BATCH_CONNECTIONS }),
        { 'otlp.grpc.bind': '127.0.0.1:0' },
      ),
    );
    return { connections: BATCH_CONNECTIONS, ...prepared, ...figures };
  });
}

function batches(name, kind, gzip) {
  return withChild('http-sender.js', async (sender) => {
    const prepared = await sender.call('prepare', { kind, count: BATCH_BODIES, seed: SEED, gzip });
    const figures = await bestOf(options, name, () =>
      withServer(name, async (server) => {
        const encoding = gzip ? { 'Content-Encoding': 'gzip' } : {};
        const target =
          kind === 'otlp'
            ? {
                port: server.port('otlp_http'),
                path: '/v1/logs',
                headers: { 'Content-Type': 'application/x-protobuf', ...encoding },
              }
            : await apiTarget(server, '/struct');
        return sendRequests(sender, server, { ...target, connections: BATCH_CONNECTIONS });
      }),
    );
    return { connections: BATCH_CONNECTIONS, ...prepared, ...figures };
  });
}

/** (e) `POST /logs`, one record each, next to a server that does nothing but parse the JSON. */
function single() {
  return withChild('http-sender.js', async (sender) => {
    const prepared = await sender.call('prepare', { kind: 'single', count: SINGLE_BODIES, seed: SEED });
    const figures = await bestOf(options, 'single', () =>
      withServer('single', async (server) =>
        sendRequests(sender, server, { ...(await apiTarget(server, '')), connections: SINGLE_CONNECTIONS }),
      ),
    );
    const bare = await bestOf(options, 'bare node:http', () =>
      withChild('bare-server.js', async (child) => {
        const { port } = await child.call('listen');
        const target = {
          port,
          path: '/',
          headers: { 'Content-Type': 'application/json' },
          connections: SINGLE_CONNECTIONS,
        };
        return requestFigures(await warmAndSend(sender, target));
      }),
    );
    const ratio = round(figures.best.records_per_second / bare.best.records_per_second, 3);
    return {
      connections: SINGLE_CONNECTIONS,
      ...prepared,
      ratio_to_bare_node_http: ratio,
      ...figures,
      bare_node_http: bare,
    };
  });
}

async function apiTarget(server, suffix) {
  const headers = { Authorization: `Bearer ${await server.token()}`, 'Content-Type': 'application/json' };
  return { port: server.port('http'), path: `/api/v1/pipelines/default/logs${suffix}`, headers };
}

/** Warms the server up, so that what is measured is compiled code. */
async function warmAndSend(sender, target, onWarm = () => undefined) {
  const warm = await sender.call('send', { ...target, seconds: WARM_UP_SECONDS });
  onWarm();
  return { warmUpRecords: warm.records, sent: await sender.call('send', { ...target, seconds: options.seconds }) };
}

async function sendRequests(sender, server, target) {
  let used;
  const outcome = await warmAndSend(sender, target, () => (used = meter(server.pid)));
  const readings = used(outcome.sent.records, outcome.sent.cpu_seconds);
  // An answer means that the record is durable: nothing more may have to be waited for.
  const stored = await server.stored();
  const answered = outcome.warmUpRecords + outcome.sent.records;
  if (stored !== answered) throw new Error(`${answered} records were acknowledged, ${stored} are stored`);
  return { ...requestFigures(outcome), ...readings };
}

function requestFigures({ sent }) {
  return {
    records_per_second: Math.round(sent.records / sent.seconds),
    requests_per_second: Math.round(sent.requests / sent.seconds),
    p50_ms: sent.p50_ms,
    p99_ms: sent.p99_ms,
    max_ms: sent.max_ms,
    ...(Object.keys(sent.refused).length === 0 ? {} : { refused_by_status: sent.refused }),
  };
}

report('ingest', { directory: os.tmpdir(), options }, async () => {
  const results = {};
  for (const name of cases) {
    progress(name);
    results[name] = await CASES[name]();
  }
  return { results };
}).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
