import path from 'node:path';
import { MAX_LOGIN_FAILURES } from '../../src/api/auth/login-limiter';
import { DEFAULT_MAX_INGEST_BODY_BYTES, MAX_ADMIN_BODY_BYTES } from '../../src/api/http/limits';
import { archiveHeader, archivePadding, ARCHIVE_END } from '../../src/api/backup/tar';
import { RecordBatch } from '../../src/record';
import { AuthError, openAuthStore } from '../../src/storage/auth';
import { StorageError } from '../../src/storage/errors';
import { readFile } from 'node:fs/promises';
import { operate, type OperationOptions } from './support/contract';
import { describedOperation, description } from './support/description';
import { EventReader } from './support/event-reader';
import { Harness, type Answer } from './support/harness';
import { uploadForm } from './support/upload-form';
import { validRequest } from './support/valid-requests';

// Each answer that the description promises is brought about, for each operation: what is described happens, and what happens
// is described (operate() checks the form of every answer).

let harness: Harness;
let stranger = '';

beforeAll(async () => {
  harness = await Harness.start();
  stranger = await harness.userWith('stranger', []);
});

afterAll(() => harness.stop());

afterEach(() => {
  jest.restoreAllMocks();
  harness.logs.saturated = false;
  harness.logs.beforeAppend = () => {};
  harness.logs.beforeQuery = () => {};
});

type Provoke = (id: string) => Promise<Answer>;

/** Answers that no test can bring about in reasonable time. */
const OUT_OF_REACH: ReadonlySet<string> = new Set([
  // A form of a tebibyte.
  'restore_logs 413',
  // Of 128 mebibytes, and by the same line of code as that of the configuration.
  'restore_auth 413',
  'restore_all 413',
]);

const operations = description.operations.map(({ id }) => id);
const isIngest = (id: string): boolean => id.startsWith('ingest_');
const isRestore = (id: string): boolean => id.startsWith('restore_');
const isUpload = isRestore;

async function call(id: string, changes: OperationOptions = {}): Promise<Answer> {
  const valid = await validRequest(harness, id);
  return operate(harness, id, { ...valid, ...changes, headers: { ...valid.headers, ...changes.headers } });
}

/** A request in which something is wrong: the path where there is one, else the query or the body. */
async function malformed(id: string): Promise<Answer> {
  const { path: template, body } = description.operations.find((operation) => operation.id === id)!;
  const valid = await validRequest(harness, id);
  const [, parameter] = /\{(\w+)\}/.exec(template) ?? [];
  if (parameter !== undefined) return operate(harness, id, { ...valid, path: { ...valid.path, [parameter]: 'a\nb' } });
  if (body === 'upload') return operate(harness, id, uploadForm('garbage'));
  if (id === 'list_senders') return operate(harness, id, { query: { sort: 'nothing' } });
  return operate(harness, id, { json: ['nothing', 'that', 'any', 'operation', 'takes'] });
}

async function unknownName(id: string): Promise<Answer> {
  const valid = await validRequest(harness, id);
  const { path: template } = description.operations.find((operation) => operation.id === id)!;
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [
    name,
    name === 'dead_letter' ? '999999' : 'unknown',
  ]);
  return operate(harness, id, { ...valid, path: Object.fromEntries(names) as Record<string, string> });
}

async function tooLarge(id: string): Promise<Answer> {
  if (isUpload(id)) return operate(harness, id, uploadForm(Buffer.alloc(128 * 2 ** 20 + 1)));
  const valid = await validRequest(harness, id);
  const bytes = isIngest(id) ? DEFAULT_MAX_INGEST_BODY_BYTES : MAX_ADMIN_BODY_BYTES;
  const headers: Record<string, string> = valid.json === undefined ? {} : { 'Content-Type': 'application/json' };
  return operate(harness, id, { ...valid, headers, json: undefined, body: Buffer.alloc(bytes + 1, ' ') });
}

/** What is needed for an answer of the status 409, by operation. */
const CONFLICTS: Readonly<Record<string, Provoke>> = {
  create_token: () => {
    jest.spyOn(harness.auth, 'createToken').mockRejectedValue(new AuthError('TOO_MANY_TOKENS', 'delete one first'));
    return call('create_token');
  },
  save_user: (id) => call(id, { path: { user: 'root' }, json: { password: 'the new password', roles: [] } }),
  patch_user_roles: (id) => call(id, { path: { user: 'root' } }),
  delete_user: (id) => call(id, { path: { user: 'root' } }),
  save_role: (id) => call(id, { path: { role: 'admin' } }),
  delete_role: (id) => call(id, { path: { role: 'admin' } }),
  delete_forwarder: async (id) => {
    await validRequest(harness, id);
    await harness.forwarders.setPaused('x', true);
    await harness.forwarders.append('x', RecordBatch.from([{ timestamp: 0, fields: {} }]));
    return operate(harness, id);
  },
  restore_auth: async (id) => call(id, uploadForm(await usersWithoutAdministrator())),
  restore_all: async (id) => {
    const file = await usersWithoutAdministrator();
    const config = await configuration();
    const parts = [
      ['auth.db', file],
      ['config.db', config],
      ['logs.db', Buffer.from('[]')],
    ] as const;
    const archive = parts.flatMap(([name, bytes]) => [
      archiveHeader(name, bytes.length, 0),
      bytes,
      archivePadding(bytes.length),
    ]);
    return call(id, uploadForm(Buffer.concat([...archive, ARCHIVE_END])));
  },
};

/** A backup of users none of whom is an administrator. */
async function usersWithoutAdministrator(): Promise<Buffer> {
  const file = path.join(harness.directory, `${Math.random()}.db`);
  const store = await openAuthStore(`${file}.store`);
  await store.saveUser('nobody in particular', 'password', []);
  await store.backup(file);
  await store.close();
  return readFile(file);
}

async function configuration(): Promise<Buffer> {
  const file = path.join(harness.directory, `${Math.random()}.db`);
  await harness.config.backup(file);
  return readFile(file);
}

async function tooManyAtOnce(id: string): Promise<Answer> {
  if (isIngest(id)) {
    harness.logs.saturated = true;
    return call(id);
  }
  if (id === 'watch_logs') {
    const open = await Promise.all(Array.from({ length: 200 }, () => watch()));
    const refused = await operate(harness, id);
    for (const reader of open) reader.close();
    return refused;
  }
  await harness.auth.saveUser('guessed', 'password', []);
  const token = id === 'login' ? null : await harness.tokenOf('guessed');
  const json = { username: 'guessed', password: 'x', old_password: 'x', new_password: 'another password' };
  for (let i = 0; i < MAX_LOGIN_FAILURES; i++) await operate(harness, id, { token, json });
  return operate(harness, id, { token, json });
}

/** An answer that goes on until it is closed. */
async function watch(): Promise<{ close(): void }> {
  return EventReader.open(harness, '/streams/x/logs/watch');
}

async function storeUnavailable(id: string): Promise<Answer> {
  const full = new StorageError('STORE_FULL', 'the disk is full');
  harness.logs.beforeAppend = harness.logs.beforeQuery = () => Promise.reject(full);
  const valid = await validRequest(harness, id);
  if (id === 'watch_logs') {
    const stopping = await Harness.start();
    stopping.api.close();
    const answer = await operate(stopping, id);
    await stopping.close();
    return answer;
  }
  for (const store of [harness.logs, harness.auth, harness.config]) {
    jest.spyOn(store, 'backup').mockRejectedValue(full);
    jest.spyOn(store, 'restore').mockRejectedValue(full);
  }
  jest.spyOn(harness.logs, 'configureStream').mockRejectedValue(full);
  jest.spyOn(harness.logs, 'deleteStream').mockRejectedValue(full);
  // Only a stream that is not there yet takes a write to be shown.
  if (id === 'get_stream') return operate(harness, id, { ...valid, path: { stream: 'not there yet' } });
  return operate(harness, id, valid);
}

const PROVOCATIONS: Readonly<Record<string, Provoke>> = {
  200: (id) => call(id, id === 'change_password' ? { token: stranger } : {}),
  400: malformed,
  401: (id) => (id === 'login' ? call(id, { json: { username: 'root', password: 'x' } }) : call(id, { token: null })),
  403: (id) =>
    id === 'change_password'
      ? call(id, { token: stranger, json: { old_password: 'wrong', new_password: 'another password' } })
      : call(id, { token: stranger }),
  404: unknownName,
  409: (id) =>
    isIngest(id) ? call(id, { path: { pipeline: 'syslog only' } }) : (CONFLICTS[id] ?? (() => call(id)))(id),
  412: (id) => call(id, { headers: { 'If-Match': '"nothing"' } }),
  413: tooLarge,
  429: tooManyAtOnce,
  503: storeUnavailable,
  504: (id) => {
    harness.logs.beforeQuery = () => Promise.reject(new StorageError('QUERY_TIMEOUT', 'it took too long'));
    return call(id);
  },
};

beforeAll(async () => {
  const flow = { nodes: [{ id: 's', type: 'source', data: { type: 'syslog' } }], edges: [] };
  await harness.config.save('pipeline', 'syslog only', JSON.stringify(flow));
  await harness.refresh();
});

const cases = operations.flatMap((id) =>
  Object.keys(describedOperation(id).responses)
    // That everything may fail is a test of its own.
    .filter((status) => status !== '500' && !OUT_OF_REACH.has(`${id} ${status}`))
    .map((status) => [id, status] as const),
);

test.each(cases)('%s is answered with %s', async (id, status) => {
  const provoke = PROVOCATIONS[status];
  if (provoke === undefined) throw new Error(`nothing brings about ${status}`);
  const answer = await provoke(id);
  expect([answer.status, answer.json?.error]).toEqual([Number(status), answer.json?.error]);
  if (answer.status >= 400) expect(answer.json).not.toHaveProperty('success');
  if (answer.status === 400) expect(Object.keys(answer.json?.context as object)).not.toHaveLength(0);
});

describe('a failure of what the service is made of', () => {
  /** These need nothing that could fail. */
  const SELF_SUFFICIENT = ['whoami', 'test_transformer'];
  /** Its answer has begun when it asks for records. */
  const BEGUN = ['watch_logs'];
  const concerned = operations.filter((id) => !SELF_SUFFICIENT.includes(id) && !BEGUN.includes(id));

  let failing: Harness;
  let broken = false;

  /** The same, until it is broken: then all but these methods fail. */
  function breakable<T extends object>(part: T, unharmed: readonly (keyof T)[] = []): T {
    return new Proxy(part, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        if (!broken || unharmed.includes(name as keyof T)) return value.bind(target) as unknown;
        return () => {
          throw new Error('SELECT secret FROM everything');
        };
      },
    });
  }

  beforeAll(async () => {
    failing = await Harness.start(({ auth, config, logs, ingest, flows, forwarders }) => ({
      auth: breakable(auth, ['authenticateToken', 'principalOf']),
      config: breakable(config),
      logs: breakable(logs),
      ingest: breakable(ingest),
      flows: breakable(flows),
      forwarders: breakable(forwarders),
      inputs: () => {
        if (broken) throw new Error('SELECT secret FROM everything');
        return [];
      },
    }));
  });

  afterAll(() => failing.close());

  test.each(concerned)('is told by %s without a word of the inside, which the log has', async (id) => {
    broken = false;
    const request = await validRequest(failing, id);
    broken = true;
    failing.internalErrors.length = 0;
    const answer = await operate(failing, id, request);
    expect([answer.status, answer.json]).toEqual([500, { status: 'INTERNAL', error: 'internal: unexpected failure' }]);
    expect(failing.internalErrors).toEqual([expect.objectContaining({ message: 'SELECT secret FROM everything' })]);
  });
});
