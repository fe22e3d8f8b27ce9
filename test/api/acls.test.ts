import { operate } from './support/contract';
import { ADMIN_PASSWORD, Harness } from './support/harness';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});

afterAll(() => harness.stop());

describe('personal access tokens', () => {
  test('a new token is listed, works, and stops working when it is deleted', async () => {
    const created = await operate(harness, 'create_token');
    const { token, token_uuid } = created.json as { token: string; token_uuid: string };
    expect(token).toMatch(/^pat_[a-zA-Z0-9]{32}$/);
    const listed = await operate(harness, 'list_tokens');
    expect(listed.json?.token_uuids).toContain(token_uuid);
    expect((await operate(harness, 'whoami', { token })).status).toBe(200);

    expect((await operate(harness, 'delete_token', { path: { token_uuid } })).json).toEqual({ success: true });
    expect((await operate(harness, 'whoami', { token })).status).toBe(401);
    expect((await operate(harness, 'delete_token', { path: { token_uuid } })).status).toBe(200);
  });

  test('a token can be named, narrowed and end', async () => {
    const expires_at = '2999-01-01T00:00:00.000Z';
    const created = await operate(harness, 'create_token', {
      json: { name: 'web-1', scopes: ['send_logs'], expires_at },
    });
    const { token, token_uuid } = created.json as { token: string; token_uuid: string };
    const { json } = await operate(harness, 'list_tokens', {});
    expect(json?.tokens).toContainEqual(
      expect.objectContaining({ uuid: token_uuid, name: 'web-1', scopes: ['send_logs'], expires_at }),
    );
    expect((await operate(harness, 'list_users', { token })).status).toBe(403);
  });

  test.each([
    ['{"scopes":["fly"]}', 'scopes[0]'],
    ['{"expires_at":"tomorrow"}', 'expires_at'],
    ['{"name":1}', 'name'],
    ['[]', 'must be object'],
  ])('%s is refused', async (body, message) => {
    const answer = await operate(harness, 'create_token', { body, headers: { 'Content-Type': 'application/json' } });
    expect(answer.status).toBe(400);
    expect(answer.json?.context).toEqual({ body: [expect.stringContaining(message)] });
  });

  test('nobody deletes the tokens of others', async () => {
    const token = await harness.userWith('mallory', []);
    const [uuid = ''] = (await operate(harness, 'list_tokens')).json?.token_uuids as string[];
    expect((await operate(harness, 'delete_token', { token, path: { token_uuid: uuid } })).status).toBe(200);
    expect((await operate(harness, 'whoami')).status).toBe(200);
  });

  test('an identifier that is no UUID is refused', async () => {
    const answer = await operate(harness, 'delete_token', { path: { token_uuid: 'abc' } });
    expect([answer.status, Object.keys(answer.json?.context as object)]).toEqual([400, ['path:token_uuid']]);
  });
});

describe('users', () => {
  test('are created, shown, changed and deleted', async () => {
    const path = { user: 'alice / ü' };
    expect((await operate(harness, 'save_user', { path, json: { password: 'p', roles: ['viewer'] } })).json).toEqual({
      success: true,
    });
    expect((await operate(harness, 'get_user', { path })).json?.user).toEqual({ name: 'alice / ü', roles: ['viewer'] });
    expect((await operate(harness, 'patch_user_roles', { path, json: { roles: ['a', 'b'] } })).status).toBe(200);
    expect((await operate(harness, 'list_users')).json?.users).toEqual(
      expect.arrayContaining([
        { name: 'alice / ü', roles: ['a', 'b'] },
        { name: 'root', roles: ['admin'] },
      ]),
    );
    const login = await operate(harness, 'login', { token: null, json: { username: 'alice / ü', password: 'p' } });
    expect(login.status).toBe(200);
    expect((await operate(harness, 'delete_user', { path })).status).toBe(200);
    expect((await operate(harness, 'get_user', { path })).status).toBe(404);
    expect((await operate(harness, 'delete_user', { path })).status).toBe(200);
  });

  test('roles may be left out or null', async () => {
    for (const roles of [undefined, null, []]) {
      await operate(harness, 'save_user', { path: { user: 'bob' }, json: { password: 'p', roles } });
      expect((await operate(harness, 'get_user', { path: { user: 'bob' } })).json?.user).toEqual({
        name: 'bob',
        roles: null,
      });
    }
  });

  test('roles of an unknown user cannot be changed', async () => {
    const answer = await operate(harness, 'patch_user_roles', { path: { user: 'phantom' }, json: { roles: [] } });
    expect(answer.status).toBe(404);
    expect((await operate(harness, 'get_user', { path: { user: 'phantom' } })).status).toBe(404);
  });

  test.each([
    [{ roles: [] }, 'password is required'],
    [{ password: '', roles: [] }, 'password must NOT have fewer than 1 characters'],
    [{ password: 'p', roles: 'admin' }, 'roles must be array'],
    [{ password: 'p', roles: [''] }, 'roles[0] must NOT have fewer than 1 characters'],
    [{ password: 'p', roles: ['a\nb'] }, 'roles[0] must match format "name"'],
    [{ password: 'x'.repeat(1025) }, 'password must NOT have more than 1024 characters'],
    [null, 'must be object'],
  ])('%j is refused', async (json, message) => {
    const answer = await operate(harness, 'save_user', { path: { user: 'refused' }, json });
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({
      status: 'INVALID_ARGUMENT',
      error: 'invalid argument: validation failed',
      context: { body: [message] },
    });
    expect(await harness.auth.getUser('refused')).toBeUndefined();
  });

  test('the last administrator stays', async () => {
    const answers = [
      await operate(harness, 'delete_user', { path: { user: 'root' } }),
      await operate(harness, 'patch_user_roles', { path: { user: 'root' }, json: { roles: [] } }),
      await operate(harness, 'save_user', { path: { user: 'root' }, json: { password: 'password', roles: ['x'] } }),
      await operate(harness, 'delete_role', { path: { role: 'admin' } }),
      await operate(harness, 'save_role', { path: { role: 'admin' }, json: { scopes: ['send_logs'] } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([409, 409, 409, 409, 409]);
    expect((await operate(harness, 'whoami')).status).toBe(200);
    expect(await harness.auth.verifyPassword('root', ADMIN_PASSWORD)).toBeDefined();
  });

  test.each(['x'.repeat(256), 'a\nb', '\u0000'])('the name %j is refused', async (user) => {
    const answer = await operate(harness, 'save_user', { path: { user }, json: { password: 'p' } });
    expect([answer.status, Object.keys(answer.json?.context as object)]).toEqual([400, ['path:user']]);
  });
});

describe('roles', () => {
  test('are created, shown, changed and deleted', async () => {
    const path = { role: 'operator' };
    await operate(harness, 'save_role', { path, json: { scopes: ['read_streams', 'send_logs'] } });
    expect((await operate(harness, 'get_role', { path })).json?.role).toEqual({
      name: 'operator',
      scopes: ['read_streams', 'send_logs'],
    });
    await operate(harness, 'save_role', { path, json: {} });
    expect((await operate(harness, 'list_roles')).json?.roles).toContainEqual({ name: 'operator', scopes: null });
    expect((await operate(harness, 'delete_role', { path })).status).toBe(200);
    expect((await operate(harness, 'get_role', { path })).status).toBe(404);
    expect((await operate(harness, 'delete_role', { path })).status).toBe(200);
  });

  test('an unknown scope is refused with the list of those there are', async () => {
    const answer = await operate(harness, 'save_role', { path: { role: 'pilot' }, json: { scopes: ['fly'] } });
    expect(answer.status).toBe(400);
    expect(answer.json?.context).toEqual({
      body: [expect.stringMatching(/^scopes\[0\] must be equal to one of .*send_logs/)],
    });
  });

  test('granting and taking away a role works at once', async () => {
    await harness.auth.saveUser('guest', 'guest', []);
    const token = await harness.tokenOf('guest');
    expect((await operate(harness, 'list_users', { token })).status).toBe(403);
    await operate(harness, 'save_user', { path: { user: 'guest' }, json: { password: 'guest', roles: ['admin'] } });
    expect((await operate(harness, 'list_users', { token })).status).toBe(200);
    await operate(harness, 'save_user', { path: { user: 'guest' }, json: { password: 'guest', roles: [] } });
    expect((await operate(harness, 'list_users', { token })).status).toBe(403);
  });
});

describe('login sessions', () => {
  const session = async (): Promise<string> => {
    const { json } = await operate(harness, 'login', {
      token: null,
      json: { username: 'visitor', password: 'password' },
    });
    return String(json?.token);
  };

  test.each([
    [
      'a new password by an administrator',
      'save_user',
      { user: 'visitor' },
      { password: 'password', roles: ['guide'] },
    ],
    ['a role taken away', 'patch_user_roles', { user: 'visitor' }, { roles: [] }],
    ['the removal of a role', 'delete_role', { role: 'guide' }, undefined],
    ['the removal of the user', 'delete_user', { user: 'visitor' }, undefined],
  ])('end with %s', async (_what, id, path, json) => {
    await harness.auth.saveRole('guide', ['read_streams']);
    await harness.auth.saveUser('visitor', 'password', ['guide']);
    const token = await session();
    expect((await operate(harness, 'whoami', { token })).status).toBe(200);
    expect((await operate(harness, id, { path, json })).status).toBe(200);
    expect((await operate(harness, 'whoami', { token })).status).toBe(401);
  });
});

test('what is wrong with a password or a token is told with its place', async () => {
  const strict = await Harness.start({}, { minPasswordLength: 8 });
  const refused = async (id: string, path: Record<string, string>, json: object): Promise<unknown> => {
    const answer = await operate(strict, id, { path, json });
    return [answer.status, answer.json?.context];
  };
  const tooShort = 'a password must have 8 to 1024 characters';
  expect(await refused('save_user', { user: 'guest' }, { password: 'guest', roles: [] })).toEqual([
    400,
    { body: [`password: ${tooShort}`] },
  ]);
  expect(await refused('change_password', {}, { old_password: ADMIN_PASSWORD, new_password: 'short' })).toEqual([
    400,
    { body: [`new_password: ${tooShort}`] },
  ]);
  expect(await refused('create_token', {}, { expires_at: '2001-01-01T00:00:00Z' })).toEqual([
    400,
    { body: [expect.stringMatching(/^expires_at: /)] },
  ]);
  expect(await strict.auth.getUser('guest')).toBeUndefined();
  await strict.close();
});
