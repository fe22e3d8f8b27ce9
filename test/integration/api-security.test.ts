import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { RunningServer } from '../support/running-server';
import { until } from '../support/until';

const RANGE = 'from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';

let server: RunningServer;

beforeAll(async () => {
  // As a FlowG user starts it.
  server = await RunningServer.start({
    settings: { 'auth.initial_password': 'root', 'transformers.host_functions': 'allow' },
  });
});

afterAll(() => server.dispose());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function call(token: string | undefined, method: string, route: string, body?: unknown): Promise<Answer> {
  const response = await fetch(server.url('http', `/api/v1${route}`), {
    method,
    headers: {
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function login(username: string, password: string): Promise<string> {
  const { status, body } = await call(undefined, 'POST', '/auth/login', { username, password });
  expect([username, status]).toEqual([username, 200]);
  return String(body.token);
}

async function tokenOf(user: string, scopes: readonly string[]): Promise<string> {
  const root = await login('root', 'root');
  expect((await call(root, 'PUT', `/roles/${user}`, { scopes })).status).toBe(200);
  const password = `the password of ${user}`;
  expect((await call(root, 'PUT', `/users/${user}`, { password, roles: [user] })).status).toBe(200);
  return login(user, password);
}

test('the configured first password is taken as it is, with a warning; all others must be long enough', async () => {
  const root = await login('root', 'root');
  expect(server.output).toMatch(/auth\.initial_password is easy to guess/);
  for (const password of ['', 'guest']) {
    const { status, body } = await call(root, 'PUT', '/users/guest', { password, roles: [] });
    expect([status, Object.values(body.context as object)]).toEqual([400, [[expect.stringMatching(/^password/)]]]);
  }
  const changed = await call(root, 'POST', '/auth/change-password', { old_password: 'root', new_password: 'toor' });
  expect(changed.status).toBe(400);
});

test('secrets are neither shown nor readable in any file', async () => {
  const root = await login('root', 'root');
  const created = await call(root, 'POST', '/token', { name: 'x' });
  const secrets = ['header-s3cret', 'provider-s3cret', 'the password of somebody', String(created.body.token)];
  const headers = { AUTHORIZATION: 'header-s3cret', 'DD-API-KEY': 'header-s3cret', 'X-Source': 'web' };
  const config = { type: 'http', url: 'http://127.0.0.1:9/', headers };
  const oidc = { type: 'oidc', issuer: 'https://id.example.org', client_id: 'x', client_secret: 'provider-s3cret' };
  const saved = [
    await call(root, 'PUT', '/forwarders/hook', { forwarder: { config } }),
    await call(root, 'PUT', '/auth-providers/id', { auth_provider: { name: 'id', display_name: 'Id', config: oidc } }),
    await call(root, 'PUT', '/users/somebody', { password: 'the password of somebody', roles: [] }),
  ];
  expect(saved.map(({ status }) => status)).toEqual([200, 200, 200]);

  const shown = [await call(root, 'GET', '/forwarders/hook'), await call(root, 'GET', '/auth-providers/id')];
  for (const { body } of shown) expect(JSON.stringify(body)).not.toContain('s3cret');
  const masked = { AUTHORIZATION: '********', 'DD-API-KEY': '********', 'X-Source': 'web' };
  expect(shown[0]?.body).toMatchObject({ forwarder: { config: { headers: masked } } });

  const names = await readdir(server.directory, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  expect(files.some((file) => file.endsWith('config.db'))).toBe(true);
  for (const file of files) {
    const bytes = await readFile(file);
    for (const secret of secrets) expect([file, secret, bytes.includes(secret)]).toEqual([file, secret, false]);
  }

  // Nor in a backup, and what is sent back masked is still the secret: the mask would not be encrypted to the same length.
  const { forwarder } = shown[0]?.body as { forwarder: object };
  expect((await call(root, 'PUT', '/forwarders/hook', { forwarder })).status).toBe(200);
  const other = {
    forwarder: { config: { type: 'http', url: 'http://127.0.0.1:9/', headers: { 'X-New-Key': '********' } } },
  };
  expect((await call(root, 'PUT', '/forwarders/hook', other)).status).toBe(400);
});

test('who changed what, when and from where is in the stream _audit; who is nobody leaves no trace', async () => {
  const before = new Date(Date.now() - 1).toISOString();
  const reader = await tokenOf('auditor', ['read_streams']);
  await call(undefined, 'PUT', '/roles/nobody', { scopes: [] });
  expect((await call(reader, 'DELETE', '/streams/default')).status).toBe(403);
  expect((await call(undefined, 'POST', '/auth/login', { username: 'auditor', password: 'x' })).status).toBe(401);
  const told = async (): Promise<Record<string, string>[]> => {
    const { body } = await call(
      reader,
      'GET',
      `/streams/_audit/logs?from=${before}&to=2100-01-01T00:00:00Z&order=oldest`,
    );
    return (body.records as { fields: Record<string, string> }[]).map(({ fields }) => fields);
  };
  await until(async () => (await told()).some(({ operation, status }) => operation === 'login' && status === '401'));
  // The last request of the test before may be of the same millisecond.
  const ours = (await told()).filter(({ operation }) => operation !== 'save_forwarder');
  const entries = ours.map(({ operation, user, path: target, status, address, method }) =>
    [operation, user, method, target, status, address].join(' '),
  );
  expect(entries).toEqual([
    'login root POST /api/v1/auth/login 200 127.0.0.1',
    'save_role root PUT /api/v1/roles/auditor 200 127.0.0.1',
    'save_user root PUT /api/v1/users/auditor 200 127.0.0.1',
    'login auditor POST /api/v1/auth/login 200 127.0.0.1',
    'purge_stream auditor DELETE /api/v1/streams/default 403 127.0.0.1',
    'login  POST /api/v1/auth/login 401 127.0.0.1',
  ]);
});

test('what the service writes about itself is not among the streams of its users', async () => {
  const auditor = await tokenOf('lister', ['read_streams']);
  const listed = async (query = ''): Promise<string[]> =>
    Object.keys((await call(auditor, 'GET', `/streams${query}`)).body.streams as object);
  await until(async () => (await listed('?internal=true')).includes('_audit'));
  expect((await listed()).filter((name) => name.startsWith('_'))).toEqual([]);
});

test('a look at a stream that does not exist does not make it for a user who may only read', async () => {
  const reader = await tokenOf('reader', ['read_streams']);
  const config = { ttl: 0, size: 0, indexed_fields: [] };
  expect((await call(reader, 'GET', '/streams/never')).body).toEqual({ success: true, config });
  expect((await call(reader, 'GET', `/streams/never/logs?${RANGE}`)).body).toEqual({ success: true, records: [] });
  for (const part of ['fields', 'usage', 'indices']) {
    expect((await call(reader, 'GET', `/streams/never/${part}`)).status).toBe(200);
  }
  expect((await call(reader, 'GET', '/streams')).body.streams).not.toHaveProperty('never');
});

test('a trial of a transformer may do what a pipeline may', async () => {
  const root = await login('root', 'root');
  const { status } = await call(root, 'POST', '/test/transformer', { code: '.host = get_hostname!()', record: {} });
  expect(status).toBe(200);
});
