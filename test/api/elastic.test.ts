import { gzipSync } from 'node:zlib';
import { defaultFlow } from '../../src/pipeline';
import { ADMIN_PASSWORD, Harness, type Answer, type RequestOptions } from './support/harness';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
  await harness.config.save('pipeline', 'web', JSON.stringify(defaultFlow()).replaceAll('"default"', '"web"'));
  await harness.refresh();
});

afterAll(() => harness.stop());

beforeEach(() => harness.logs.deleteStream('default'));

async function call(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const answer = await harness.call(method, `/middlewares/elastic${path}`, options);
  expect(answer.headers['x-elastic-product']).toBe('Elasticsearch');
  return answer;
}

function basic(user: string, password: string): RequestOptions {
  return { token: null, headers: { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } };
}

async function stored(stream = 'default'): Promise<unknown[]> {
  const { json } = await harness.logs.query({ stream, from: 0, to: 1e15, order: 'oldest' });
  return (JSON.parse(Buffer.from(json).toString()) as { fields: unknown }[]).map(({ fields }) => fields);
}

function lines(...parts: (object | string)[]): string {
  return parts.map((part) => `${typeof part === 'string' ? part : JSON.stringify(part)}\n`).join('');
}

describe('who may come in', () => {
  test('passwords, tokens and API keys', async () => {
    const token = harness.adminToken;
    const key = Buffer.from(`some id:${token}`).toString('base64');
    for (const options of [
      basic('root', ADMIN_PASSWORD),
      basic('root', token),
      { headers: { Authorization: `ApiKey ${token}` } },
      { headers: { Authorization: `ApiKey ${key}` } },
      { headers: { Authorization: `Bearer pat:${token}` } },
    ]) {
      expect((await call('GET', '/', options)).status).toBe(200);
    }
  });

  test.each([
    ['nobody', { token: null }],
    ['a short header', { headers: { Authorization: 'Basi' } }],
    ['an unknown scheme', { headers: { Authorization: 'Digest x' } }],
    ['no colon', { headers: { Authorization: `Basic ${Buffer.from('root').toString('base64')}` } }],
    ['a wrong password', basic('root', 'wrong')],
    ['an unknown user', basic('nobody', 'wrong')],
    ['a wrong key', { headers: { Authorization: 'ApiKey pat_x' } }],
  ] as [string, RequestOptions][])('%s is refused', async (_who, options) => {
    const answer = await call('GET', '/', options);
    expect([answer.status, answer.json?.status]).toEqual([401, 401]);
    expect(answer.headers['www-authenticate']).toMatch(/^Basic /);
  });

  test('a password that was changed is no longer good', async () => {
    await harness.auth.saveRole('sender', ['send_logs']);
    await harness.auth.saveUser('ann', 'first password', ['sender']);
    const old = basic('ann', 'first password');
    expect((await call('POST', '/default/_doc', { ...old, body: '{}' })).status).toBe(200);
    await harness.auth.setPassword('ann', 'second password');
    expect((await call('POST', '/default/_doc', { ...old, body: '{}' })).status).toBe(401);
  });

  test('guessing is slowed down', async () => {
    await harness.auth.saveUser('eve', 'the password', []);
    const statuses = new Set<number>();
    for (let i = 0; i < 12; i++) statuses.add((await call('GET', '/', basic('eve', `guess ${i}`))).status);
    expect([...statuses]).toEqual([401, 429]);
  });

  test('scopes are asked for', async () => {
    const reader = await harness.userWith('reader', ['read_pipelines']);
    const sender = await harness.userWith('sender', ['send_logs']);
    expect((await call('HEAD', '/default', { token: reader })).status).toBe(200);
    expect((await call('HEAD', '/default', { token: sender })).status).toBe(403);
    expect((await call('POST', '/default/_doc', { token: reader, body: '{}' })).status).toBe(403);
    expect((await call('POST', '/_bulk', { token: reader, body: '{}' })).status).toBe(403);
    expect((await call('POST', '/default/_doc', { token: sender, body: '{}' })).status).toBe(200);
  });
});

test.each([
  ['GET', '', 200],
  ['HEAD', '/', 200],
  ['GET', '/_license', 200],
  ['GET', '/_nodes/_all/http', 200],
  ['GET', '/_cluster/settings', 200],
  ['HEAD', '/_alias/filebeat', 200],
  ['GET', '/_xpack?filter_path=features', 200],
  ['GET', '/_cluster/health', 200],
  ['GET', '/_nodes/http', 200],
  ['HEAD', '/_index_template/filebeat-8.17.0', 200],
  ['GET', '/_ilm/policy/filebeat', 200],
  ['PUT', '/_index_template/x', 200],
  ['HEAD', '/default', 200],
  ['PUT', '/default', 200],
  ['HEAD', '/unknown', 404],
  ['PUT', '/unknown', 404],
  ['POST', '/_search', 405],
  ['DELETE', '/default', 405],
  ['GET', '/default/_doc/1', 405],
  ['GET', '/%E0', 400],
])('%s %s is answered with %d', async (method, path, status) => {
  const answer = await call(method, path);
  expect(answer.status).toBe(status);
  if (method === 'HEAD') expect(answer.text).toBe('');
});

test('says which version it speaks like', async () => {
  expect((await call('GET', '/')).json).toMatchObject({ version: { number: expect.stringMatching(/^8\./) } });
});

/** No parser minds, but nothing that calls itself for each level survives it. */
const TOO_DEEP = '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000);

describe('a document', () => {
  test('becomes a record with flat names', async () => {
    const body = '{"foo":{"bar":"x","list":[1,true,null]},"message":"hello"}';
    const answer = await call('POST', '/default/_doc?refresh=true', {
      body,
      headers: { 'Content-Type': 'application/json' },
    });
    expect([answer.status, answer.json]).toEqual([
      200,
      expect.objectContaining({ _index: 'default', result: 'created' }),
    ]);
    expect(await stored()).toEqual([
      { 'foo.bar': 'x', 'foo.list.0': '1', 'foo.list.1': 'true', 'foo.list.2': '', message: 'hello' },
    ]);
  });

  test('keeps numbers as they were sent', async () => {
    await call('POST', '/default/_doc', { body: '{"id":12345678901234567890,"price":1.50,"at":[1e3, 7]}' });
    expect(await stored()).toEqual([{ id: '12345678901234567890', price: '1.50', 'at.0': '1e3', 'at.1': '7' }]);
  });

  test('with an id and compressed', async () => {
    const answer = await call('PUT', '/default/_create/7', {
      body: gzipSync('{"a":"b"}'),
      headers: { 'Content-Encoding': 'gzip', 'Content-Type': 'application/vnd.elasticsearch+json;compatible-with=8' },
    });
    expect(answer.json?._id).toBe('7');
    expect(await stored()).toEqual([{ a: 'b' }]);
  });

  test.each([
    ['/default/_doc', 'x', 400],
    ['/default/_doc', '[]', 400],
    ['/default/_doc', '', 400],
    ['/unknown/_doc', '{}', 404],
    ['/default/_doc', TOO_DEEP, 400],
  ])('to %s that is %.10j is refused', async (path, body, status) => {
    const answer = await call('POST', path, { body });
    expect([answer.status, answer.json?.status]).toEqual([status, status]);
  });
});

describe('a bulk request', () => {
  test('is answered item by item', async () => {
    const body = lines(
      { create: { _index: 'default' } },
      { n: 1 },
      { index: { _index: 'web', _id: 'x' } },
      { n: 2 },
      { index: { _index: 'unknown' } },
      { n: 3 },
      { create: { _index: 'default' } },
      'no json',
      { delete: { _index: 'default', _id: '1' } },
      { update: { _index: 'default', _id: '1' } },
      { doc: {} },
      '',
      { create: {} },
      { n: 4 },
    );
    const { status, json } = await call('POST', '/default/_bulk', { body });
    expect([status, json?.errors]).toEqual([200, true]);
    const results = json?.items as Record<string, { status: number; _index: string }>[];
    expect(
      results.flatMap((item) => Object.entries(item)).map(([action, result]) => [action, result._index, result.status]),
    ).toEqual([
      ['create', 'default', 201],
      ['index', 'web', 201],
      ['index', 'unknown', 404],
      ['create', 'default', 400],
      ['delete', 'default', 400],
      ['update', 'default', 400],
      ['create', 'default', 201],
    ]);
    expect(await stored()).toEqual([{ n: '1' }, { n: '4' }]);
    expect(await stored('web')).toEqual([{ n: '2' }]);
  });

  test('a document that is nested too deeply fails alone', async () => {
    const action = { create: { _index: 'default' } };
    const { json } = await call('POST', '/_bulk', {
      body: lines(action, { n: 1 }, action, TOO_DEEP, action, { n: 2 }),
    });
    const results = json?.items as { create: { status: number } }[];
    expect(results.map(({ create }) => create.status)).toEqual([201, 400, 201]);
    expect(await stored()).toEqual([{ n: '1' }, { n: '2' }]);
  });

  test('without failures says so', async () => {
    const { json } = await call('POST', '/_bulk', {
      body: lines({ index: { _index: 'default' } }, { a: 'b' }).trimEnd(),
    });
    expect(json).toMatchObject({ errors: false, items: [{ index: { status: 201 } }] });
  });

  test.each([
    ['nothing', ''],
    ['an action without document', lines({ index: { _index: 'default' } })],
    ['an unknown action', lines({ fly: {} }, {})],
    ['two actions at once', lines({ index: {}, create: {} }, {})],
    ['no JSON', 'hello\nworld\n'],
    ['no index', lines({ index: {} }, {})],
  ])('that has %s is refused as a whole', async (_what, body) => {
    expect((await call('POST', '/_bulk', { body })).status).toBe(400);
    expect(await stored()).toEqual([]);
  });
});

describe('what clients ask before they send:', () => {
  const sender = () => harness.auth.saveRole('shipper', ['send_logs', 'read_pipelines']);

  /** Requests in their order; each must be answered with this status. */
  async function dialogue(steps: readonly (readonly [string, string, number, RequestOptions?])[]): Promise<Answer[]> {
    await sender();
    await harness.auth.saveUser('shipper', 'password of the shipper', ['shipper']);
    const answers: Answer[] = [];
    for (const [method, path, status, options] of steps) {
      const { headers } = basic('shipper', 'password of the shipper');
      const answer = await call(method, path, {
        token: null,
        ...options,
        headers: { ...headers, Accept: 'application/json', ...options?.headers },
      });
      expect([method, path, answer.status]).toEqual([method, path, status]);
      answers.push(answer);
    }
    return answers;
  }

  test('Filebeat looks at version and license, sets up its life cycle, template and data stream, and sends', async () => {
    const json = { 'Content-Type': 'application/json; charset=UTF-8', 'X-Elastic-Product-Origin': 'beats' };
    const [root, license] = await dialogue([
      ['GET', '', 200, { headers: { Connection: 'close' } }],
      ['GET', '/_license?human=false', 200],
      ['GET', '/_xpack', 200],
      ['GET', '/_ilm/policy/filebeat', 200],
      ['PUT', '/_ilm/policy/filebeat', 200, { headers: json, body: '{"policy":{"phases":{}}}' }],
      ['HEAD', '/_index_template/filebeat-8.17.0', 200],
      ['PUT', '/_index_template/filebeat-8.17.0', 200, { headers: json, body: '{"index_patterns":["filebeat-*"]}' }],
      ['GET', '/_data_stream/filebeat-8.17.0', 200],
      ['PUT', '/_data_stream/filebeat-8.17.0', 200],
      ['GET', '/_ingest/pipeline/filebeat-8.17.0-nginx-access-pipeline', 200],
      ['GET', '/_cluster/health', 200],
      [
        'POST',
        '/_bulk?filter_path=errors%2Citems.*.error%2Citems.*.status',
        200,
        {
          headers: { ...json, 'Content-Encoding': 'gzip' },
          body: gzipSync(lines({ create: { _index: 'default' } }, { '@timestamp': 'x', message: 'from Filebeat' })),
        },
      ],
    ]);
    expect(root?.json).toMatchObject({
      version: { number: expect.stringMatching(/^8\.\d+\.\d+$/), build_flavor: 'default' },
    });
    expect(license?.json).toMatchObject({ license: { status: 'active', type: 'basic', uid: expect.any(String) } });
    expect(await stored()).toEqual([{ '@timestamp': 'x', message: 'from Filebeat' }]);
  });

  test('Logstash checks health, version, license and nodes, installs its template, and sends', async () => {
    const [, root, license, nodes] = await dialogue([
      ['HEAD', '/', 200],
      ['GET', '/', 200],
      ['GET', '/_license', 200],
      ['GET', '/_nodes/http', 200],
      ['HEAD', '/_index_template/logstash', 200],
      ['PUT', '/_index_template/logstash', 200, { body: '{}' }],
      ['HEAD', '/_ilm/policy/logstash-policy', 200],
      ['HEAD', '/_alias/default', 200],
      [
        'POST',
        '/_bulk',
        200,
        { body: lines({ index: { _index: 'default', _id: null } }, { message: 'from Logstash' }) },
      ],
    ]);
    expect(root?.json).toMatchObject({ tagline: 'You Know, for Search', cluster_uuid: expect.any(String) });
    expect(license?.json).toMatchObject({ license: { status: 'active' } });
    // It would go over to the nodes that are named there.
    expect(nodes?.json?.nodes).toEqual({});
    expect(await stored()).toEqual([{ message: 'from Logstash' }]);
  });

  test('Fluent Bit sends at once, with a type of old times, and looks for these very characters', async () => {
    const body = lines({ create: { _index: 'default', _type: '_doc' } }, { '@timestamp': 'x', log: 'from Fluent Bit' });
    const [answer] = await dialogue([
      ['POST', '/_bulk', 200, { body, headers: { 'Content-Type': 'application/x-ndjson' } }],
    ]);
    expect(answer?.text).toContain('"errors":false,"items":[');
    expect(await stored()).toEqual([{ '@timestamp': 'x', log: 'from Fluent Bit' }]);
  });
});
