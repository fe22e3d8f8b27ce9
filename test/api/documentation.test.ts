import { Harness } from './support/harness';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});

afterAll(() => harness.stop());

const open = (target: string, from = harness) => from.raw('GET', target, { token: null });

test('the root leads to the documentation', async () => {
  const answer = await open('/');
  expect([answer.status, answer.headers.location]).toEqual([308, '/api/docs']);
});

test.each(['/api/docs', '/api/docs/'])('%s is a page that loads nothing from elsewhere', async (target) => {
  const page = await open(target);
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  const policy = page.headers['content-security-policy'];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/https?:|\*/);
  const links = [...page.text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link as string);
  expect(links.length).toBeGreaterThanOrEqual(4);
  for (const link of links) {
    expect(link).toMatch(/^\/api\/docs\//);
    const file = await open(link);
    expect([link, file.status, file.headers['x-content-type-options']]).toEqual([link, 200, 'nosniff']);
    expect(file.text.length).toBeGreaterThan(100);
  }
  expect(page.text).not.toMatch(/<script>|onclick|style=/);
});

test('the script of the page shows the description that is served here', async () => {
  const { text } = await open('/api/docs/start.js');
  expect(text).toContain('"/api/docs/openapi.json"');
  expect(text).toContain('validatorUrl: null');
});

test.each(['/api/docs/package.json', '/api/docs/..%2fpackage.json', '/api/docs/swagger-ui.js.map'])(
  'no other file is sent: %s',
  async (target) => {
    expect((await open(target)).status).toBe(404);
  },
);

test('below a mount path everything lies there, and nothing elsewhere', async () => {
  const mounted = await Harness.start({ mountPath: '/logs' });
  try {
    expect((await open('/', mounted)).status).toBe(404);
    expect((await open('/api/v1/auth-providers/', mounted)).status).toBe(404);
    expect((await open('/logsapi/v1/auth-providers/', mounted)).status).toBe(404);
    for (const target of ['/logs', '/logs/']) {
      expect((await open(target, mounted)).headers.location).toBe('/logs/api/docs');
    }
    expect((await open('/logs/api/docs', mounted)).text).toContain('"/logs/api/docs/start.js"');
    const { json } = await open('/logs/api/docs/openapi.json', mounted);
    expect(json?.servers).toEqual([{ url: '/logs/api/v1' }]);
    expect((await mounted.raw('GET', '/logs/api/v1/auth/whoami')).status).toBe(200);
    const sent = await mounted.raw('POST', '/logs/api/v1/pipelines/default/logs', { json: { record: { a: 'b' } } });
    expect(sent.status).toBe(200);
    expect((await mounted.raw('HEAD', '/logs/api/v1/middlewares/elastic/default')).status).toBe(200);
  } finally {
    await mounted.close();
  }
});
