import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { MAX_LOGIN_FAILURES } from '../../src/api/auth/login-limiter';
import { operate } from './support/contract';
import { ADMIN_PASSWORD, Harness } from './support/harness';

let harness: Harness;
let now = Date.now();

beforeAll(async () => {
  harness = await Harness.start({ now: () => now });
});

afterAll(() => harness.stop());

async function login(username: string, password: string): Promise<string> {
  const { json } = await operate(harness, 'login', { token: null, json: { username, password } });
  return String(json?.token);
}

describe('tokens of logins and personal access tokens', () => {
  test('every form that clients use is taken', async () => {
    const session = await login('root', ADMIN_PASSWORD);
    expect(session).toMatch(/^jwt_eyJ/);
    const bare = session.slice('jwt_'.length);
    const pat = harness.adminToken;
    const headers = [
      `Bearer ${session}`,
      `Bearer jwt:${bare}`,
      `Bearer jwt:${session}`,
      `bearer JWT_${bare}`,
      `BEARER Jwt:${bare}`,
      `Bearer ${pat}`,
      `Bearer pat:${pat}`,
      `bearer PAT:PAT_${pat.slice('pat_'.length)}`,
    ];
    for (const authorization of headers) {
      const answer = await operate(harness, 'whoami', { token: null, headers: { Authorization: authorization } });
      expect([authorization, answer.status]).toEqual([authorization, 200]);
    }
  });

  test.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['no token', 'Bearer'],
    ['a token without prefix', 'Bearer abcdef'],
    ['another scheme', 'Basic cm9vdDpyb290'],
    ['two tokens', 'Bearer jwt:a jwt:b'],
    ['the prefixes of both kinds', 'Bearer jwt:pat_0123456789abcdefghijABCDEFGHIJ01'],
    ['an unknown personal access token', 'Bearer pat_0123456789abcdefghijABCDEFGHIJ01'],
    ['a JWT that is none', 'Bearer jwt:abc.def.ghi'],
    ['a very long token', `Bearer jwt_${'a'.repeat(8000)}`],
    [
      'a JWT of another key',
      `Bearer jwt_${jwt.sign({ sub: 'root', iss: 'logweir', ver: 1 }, 'x'.repeat(32), { expiresIn: 60 })}`,
    ],
    ['a JWT without signature', `Bearer jwt_${jwt.sign({ sub: 'root', ver: 1 }, '', { algorithm: 'none' })}`],
  ])('%s is answered with 401', async (_name, authorization) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
    for (const id of ['whoami', 'ingest_log']) {
      const answer = await operate(harness, id, { token: null, headers, json: {} });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
      expect(answer.json?.status).toBe('UNAUTHENTICATED');
    }
  });

  test('a JWT signed with another algorithm is refused', async () => {
    const principal = await harness.auth.principalOf('root');
    const key = createSecretKey(Buffer.from('a secret key of thirty-two bytes'));
    const claims = { iss: 'logweir', sub: 'root', ver: principal?.credentialsVersion };
    const good = jwt.sign(claims, key, { algorithm: 'HS256', expiresIn: 60 });
    const other = jwt.sign(claims, key, { algorithm: 'HS512', expiresIn: 60, allowInsecureKeySizes: true });
    expect((await operate(harness, 'whoami', { token: `jwt_${good}` })).status).toBe(200);
    expect((await operate(harness, 'whoami', { token: `jwt_${other}` })).status).toBe(401);
  });

  test('a token in the URL is no token', async () => {
    const answer = await harness.call('GET', `/auth/whoami?access_token=${harness.adminToken}`, { token: null });
    expect(answer.status).toBe(401);
  });

  test('the token is checked before the body', async () => {
    const answer = await harness.call('PUT', '/users/x', { token: null, body: 'no json' });
    expect(answer.status).toBe(401);
  });
});

describe('whoami', () => {
  test('shows the user, the roles and what they allow', async () => {
    const { json } = await operate(harness, 'whoami');
    expect(json?.user).toEqual({ name: 'root', roles: ['admin'] });
    expect(Object.values(json?.permissions as object)).toEqual(Array(15).fill(true));
  });

  test('shows no roles as null', async () => {
    await harness.auth.saveUser('nobody', 'password', []);
    const { json } = await operate(harness, 'whoami', { token: await harness.tokenOf('nobody') });
    expect(json?.user).toEqual({ name: 'nobody', roles: null });
    expect(Object.values(json?.permissions as object)).toEqual(Array(15).fill(false));
  });
});

describe('login', () => {
  test('an unknown user and a wrong password are answered alike', async () => {
    const wrong = await operate(harness, 'login', { token: null, json: { username: 'root', password: 'wrong' } });
    const unknown = await operate(harness, 'login', { token: null, json: { username: 'unknown', password: 'wrong' } });
    expect([wrong.status, wrong.text]).toEqual([401, unknown.text]);
    expect(wrong.json).toEqual({ status: 'UNAUTHENTICATED', error: 'unauthenticated: invalid credentials' });
  });

  test('too many failures have to wait, for one user alone', async () => {
    await harness.auth.saveUser('target', 'password', []);
    const attempt = (password: string, username = 'target') =>
      operate(harness, 'login', { token: null, json: { username, password } });
    for (let i = 0; i < MAX_LOGIN_FAILURES; i++) expect((await attempt('guess')).status).toBe(401);
    const refused = await attempt('password');
    expect(refused.status).toBe(429);
    expect(refused.json?.status).toBe('RESOURCE_EXHAUSTED');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await attempt(ADMIN_PASSWORD, 'root')).status).toBe(200);
    now += Number(refused.headers['retry-after']) * 1000;
    expect((await attempt('password')).status).toBe(200);
  });

  test('parallel guesses count as well', async () => {
    const guesses = Array.from({ length: MAX_LOGIN_FAILURES + 5 }, () =>
      operate(harness, 'login', { token: null, json: { username: 'parallel', password: 'guess' } }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  });

  test('a large body is refused before it is read', async () => {
    const answer = await operate(harness, 'login', {
      token: null,
      json: { username: 'root', password: 'x'.repeat(20_000) },
    });
    expect(answer.status).toBe(413);
  });
});

describe('change of the password', () => {
  test('asks for the old one and ends older logins', async () => {
    await harness.auth.saveUser('carol', 'first', []);
    const session = await login('carol', 'first');
    const pat = await harness.tokenOf('carol');
    const change = (old_password: string, new_password: string) =>
      operate(harness, 'change_password', { token: session, json: { old_password, new_password } });

    const refused = await change('wrong', 'second');
    expect([refused.status, refused.json?.status]).toEqual([403, 'PERMISSION_DENIED']);
    expect((await change('first', 'second')).json).toEqual({ success: true });
    expect((await operate(harness, 'whoami', { token: session })).status).toBe(401);
    expect((await operate(harness, 'whoami', { token: pat })).status).toBe(200);
    expect(
      (await operate(harness, 'login', { token: null, json: { username: 'carol', password: 'first' } })).status,
    ).toBe(401);
    await login('carol', 'second');
  });

  test('an empty new password is refused', async () => {
    const answer = await operate(harness, 'change_password', {
      json: { old_password: ADMIN_PASSWORD, new_password: '' },
    });
    expect([answer.status, answer.json?.context]).toEqual([400, { body: [expect.stringContaining('new_password')] }]);
  });
});
