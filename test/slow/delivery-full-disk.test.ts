import { spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DELIVERY, forwardingFlow, SETTINGS } from '../forwarders/delivery-support';
import { RunningServer } from '../support/running-server';
import { until } from '../support/until';

/** Small, so that it is soon full. */
const DISK_MIB = 48;
const RESERVE_MIB = 16;
const RECORDS_PER_REQUEST = 100;
/** Text that does not get smaller. */
const PADDING_BYTES = 6_000;
const MOST_REQUESTS = 400;

let directory: string;
let mounted = false;
let receiver: Server;
let down = true;
const received: string[] = [];

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'logweir-full-'));
  mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'none', directory]).status === 0;
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (!down) {
        const records = JSON.parse(Buffer.concat(chunks).toString()) as { fields: { id: string } }[];
        for (const { fields } of records) received.push(fields.id);
      }
      response.writeHead(down ? 503 : 200).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
  if (mounted) spawnSync('umount', [directory]);
  await rm(directory, { recursive: true, force: true });
});

function padding(): string {
  return Array.from({ length: PADDING_BYTES / 12 }, () => Math.random().toString(36).slice(2, 14)).join('');
}

test('a disk that delivery queues fill up: senders are told, all that was acknowledged arrives, and there is room again', async () => {
  if (!mounted) {
    console.warn('skipped: a file system of its own needs the right to mount one');
    return;
  }
  const settings = { ...SETTINGS, 'storage.reserve': `${RESERVE_MIB}MiB` };
  const server = await RunningServer.start({ directory, settings });
  const config = {
    type: 'http',
    url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
    batch: 'json_array',
  };
  const forwarder = { version: 2, config, delivery: DELIVERY };
  expect(await server.api('PUT', '/forwarders/out', { forwarder })).toMatchObject({ status: 200 });
  expect(await server.api('PUT', '/pipelines/default', { flow: forwardingFlow() })).toMatchObject({ status: 200 });

  const acknowledged: string[] = [];
  const send = async (request: number): Promise<number> => {
    const ids = Array.from({ length: RECORDS_PER_REQUEST }, (_, i) => `${request}/${i}`);
    const records = ids.map((id) => ({ id, padding: padding() }));
    const { status } = await server.api('POST', '/pipelines/default/logs/struct', { records });
    if (status === 200) acknowledged.push(...ids);
    return status;
  };
  let status = 200;
  let requests = 0;
  while (status === 200 && requests < MOST_REQUESTS) status = await send(requests++);
  expect(status).not.toBe(200);
  expect(server.output).toContain('space');
  const queueOf = async (): Promise<{ length: number }> =>
    (await server.api('GET', '/forwarders/out/queue')).body.queue as { length: number };
  expect((await queueOf()).length).toBe(acknowledged.length);

  down = false;
  await until(async () => (await queueOf()).length === 0);
  expect([...new Set(received)].sort()).toEqual([...acknowledged].sort());
  expect(received.length).toBe(acknowledged.length);
  await until(async () => (await send(requests++)) === 200);
  await until(() => received.length === acknowledged.length);
  expect(await server.end()).toBe(0);
}, 240_000);
