import { operate } from './support/contract';
import { Harness } from './support/harness';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});

afterAll(() => harness.stop());

const path = { provider: 'company' };
const OIDC = { type: 'oidc', issuer: 'https://login.example.org', client_id: 'logweir', client_secret: 's3cret' };
const SAML = { type: 'saml', idp_metadata_url: 'https://example.org/metadata' };

function save(config: object, display_name = 'Company login') {
  return operate(harness, 'save_auth_provider', {
    path,
    json: { auth_provider: { name: 'ignored', display_name, config } },
  });
}

async function stored(): Promise<unknown> {
  const item = await harness.config.get('auth_provider', 'company');
  return item === undefined ? undefined : (JSON.parse(item.body) as { config: unknown }).config;
}

test('are saved, listed for everybody, shown and deleted', async () => {
  expect((await operate(harness, 'get_auth_provider', { path })).status).toBe(404);
  expect((await save(OIDC)).json).toEqual({ success: true });
  expect((await operate(harness, 'list_auth_providers', { token: null })).json).toEqual({
    success: true,
    auth_providers: [{ name: 'company', display_name: 'Company login' }],
  });
  expect((await save(SAML, 'Other')).status).toBe(200);
  expect((await operate(harness, 'get_auth_provider', { path })).json?.auth_provider).toEqual({
    name: 'company',
    display_name: 'Other',
    config: SAML,
  });
  expect((await operate(harness, 'delete_auth_provider', { path })).json).toEqual({ success: true });
  expect((await operate(harness, 'delete_auth_provider', { path })).status).toBe(200);
  expect((await operate(harness, 'list_auth_providers')).json?.auth_providers).toEqual([]);
});

test('do not show their secret, and keep it when its mask comes back', async () => {
  await save(OIDC);
  const { json, text } = await operate(harness, 'get_auth_provider', { path });
  const shown = json?.auth_provider as { config: object };
  expect(text).not.toContain('s3cret');
  await save({ ...shown.config, client_id: 'changed' });
  expect(await stored()).toEqual({ ...OIDC, client_id: 'changed' });
  await save({ ...OIDC, client_secret: 'another' });
  expect(await stored()).toEqual({ ...OIDC, client_secret: 'another' });
  await operate(harness, 'delete_auth_provider', { path });
});

test('do not send their secret to another issuer unless it is given anew', async () => {
  await save(OIDC);
  const moved = { ...OIDC, issuer: 'https://login.example.net' };
  const answer = await save({ ...moved, client_secret: '********' });
  expect([answer.status, answer.json?.context]).toEqual([
    400,
    {
      body: [
        'auth_provider.config.client_secret must be given anew: the one that is stored is not for another auth_provider.config.issuer',
      ],
    },
  ]);
  expect(await stored()).toEqual(OIDC);
  await save({ ...moved, client_secret: 'another' });
  expect(await stored()).toEqual({ ...moved, client_secret: 'another' });
  await operate(harness, 'delete_auth_provider', { path });
});

test('a mask without a secret behind it is refused', async () => {
  const answer = await save({ ...OIDC, client_secret: '********' });
  expect([answer.status, answer.json?.context]).toEqual([
    400,
    { body: ['auth_provider.config.client_secret is the mask of a secret, and none is stored'] },
  ]);
  expect(await stored()).toBeUndefined();
});

test.each([
  [{ type: 'ldap' }, /type/],
  [{}, /type/],
  [{ ...OIDC, issuer: 'login' }, /issuer/],
  [{ ...OIDC, issuer: 'javascript:alert(1)' }, /issuer/],
  [{ ...OIDC, client_secret: '' }, /client_secret/],
  [{ type: 'oidc', issuer: 'https://login.example.org' }, /client_id/],
  [{ type: 'saml' }, /idp_metadata_url/],
])('%j is refused', async (config, message) => {
  const answer = await save(config);
  expect([answer.status, (answer.json?.context as { body: string[] }).body.join()]).toEqual([
    400,
    expect.stringMatching(message),
  ]);
  expect(await stored()).toBeUndefined();
});
