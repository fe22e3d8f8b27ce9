import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RunningServer } from '../support/running-server';
import { until } from '../support/until';
import { forwardingFlow, SETTINGS, DELIVERY, killRounds } from './delivery-support';

let receiver: Server;
let received: string[];
let deliveryIds: string[];
let status: number;
let directory: string;
let server: RunningServer;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'logweir-delivery-'));
  received = [];
  deliveryIds = [];
  status = 200;
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (status === 200) {
        const records = JSON.parse(Buffer.concat(chunks).toString()) as { id: string; fields: { id: string } }[];
        for (const { id, fields } of records) {
          received.push(fields.id);
          deliveryIds.push(id);
        }
      }
      response.writeHead(status).end(status === 200 ? '' : 'we have no room\n');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await server.end();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
  await rm(directory, { recursive: true, force: true });
});

function url(): string {
  return `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
}

async function save(): Promise<void> {
  const forwarder = {
    version: 2,
    config: { type: 'http', url: url(), batch: 'json_array', delivery_ids: true },
    delivery: DELIVERY,
  };
  expect(await server.api('PUT', '/forwarders/out', { forwarder })).toMatchObject({ status: 200 });
  expect(await server.api('PUT', '/pipelines/default', { flow: forwardingFlow() })).toMatchObject({ status: 200 });
}

async function queueOf(): Promise<{ length: number; dead_letters: number; last_error: { message: string } | null }> {
  const { body } = await server.api('GET', '/forwarders/out/queue');
  return body.queue as Awaited<ReturnType<typeof queueOf>>;
}

async function ingest(...ids: string[]): Promise<void> {
  const answer = await server.api('POST', '/pipelines/default/logs/struct', { records: ids.map((id) => ({ id })) });
  expect(answer.status).toBe(200);
}

test('what a pipeline forwards while the destination is down arrives, in order, also after a restart or SIGKILL', async () => {
  server = await RunningServer.start({ directory, settings: SETTINGS });
  await save();
  status = 503;
  await ingest('1', '2');
  await ingest('3');
  await until(async () => (await queueOf()).last_error !== null);
  expect(await queueOf()).toMatchObject({ length: 3, dead_letters: 0 });
  expect((await queueOf()).last_error?.message).toContain('503');
  expect(await server.metric('logweir_forwarder_queue_records{forwarder="out"}')).toBe(3);
  const token = await server.token();
  expect(await server.end()).toBe(0);

  server = await RunningServer.start({ directory, settings: SETTINGS, token });
  await ingest('4');
  status = 200;
  await until(() => received.length === 4);
  expect(received).toEqual(['1', '2', '3', '4']);
  await until(async () => (await server.metric('logweir_forwarder_records_delivered_total{forwarder="out"}')) === 4);

  status = 400;
  await ingest('5');
  await until(async () => (await queueOf()).dead_letters === 1);
  const trial = await server.api('POST', '/test/forwarders/out', { record: { id: 'trial' } });
  expect(trial.status).toBe(500);
  expect(trial.body.error).toContain('we have no room');
  status = 200;
  expect(await server.api('POST', '/forwarders/out/dead-letters', {})).toMatchObject({ status: 200 });
  await until(() => received.includes('5'));

  await fillUp();
  server = await killRounds(server, 1, { received: () => received, deliveryIds: () => deliveryIds });
}, 120_000);

/** A destination that is down, and a small queue: senders are told to wait, and lose nothing. */
async function fillUp(): Promise<void> {
  const forwarder = {
    config: { type: 'http', url: url(), batch: 'json_array', delivery_ids: true },
    delivery: { ...DELIVERY, queue: { max_mb: 0.002 } },
  };
  expect(await server.api('PUT', '/forwarders/out', { forwarder })).toMatchObject({ status: 200 });
  status = 503;
  received = [];
  deliveryIds = [];
  const accepted: string[] = [];
  const target = server.url('http', '/api/v1/pipelines/default/logs/struct');
  const headers = { Authorization: `Bearer ${await server.token()}`, 'Content-Type': 'application/json' };
  const send = (id: string): Promise<Response> =>
    fetch(target, { method: 'POST', headers, body: JSON.stringify({ records: [{ id }] }) });
  let answer = await send('full 0');
  for (let i = 1; answer.status === 200; i++) {
    accepted.push(`full ${i - 1}`);
    answer = await send(`full ${i}`);
  }
  expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([429, true]);
  expect(await queueOf()).toMatchObject({ length: accepted.length });
  status = 200;
  await until(() => received.length === accepted.length);
  expect(received).toEqual(accepted);
  await until(async () => (await send('after')).status === 200);
  await until(() => received.includes('after'));
}
