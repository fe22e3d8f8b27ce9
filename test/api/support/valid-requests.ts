import { RecordBatch } from '../../../src/record';
import { PermanentFailure } from '../../../src/forwarders/destination';
import { until } from '../../support/until';
import type { OperationOptions } from './contract';
import { ADMIN_PASSWORD, type Harness } from './harness';
import { uploadForm } from './upload-form';

const TIME = { from: '2024-01-01T00:00:00Z', to: '2024-01-02T00:00:00Z' };
const FLOW = { nodes: [], edges: [] };
const OTLP_LOGS = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'hello' } }] }] }] };
const DEFAULT = { pipeline: 'default' };

/** Makes what a request is about, and the request. */
type Prepare = (harness: Harness) => Promise<OperationOptions> | OperationOptions;

/** For each operation that needs anything at all, a request that succeeds (by its scopes alone, whoever makes it). */
const PREPARATIONS: Readonly<Record<string, Prepare>> = {
  login: () => ({ json: { username: 'root', password: ADMIN_PASSWORD } }),
  change_password: () => ({ json: { old_password: 'password', new_password: 'password' } }),
  delete_token: () => ({ path: { token_uuid: '4b3c1a62-7a3a-4f0e-9d0a-0b6a5f3a9c11' } }),
  get_user: () => ({ path: { user: 'root' } }),
  save_user: () => ({ path: { user: 'another' }, json: { password: 'password', roles: [] } }),
  patch_user_roles: async ({ auth }) => {
    await auth.saveUser('another', 'password', []);
    return { path: { user: 'another' }, json: { roles: [] } };
  },
  delete_user: () => ({ path: { user: 'another' } }),
  get_role: () => ({ path: { role: 'admin' } }),
  save_role: () => ({ path: { role: 'some role' }, json: { scopes: [] } }),
  delete_role: () => ({ path: { role: 'some role' } }),
  configure_stream: () => ({ json: { config: { ttl: 0, size: 0, indexed_fields: [] } } }),
  query_stream: () => ({ query: TIME }),
  get_stream_histogram: () => ({ query: TIME }),
  list_field_values: () => ({ query: TIME }),
  get_pipeline: () => ({ path: DEFAULT }),
  save_pipeline: () => ({ json: { flow: FLOW } }),
  scrape_pipeline_metrics: () => ({ path: DEFAULT }),
  ingest_log: () => ({ path: DEFAULT, json: { record: { a: 'b' } } }),
  ingest_logs_struct: () => ({ path: DEFAULT, json: { records: [{ a: 'b' }] } }),
  ingest_logs_text: () => ({ path: DEFAULT, body: 'x' }),
  ingest_logs_otlp: () => ({ path: DEFAULT, json: OTLP_LOGS }),
  get_transformer: async ({ config }) => {
    await config.save('transformer', 'x', '.a = 1');
    return {};
  },
  save_transformer: () => ({ json: { script: '.a = 1' } }),
  get_forwarder: withForwarder,
  save_forwarder: () => ({ json: { forwarder: { config: { type: 'fake' } } } }),
  get_forwarder_queue: withForwarder,
  pause_forwarder: withForwarder,
  resume_forwarder: withForwarder,
  flush_forwarder: withForwarder,
  list_dead_letters: withForwarder,
  replay_dead_letters: async (harness) => ({ ...(await withForwarder(harness)), json: {} }),
  delete_dead_letters: withForwarder,
  get_dead_letter: withDeadLetter,
  replay_dead_letter: async (harness) => ({ ...(await withDeadLetter(harness)), json: {} }),
  delete_dead_letter: withDeadLetter,
  delete_forwarder: async (harness) => ({ ...(await withForwarder(harness)), query: { queue: 'drop' } }),
  test_forwarder: async (harness) => ({ ...(await withForwarder(harness)), json: { record: {} } }),
  test_transformer: () => ({ json: { code: '.a = 1', record: {} } }),
  test_pipeline: () => ({ json: { flow: FLOW, records: [] } }),
  restore_auth: (harness) => upload(harness, 'auth'),
  restore_config: (harness) => upload(harness, 'config'),
  restore_logs: (harness) => upload(harness, 'logs'),
  restore_all: (harness) => upload(harness, 'all'),
  get_auth_provider: withAuthProvider,
  save_auth_provider: () => ({ json: AUTH_PROVIDER }),
  update_system_configuration: () => ({ json: {} }),
};

const AUTH_PROVIDER = {
  auth_provider: { display_name: 'x', config: { type: 'saml', idp_metadata_url: 'https://example.org' } },
};

/** A request to an operation that is answered with 200 when the user (whose password is `password`) has its scopes. */
export async function validRequest(harness: Harness, id: string): Promise<OperationOptions> {
  return (await PREPARATIONS[id]?.(harness)) ?? {};
}

async function withForwarder(harness: Harness): Promise<OperationOptions> {
  harness.fake.answer = () => ({ refused: [], retry: [] });
  const delivery = { linger_ms: 0, retry: { initial_ms: 1, max_ms: 5 } };
  await harness.config.save('forwarder', 'x', JSON.stringify({ version: 2, config: { type: 'fake' }, delivery }));
  await harness.forwarders.setPaused('x', false);
  return {};
}

async function withDeadLetter(harness: Harness): Promise<OperationOptions> {
  await withForwarder(harness);
  harness.fake.answer = () => {
    throw new PermanentFailure('no such index');
  };
  const before = harness.queue.stats('x').deadLetters;
  await harness.forwarders.append('x', RecordBatch.from([{ timestamp: 0, fields: { id: 'letter' } }]));
  await until(() => harness.queue.stats('x').deadLetters > before);
  const { letters } = await harness.forwarders.deadLetters('x', 0, 1000);
  return { path: { dead_letter: String(letters.at(-1)?.id) } };
}

async function withAuthProvider({ config }: Harness): Promise<OperationOptions> {
  await config.save('auth_provider', 'x', JSON.stringify(AUTH_PROVIDER.auth_provider));
  return {};
}

async function upload(harness: Harness, what: string): Promise<OperationOptions> {
  const response = await fetch(`${harness.url}/api/v1/backup/${what}`, {
    headers: { Authorization: `Bearer ${harness.adminToken}` },
  });
  return uploadForm(Buffer.from(await response.arrayBuffer()));
}
