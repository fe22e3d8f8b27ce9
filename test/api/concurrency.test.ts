import { operate, type OperationOptions } from './support/contract';
import { Harness } from './support/harness';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});

afterAll(() => harness.stop());

const FLOW = { nodes: [], edges: [] };

/** What editors of each kind of thing do. */
const KINDS: readonly (readonly [kind: string, path: Record<string, string>, bodies: readonly object[], ids: Ids])[] = [
  [
    'pipelines',
    { pipeline: 'edited' },
    [{ flow: FLOW }, { flow: { ...FLOW, hasLayout: true } }],
    { get: 'get_pipeline', put: 'save_pipeline', remove: 'delete_pipeline' },
  ],
  [
    'transformers',
    { transformer: 'edited' },
    [{ script: '.a = 1' }, { script: '.a = 2' }],
    { get: 'get_transformer', put: 'save_transformer', remove: 'delete_transformer' },
  ],
  [
    'forwarders',
    { forwarder: 'edited' },
    ['https://a.example.org', 'https://b.example.org'].map((url) => ({ forwarder: { config: { type: 'http', url } } })),
    { get: 'get_forwarder', put: 'save_forwarder', remove: 'delete_forwarder' },
  ],
  [
    'streams',
    { stream: 'edited' },
    [{ config: { ttl: 1 } }, { config: { ttl: 2 } }],
    { get: 'get_stream', put: 'configure_stream', remove: 'purge_stream' },
  ],
  [
    'auth providers',
    { provider: 'edited' },
    ['a', 'b'].map((display_name) => ({
      auth_provider: { display_name, config: { type: 'saml', idp_metadata_url: 'https://example.org/' } },
    })),
    { get: 'get_auth_provider', put: 'save_auth_provider', remove: 'delete_auth_provider' },
  ],
];

interface Ids {
  readonly get: string;
  readonly put: string;
  readonly remove: string;
}

describe.each(KINDS)('editors of %s', (_kind, path, [first, second], { get, put, remove }) => {
  const call = async (id: string, options: OperationOptions = {}): Promise<number> =>
    (await operate(harness, id, { path, ...options })).status;

  test('do not overwrite what another has changed', async () => {
    expect(await call(put, { json: first, headers: { 'If-Match': '*' } })).toBe(412);
    expect(await call(put, { json: first, headers: { 'If-None-Match': '*' } })).toBe(200);
    expect(await call(put, { json: first, headers: { 'If-None-Match': '*' } })).toBe(412);

    const seen = String((await operate(harness, get, { path })).headers.etag);
    expect(seen).toMatch(/^"[^"]+"$/);
    const saved = await operate(harness, put, { path, json: second, headers: { 'If-Match': `"other", ${seen}` } });
    expect(saved.status).toBe(200);
    expect(saved.headers.etag).not.toBe(seen);
    expect((await operate(harness, get, { path })).headers.etag).toBe(saved.headers.etag);

    expect(await call(put, { json: first, headers: { 'If-Match': seen } })).toBe(412);
    expect(await call(remove, { headers: { 'If-Match': seen } })).toBe(412);
    expect((await operate(harness, get, { path })).headers.etag).toBe(saved.headers.etag);
    expect(await call(remove, { headers: { 'If-Match': String(saved.headers.etag) } })).toBe(200);
    expect(await call(remove, { headers: { 'If-Match': '*' } })).toBe(412);
  });

  test('at the same time: one wins', async () => {
    await call(put, { json: first });
    const tag = String((await operate(harness, get, { path })).headers.etag);
    const attempts = [1, 2, 3, 4].map(() => call(put, { json: second, headers: { 'If-Match': tag } }));
    expect((await Promise.all(attempts)).sort()).toEqual([200, 412, 412, 412]);
    await call(remove);
  });
});
