import { spawnSync } from 'node:child_process';
import Database from 'better-sqlite3';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RunningServer } from '../support/running-server';
import { until } from '../support/until';

// A file system of its own, small enough to fill: only root may make one.
const MIB = 1024 * 1024;
const DISK_MIB = 64;
const RESERVE_MIB = 24;

const mountPoint = mkdtempSync(path.join(tmpdir(), 'logweir-full-disk-'));
const canMount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', mountPoint]).status === 0;
const whenPossible = canMount ? test : test.skip;
const title = canMount ? '' : ' (skipped: no file system could be mounted)';

let server: RunningServer;

beforeAll(async () => {
  if (!canMount) return;
  server = await RunningServer.start({
    directory: path.join(mountPoint, 'data'),
    settings: { 'storage.reserve': `${RESERVE_MIB}MiB`, 'storage.journal.max_age': '100' },
  });
}, 60_000);

afterAll(async () => {
  if (canMount) {
    await server.end();
    spawnSync('umount', [mountPoint]);
  }
  rmSync(mountPoint, { recursive: true, force: true });
}, 60_000);

const filler = path.join(mountPoint, 'of-somebody-else');

/** Takes space until so many MiB are free. The server may take the last of it first: there is none then, either. */
function leaveFree(mib: number): void {
  const { bavail, bsize } = statfsSync(mountPoint);
  try {
    writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - mib * MIB), 1), { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

const post = (pipeline: string, text: string) =>
  server.api('POST', `/pipelines/${pipeline}/logs/struct`, { records: [{ message: text }] });

const refuses = () => until(async () => (await post('default', 'probe')).status === 503);

async function whatStillWorks(): Promise<void> {
  const login = await fetch(server.url('http', '/api/v1/auth/login'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: 'root', password: 'correct horse battery' }),
  });
  expect(login.status).toBe(200);
  expect((await server.records('default', 'message == "before"')).length).toBe(1);
}

async function whatIsStillSaved(): Promise<void> {
  expect((await server.api('PUT', '/transformers/small', { script: '.a = 1' })).status).toBe(200);
  expect((await server.api('DELETE', '/transformers/small')).status).toBe(200);
}

/** Sealed records of a stream, as they lie on the disk. */
function segmentsOf(stream: string): number {
  const database = new Database(path.join(mountPoint, 'data/logs.db'), { readonly: true });
  const sql = 'SELECT count(*) FROM segments JOIN streams ON stream_id = streams.id WHERE name = ?';
  const count = database.prepare(sql).pluck().get(stream) as number;
  database.close();
  return count;
}

whenPossible(
  `a disk that others fill is a state that passes${title}`,
  async () => {
    const config = { type: 'http', url: 'http://127.0.0.1:1/' };
    await server.api('PUT', '/forwarders/away', { forwarder: { version: 2, config } });
    const { flow } = (await server.api('GET', '/pipelines/default')).body as { flow: { nodes: { id: string }[] } };
    const node = (id: string, type: string, data: object) => ({ id, type, position: { x: 0, y: 0 }, data });
    const edge = (target: string) => ({ id: target, source: flow.nodes[0]!.id, sourceHandle: '', target });
    const nodes = [flow.nodes[0], node('away', 'forwarder', { forwarder: 'away' })];
    expect(
      (await server.api('PUT', '/pipelines/away', { flow: { ...flow, nodes, edges: [edge('away')] } })).status,
    ).toBe(200);
    expect((await post('default', 'before')).status).toBe(200);
    expect((await post('away', 'before')).status).toBe(200);
    const tcp = connect(server.port('syslog_tcp'), '127.0.0.1');
    await once(tcp, 'connect');

    leaveFree(RESERVE_MIB - 4);
    await refuses();
    const refused = await fetch(server.url('otlp_http', '/v1/logs'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'refused' } }] }] }],
      }),
    });
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    // What is only forwarded would fill the disk as well.
    expect((await post('away', 'refused')).status).toBe(503);
    tcp.write('<13>Oct 11 22:14:15 h a: by TCP while full\n');
    const udp = createSocket('udp4');
    udp.send('<13>Oct 11 22:14:15 h a: by UDP while full', server.port('syslog_udp'), '127.0.0.1', () => udp.close());
    await whatStillWorks();
    await whatIsStillSaved();
    expect(server.output).toContain('the disk is nearly full');

    // To the last byte: what others take is not ours to keep.
    leaveFree(0);
    await whatStillWorks();
    expect((await post('default', 'refused')).status).toBe(503);
    expect((await server.api('DELETE', '/streams/unwanted')).status).toBe(200);

    rmSync(filler);
    await until(async () => (await post('default', 'after')).status === 200);
    // A connection waits, a datagram waits as long as there is room; nothing that was refused is there.
    await until(async () => (await server.records('default', 'content contains "by TCP"')).length === 1);
    expect((await server.records('default', 'message == "refused" or body == "refused"')).length).toBe(0);
    const counted =
      ((await server.metric('logweir_input_records_dropped_total{input="syslog_udp",reason="back_pressure"}')) ?? 0) +
      ((await server.metric('logweir_input_records_dropped_total{input="syslog_udp",reason="refused"}')) ?? 0) +
      (await server.records('default', 'content contains "by UDP"')).length;
    expect(counted).toBe(1);
    expect((await server.api('GET', '/forwarders/away/queue')).body).toMatchObject({ queue: { length: 1 } });
    tcp.destroy();
  },
  120_000,
);

whenPossible(
  `a disk that is nearly full has retention done at once${title}`,
  async () => {
    const short = (ttl: number) =>
      server.api('PUT', '/streams/default', { config: { ttl, size: 0, indexed_fields: [] } });
    expect((await post('default', 'old')).status).toBe(200);
    await until(() => segmentsOf('default') > 0);
    await until(async () => (await server.metric('logweir_store_journal_records')) === 0);
    const sealed = segmentsOf('default');
    await short(1);
    leaveFree(RESERVE_MIB - 4);
    await until(() => segmentsOf('default') < sealed);
    rmSync(filler);
    await short(0);
    await until(async () => (await post('default', 'taken again')).status === 200);
  },
  120_000,
);
