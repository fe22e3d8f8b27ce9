import { RunningServer } from '../support/running-server';

let server: RunningServer | undefined;
afterEach(() => server?.dispose());

/** What the server answers about a script. */
async function tried(settings: Record<string, string>, code: string): Promise<string> {
  server = await RunningServer.start({ settings: { 'auth.initial_password': 'root', ...settings } });
  const call = async (route: string, body: unknown, token?: string): Promise<string> => {
    const response = await fetch(server?.url('http', `/api/v1${route}`) ?? '', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    return response.text();
  };
  const { token } = JSON.parse(await call('/auth/login', { username: 'root', password: 'root' })) as { token: string };
  return call('/test/transformer', { code, record: {} }, token);
}

test('scripts reach no network by default', async () => {
  const answer = await tried({}, '.body, err = http_request("http://127.0.0.1/")\n.error = err');
  expect(answer).toContain('network access is not enabled');
});

test('allowed, they reach what forwarders may reach', async () => {
  const settings = { 'transformers.network_functions': 'allow', 'forwarders.deny_networks': '203.0.113.0/24' };
  const answer = await tried(settings, '.body, err = http_request("http://203.0.113.9/")\n.error = err');
  expect(answer).toContain('the address 203.0.113.9 is not allowed by the destination policy');
});
