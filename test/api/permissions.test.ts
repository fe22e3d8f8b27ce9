import { expandScopes, SCOPES, type Scope } from '../../src/storage/auth';
import { operate, type OperationOptions } from './support/contract';
import { description } from './support/description';
import { Harness } from './support/harness';

const TIME = { from: '2024-01-01T00:00:00Z', to: '2024-01-02T00:00:00Z' };

/** A request that passes validation, for each operation. */
const VALID_REQUESTS: Readonly<Record<string, OperationOptions>> = {
  change_password: { json: { old_password: 'password', new_password: 'password' } },
  delete_token: { path: { token_uuid: '4b3c1a62-7a3a-4f0e-9d0a-0b6a5f3a9c11' } },
  save_user: { path: { user: 'temporary' }, json: { password: 'p', roles: [] } },
  patch_user_roles: { path: { user: 'temporary' }, json: { roles: [] } },
  save_role: { path: { role: 'temporary' }, json: { scopes: [] } },
  configure_stream: { json: { config: { ttl: 0, size: 0, indexed_fields: [] } } },
  query_stream: { query: TIME },
  get_stream_histogram: { query: TIME },
  list_field_values: { query: TIME },
  // One that is answered at once.
  watch_logs: { query: { filter: '(' } },
  save_pipeline: { json: { flow: { nodes: [], edges: [] } } },
  ingest_log: { path: { pipeline: 'default' }, json: { record: { a: 'b' } } },
  ingest_logs_struct: { path: { pipeline: 'default' }, json: { records: [] } },
  ingest_logs_text: { path: { pipeline: 'default' }, body: 'x' },
  ingest_logs_otlp: { path: { pipeline: 'default' }, body: '', headers: { 'Content-Type': 'application/x-protobuf' } },
  save_forwarder: { json: { forwarder: { config: { type: 'fake' } } } },
  replay_dead_letters: { json: {} },
  replay_dead_letter: { path: { dead_letter: '1' }, json: {} },
  get_dead_letter: { path: { dead_letter: '1' } },
  delete_dead_letter: { path: { dead_letter: '1' } },
  test_forwarder: { json: { record: {} } },
  save_transformer: { json: { script: '' } },
  test_transformer: { json: { code: '' } },
  test_pipeline: { json: { flow: { nodes: [], edges: [] }, records: [] } },
  scrape_pipeline_metrics: { path: { pipeline: 'default' } },
  ...Object.fromEntries(
    ['auth', 'config', 'logs', 'all'].map((what) => [
      `restore_${what}`,
      // Refused only once the scopes have been looked at.
      { body: '--x--\r\n', headers: { 'Content-Type': 'multipart/form-data; boundary=x' } },
    ]),
  ),
  save_auth_provider: {
    json: { auth_provider: { display_name: 'x', config: { type: 'saml', idp_metadata_url: 'https://example.org' } } },
  },
  update_system_configuration: { json: {} },
};

let harness: Harness;
const tokenByScope = new Map<Scope, string>();
const tokenWithoutScope = new Map<Scope, string>();

beforeAll(async () => {
  harness = await Harness.start();
  for (const scope of SCOPES) {
    const others = SCOPES.filter((other) => !expandScopes([other]).has(scope));
    tokenByScope.set(scope, await harness.userWith(`only ${scope}`, [scope]));
    tokenWithoutScope.set(scope, await harness.userWith(`without ${scope}`, others));
  }
});

afterAll(() => harness.stop());

const scoped = description.operations.filter(({ scopes }) => scopes.length > 0);
const open = description.operations.filter(({ scopes, isPublic }) => scopes.length === 0 && !isPublic);

describe.each(scoped)('$id needs $scopes', ({ id, scopes }) => {
  const request = VALID_REQUESTS[id] ?? {};

  test('alone it is enough, and with everything else it is missing', async () => {
    for (const [scope, token] of tokenByScope) {
      const allowed = scopes.every((needed) => expandScopes([scope]).has(needed));
      const { status } = await operate(harness, id, { ...request, token });
      expect([scope, status === 403]).toEqual([scope, !allowed]);
    }
    for (const scope of scopes) {
      const answer = await operate(harness, id, { ...request, token: tokenWithoutScope.get(scope) });
      expect([scope, answer.status]).toEqual([scope, 403]);
      expect(answer.json).toEqual({
        status: 'PERMISSION_DENIED',
        error: `permission denied: requires the scope ${scope}`,
      });
    }
  });
});

test.each(open)('$id is for every user', async ({ id }) => {
  const token = await harness.userWith('without any scope', []);
  expect((await operate(harness, id, { ...VALID_REQUESTS[id], token })).status).toBe(200);
});

test('a request whose form is wrong is told so before its scopes are looked at', async () => {
  const token = await harness.userWith('nosy', []);
  expect((await operate(harness, 'save_role', { token, json: { scopes: ['fly'] } })).status).toBe(400);
  expect((await operate(harness, 'save_role', { token, json: { scopes: [] } })).status).toBe(403);
});
