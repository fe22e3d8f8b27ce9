import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RunningServer } from '../support/running-server';

const ROUNDS = 30;
const SENDERS = 8;
const RECORDS_PER_REQUEST = 20;
/** The kill comes at a random moment of this span after the first acknowledgement. */
const MAX_MS_UNTIL_KILL = 400;

/** Sealing and merging run all the time, so that kills hit them as well. */
const SETTINGS = {
  'storage.journal.max_age': '100',
  'storage.segment.max_records': '512',
  'syslog.udp.bind': 'off',
  'syslog.tcp.bind': 'off',
};

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'logweir-crash-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

function post(url: string, token: string, agent: Agent, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

test(
  `after SIGKILL at ${ROUNDS} random moments nothing acknowledged is missing and nothing is there twice`,
  async () => {
    const acknowledged = new Set<string>();
    let server = await RunningServer.start({ directory, settings: SETTINGS });
    for (let round = 0; round < ROUNDS; round++) {
      const token = await server.token();
      const url = server.url('http', '/api/v1/pipelines/default/logs/struct');
      const agent = new Agent({ keepAlive: true });
      let sent = 0;
      let killed: Promise<unknown> | undefined;
      const kill = (): void => {
        killed ??= new Promise((resolve) => setTimeout(resolve, Math.random() * MAX_MS_UNTIL_KILL)).then(() =>
          server.end('SIGKILL'),
        );
      };
      const sender = async (): Promise<void> => {
        for (;;) {
          const ids = Array.from({ length: RECORDS_PER_REQUEST }, () => `${round}/${sent++}`);
          const records = ids.map((id) => ({ id, message: `message of ${id}`, level: 'info' }));
          try {
            const status = await post(url, token, agent, JSON.stringify({ records }));
            if (status !== 200) continue;
          } catch {
            // The connection broke: the server is gone, and what it had not acknowledged may or may not be there.
            return;
          }
          for (const id of ids) acknowledged.add(id);
          kill();
        }
      };
      await Promise.all(Array.from({ length: SENDERS }, sender));
      await killed;
      agent.destroy();

      server = await RunningServer.start({ directory, settings: SETTINGS });
      const ids = (await server.records()).map((record) => record.fields.id ?? '');
      const stored = new Set(ids);
      expect(stored.size).toBe(ids.length);
      const missing = [...acknowledged].filter((id) => !stored.has(id));
      expect(missing).toEqual([]);
    }
    expect(acknowledged.size).toBeGreaterThan(ROUNDS * RECORDS_PER_REQUEST);
    expect(await server.end()).toBe(0);
  },
  20 * 60_000,
);
