import { Harness } from './support/harness';

const PAGE = 'https://logs.example.org';
let closed: Harness;
let open: Harness;

beforeAll(async () => {
  closed = await Harness.start();
  open = await Harness.start({ corsOrigins: [PAGE] });
});

afterAll(async () => {
  await closed.close();
  await open.stop();
});

const PATHS: readonly [method: string, target: string][] = [
  ['GET', '/auth/whoami'],
  ['POST', '/pipelines/default/logs'],
  ['HEAD', '/middlewares/elastic/default'],
  ['GET', '/nothing'],
];

function corsHeaders(headers: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(headers).filter((name) => name.startsWith('access-control-'));
}

test.each(PATHS)('%s %s is for no page of another origin unless configured', async (method, target) => {
  const options = { headers: { Origin: PAGE } };
  expect(corsHeaders((await closed.call(method, target, options)).headers)).toEqual([]);
  const other = await open.call(method, target, { headers: { Origin: 'https://evil.example.org' } });
  expect(corsHeaders(other.headers)).toEqual([]);
  expect(other.headers.vary).toContain('Origin');
  expect(corsHeaders((await open.call(method, target)).headers)).toEqual([]);
});

test.each(PATHS)('%s %s tells a configured origin that it may read the answer', async (method, target) => {
  const { headers } = await open.call(method, target, { headers: { Origin: PAGE } });
  expect(headers['access-control-allow-origin']).toBe(PAGE);
  expect(headers['access-control-allow-credentials']).toBeUndefined();
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test('a preflight is answered for a configured origin alone', async () => {
  const headers = { Origin: PAGE, 'Access-Control-Request-Method': 'PUT' };
  const answer = await open.call('OPTIONS', '/streams/default', { token: null, headers });
  expect(answer.status).toBe(204);
  expect(answer.headers['access-control-allow-methods']).toContain('PUT');
  expect(answer.headers['access-control-allow-headers']).toContain('Authorization');
  expect((await closed.call('OPTIONS', '/streams/default', { token: null, headers })).status).toBe(405);
  const foreign = { ...headers, Origin: 'null' };
  expect((await open.call('OPTIONS', '/streams/default', { token: null, headers: foreign })).status).toBe(405);
});

test('all origins may be let in', async () => {
  const all = await Harness.start({ corsOrigins: ['*'] });
  try {
    const { headers } = await all.call('GET', '/auth/whoami', { headers: { Origin: 'https://x.example' } });
    expect(headers['access-control-allow-origin']).toBe('*');
  } finally {
    await all.close();
  }
});
