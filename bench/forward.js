// How fast forwarders deliver what waits in their queues, and what appending to a queue costs beside storing the same records.
//   npm run bench -- forward [http_array http_lines syslog_tcp append] [--records 500000] [--rounds 3] [--batch-size 0]
//     [--cpu-profile FOLDER] [--calm 0]
// Records come in over syslog (RFC 5424, about 250 bytes) while the forwarder is paused. A delivery is measured from the moment
// the forwarder is resumed until the receiver, a process of its own, has everything. `--batch-size 0` leaves the default.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { withChild } = require('./support/child');
const { summarizeProfiles } = require('./support/cpu-profiles');
const { meter } = require('./support/meter');
const { bestOf, progress, rate, readCommandLine, report, round } = require('./support/report');
const { Server } = require('./support/server');

const SEED = 42;
/** Reading the metrics costs the server time. */
const POLL_MS = 100;

const defaults = { records: 500_000, rounds: 3, 'batch-size': 0, calm: 0, 'cpu-profile': '' };
const CASES = { http_array: httpArray, http_lines: httpLines, syslog_tcp: syslogTcp, append };
const { cases, options } = readCommandLine(defaults, Object.keys(CASES));

const position = { x: 0, y: 0 };
const SOURCE = { id: 'in', type: 'source', position, data: { type: 'syslog' } };
const FORWARDER = { id: 'out', type: 'forwarder', position, data: { forwarder: 'out' } };
const ROUTER = { id: 'store', type: 'router', position, data: { stream: 'default' } };
const edgeTo = (target) => ({ id: `e-${target}`, source: 'in', sourceHandle: '', target });

function flowTo(...nodes) {
  return { nodes: [SOURCE, ...nodes], edges: nodes.map(({ id }) => edgeTo(id)) };
}

/** A change over the API. */
async function change(server, method, route, body) {
  const token = await server.token();
  const text = JSON.stringify(body ?? {});
  await new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const target = { host: '127.0.0.1', port: server.port('http'), method, path: `/api/v1${route}`, headers };
    const call = http.request(target, (response) => {
      let answer = '';
      response.on('data', (chunk) => (answer += chunk));
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${method} ${route}: ${response.statusCode} ${answer}`));
      });
    });
    call.on('error', reject);
    call.end(text);
  });
}

async function untilMetric(server, name, isEnough) {
  for (;;) {
    if (isEnough((await server.metrics()).get(name) ?? 0)) return performance.now();
    await sleep(POLL_MS);
  }
}

const QUEUED = 'logweir_forwarder_queue_records{forwarder="out"}';

async function withServer(name, use) {
  const profile = options['cpu-profile'] === '' ? undefined : path.join(options['cpu-profile'], name);
  if (profile !== undefined) fs.rmSync(profile, { recursive: true, force: true });
  const server = await Server.start({ cpuProfile: profile });
  let result;
  try {
    result = await use(server);
  } finally {
    await server.dispose();
  }
  if (profile !== undefined) result.profile = summarizeProfiles(profile);
  return result;
}

function delivery(name, receiverFile, configOf) {
  return withChild('tcp-sender.js', async (sender) => {
    await sender.call('prepare', { records: options.records, seed: SEED });
    return withChild(receiverFile, async (receiver) => {
      const { port } = await receiver.call('listen');
      let receiverCpu = 0;
      return bestOf(options, name, () =>
        withServer(name, async (server) => {
          const settings = options['batch-size'] === 0 ? {} : { batch_size: options['batch-size'] };
          const forwarder = { version: 2, config: configOf(port), delivery: settings };
          await change(server, 'PUT', '/forwarders/out', { forwarder });
          await change(server, 'POST', '/forwarders/out/pause');
          await change(server, 'PUT', '/pipelines/default', { flow: flowTo(FORWARDER) });
          await sender.call('send', { port: server.port('syslog_tcp') });
          await untilMetric(server, QUEUED, (queued) => queued === options.records);
          const used = meter(server.pid);
          const start = performance.timeOrigin + performance.now();
          const arrived = receiver.call('until', { records: options.records });
          await change(server, 'POST', '/forwarders/out/resume');
          const { end, surplus, cpu_seconds, ...seen } = await arrived;
          await untilMetric(server, QUEUED, (queued) => queued === 0);
          const readings = used(options.records, cpu_seconds - receiverCpu);
          receiverCpu = cpu_seconds;
          if (surplus !== 0) throw new Error(`${surplus} records arrived more than once`);
          return { ...rate(options.records, end - start), ...seen, ...readings };
        }),
      );
    });
  });
}

const httpConfig = (batch) => (port) => ({ type: 'http', url: `http://127.0.0.1:${port}/`, batch });

/** One JSON array a batch. */
function httpArray() {
  return delivery('http_array', 'http-receiver.js', httpConfig('json_array'));
}

/** A line of JSON for each record. */
function httpLines() {
  return delivery('http_lines', 'http-receiver.js', httpConfig('ndjson'));
}

/** RFC 5424, a line for each record, over one connection. */
function syslogTcp() {
  return delivery('syslog_tcp', 'syslog-receiver.js', (port) => ({
    type: 'syslog',
    network: 'tcp',
    address: `127.0.0.1:${port}`,
    format: 'rfc5424',
    framing: 'lf',
  }));
}

/** The same records into a stream, and into a stream and a queue: what the queue adds in CPU of all threads, until all is sealed. */
function append() {
  return withChild('tcp-sender.js', async (sender) => {
    await sender.call('prepare', { records: options.records, seed: SEED });
    const ingest = (name, ...nodes) =>
      withServer(name, async (server) => {
        const config = { type: 'http', url: 'http://127.0.0.1:9/' };
        await change(server, 'PUT', '/forwarders/out', { forwarder: { version: 2, config } });
        await change(server, 'POST', '/forwarders/out/pause');
        await change(server, 'PUT', '/pipelines/default', { flow: flowTo(...nodes) });
        const used = meter(server.pid);
        const sent = await sender.call('send', { port: server.port('syslog_tcp') });
        let end = performance.timeOrigin + (await server.untilStored(options.records));
        const queues = nodes.includes(FORWARDER);
        if (queues) {
          const queued = await untilMetric(server, QUEUED, (records) => records === options.records);
          end = Math.max(end, performance.timeOrigin + queued);
        }
        // Both sides have sealed everything then: while the senders send, the slower one seals more.
        await untilMetric(server, 'logweir_store_journal_records', (records) => records === 0);
        return { ...rate(options.records, end - sent.start), ...used(options.records, sent.cpu_seconds) };
      });
    const all = [];
    for (let i = 0; i < options.rounds; i++) {
      // One right after the other, so that both meet the same load.
      const stored = await ingest('append-stored', ROUTER);
      const queued = await ingest('append-queued', ROUTER, FORWARDER);
      const share = queued.server_cpu_us_per_record / stored.server_cpu_us_per_record - 1;
      progress(`append, round ${i + 1} of ${options.rounds}: ${round(share * 100)} % more CPU`);
      all.push({ cost_share: round(share, 3), stored, queued });
    }
    // How much is merged until all is sealed differs from round to round, both ways.
    const median = (side) => {
      const figures = all.map((round) => round[side].server_cpu_us_per_record).sort((a, b) => a - b);
      return (figures[Math.floor((all.length - 1) / 2)] + figures[Math.floor(all.length / 2)]) / 2;
    };
    return {
      cost_share: round(median('queued') / median('stored') - 1, 3),
      cost_us_per_record: round(median('queued') - median('stored')),
      rounds: all,
    };
  });
}

report('forward', { directory: os.tmpdir(), options }, async () => {
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
