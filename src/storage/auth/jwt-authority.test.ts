import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import path from 'node:path';
import jwt from 'jsonwebtoken';
import { removeTemporaryDirectories, temporaryDirectory } from '../testing/temporary-directory';
import type { AuthStore, Principal } from './auth-store';
import { JwtAuthority } from './jwt-authority';
import { openAuthStore } from './knex-auth-store';

const KEY = createSecretKey(Buffer.from('0123456789abcdef0123456789abcdef'));

let store: AuthStore;
let authority: JwtAuthority;
let alice: Principal;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2024, 0, 1, 12) + 700;
  store = await openAuthStore(path.join(await temporaryDirectory(), 'auth.db'));
  await store.saveRole('auditor', ['read_acls']);
  await store.saveUser('alice', 'wonderland', ['auditor']);
  alice = (await store.principalOf('alice'))!;
  authority = new JwtAuthority(store, KEY, { now: () => now });
});

afterEach(async () => {
  await store.close();
  await removeTemporaryDirectories();
});

/** Good claims but for the changes; undefined leaves a claim out. */
function claims(changes: Record<string, unknown> = {}): object {
  const seconds = Math.floor(now / 1000);
  const all = { iss: 'logweir', sub: 'alice', iat: seconds, exp: seconds + 60, ver: alice.credentialsVersion };
  return Object.fromEntries(Object.entries({ ...all, ...changes }).filter(([, value]) => value !== undefined));
}

describe('JwtAuthority', () => {
  test('issues tokens that it accepts, with the claims clients read', async () => {
    const token = authority.issue(alice);
    const decoded = jwt.decode(token, { complete: true });
    expect(decoded?.header.alg).toBe('HS256');
    expect(decoded?.payload).toEqual({
      iss: 'logweir',
      sub: 'alice',
      iat: 1_704_110_400,
      exp: 1_704_110_400 + 86_400,
      ver: alice.credentialsVersion,
    });
    expect(await authority.authenticate(token)).toEqual(alice);
  });

  test('answers without a promise once it knows a token', async () => {
    const token = authority.issue(alice);
    await authority.authenticate(token);
    expect(authority.authenticate(token)).toBe(alice);
  });

  test('ends tokens with their time, also when it knows them', async () => {
    const short = new JwtAuthority(store, KEY, { lifetimeSeconds: 10, now: () => now });
    const token = short.issue(alice);
    expect(await short.authenticate(token)).toBeDefined();
    now = Date.UTC(2024, 0, 1, 12) + 9_999;
    expect(await short.authenticate(token)).toBeDefined();
    now += 1;
    expect(await short.authenticate(token)).toBeUndefined();
    expect(await authority.authenticate(token)).toBeUndefined();
  });

  test.each<[string, () => Promise<unknown>]>([
    ['the password changes', () => store.changePassword('alice', 'wonderland', 'new')],
    ['the user is saved', () => store.saveUser('alice', 'wonderland', ['auditor'])],
    ['the roles change', () => store.setUserRoles('alice', [])],
    ['the user is deleted', () => store.deleteUser('alice')],
    [
      'the user is made again',
      async () => {
        await store.deleteUser('alice');
        await store.saveUser('alice', 'wonderland', ['auditor']);
      },
    ],
  ])('ends tokens when %s', async (_name, change) => {
    const token = authority.issue(alice);
    expect(await authority.authenticate(token)).toBeDefined();
    await change();
    expect(await authority.authenticate(token)).toBeUndefined();
  });

  test('gives the rights of now', async () => {
    const token = authority.issue(alice);
    expect((await authority.authenticate(token))?.scopes.has('send_logs')).toBe(false);
    await store.saveRole('auditor', ['send_logs']);
    expect((await authority.authenticate(token))?.scopes.has('send_logs')).toBe(true);
  });

  test('accepts what was signed with the same key and the right claims', async () => {
    expect(await authority.authenticate(jwt.sign(claims(), KEY))).toEqual(alice);
  });

  test.each<[string, () => string]>([
    ['garbage', () => 'garbage'],
    ['nothing', () => ''],
    ['very long garbage', () => 'a.'.repeat(100_000)],
    ['another key', () => jwt.sign(claims(), Buffer.alloc(32, 1))],
    ['another size of hash', () => jwt.sign(claims(), KEY, { algorithm: 'HS512' })],
    ['no signature', () => jwt.sign(claims(), '', { algorithm: 'none' })],
    [
      'another kind of signature',
      () => jwt.sign(claims(), generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, { algorithm: 'RS256' }),
    ],
    ['another issuer', () => jwt.sign(claims({ iss: 'flowg' }), KEY)],
    ['an unknown user', () => jwt.sign(claims({ sub: 'mallory' }), KEY)],
    ['no user', () => jwt.sign(claims({ sub: undefined }), KEY)],
    ['no version', () => jwt.sign(claims({ ver: undefined }), KEY)],
    ['another version', () => jwt.sign(claims({ ver: alice.credentialsVersion + 1 }), KEY)],
    ['a version that is a text', () => jwt.sign(claims({ ver: String(alice.credentialsVersion) }), KEY)],
    ['no end', () => jwt.sign(claims({ exp: undefined }), KEY)],
    ['an end in the past', () => jwt.sign(claims({ exp: Math.floor(now / 1000) - 1 }), KEY)],
    ['a payload that is no object', () => jwt.sign('alice', KEY)],
  ])('refuses %s', async (_name, make) => {
    expect(await authority.authenticate(make())).toBeUndefined();
  });

  test('refuses a token of which one character was changed', async () => {
    const token = authority.issue(alice);
    const at = token.indexOf('.') + 10;
    const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    expect(await authority.authenticate(changed)).toBeUndefined();
  });
});
