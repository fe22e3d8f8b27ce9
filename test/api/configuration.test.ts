import { defaultFlow } from '../../src/pipeline';
import { operate } from './support/contract';
import { Harness } from './support/harness';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});

afterAll(() => harness.stop());

describe('pipelines', () => {
  const flow = {
    nodes: [
      {
        id: '__builtin__source_direct',
        type: 'source',
        deletable: false,
        measured: { width: 10, height: 20 },
        position: { x: 0, y: 0.5 },
        data: { type: 'direct' },
      },
      { id: 'node-1', type: 'router', position: { x: 1, y: 2 }, data: { stream: 'test' } },
    ],
    edges: [{ id: 'edge-1', source: '__builtin__source_direct', target: 'node-1', animated: true }],
  };

  test('are saved, listed, shown, used and deleted', async () => {
    const path = { pipeline: 'web/ü' };
    expect((await operate(harness, 'get_pipeline', { path })).status).toBe(404);
    expect((await operate(harness, 'save_pipeline', { path, json: { flow } })).json).toEqual({ success: true });
    expect((await operate(harness, 'list_pipelines')).json).toEqual({ success: true, pipelines: ['default', 'web/ü'] });
    const shown = await operate(harness, 'get_pipeline', { path });
    expect(shown.json?.flow).toMatchObject({
      version: 2,
      edges: [{ source: '__builtin__source_direct', target: 'node-1' }],
    });

    await harness.refresh();
    await operate(harness, 'ingest_log', { path, json: { record: { message: 'hello' } } });
    expect(await harness.logs.listFields('test')).toEqual(['message']);

    expect((await operate(harness, 'delete_pipeline', { path })).json).toEqual({ success: true });
    expect((await operate(harness, 'get_pipeline', { path })).status).toBe(404);
    expect((await operate(harness, 'delete_pipeline', { path })).status).toBe(200);
  });

  test('what is shown can be saved again', async () => {
    const { json } = await operate(harness, 'get_pipeline', { path: { pipeline: 'default' } });
    expect(
      (await operate(harness, 'save_pipeline', { path: { pipeline: 'default' }, json: { flow: json?.flow } })).status,
    ).toBe(200);
    expect((await operate(harness, 'get_pipeline', { path: { pipeline: 'default' } })).json).toEqual(json);
  });

  test('a stored flow of an older version is shown in the newest', async () => {
    const old = { nodes: [{ id: 'a', type: 'alert', data: { alert: 'mail' } }], edges: [] };
    await harness.config.save('pipeline', 'old', JSON.stringify(old));
    const { json } = await operate(harness, 'get_pipeline', { path: { pipeline: 'old' } });
    expect(json?.flow).toMatchObject({
      version: 2,
      nodes: [{ id: 'a', type: 'forwarder', data: { forwarder: 'mail' } }],
    });
    await harness.config.delete('pipeline', 'old');
  });

  test.each([0, 1, 2])('a flow of version %d is saved as the newest', async (version) => {
    const path = { pipeline: `version ${version}` };
    const flow = { version, nodes: [{ id: 'a', type: 'source', data: { type: 'direct' } }], edges: [] };
    expect((await operate(harness, 'save_pipeline', { path, json: { flow } })).status).toBe(200);
    expect((await operate(harness, 'get_pipeline', { path })).json?.flow).toMatchObject({ version: 2 });
    await harness.config.delete('pipeline', path.pipeline);
  });

  test.each(['{', '{"nodes": 5}'])(
    'a stored flow that cannot be read (%s) is an internal error with its reason',
    async (body) => {
      await harness.config.save('pipeline', 'broken', body);
      const answer = await operate(harness, 'get_pipeline', { path: { pipeline: 'broken' } });
      expect([answer.status, answer.json?.error]).toEqual([500, expect.stringContaining('stored flow cannot be read')]);
      await harness.config.delete('pipeline', 'broken');
    },
  );

  test('what looks like a mistake is told and saved', async () => {
    const answer = await operate(harness, 'save_pipeline', {
      path: { pipeline: 'empty' },
      json: { flow: { nodes: [], edges: [] } },
    });
    expect(answer.json).toEqual({ success: true, warnings: [expect.objectContaining({ path: 'nodes' })] });
  });

  test('a flow that cannot run is refused with all its problems', async () => {
    const broken = {
      nodes: [
        { id: 'a', type: 'source', data: { type: 'direct' } },
        { id: 'b', type: 'switch', data: { condition: 'level ==' } },
        { id: 'c', type: 'transform', data: { transformer: 'nothing' } },
      ],
      edges: [{ source: 'a', target: 'nowhere' }],
    };
    const answer = await operate(harness, 'save_pipeline', { path: { pipeline: 'refused' }, json: { flow: broken } });
    expect([answer.status, answer.json?.status]).toEqual([400, 'INVALID_ARGUMENT']);
    expect((answer.json?.context as { body: string[] }).body).toEqual([
      expect.stringMatching(/^flow\.nodes\[1\]\.data\.condition /),
      expect.stringMatching(/^flow\.nodes\[2\]\.data\.transformer /),
      expect.stringMatching(/^flow\.edges\[0\]\.target /),
    ]);
    expect((await operate(harness, 'get_pipeline', { path: { pipeline: 'refused' } })).status).toBe(404);
  });

  test.each([
    [{}, 'flow is required'],
    [{ flow: [] }, 'flow must be object'],
    [{ flow: { nodes: {} } }, 'flow.nodes must be array'],
    [{ flow: { nodes: [{ id: 'a', type: 'magic' }] } }, 'flow.nodes[0].type must be equal to one of'],
    [{ flow: { nodes: [{ type: 'source' }] } }, 'flow.nodes[0].id is required'],
    [{ flow: { nodes: [{ id: 'a', type: 'source', data: { type: 1 } }] } }, 'flow.nodes[0].data.type must be string'],
    [{ flow: { version: 3 } }, 'flow.version must be equal to one of'],
    [{ flow: { edges: [{ source: 'a' }] } }, 'flow.edges[0].target is required'],
  ])('%j is refused', async (json, message) => {
    const answer = await operate(harness, 'save_pipeline', { path: { pipeline: 'refused' }, json });
    expect([answer.status, answer.json?.context]).toEqual([400, { body: [expect.stringContaining(message)] }]);
  });

  test('the largest flow that is allowed fits into a body', async () => {
    const router = { type: 'router', position: { x: 1, y: 1 }, data: { stream: 'x'.repeat(200) } };
    const nodes = Array.from({ length: 999 }, (_value, i) => ({ ...router, id: `node-${i}` }));
    const source = { ...defaultFlow().nodes[0] };
    const edges = nodes.map(({ id }) => ({ id: `edge-${id}`, source: source.id, target: id }));
    const json = { flow: { nodes: [source, ...nodes], edges } };
    expect((await operate(harness, 'save_pipeline', { path: { pipeline: 'large' }, json })).status).toBe(200);
  });
});

describe('transformers', () => {
  test('are saved, listed, shown and deleted', async () => {
    const path = { transformer: 'parse' };
    const script = '. = parse_json!(.message)\n# ü';
    expect((await operate(harness, 'get_transformer', { path })).status).toBe(404);
    expect((await operate(harness, 'save_transformer', { path, json: { script } })).json).toEqual({ success: true });
    expect((await operate(harness, 'get_transformer', { path })).json).toEqual({ success: true, script });
    expect((await operate(harness, 'list_transformers')).json).toEqual({ success: true, transformers: ['parse'] });
    expect((await operate(harness, 'delete_transformer', { path })).json).toEqual({ success: true });
    expect((await operate(harness, 'get_transformer', { path })).status).toBe(404);
    expect((await operate(harness, 'delete_transformer', { path })).status).toBe(200);
  });

  test.each([
    [{}, 'script is required'],
    [{ script: null }, 'script must be string'],
  ])('%j is refused', async (json, message) => {
    const answer = await operate(harness, 'save_transformer', { path: { transformer: 'refused' }, json });
    expect([answer.status, answer.json?.context]).toEqual([400, { body: [message] }]);
  });
});

describe('system configuration', () => {
  test('is replaced as a whole', async () => {
    const configuration = {
      syslog_allowed_origins: ['192.0.2.0/24', '2001:db8::1'],
      default_roles: ['viewer', 'operator'],
    };
    expect((await operate(harness, 'update_system_configuration', { json: configuration })).json).toEqual({
      success: true,
    });
    expect((await operate(harness, 'get_system_configuration')).json).toEqual({ success: true, configuration });
    await operate(harness, 'update_system_configuration', { json: { default_roles: null } });
    expect((await operate(harness, 'get_system_configuration')).json?.configuration).toEqual({
      syslog_allowed_origins: [],
      default_roles: [],
    });
  });

  test.each([
    [{ syslog_allowed_origins: ['192.0.2.0/33'] }, '192.0.2.0/33'],
    [{ syslog_allowed_origins: ['example.org'] }, 'example.org'],
    [{ configuration: { syslog_allowed_origins: ['192.0.2.1'] } }, 'configuration: send what is in it'],
    [{ syslog_allowed_origins: 'all' }, 'syslog_allowed_origins must be array'],
    [{ default_roles: [1] }, 'default_roles[0] must be string'],
  ])('%j is refused', async (json, message) => {
    const before = await operate(harness, 'get_system_configuration');
    const answer = await operate(harness, 'update_system_configuration', { json });
    expect([answer.status, answer.json?.context]).toEqual([400, { body: [expect.stringContaining(message)] }]);
    expect((await operate(harness, 'get_system_configuration')).json).toEqual(before.json);
  });
});

describe('the audit hook', () => {
  test('hears of changes and refused changes, with who and from where', async () => {
    harness.audits.length = 0;
    const token = await harness.userWith('ann', ['read_streams']);
    await operate(harness, 'save_role', { path: { role: 'new' }, json: { scopes: [] } });
    await operate(harness, 'delete_role', { token, path: { role: 'new' } });
    await operate(harness, 'login', { token: null, json: { username: 'ann', password: 'wrong' } });
    await operate(harness, 'login', { token: null, json: { username: 'ann', password: 'password' } });
    await operate(harness, 'delete_role', { token: null, path: { role: 'new' } });
    await operate(harness, 'list_streams', { token });
    await operate(harness, 'ingest_log', { path: { pipeline: 'default' }, json: { record: {} } });
    expect(harness.audits).toEqual([
      expect.objectContaining({
        user: 'root',
        operation: 'save_role',
        method: 'PUT',
        path: '/api/v1/roles/new',
        status: 200,
      }),
      expect.objectContaining({ user: 'ann', operation: 'delete_role', status: 403, tokenUuid: expect.any(String) }),
      expect.objectContaining({
        user: undefined,
        operation: 'login',
        status: 401,
        address: expect.stringContaining('127.0.0.1'),
      }),
      expect.objectContaining({ user: 'ann', operation: 'login', status: 200 }),
    ]);
  });
});
