import { createServer, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DELIVERY, forwardingFlow, killRounds, SETTINGS } from '../forwarders/delivery-support';
import { RunningServer } from '../support/running-server';

const ROUNDS = 30;

let receiver: Server;
let directory: string;
const received: string[] = [];

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'logweir-delivery-crash-'));
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      // Down now and then, so that kills hit retries as well.
      const down = Math.random() < 0.3;
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
  await rm(directory, { recursive: true, force: true });
});

test(
  `after SIGKILL at ${ROUNDS} random moments of a delivery everything acknowledged arrives`,
  async () => {
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    const first = await RunningServer.start({ directory, settings: SETTINGS });
    const forwarder = { version: 2, config: { type: 'http', url, batch: 'json_array' }, delivery: DELIVERY };
    expect(await first.api('PUT', '/forwarders/out', { forwarder })).toMatchObject({ status: 200 });
    expect(await first.api('PUT', '/pipelines/default', { flow: forwardingFlow() })).toMatchObject({ status: 200 });
    const last = await killRounds(first, ROUNDS, { received: () => received });
    expect(await last.end()).toBe(0);
  },
  20 * 60_000,
);
