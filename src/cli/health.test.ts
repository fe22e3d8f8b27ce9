import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { run } from './run';
import { memoryIo } from './testing/memory-io';

const CHECKS = [
  { name: 'store', healthy: true },
  { name: 'disk', healthy: false, detail: 'nearly full' },
];

let server: Server;
let answer: { status: number; body: string };

beforeAll(async () => {
  server = createServer((request, response) => {
    const asked = request.url === '/health' && request.headers.accept === 'application/json';
    response.writeHead(asked ? answer.status : 404).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => server.close());

async function health(...args: string[]) {
  const io = memoryIo();
  const code = await run(['health', ...args], io);
  return { code, out: io.out(), err: io.err() };
}

const bind = (): string[] => ['--set', `management.bind=:${(server.address() as AddressInfo).port}`];

test('a server that is well: exit code 0, asked where the configuration says', async () => {
  answer = { status: 200, body: JSON.stringify({ healthy: true, checks: CHECKS.slice(0, 1) }) };
  expect(await health(...bind())).toMatchObject({ code: 0, out: 'NAME   HEALTHY  DETAIL\nstore  true\n' });
});

test('a server that is not: exit code 1, and what is wrong', async () => {
  answer = { status: 503, body: JSON.stringify({ healthy: false, checks: CHECKS }) };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await health('--url', url, '--output', 'logfmt')).toMatchObject({
    code: 1,
    out: 'name=store healthy=true\nname=disk healthy=false detail="nearly full"\n',
  });
});

test.each([
  [['--set', 'management.bind=127.0.0.1:1'], 3, /no connection to http:\/\/127\.0\.0\.1:1/],
  [['--set', 'management.bind=off'], 1, /management\.bind is off/],
  [['--url', 'nowhere'], 2, /expected an address/],
])('%j: exit code %i', async (args, code, message) => {
  const result = await health(...args);
  expect(result.code).toBe(code);
  expect(result.err).toMatch(message);
});

test('something else that answers there is told apart', async () => {
  answer = { status: 200, body: 'OK' };
  expect(await health(...bind())).toMatchObject({ code: 1, err: expect.stringContaining('did not answer') as string });
});
