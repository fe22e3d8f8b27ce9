import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DELIVERY, forwardingFlow, killRounds, SETTINGS } from '../forwarders/delivery-support';
import { RunningServer } from '../support/running-server';

const ROUNDS = 30;
/** Servers side by side: much of a round is waiting. */
const SERVERS = 2;

/** Kills a server of its own so many times; its destination is down now and then, so that kills hit retries as well. */
async function campaign(rounds: number): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'logweir-delivery-crash-'));
  const received: string[] = [];
  const deliveryIds: string[] = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const down = Math.random() < 0.3;
      if (!down) {
        const records = JSON.parse(Buffer.concat(chunks).toString()) as { id: string; fields: { id: string } }[];
        for (const { id, fields } of records) {
          received.push(fields.id);
          deliveryIds.push(id);
        }
      }
      response.writeHead(down ? 503 : 200).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    const first = await RunningServer.start({ directory, settings: SETTINGS });
    const forwarder = {
      version: 2,
      config: { type: 'http', url, batch: 'json_array', delivery_ids: true },
      delivery: DELIVERY,
    };
    expect(await first.api('PUT', '/forwarders/out', { forwarder })).toMatchObject({ status: 200 });
    expect(await first.api('PUT', '/pipelines/default', { flow: forwardingFlow() })).toMatchObject({ status: 200 });
    const last = await killRounds(first, rounds, { received: () => received, deliveryIds: () => deliveryIds });
    expect(await last.end()).toBe(0);
  } finally {
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
    await rm(directory, { recursive: true, force: true });
  }
}

test(
  `after SIGKILL at ${ROUNDS} random moments of a delivery everything acknowledged arrives`,
  async () => {
    await Promise.all(Array.from({ length: SERVERS }, () => campaign(ROUNDS / SERVERS)));
  },
  20 * 60_000,
);
