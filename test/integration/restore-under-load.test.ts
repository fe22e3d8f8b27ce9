import { Agent, request } from 'node:http';
import { RunningServer } from '../support/running-server';
import { until } from '../support/until';

const STREAM = 'load';
const SENDERS = 4;
const RECORDS_A_REQUEST = 20;

/** One request of a sender, and when it was: its records may be stored at any moment in between. */
interface Sent {
  readonly ids: readonly string[];
  readonly startedAt: number;
  readonly acknowledgedAt: number;
}

let server: RunningServer;
let token: string;

beforeAll(async () => {
  server = await RunningServer.start();
  const created = await server.api('POST', '/token');
  token = String(created.body.token);
  const flow = {
    nodes: [
      { id: 's', type: 'source', data: { type: 'direct' } },
      { id: 'r', type: 'router', data: { stream: STREAM } },
    ],
    edges: [{ id: 'e', source: 's', target: 'r' }],
  };
  expect((await call('PUT', `/pipelines/${STREAM}`, { flow })).status).toBe(200);
});

afterAll(() => server.dispose());

/** A request with a token that outlives every restore. */
async function call(method: string, route: string, body?: unknown): Promise<Response> {
  return fetch(server.url('http', `/api/v1${route}`), {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

async function backup(what: string): Promise<Uint8Array> {
  const response = await call('GET', `/backup/${what}`);
  expect(response.status).toBe(200);
  return new Uint8Array(await response.arrayBuffer());
}

async function restore(what: string, file: Uint8Array): Promise<number> {
  const form = new FormData();
  form.append('backup', new Blob([file as Uint8Array<ArrayBuffer>]), `${what}.db`);
  const response = await fetch(server.url('http', `/api/v1/restore/${what}`), {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: form,
  });
  await response.text();
  return response.status;
}

/** Senders that never pause, and what they have been told was stored. */
class Load {
  readonly sent: Sent[] = [];
  readonly refused = new Set<number>();
  readonly #agent = new Agent({ keepAlive: true });
  readonly #loops: Promise<void>[] = [];
  #next = 0;
  #ended = false;

  start(): void {
    for (let i = 0; i < SENDERS; i++) this.#loops.push(this.#send());
  }

  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#loops);
    this.#agent.destroy();
  }

  /** Ids that were acknowledged before a moment, or sent after one. */
  ids(which: (sent: Sent) => boolean): string[] {
    return this.sent.filter(which).flatMap(({ ids }) => ids);
  }

  async #send(): Promise<void> {
    while (!this.#ended) {
      const ids = Array.from({ length: RECORDS_A_REQUEST }, () => String(this.#next++));
      const startedAt = performance.now();
      const status = await this.#post(JSON.stringify({ records: ids.map((id) => ({ id, text: `record ${id}` })) }));
      if (status === 200) this.sent.push({ ids, startedAt, acknowledgedAt: performance.now() });
      else this.refused.add(status);
    }
  }

  #post(body: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const target = {
        agent: this.#agent,
        port: server.port('http'),
        method: 'POST',
        path: `/api/v1/pipelines/${STREAM}/logs/struct`,
        headers: { Authorization: `Bearer ${token}`, 'Content-Length': Buffer.byteLength(body) },
      };
      request(target, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      })
        .on('error', reject)
        .end(body);
    });
  }
}

async function storedIds(): Promise<string[]> {
  // Not with the login of the server's helper: restoring users ends logins.
  const range = 'from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
  const answer = (await (await call('GET', `/streams/${STREAM}/logs?${range}`)).json()) as {
    records: readonly { readonly fields: Readonly<Record<string, string>> }[];
  };
  return answer.records.map(({ fields }) => fields.id ?? '');
}

/** Whether somebody and something are there that came between backup and restore. */
async function additions(): Promise<boolean[]> {
  const answers = [await call('GET', '/users/late'), await call('GET', '/transformers/late')];
  return answers.map(({ status }) => status === 200);
}

async function add(): Promise<void> {
  expect((await call('PUT', '/users/late', { password: 'a long password', roles: [] })).status).toBe(200);
  expect((await call('PUT', '/transformers/late', { script: '.a = 1' })).status).toBe(200);
}

test('while records keep coming: backups have all that was acknowledged, restores bring it back, none is there twice', async () => {
  const load = new Load();
  load.start();
  const more = async (): Promise<void> => {
    const enough = load.sent.length + 40;
    await until(() => load.sent.length >= enough);
  };
  await more();

  // Each by itself.
  const firstBackup = performance.now();
  const files = { auth: await backup('auth'), config: await backup('config'), logs: await backup('logs') };
  await add();
  await more();
  expect(await additions()).toEqual([true, true]);
  for (const [what, file] of Object.entries(files)) expect([what, await restore(what, file)]).toEqual([what, 200]);
  const firstRestored = performance.now();
  expect(await additions()).toEqual([false, false]);
  await more();

  // All at once.
  const secondBackup = performance.now();
  const archive = await backup('all');
  await add();
  await more();

  // Nothing of this is taken.
  for (const what of ['auth', 'config', 'logs'] as const) {
    expect([what, await restore(what, files[what].subarray(0, files[what].length / 2))]).toEqual([what, 400]);
  }
  expect(await restore('logs', files.auth)).toBe(400);
  expect(await restore('all', archive.subarray(0, archive.length - 5000))).toBe(400);
  expect(await additions()).toEqual([true, true]);

  expect(await restore('all', archive)).toBe(200);
  const secondRestored = performance.now();
  expect(await additions()).toEqual([false, false]);
  await more();
  await load.end();

  const stored = await storedIds();
  const present = new Set(stored);
  expect(present.size).toBe(stored.length);
  const missing = load
    .ids(
      ({ startedAt, acknowledgedAt }) =>
        // In the first backup and hence in the second; in the second; after all.
        acknowledgedAt < firstBackup ||
        (startedAt > firstRestored && acknowledgedAt < secondBackup) ||
        startedAt > secondRestored,
    )
    .filter((id) => !present.has(id));
  expect(missing).toEqual([]);
  // And the other way round: what is there was sent, and what came between is gone, or the restores would have done nothing.
  const between = load.ids(
    ({ startedAt, acknowledgedAt }) => startedAt > secondBackup && acknowledgedAt < secondRestored,
  );
  expect(between.some((id) => !present.has(id))).toBe(true);
  // Senders may be told to come again, never that something failed.
  expect([...load.refused].filter((status) => status !== 429 && status !== 503)).toEqual([]);
  expect(server.running).toBe(true);
}, 120_000);
