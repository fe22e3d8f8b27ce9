// node scripts/make-data-fixture.js: keeps a small data directory of this version in test/fixtures, for the tests of upgrades
// from it. Run it once for each release, on the commit that is released.
'use strict';

const { execFileSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { ensureReady } = require('./ensure-ready');

const root = path.join(__dirname, '..');
ensureReady();
const { Server, request } = require('../bench/support/server');
const { withDirectory } = require('../bench/support/temporary');
const { version } = require('../package.json');

const fixtures = path.join(root, 'test/fixtures');
const SEALED = 600;
const IN_JOURNAL = 5;
const SETTINGS = { 'otlp.http.bind': 'off', 'syslog.tcp.bind': 'off', 'syslog.udp.bind': 'off' };

async function main() {
  await withDirectory(async (directory) => {
    const data = path.join(directory, `data-${version}`);
    // A receiver that refuses for good: what it gets becomes dead letters.
    const refusing = http.createServer((_request, response) => response.writeHead(400).end('no'));
    refusing.listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    let server = await Server.start({
      directory: data,
      keep: true,
      settings: { ...SETTINGS, 'storage.journal.max_age': '100' },
    });
    const token = await server.token();
    const call = async (method, route, body) => {
      const headers = { Authorization: `Bearer ${token}` };
      const { status, text } = await request(server.port('http'), method, `/api/v1${route}`, headers, body);
      if (status !== 200) throw new Error(`${method} ${route}: ${status} ${text}`);
      return JSON.parse(text);
    };
    await configure(call, refusing.address().port);
    await send(call, 'default', 0, SEALED);
    await send(call, 'forwarding', 0, 3);
    const deadline = Date.now() + 30_000;
    const settled = async () =>
      (await call('GET', '/forwarders/refused/queue')).queue.dead_letters === 3 &&
      (await server.metrics()).get('logweir_store_journal_records') === 0;
    while (!(await settled())) {
      if (Date.now() > deadline) throw new Error('dead letters and sealed segments do not appear');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await server.end();
    // The last records stay in the journal.
    server = await Server.start({
      directory: data,
      keep: true,
      settings: { ...SETTINGS, 'storage.journal.max_age': '86400000' },
    });
    await send(call, 'default', SEALED, IN_JOURNAL);
    await server.end();
    refusing.close();
    fs.rmSync(path.join(data, 'reserve'), { force: true });
    fs.rmSync(path.join(data, 'tmp'), { recursive: true, force: true });
    fs.mkdirSync(fixtures, { recursive: true });
    const archive = path.join(fixtures, `data-${version}.tar.gz`);
    execFileSync('tar', ['-C', directory, '--owner=0', '--group=0', '-czf', archive, path.basename(data)]);
    const facts = { token, password: 'correct horse battery', records: SEALED + IN_JOURNAL };
    fs.writeFileSync(path.join(fixtures, `data-${version}.json`), `${JSON.stringify(facts, undefined, 2)}\n`);
    console.log(`${archive}: ${fs.statSync(archive).size} bytes`);
  });
}

async function configure(call, refusingPort) {
  const forwarder = (config) => ({ forwarder: { version: 2, config } });
  const headers = { Authorization: 'Bearer kept-secret' };
  await call('PUT', '/roles/reader', { scopes: ['read_streams'] });
  await call('PUT', '/users/ada', { password: 'ada and her engine', roles: ['reader'] });
  await call('PUT', '/streams/default', { config: { ttl: 0, size: 512, indexed_fields: ['level'] } });
  await call('PUT', '/transformers/tag', { script: '.tagged = "yes"' });
  // Nothing listens on port 1: what is to go there waits.
  await call('PUT', '/forwarders/waiting', forwarder({ type: 'http', url: 'http://127.0.0.1:1/', headers }));
  await call('PUT', '/forwarders/refused', forwarder({ type: 'http', url: `http://127.0.0.1:${refusingPort}/` }));
  const { flow } = await call('GET', '/pipelines/default');
  const source = flow.nodes.find(({ data }) => data.type === 'direct');
  const node = (id, type, data) => ({ id, type, position: { x: 0, y: 0 }, data });
  const edge = (from, to) => ({ id: `${from}-${to}`, source: from, sourceHandle: '', target: to });
  await call('PUT', '/pipelines/forwarding', {
    flow: {
      ...flow,
      nodes: [
        source,
        node('tag', 'transform', { transformer: 'tag' }),
        node('waiting', 'forwarder', { forwarder: 'waiting' }),
        node('refused', 'forwarder', { forwarder: 'refused' }),
      ],
      edges: [edge(source.id, 'tag'), edge('tag', 'waiting'), edge('tag', 'refused')],
    },
  });
}

function send(call, pipeline, first, count) {
  const records = Array.from({ length: count }, (_, i) => ({
    n: String(first + i),
    level: (first + i) % 3 ? 'info' : 'error',
    message: `record ${first + i} of the fixture`,
  }));
  return call('POST', `/pipelines/${pipeline}/logs/struct`, { records });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
