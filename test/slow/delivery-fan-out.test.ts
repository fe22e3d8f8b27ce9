import { createServer, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DELIVERY, SETTINGS } from '../forwarders/delivery-support';
import { RunningServer } from '../support/running-server';
import { until } from '../support/until';

const ROUNDS = 10;
const OTLP_SENDERS = 2;
const HTTP_SENDERS = 4;
/** Encoded as it comes, once for the store and both queues. */
const RECORDS_PER_OTLP_REQUEST = 300;
/** Joined with others. */
const RECORDS_PER_HTTP_REQUEST = 5;
/** Most milliseconds from the first acknowledgement to the kill. */
const MAX_MS_UNTIL_KILL = 250;
const STREAMS = ['default', 'copies'];
const FORWARDERS = ['up', 'down'];

/** A destination that notes what it takes, and from which queue. */
class Receiver {
  readonly ids: string[] = [];
  isDown = false;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (!this.isDown) {
          const records = JSON.parse(Buffer.concat(chunks).toString()) as { fields: Record<string, string> }[];
          for (const { fields } of records) this.ids.push(idOf(fields));
        }
        response.writeHead(this.isDown ? 503 : 200).end();
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const receivers = FORWARDERS.map(() => new Receiver());
const [, down] = receivers as [Receiver, Receiver];
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'logweir-fan-out-'));
});

afterAll(async () => {
  for (const receiver of receivers) await receiver.close();
  await rm(directory, { recursive: true, force: true });
});

/** What each record holds says whether all of it is still the same record's. */
function idOf({ id, twin, 'attr.id': attribute, 'attr.twin': attributeTwin }: Record<string, string>): string {
  const [first, second] = [id ?? attribute, twin ?? attributeTwin];
  return first !== undefined && second === `twin of ${first}` ? first : `foreign: ${first} with ${second}`;
}

/** All goes to two streams and two forwarders. */
function fanOut(): object {
  const position = { x: 0, y: 0 };
  const targets = [
    ...STREAMS.map((stream) => ({ id: stream, type: 'router', position, data: { stream } })),
    ...FORWARDERS.map((forwarder) => ({ id: forwarder, type: 'forwarder', position, data: { forwarder } })),
  ];
  return {
    nodes: [{ id: 'in', type: 'source', position, data: { type: 'direct' } }, ...targets],
    edges: targets.map(({ id: target }) => ({ id: `to-${target}`, source: 'in', sourceHandle: '', target })),
  };
}

function otlpBody(ids: readonly string[]): string {
  const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const logRecords = ids.map((id) => ({
    body: { stringValue: `message of ${id}` },
    attributes: [attribute('id', id), attribute('twin', `twin of ${id}`)],
  }));
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
}

function httpBody(ids: readonly string[]): string {
  return JSON.stringify({ records: ids.map((id) => ({ id, twin: `twin of ${id}`, message: `message of ${id}` })) });
}

/** All ids of a stream. */
async function storedIds(server: RunningServer, stream: string): Promise<string[]> {
  const span = 'from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
  const answer = await fetch(server.url('http', `/api/v1/streams/${stream}/logs?${span}`), {
    headers: { Authorization: `Bearer ${await server.token()}`, Accept: 'application/x-ndjson' },
  });
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).trim().split('\n');
  return lines.map((line) => idOf((JSON.parse(line) as { fields: Record<string, string> }).fields));
}

test(
  `after ${ROUNDS} times SIGKILL what was acknowledged is stored once in each stream, and has come to each forwarder`,
  async () => {
    const settings = { ...SETTINGS, 'otlp.http.bind': '127.0.0.1:0' };
    let server = await RunningServer.start({ directory, settings });
    const token = await server.token();
    for (const [index, receiver] of receivers.entries()) {
      const config = { type: 'http', url: await receiver.listen(), batch: 'json_array' };
      const forwarder = { version: 2, config, delivery: { ...DELIVERY, batch_size: 200 } };
      const { status } = await server.api('PUT', `/forwarders/${FORWARDERS[index]}`, { forwarder });
      expect(status).toBe(200);
    }
    expect(await server.api('PUT', '/pipelines/default', { flow: fanOut() })).toMatchObject({ status: 200 });

    const sent = new Set<string>();
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      down.isDown = round % 3 !== 2;
      const victim = server;
      let killed: Promise<unknown> | undefined;
      const sender = async (url: string, count: number, body: (ids: readonly string[]) => string): Promise<void> => {
        for (;;) {
          const ids = Array.from({ length: count }, () => {
            const id = `${round}/${sent.size}`;
            sent.add(id);
            return id;
          });
          try {
            const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
            const answer = await fetch(url, { method: 'POST', headers, body: body(ids) });
            await answer.text();
            if (answer.status !== 200) continue;
          } catch {
            // The server is gone; what it had not acknowledged may or may not be there.
            return;
          }
          acknowledged.push(...ids);
          killed ??= new Promise((resolve) => setTimeout(resolve, Math.random() * MAX_MS_UNTIL_KILL)).then(() =>
            victim.end('SIGKILL'),
          );
        }
      };
      const otlp = server.url('otlp_http', '/v1/logs');
      const http = server.url('http', '/api/v1/pipelines/default/logs/struct');
      await Promise.all([
        ...Array.from({ length: OTLP_SENDERS }, () => sender(otlp, RECORDS_PER_OTLP_REQUEST, otlpBody)),
        ...Array.from({ length: HTTP_SENDERS }, () => sender(http, RECORDS_PER_HTTP_REQUEST, httpBody)),
      ]);
      await killed;
      server = await RunningServer.start({ directory, settings, token });
    }

    down.isDown = false;
    const last = server;
    for (const forwarder of FORWARDERS) {
      await until(async () => {
        const { body } = await last.api('GET', `/forwarders/${forwarder}/queue`);
        return (body.queue as { length: number }).length === 0;
      }, 60_000);
    }
    expect(acknowledged.length).toBeGreaterThan(ROUNDS * RECORDS_PER_OTLP_REQUEST);
    for (const stream of STREAMS) {
      const ids = await storedIds(last, stream);
      const stored = new Set(ids);
      expect(ids.length).toBe(stored.size);
      expect({ stream, missing: acknowledged.filter((id) => !stored.has(id)) }).toEqual({ stream, missing: [] });
      expect(ids.filter((id) => !sent.has(id))).toEqual([]);
    }
    for (const [index, { ids }] of receivers.entries()) {
      const forwarder = FORWARDERS[index];
      const arrived = new Set(ids);
      expect({ forwarder, missing: acknowledged.filter((id) => !arrived.has(id)) }).toEqual({ forwarder, missing: [] });
      expect(ids.filter((id) => !sent.has(id))).toEqual([]);
    }
    expect(await last.end()).toBe(0);
    expect(last.output).not.toMatch(/can't be read|damaged|did not belong|are gone/);
  },
  10 * 60_000,
);
