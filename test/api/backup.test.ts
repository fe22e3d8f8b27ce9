import { readdir } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { ARCHIVE_END, archiveHeader, archivePadding } from '../../src/api/backup/tar';
import { ADMIN_PASSWORD, send, Harness, type Answer } from './support/harness';
import { operate } from './support/contract';
import { answerProblems } from './support/description';
import { RecordBatch } from '../../src/record';

let harness: Harness;

beforeEach(async () => {
  harness = await Harness.start();
});

afterEach(() => harness.stop());

const BOUNDARY = 'the-boundary';

function form(file: Buffer | string, field = 'backup'): Buffer {
  return Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"; filename="x.db"\r\n\r\n`),
    Buffer.from(file),
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
}

/** Bytes that a client downloads. */
async function backup(what: string): Promise<Buffer> {
  const response = await fetch(`${harness.url}/api/v1/backup/${what}`, {
    headers: { Authorization: `Bearer ${harness.adminToken}` },
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
  const name = what === 'all' ? 'logweir.tar' : `${what}.db`;
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename=${name}`);
  return Buffer.from(await response.arrayBuffer());
}

async function restore(what: string, body: Buffer | string, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await send(
    harness.port,
    'POST',
    `/api/v1/restore/${what}`,
    {
      Authorization: `Bearer ${harness.adminToken}`,
      'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`,
      'Content-Length': String(Buffer.byteLength(body)),
      ...headers,
    },
    body,
  );
  expect(answerProblems(`restore_${what}`, answer)).toEqual([]);
  return answer;
}

async function leftOvers(): Promise<string[]> {
  return (await readdir(harness.directory)).filter((name) => name.endsWith('.tmp'));
}

const SCRIPT = '.a = "b"';

async function change(): Promise<void> {
  await harness.auth.saveUser('alice', 'password', []);
  await harness.config.save('transformer', 'parse', SCRIPT);
  const batch = new RecordBatch();
  batch.addRecord(1, { a: 'b' });
  harness.logs.store('web', batch);
}

async function state(): Promise<unknown> {
  return [
    await harness.auth.getUser('alice'),
    await harness.config.list('transformer'),
    await harness.logs.listFields('web'),
  ];
}

const CHANGED = [{ name: 'alice', roles: [] }, ['parse'], ['a']];
const UNCHANGED = [undefined, [], []];

test('a backup of each kind brings back what was', async () => {
  const before = { auth: await backup('auth'), config: await backup('config'), logs: await backup('logs') };
  await change();
  const after = { auth: await backup('auth'), config: await backup('config'), logs: await backup('logs') };
  expect(await state()).toEqual(CHANGED);
  for (const [files, expected] of [
    [before, UNCHANGED],
    [after, CHANGED],
  ] as const) {
    for (const [what, file] of Object.entries(files)) {
      expect((await restore(what, form(file))).json).toEqual({ success: true });
    }
    expect(await state()).toEqual(expected);
  }
  expect(await leftOvers()).toEqual([]);
});

test('one archive brings back everything', async () => {
  const before = await backup('all');
  await change();
  expect((await restore('all', form(before))).json).toEqual({ success: true });
  expect(await state()).toEqual(UNCHANGED);
  expect(await leftOvers()).toEqual([]);
});

test.each([
  ['auth', 'garbage', /^backup: auth\.db: /],
  ['config', '', /^backup: config\.db: /],
  ['logs', 'garbage', /^backup: logs\.db: /],
  ['all', 'garbage', /not a complete tar archive/],
  ['all', Buffer.alloc(1024), /backup has no auth\.db/],
])('a file that is no backup of %s is refused', async (what, file, message) => {
  await change();
  const answer = await restore(what, form(file));
  expect([answer.status, answer.json?.context]).toEqual([400, { body: [expect.stringMatching(message)] }]);
  expect(await state()).toEqual(CHANGED);
  expect(await leftOvers()).toEqual([]);
});

test('a backup that is cut off, or of another kind, is refused', async () => {
  await change();
  const auth = await backup('auth');
  const all = await backup('all');
  expect((await restore('auth', form(auth.subarray(0, auth.length / 2)))).status).toBe(400);
  expect((await restore('config', form(auth))).status).toBe(400);
  expect((await restore('all', form(all.subarray(0, all.length - 4096)))).status).toBe(400);
  expect(await state()).toEqual(CHANGED);
});

test('an archive with one bad file changes nothing', async () => {
  const all = await backup('all');
  await change();
  // The store of logs in these tests keeps JSON, which an exclamation mark spoils.
  const logs = all.indexOf('logs.db');
  all.write('!', logs + 512);
  const answer = await restore('all', form(all));
  expect([answer.status, answer.json?.context]).toEqual([400, { body: [expect.stringMatching(/^backup: logs\.db/)] }]);
  expect(await state()).toEqual(CHANGED);
  expect(await leftOvers()).toEqual([]);
});

test('a backup of users without an administrator is refused', async () => {
  const file = await backup('auth');
  // The name of the scope is changed in the file to one that gives less.
  const text = Buffer.from(file.toString('latin1').replaceAll('write_acls', 'write_aclz'), 'latin1');
  expect([400, 409]).toContain((await restore('auth', form(text))).status);
  expect((await operate(harness, 'list_users')).status).toBe(200);
});

test.each([
  ['another field', form('x', 'file'), {}, 400],
  ['no file', `--${BOUNDARY}--\r\n`, {}, 400],
  ['a form that breaks off', form('x').subarray(0, -10), {}, 400],
  ['a form without boundary', form('x'), { 'Content-Type': 'multipart/form-data' }, 400],
  ['something else', '{}', { 'Content-Type': 'application/json' }, 400],
])('%s is refused', async (_what, body, headers: Record<string, string>, status) => {
  expect((await restore('auth', body, headers)).status).toBe(status);
  expect(await leftOvers()).toEqual([]);
});

test('who may not restore has no file received', async () => {
  const token = await harness.userWith('reader', ['read_acls']);
  const answer = await restore('auth', form('x'), { Authorization: `Bearer ${token}`, 'Content-Type': 'text/plain' });
  expect(answer.status).toBe(403);
  expect((await operate(harness, 'backup_logs', { token })).status).toBe(403);
});

test('flows and forwarders of version 1 are converted when they are restored', async () => {
  const alert = { nodes: [{ id: 'a', type: 'alert', data: { alert: 'hook' } }], edges: [] };
  await harness.config.save('pipeline', 'old', JSON.stringify(alert));
  await harness.config.save('forwarder', 'hook', JSON.stringify({ url: 'http://localhost/', headers: { a: 'b' } }));
  const file = await backup('config');
  await harness.config.delete('pipeline', 'old');
  await harness.config.delete('forwarder', 'hook');
  expect((await restore('config', form(file))).status).toBe(200);
  expect(JSON.parse((await harness.config.get('forwarder', 'hook'))?.body ?? '')).toEqual({
    version: 2,
    config: { type: 'http', url: 'http://localhost/', headers: { a: 'b' } },
  });
  expect(JSON.parse((await harness.config.get('pipeline', 'old'))?.body ?? '')).toMatchObject({
    version: 2,
    nodes: [{ id: 'a', type: 'forwarder', data: { forwarder: 'hook' } }],
  });
});

describe('the configuration of FlowG 0.30', () => {
  const FLOW = { nodes: [{ id: 's', type: 'source', data: { type: 'direct' } }], edges: [] };
  const HOOK = { url: 'http://localhost/', headers: { a: 'b' } };
  const FILES = {
    'pipelines/from flowg.json': JSON.stringify(FLOW),
    'transformers/ü.vrl': '.a = 1',
    'forwarders/hook.json.b64': Buffer.from(JSON.stringify(HOOK)).toString('base64'),
  };

  function archive(files: Readonly<Record<string, string>>): Buffer {
    const entries = Object.entries(files).flatMap(([name, text]) => {
      const content = Buffer.from(text);
      return [archiveHeader(name, content.length, 0), content, archivePadding(content.length)];
    });
    return Buffer.concat([...entries, ARCHIVE_END]);
  }

  test('replaces pipelines, transformers and forwarders, and nothing else', async () => {
    await harness.config.save('transformer', 'gone', '.b = 2');
    const provider = { display_name: 'x', config: { type: 'saml', idp_metadata_url: 'http://localhost/' } };
    await harness.config.save('auth_provider', 'kept', JSON.stringify(provider));
    const answer = await restore('config', form(gzipSync(archive(FILES))));
    expect([answer.status, answer.json]).toEqual([200, { success: true }]);
    expect(await harness.config.list('pipeline')).toEqual(['from flowg']);
    expect(await harness.config.listItems('transformer')).toMatchObject([{ name: 'ü', body: '.a = 1' }]);
    const [hook] = await harness.config.listItems('forwarder');
    expect(JSON.parse(hook?.body ?? '')).toEqual({ version: 2, config: { type: 'http', ...HOOK } });
    expect((await operate(harness, 'get_forwarder', { path: { forwarder: 'hook' } })).status).toBe(200);
    expect(await harness.config.list('auth_provider')).toEqual(['kept']);
  });

  test.each<[string, Buffer, RegExp]>([
    ['nothing in it', gzipSync(archive({})), /has no configuration/],
    ['something else in it', gzipSync(archive({ ...FILES, 'etc/passwd': '' })), /"etc\/passwd"/],
    ['a flow that is none', gzipSync(archive({ ...FILES, 'pipelines/odd.json': '{' })), /pipeline "odd"/],
    ['a name that is none', gzipSync(archive({ ...FILES, 'transformers/.vrl': '' })), /impossible name/],
    ['its end missing', gzipSync(archive(FILES)).subarray(0, 100), /damaged/],
    ['no archive in it', gzipSync('x'.repeat(2000)), /not a complete tar archive/],
  ])('with %s is refused and changes nothing', async (_what, file, message) => {
    await change();
    const answer = await restore('config', form(file));
    expect([answer.status, answer.json?.context]).toEqual([400, { body: [expect.stringMatching(message)] }]);
    expect(await state()).toEqual(CHANGED);
    expect(await leftOvers()).toEqual([]);
  });

  test('that is a bomb is refused', async () => {
    expect((await restore('config', form(gzipSync(Buffer.alloc(2 ** 27 + 1))))).status).toBe(413);
  });
});

test('a configuration with something that cannot be read is refused, and named', async () => {
  await harness.config.save('pipeline', 'broken', '{"nodes": 5}');
  const file = await backup('config');
  await harness.config.delete('pipeline', 'broken');
  await change();
  const answer = await restore('config', form(file));
  expect([answer.status, JSON.stringify(answer.json?.context)]).toEqual([400, expect.stringContaining('broken')]);
  expect(await state()).toEqual(CHANGED);
});

test('a login session goes on through a restore of users, unless the password was another', async () => {
  const { json } = await operate(harness, 'login', {
    token: null,
    json: { username: 'root', password: ADMIN_PASSWORD },
  });
  const token = String(json?.token);
  const all = await backup('all');
  all.write('!', all.indexOf('logs.db') + 512);
  expect((await restore('all', form(all))).status).toBe(400);
  expect((await operate(harness, 'whoami', { token })).status).toBe(200);
  const users = await backup('auth');
  // As clients of FlowG do, with the token of one login.
  for (const what of ['auth', 'config', 'logs']) {
    expect((await restore(what, form(await backup(what)), { Authorization: `Bearer ${token}` })).status).toBe(200);
  }
  await harness.auth.setPassword('root', ADMIN_PASSWORD);
  expect((await restore('auth', form(users))).status).toBe(200);
  expect((await operate(harness, 'whoami', { token })).status).toBe(401);
});

test('a refusal tells nothing of the files of the service', async () => {
  for (const what of ['auth', 'config']) {
    const file = (await backup(what)).subarray(0, 1000);
    const answer = await restore(what, form(file));
    expect([answer.status, answer.text]).toEqual([400, expect.not.stringContaining(harness.directory)]);
  }
});
