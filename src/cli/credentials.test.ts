import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { credentialsFile } from './credentials';
import { run } from './run';
import { sendJson, startFakeApi, type FakeApi } from './testing/fake-api';
import { memoryIo } from './testing/memory-io';

let home: string;
let api: FakeApi;

beforeEach(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'logweir-home-'));
  api = await startFakeApi((request, response) =>
    sendJson(response, 200, {
      success: true,
      token: 'jwt_saved',
      pipelines: [request.headers.authorization ?? 'none'],
    }),
  );
});

afterEach(async () => {
  await api.close();
  rmSync(home, { recursive: true });
});

const env = (more: Record<string, string> = {}) => ({ HOME: home, LOGWEIR_API: api.base, ...more });
const asked = async (given = env(), args: readonly string[] = []) => {
  const io = memoryIo({ env: given });
  const code = await run(['pipeline', 'ls', '--output', 'logfmt', ...args], io);
  return code === 0 ? io.out() : io.err();
};

test('a login is used by later commands against the same server', async () => {
  expect(await asked()).toBe('name=none\n');
  const io = memoryIo({ env: env(), input: 'secret\n' });
  expect(await run(['login'], io)).toBe(0);
  expect(io.out()).toBe('jwt_saved\n');
  expect(await asked()).toBe('name="Bearer jwt_saved"\n');
  expect(await asked(env({ LOGWEIR_API: `${api.base}/` }))).toBe('name="Bearer jwt_saved"\n');
  expect(await asked(env({ LOGWEIR_API: api.base.replace('127.0.0.1', 'localhost') }))).toBe('name=none\n');
});

test('flag and environment come before it', async () => {
  await run(['login', '--password', 'x'], memoryIo({ env: env() }));
  expect(await asked(env({ LOGWEIR_TOKEN: 'pat_env' }))).toBe('name="Bearer pat_env"\n');
  expect(await asked(env({ LOGWEIR_TOKEN: 'pat_env' }), ['--token', 'pat_flag'])).toBe('name="Bearer pat_flag"\n');
});

test('the file is for its owner alone, and nothing else is left behind', async () => {
  await run(['login', '--password', 'x'], memoryIo({ env: env() }));
  await run(['login', '--password', 'x', '--api', 'http://127.0.0.1:1'], memoryIo({ env: env() }));
  const file = path.join(home, '.config/logweir/credentials.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ [api.base]: 'jwt_saved' });
  expect(readdirSync(path.dirname(file))).toEqual(['credentials.json']);
});

test('logout forgets it', async () => {
  await run(['login', '--password', 'x'], memoryIo({ env: env() }));
  expect(await run(['logout'], memoryIo({ env: env() }))).toBe(0);
  expect(await asked()).toBe('name=none\n');
  expect(await run(['logout'], memoryIo({ env: {} }))).toBe(0);
});

test('a login can be printed and not saved', async () => {
  const io = memoryIo({ env: env() });
  expect(await run(['login', '--password', 'x', '--no-save'], io)).toBe(0);
  expect([io.out(), readdirSync(home)]).toEqual(['jwt_saved\n', []]);
});

test.each<[string, string, number, RegExp]>([
  ['can be read by others', '{}', 0o644, /can be read by others/],
  ['is no JSON', 'jwt_x', 0o600, /no file of tokens/],
  ['is no object', '3', 0o600, /no file of tokens/],
])('a file that %s is refused', async (_case, text, mode, message) => {
  await run(['login', '--password', 'x'], memoryIo({ env: env() }));
  const file = credentialsFile({ env: env() })!;
  writeFileSync(file, text);
  chmodSync(file, mode);
  expect(await asked()).toMatch(message);
});

test.each([
  [{ XDG_CONFIG_HOME: '/x', HOME: '/h' }, '/x/logweir/credentials.json'],
  [{ XDG_CONFIG_HOME: 'x', HOME: '/h' }, '/h/.config/logweir/credentials.json'],
  [{ HOME: '' }, undefined],
])('%j', (given, expected) => {
  expect(credentialsFile({ env: given })).toBe(expected);
});
