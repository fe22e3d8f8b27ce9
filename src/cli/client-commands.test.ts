import type { ServerResponse } from 'node:http';
import { run } from './run';
import { sendJson, startFakeApi, type FakeApi, type SeenRequest } from './testing/fake-api';
import { memoryIo, type MemoryIo } from './testing/memory-io';

let api: FakeApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

type Answer = (request: SeenRequest, response: ServerResponse) => void;

async function runAgainst(answer: Answer, args: readonly string[], given: { input?: string } = {}) {
  api = await startFakeApi(answer);
  const io: MemoryIo = memoryIo({ env: { LOGWEIR_API: api.base, LOGWEIR_TOKEN: 'pat_secret' }, ...given });
  const code = await run(args, io);
  return { code, out: io.out(), err: io.err(), requests: api.requests };
}

const record = (n: number) => ({ timestamp: `2024-05-01T12:00:0${n}Z`, fields: { n: String(n) } });

describe('logweir query', () => {
  it('prints everything oldest first, page by page', async () => {
    const { code, out, requests } = await runAgainst(
      (request, response) => {
        const cursor = request.url.searchParams.get('cursor');
        if (cursor === null) sendJson(response, 200, { success: true, records: [record(1), record(2)], cursor: 'c1' });
        else sendJson(response, 200, { success: true, records: [record(3)] });
      },
      [
        'query',
        '--from',
        '2024-05-01T12:00:00Z',
        '--to',
        '2024-05-01T13:00:00+00:00',
        '--filter',
        'n != ""',
        '--stream',
        'a/b',
      ],
    );
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.split(' ')[1])).toEqual(['n=1', 'n=2', 'n=3', undefined]);
    expect(requests).toHaveLength(2);
    expect(requests[0]?.url.pathname).toBe('/api/v1/streams/a%2Fb/logs');
    expect(requests[0]?.headers.authorization).toBe('Bearer pat_secret');
    expect(Object.fromEntries(requests[1]!.url.searchParams)).toEqual({
      from: '2024-05-01T12:00:00.000Z',
      to: '2024-05-01T13:00:00.000Z',
      filter: 'n != ""',
      order: 'oldest',
      limit: '10000',
      cursor: 'c1',
    });
  });

  it('with a limit asks for the newest and still prints oldest first', async () => {
    const { out, requests } = await runAgainst(
      (_request, response) =>
        sendJson(response, 200, { success: true, records: [record(3), record(2)], cursor: 'more' }),
      ['query', '--limit', '2', '--output', 'json'],
    );
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { fields: unknown }).fields),
    ).toEqual([{ n: '2' }, { n: '3' }]);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.url.searchParams.get('order')).toBe('newest');
    expect(requests[0]?.url.searchParams.get('limit')).toBe('2');
  });

  it('tells how often the filter failed', async () => {
    const { code, err } = await runAgainst(
      (_request, response) => sendJson(response, 200, { success: true, records: [], filter_errors: 4 }),
      ['query', '--filter', 'int(n) > 1'],
    );
    expect(code).toBe(0);
    expect(err).toContain('failed on 4 records');
  });

  it.each<[string, readonly string[], RegExp]>([
    ['a bad limit', ['--limit', '0'], /--limit: expected a whole number/],
    ['a bad time', ['--from', 'monday'], /--from: expected a duration/],
    ['a stream without name', ['--stream', '..'], /must not be empty/],
    ['a format that does not exist', ['--output', 'xml'], /Allowed choices are logfmt, json, text/],
    ['an option that does not exist', ['--nonsense'], /unknown option/],
    ['an address that is none', ['--api', 'localhost:5080'], /--api or LOGWEIR_API/],
    ['a token that is none', ['--token', 'a b'], /--token or LOGWEIR_TOKEN/],
  ])('refuses %s before it asks the server', async (_case, args, message) => {
    const { code, err, requests } = await runAgainst(
      (_request, response) => sendJson(response, 500, {}),
      ['query', ...args],
    );
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(requests).toEqual([]);
  });

  it.each<[string, Answer, RegExp, number]>([
    [
      'the API refuses',
      (_request, response) =>
        sendJson(response, 400, {
          status: 'INVALID_ARGUMENT',
          error: 'bad\u001b[2J filter',
          context: { 'query:filter': ['1:2: no'] },
        }),
      /^logweir: bad\\x1b\[2J filter\n {2}query:filter: 1:2: no\n$/,
      1,
    ],
    [
      'nobody is logged in',
      (_request, response) => sendJson(response, 401, { error: 'unauthenticated: x' }),
      /logweir login/,
      4,
    ],
    [
      'the answer is no JSON',
      (_request, response) => void response.writeHead(502).end('<html>\u0007'),
      /HTTP 502 Bad Gateway: <html>\\x07/,
      3,
    ],
    [
      'the answer is no list',
      (_request, response) => sendJson(response, 200, { records: [1] }),
      /not a list of records/,
      1,
    ],
    ['a success is no JSON', (_request, response) => void response.end('hello'), /did not answer with JSON/, 1],
    ['the connection breaks', (_request, response) => void response.destroy(), /no connection to http/, 3],
    ['it is not allowed', (_request, response) => sendJson(response, 403, { error: 'permission denied' }), /denied/, 4],
    ['there is no such thing', (_request, response) => sendJson(response, 404, { error: 'not found' }), /not found/, 5],
    ['somebody was quicker', (_request, response) => sendJson(response, 412, { error: 'its ETag is "2"' }), /ETag/, 6],
    ['the server has too much to do', (_request, response) => sendJson(response, 503, { error: 'busy' }), /busy/, 3],
    ['the server fails', (_request, response) => sendJson(response, 500, { error: 'internal' }), /internal/, 1],
  ])('fails clearly when %s', async (_case, answer, message, expected) => {
    const { code, err, out } = await runAgainst(answer, ['query']);
    expect(code).toBe(expected);
    expect(out).toBe('');
    expect(err).toMatch(message);
  });

  it('says where it found no server', async () => {
    api = await startFakeApi(() => undefined);
    const { base } = api;
    await api.close();
    api = undefined;
    const io = memoryIo();
    expect(await run(['query', '--api', `${base}/`], io)).toBe(3);
    expect(io.err()).toMatch(/no connection to http:\/\/127\.0\.0\.1:\d+\/api\/v1: .*ECONNREFUSED/);
  });
});

describe('logweir login', () => {
  const grant: Answer = (_request, response) => sendJson(response, 200, { success: true, token: 'jwt_x' });

  it.each<[string, readonly string[], { input?: string }]>([
    ['from the flag', ['--password', 'pässword'], {}],
    ['from standard input', ['--password', '-'], { input: 'pässword\nrest' }],
    ['from standard input without being told', [], { input: 'pässword\n' }],
  ])('takes the password %s and prints the token alone', async (_case, args, given) => {
    const { code, out, err, requests } = await runAgainst(grant, ['login', '--username', 'ops', ...args], given);
    expect([code, out, err]).toEqual([0, 'jwt_x\n', '']);
    expect(requests.map(({ method, url, body }) => [method, url.pathname, JSON.parse(body) as unknown])).toEqual([
      ['POST', '/api/v1/auth/login', { username: 'ops', password: 'pässword' }],
    ]);
  });

  it('says that the password is wrong, and nothing of tokens', async () => {
    const refuse: Answer = (_request, response) =>
      sendJson(response, 401, { error: 'unauthenticated: invalid credentials' });
    const { code, err } = await runAgainst(refuse, ['login', '--password', 'x']);
    expect([code, err]).toEqual([4, 'logweir: unauthenticated: invalid credentials\n']);
  });

  it('needs a password', async () => {
    const { code, err } = await runAgainst(grant, ['login'], { input: '' });
    expect(code).toBe(1);
    expect(err).toContain('no password');
  });
});

describe('logweir token', () => {
  it('creates, lists and revokes', async () => {
    const answer: Answer = (request, response) =>
      sendJson(response, 200, {
        success: true,
        ...(request.url.pathname.endsWith('/token')
          ? { token: 'pat_x', token_uuid: 'u-1' }
          : { token_uuids: ['u-1', 'u-2'] }),
      });
    const created = await runAgainst(answer, ['token', 'create']);
    expect([created.code, created.out, created.err]).toEqual([0, 'pat_x\n', 'identifier: u-1\n']);
    const io = memoryIo();
    const target = ['--api', api!.base, '--token', 't'];
    expect(await run(['token', 'ls', ...target], io)).toBe(0);
    expect(io.out()).toBe('UUID\nu-1\nu-2\n');
    expect(await run(['token', 'revoke', '--uuid', 'u-2', ...target], io)).toBe(0);
    expect(await run(['token', 'revoke', ...target], io)).toBe(2);
    expect(api!.requests.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      'POST /api/v1/token',
      'GET /api/v1/tokens',
      'DELETE /api/v1/tokens/u-2',
    ]);
  });
});

describe('logweir', () => {
  it('shows help and its version on standard output', async () => {
    const io = memoryIo();
    expect(await run(['--help'], io)).toBe(0);
    expect(await run(['--version'], io)).toBe(0);
    expect(await run(['version'], io)).toBe(0);
    expect(io.out()).toMatch(/Usage: logweir[^]*\n\d+\.\d+\.\d+\nlogweir \d+\.\d+\.\d+ \(Node\.js v\d+/);
    expect(io.err()).toBe('');
  });

  it('refuses a command that does not exist', async () => {
    const io = memoryIo();
    expect(await run(['serv'], io)).toBe(2);
    expect(io.err()).toContain('Did you mean serve?');
  });
});
