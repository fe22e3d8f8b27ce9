import { expandScopes, SCOPES, type Scope } from '../../src/storage/auth';
import { operate } from './support/contract';
import { description } from './support/description';
import { Harness } from './support/harness';
import { validRequest } from './support/valid-requests';

let harness: Harness;
/** Of a user whose one role is changed from test to test. */
let token = '';

const scoped = description.operations.filter(({ scopes }) => scopes.length > 0);
const open = description.operations.filter(({ scopes, isPublic }) => scopes.length === 0 && !isPublic);
const everybodys = description.operations.filter(({ isPublic }) => isPublic);

function allBut(scope: Scope): Scope[] {
  return SCOPES.filter((other) => !expandScopes([other]).has(scope));
}

/** The user's token, once the user has exactly these scopes. */
async function tokenWith(scopes: readonly Scope[]): Promise<string> {
  await harness.auth.saveRole('role of somebody', scopes);
  return token;
}

beforeAll(async () => {
  harness = await Harness.start();
  token = await harness.userWith('somebody', []);
});

afterAll(() => harness.stop());

afterEach(() => expect(harness.internalErrors).toEqual([]));

async function answer(id: string, token: string | null): Promise<{ status: number; json: unknown }> {
  return operate(harness, id, { ...(await validRequest(harness, id)), token });
}

describe.each(scoped)('$id', ({ id, scopes }) => {
  test(`is for those who have ${scopes.join(' and ')}`, async () => {
    expect([id, (await answer(id, await tokenWith(scopes))).status]).toEqual([id, 200]);
  });

  test('is not for anybody without a token', async () => {
    expect(await answer(id, null)).toMatchObject({ status: 401, json: { status: 'UNAUTHENTICATED' } });
  });

  test('is not for a user without scopes', async () => {
    expect(await answer(id, await tokenWith([]))).toMatchObject({ status: 403, json: { status: 'PERMISSION_DENIED' } });
  });

  test('is not for a user who has everything but what it needs', async () => {
    for (const scope of scopes) {
      expect(await answer(id, await tokenWith(allBut(scope)))).toMatchObject({
        status: 403,
        json: { status: 'PERMISSION_DENIED', error: `permission denied: requires the scope ${scope}` },
      });
    }
  });
});

test('writing includes reading where it should, and no scope includes another otherwise', async () => {
  for (const { id, scopes } of scoped.filter(({ method }) => method === 'get')) {
    for (const scope of SCOPES) {
      const isAllowed = scopes.every(
        (needed) =>
          needed === scope ||
          (scope === needed.replace('read_', 'write_') && !/system_configuration|auth_providers/.test(scope)),
      );
      const { status } = await answer(id, await tokenWith([scope]));
      expect([id, scope, status]).toEqual([id, scope, isAllowed ? 200 : 403]);
    }
  }
});

test.each(open)('$id is for every user, and for nobody else', async ({ id }) => {
  expect((await answer(id, await tokenWith([]))).status).toBe(200);
  expect((await answer(id, null)).status).toBe(401);
});

test.each(everybodys)('$id is for everybody', async ({ id }) => {
  expect((await answer(id, null)).status).toBe(200);
});

test('a token has no more rights than it was given', async () => {
  const sender = await operate(harness, 'create_token', { json: { name: 'sender', scopes: ['send_logs'] } });
  const narrow = String(sender.json?.token);
  for (const { id, scopes } of scoped) {
    const { status } = await answer(id, narrow);
    expect([id, status]).toEqual([id, scopes.join() === 'send_logs' ? 200 : 403]);
  }
  // Nor can it make a better one of itself.
  expect((await operate(harness, 'create_token', { token: narrow, json: { scopes: ['write_acls'] } })).status).toBe(
    400,
  );
  const child = await operate(harness, 'create_token', { token: narrow });
  expect((await operate(harness, 'list_users', { token: String(child.json?.token) })).status).toBe(403);
});

test('a request whose form is wrong is told so before its scopes are looked at', async () => {
  await tokenWith([]);
  expect((await operate(harness, 'save_role', { token, json: { scopes: ['fly'] } })).status).toBe(400);
  expect((await operate(harness, 'save_role', { token, json: { scopes: [] } })).status).toBe(403);
});
