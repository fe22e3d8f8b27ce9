import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, Registry } from 'prom-client';
import { createManagement, type Health } from '../../src/api';
import { send } from './support/harness';

let server: Server;
let health: () => Health | Promise<Health>;
const failures: unknown[] = [];
const registry = new Registry();
new Counter({ name: 'logweir_test_total', help: 'A counter.', registers: [registry] }).inc(3);

beforeAll(async () => {
  const management = createManagement({
    health: () => health(),
    registry,
    onInternalError: (error) => failures.push(error),
  });
  server = createServer((request, response) => management.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
  health = () => ({ healthy: true, checks: [{ name: 'log store', healthy: true, detail: '0 bytes waiting' }] });
});

function ask(method: string, target: string, headers: Record<string, string> = {}) {
  return send((server.address() as AddressInfo).port, method, target, headers);
}

test.each(['GET', 'POST', 'PUT', 'DELETE'])('health of a healthy service, %s', async (method) => {
  const answer = await ask(method, '/health?x=y');
  expect([answer.status, answer.text]).toEqual([200, 'OK\r\n']);
});

test('health tells what is wrong', async () => {
  health = async () => ({
    healthy: false,
    checks: [
      { name: 'log store', healthy: false, detail: 'the disk is full' },
      { name: 'event loop', healthy: true },
    ],
  });
  const text = await ask('GET', '/health');
  expect([text.status, text.text]).toEqual([503, 'log store: the disk is full\r\n']);
  const json = await ask('GET', '/health', { Accept: 'application/json' });
  expect([json.status, json.json]).toEqual([503, await health()]);
});

test('a health check that fails itself is a failure', async () => {
  health = () => {
    throw new Error('secret');
  };
  const answer = await ask('GET', '/health');
  expect([answer.status, answer.text]).toEqual([500, 'internal error\n']);
  expect(failures).toEqual([new Error('secret')]);
});

test('metrics in the format of Prometheus', async () => {
  const answer = await ask('GET', '/metrics');
  expect([answer.status, answer.headers['content-type']]).toEqual([200, registry.contentType]);
  expect(answer.text).toContain('logweir_test_total 3');
  expect((await ask('POST', '/metrics')).status).toBe(405);
});

test.each(['/', '/healthy', '/api/v1/users'])('%s is not there', async (target) => {
  expect((await ask('GET', target)).status).toBe(404);
});
