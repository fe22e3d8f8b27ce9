import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from './run';
import { sendJson, startFakeApi, type FakeApi, type SeenRequest } from './testing/fake-api';
import { memoryIo } from './testing/memory-io';

let api: FakeApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

/** Answers by `METHOD path`; anything else is answered with nothing but success. */
type Answers = Readonly<Record<string, unknown>>;

async function runAgainst(answers: Answers, args: readonly string[], input = '', env: Record<string, string> = {}) {
  api = await startFakeApi((request: SeenRequest, response: ServerResponse) => {
    const answer = answers[`${request.method} ${request.url.pathname.replace('/api/v1', '')}`] ?? { success: true };
    if (typeof answer === 'number') sendJson(response, answer, { error: `refused with ${answer}` });
    else {
      response.setHeader('ETag', '"7"');
      sendJson(response, 200, answer);
    }
  });
  const io = memoryIo({ env: { LOGWEIR_API: api.base, LOGWEIR_TOKEN: 'pat_x', ...env }, input });
  const code = await run(args, io);
  const writes = api.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, url, body, headers }) => ({
      what: `${method} ${url.pathname.replace('/api/v1', '')}`,
      ...(body === '' ? {} : { body: JSON.parse(body) as unknown }),
      ...(headers['if-match'] === undefined ? {} : { ifMatch: headers['if-match'] }),
      ...(headers['if-none-match'] === undefined ? {} : { ifNoneMatch: headers['if-none-match'] }),
    }));
  return { code, out: io.out(), err: io.err(), writes, requests: api.requests };
}

const STREAM = { 'GET /streams/default': { config: { ttl: 60, size: 5, indexed_fields: ['level'] } } };
const stream = (ttl: number, size: number, fields: string[]) => [
  { what: 'PUT /streams/default', body: { config: { ttl, size, indexed_fields: fields } }, ifMatch: '"7"' },
];
const USERS = {
  'GET /users': {
    users: [
      { name: 'root', roles: ['admin'] },
      { name: 'guest', roles: null },
    ],
  },
  'GET /users/guest': { user: { name: 'guest', roles: ['viewer'] } },
  'GET /users/nobody': { user: null },
};
const ROLES = {
  'GET /roles': {
    roles: [
      { name: 'viewer', scopes: ['read_streams'] },
      { name: 'none', scopes: null },
    ],
  },
};
const GRANTABLE = { ...USERS, 'GET /roles': { roles: [{ name: 'admin', scopes: [] }] } };
const SETTINGS = {
  'GET /system-configuration': { configuration: { syslog_allowed_origins: ['192.0.2.1'], default_roles: ['viewer'] } },
};
const settings = (origins: string[], roles: string[]) => [
  { what: 'PUT /system-configuration', body: { syslog_allowed_origins: origins, default_roles: roles } },
];

test.each<[string, Answers, unknown[]]>([
  ['stream set --ttl 120', STREAM, stream(120, 5, ['level'])],
  ['stream set --max-size 100', STREAM, stream(60, 100, ['level'])],
  ['stream index --field host', STREAM, stream(60, 5, ['host', 'level'])],
  ['stream index --field level', STREAM, stream(60, 5, ['level'])],
  ['stream index --field level --rm', STREAM, stream(60, 5, [])],
  ['stream purge --name a/b', {}, [{ what: 'DELETE /streams/a%2Fb' }]],
  ['pipeline rm --name p', {}, [{ what: 'DELETE /pipelines/p' }]],
  ['transformer rm --name t', {}, [{ what: 'DELETE /transformers/t' }]],
  ['forwarder rm --name f', {}, [{ what: 'DELETE /forwarders/f' }]],
  ['acl user rm --username u', {}, [{ what: 'DELETE /users/u' }]],
  [
    'acl user add --username nobody --password pw',
    USERS,
    [{ what: 'PUT /users/nobody', body: { password: 'pw', roles: [] } }],
  ],
  [
    'acl user grant --username guest --rolename admin',
    GRANTABLE,
    [{ what: 'PATCH /users/guest', body: { roles: ['viewer', 'admin'] } }],
  ],
  ['acl user revoke --username guest --rolename viewer', USERS, [{ what: 'PATCH /users/guest', body: { roles: [] } }]],
  ['acl role add --name new', ROLES, [{ what: 'PUT /roles/new', body: { scopes: [] } }]],
  ['acl role rm --name viewer', ROLES, [{ what: 'DELETE /roles/viewer' }]],
  [
    'acl role grant --name none --permission send_logs',
    ROLES,
    [{ what: 'PUT /roles/none', body: { scopes: ['send_logs'] } }],
  ],
  [
    'acl role revoke --name viewer --permission read_streams',
    ROLES,
    [{ what: 'PUT /roles/viewer', body: { scopes: [] } }],
  ],
  [
    'system-config update --syslog-allowed-origin 10.0.0.0/8 --syslog-allowed-origin ::1',
    SETTINGS,
    settings(['10.0.0.0/8', '::1'], ['viewer']),
  ],
  ['system-config update --syslog-allow-all', SETTINGS, settings([], ['viewer'])],
  ['system-config update --default-role a --default-role b', SETTINGS, settings(['192.0.2.1'], ['a', 'b'])],
  [
    'token create --name ci --scope send_logs',
    { 'POST /token': { token: 'pat_x', token_uuid: 'u' } },
    [{ what: 'POST /token', body: { name: 'ci', scopes: ['send_logs'] } }],
  ],
])('logweir %s', async (line, answers, expected) => {
  const { code, writes, err } = await runAgainst(answers, line.split(' '));
  expect([code, err.replace(/^identifier.*\n/, '')]).toEqual([0, '']);
  expect(writes).toEqual(expected);
});

test('a role that is not there yet is granted, and told of', async () => {
  const line = 'acl user grant --username guest --rolename admni';
  const { code, err, writes } = await runAgainst(GRANTABLE, line.split(' '));
  expect(code).toBe(0);
  expect(writes).toHaveLength(1);
  expect(err).toBe('there is no role "admni" yet: it gives nothing until it is made; there are: "admin"\n');
});

test('an error of several lines keeps its lines', async () => {
  const refusal = {
    error: 'the filter is invalid',
    context: { 'query:filter': 'unexpected token (1:2)\n | ((\n | .^' },
  };
  api = await startFakeApi((_request, response) => sendJson(response, 400, refusal));
  const io = memoryIo({ env: { LOGWEIR_API: api.base, LOGWEIR_TOKEN: 'pat_x' } });
  expect(await run(['query', '--filter', '(('], io)).toBe(1);
  expect(io.err()).toBe(
    'logweir: the filter is invalid\n  query:filter: unexpected token (1:2)\n     | ((\n     | .^\n',
  );
});

test.each<[string, Answers, string]>([
  [
    'stream ls',
    { 'GET /streams': { streams: { a: { ttl: 1, size: 2, indexed_fields: ['x', 'y'] } } } },
    'name=a ttl=1 size=2 indexed_fields=x,y\n',
  ],
  ['stream fields', { 'GET /streams/default/fields': { fields: ['a', 'b'] } }, 'name=a\nname=b\n'],
  ['pipeline ls', { 'GET /pipelines': { pipelines: ['p'] } }, 'name=p\n'],
  ['transformer ls', { 'GET /transformers': { transformers: ['t'] } }, 'name=t\n'],
  ['forwarder ls', { 'GET /forwarders': { forwarders: ['f'] } }, 'name=f\n'],
  ['acl user ls', USERS, 'name=root roles=admin\nname=guest roles=""\n'],
  ['acl role ls', ROLES, 'name=viewer scopes=read_streams\nname=none scopes=""\n'],
  ['system-config show', SETTINGS, 'syslog_allowed_origins=192.0.2.1 default_roles=viewer\n'],
  [
    'token ls',
    { 'GET /tokens': { token_uuids: ['u'], tokens: [{ uuid: 'u', name: null, scopes: ['send_logs'] }] } },
    'uuid=u scopes=send_logs\n',
  ],
])('logweir %s prints a list', async (line, answers, expected) => {
  const { code, out } = await runAgainst(answers, [...line.split(' '), '--output', 'logfmt']);
  expect([code, out]).toEqual([0, expected]);
});

test.each<[string, Answers, number, RegExp]>([
  ['acl user add --username guest --password x', USERS, 6, /there is a user "guest" already/],
  ['acl role add --name viewer', ROLES, 6, /there is a role "viewer" already/],
  ['acl user grant --username nobody --rolename r', USERS, 5, /there is no user "nobody"/],
  ['acl role grant --name nothing --permission send_logs', ROLES, 5, /there is no role "nothing"/],
  ['stream set', STREAM, 2, /nothing to change/],
  ['stream set --ttl -1', STREAM, 2, /--ttl/],
  ['stream set --ttl 1.5', STREAM, 2, /--ttl: expected a whole number/],
  ['stream index', STREAM, 2, /--field/],
  ['stream tail --period 5x', {}, 2, /--period: expected a duration/],
  ['stream tail --index level', {}, 2, /--index: expected field=value/],
  ['system-config update', SETTINGS, 2, /nothing to change/],
  ['system-config update --syslog-allow-all --syslog-allowed-origin ::1', SETTINGS, 2, /exclude each other/],
  ['pipeline export --format dot', {}, 2, /Allowed choices are mermaid, json/],
  ['pipeline rm', {}, 2, /--name/],
  ['admin backup everything', {}, 2, /Allowed choices/],
  ['stream', {}, 2, /Usage: logweir stream/],
])('logweir %s is refused and changes nothing', async (line, answers, code, message) => {
  const result = await runAgainst(answers, line.split(' '));
  expect(result.code).toBe(code);
  expect(result.err).toMatch(message);
  expect(result.writes).toEqual([]);
});

test('values of indexed fields go into one parameter', async () => {
  const records = { 'GET /streams/s/logs': { records: [] } };
  const args = 'stream history --name s --index level=error --index level=warning --index app=a=b --from now-1h';
  const { requests } = await runAgainst(records, args.split(' '));
  const { from, to, indexing } = Object.fromEntries(requests[0]!.url.searchParams);
  expect(JSON.parse(indexing!)).toEqual({ level: ['error', 'warning'], app: ['a=b'] });
  expect(Date.parse(to!) - Date.parse(from!)).toBe(3_600_000);
});

test('stream tail looks back over a period', async () => {
  const { requests } = await runAgainst({ 'GET /streams/default/logs': { records: [] } }, [
    'stream',
    'tail',
    '--period',
    '2m',
  ]);
  const { from, to } = Object.fromEntries(requests[0]!.url.searchParams);
  expect(Date.parse(to!) - Date.parse(from!)).toBe(120_000);
});

describe('a pipeline', () => {
  const flow = {
    nodes: [
      { id: 'end', type: 'source', data: { type: 'direct' } },
      { id: 'b', type: 'switch', data: { condition: 'a == "<b>"' } },
      { id: 'c', type: 'router', data: { stream: 's' } },
    ],
    edges: [
      { source: 'end', target: 'b', sourceHandle: '' },
      { source: 'b', target: 'c', sourceHandle: 'then' },
      { source: 'b', target: 'gone', sourceHandle: '' },
    ],
  };

  it('becomes a chart', async () => {
    const { out } = await runAgainst({ 'GET /pipelines/default': { flow } }, ['pipeline', 'export']);
    expect(out).toBe(
      [
        'flowchart LR',
        '  n1(["source: direct"])',
        '  n2{"switch: a == #34;#60;b#62;#34;"}',
        '  n3[("router: s")]',
        '  n1 --> n2',
        '  n2 -->|"then"| n3',
        '',
      ].join('\n'),
    );
  });

  it('comes back as it went', async () => {
    const exported = await runAgainst({ 'GET /pipelines/default': { flow } }, [
      'pipeline',
      'export',
      '--format',
      'json',
    ]);
    expect(JSON.parse(exported.out)).toEqual(flow);
    await api?.close();
    const warnings = [{ path: 'nodes[2]', message: 'no record can reach this node' }];
    const { writes, err } = await runAgainst(
      { 'PUT /pipelines/copy': { warnings } },
      ['pipeline', 'import', '--name', 'copy'],
      exported.out,
    );
    expect(writes).toEqual([{ what: 'PUT /pipelines/copy', body: { flow } }]);
    expect(err).toBe('warning: nodes[2]: no record can reach this node\n');
  });

  it.each([
    ['[]', /no JSON object/],
    ['{', /no JSON/],
  ])('is not made of %s', async (input, message) => {
    const { code, err, writes } = await runAgainst({}, ['pipeline', 'import'], input);
    expect([code, writes]).toEqual([1, []]);
    expect(err).toMatch(message);
  });

  it('is not made of a file that is not there', async () => {
    expect((await runAgainst({}, ['pipeline', 'import', '--input', '/nonexistent'])).code).toBe(5);
  });
});

describe('logweir transformer edit', () => {
  let temporary: string;
  beforeEach(() => {
    temporary = mkdtempSync(path.join(tmpdir(), 'logweir-test-'));
  });
  afterEach(() => rmSync(temporary, { recursive: true }));
  const edit = (answers: Answers) =>
    runAgainst(answers, ['transformer', 'edit', '--name', 't'], '', {
      TMPDIR: temporary,
      EDITOR: "sed -i 's/old/new/'",
    });

  it('saves what the editor left', async () => {
    const { code, writes } = await edit({ 'GET /transformers/t': { script: '.a = "old"' } });
    expect([code, writes]).toEqual([
      0,
      [{ what: 'PUT /transformers/t', body: { script: '.a = "new"' }, ifMatch: '"7"' }],
    ]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('saves nothing when nothing was changed', async () => {
    const { code, writes, err } = await edit({ 'GET /transformers/t': { script: '.a = 1' } });
    expect([code, writes, err]).toEqual([0, [], 'nothing was changed\n']);
  });

  it('keeps the text when the server refuses it', async () => {
    const answers = { 'GET /transformers/t': { script: 'old' }, 'PUT /transformers/t': 400 };
    const { code, err } = await edit(answers);
    expect(code).toBe(1);
    expect(err).toMatch(/refused with 400\n.*your text is kept in .*transformer\.vrl/);
    expect(readdirSync(temporary)).toHaveLength(1);
  });

  it('begins with nothing when there is no such transformer', async () => {
    const { code, err } = await edit({ 'GET /transformers/t': 404 });
    expect([code, err]).toEqual([0, 'nothing was changed\n']);
  });
});

test.each([
  [(base: string) => ['--api', base, '--token', 'pat_y', 'stream', 'ls']],
  [(base: string) => ['stream', 'ls', '--api', base, '--token', 'pat_y']],
])('the server and the token stand in front of the command or behind it: %#', async (argsOf) => {
  api = await startFakeApi((_request, response) => sendJson(response, 200, { streams: {} }));
  const io = memoryIo({ env: { LOGWEIR_API: 'http://127.0.0.1:1', LOGWEIR_TOKEN: 'pat_x' } });
  expect(await run(argsOf(api.base), io)).toBe(0);
  expect(api.requests[0]?.headers.authorization).toBe('Bearer pat_y');
});

test('a command that talks to no server has no use for a token', async () => {
  const io = memoryIo();
  expect(await run(['--token', 'pat_y', 'default-config'], io)).toBe(2);
  expect(io.err()).toContain('talks to no server');
});
