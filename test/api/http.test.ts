import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { StorageError } from '../../src/storage/errors';
import { MAX_ADMIN_BODY_BYTES } from '../../src/api/http/limits';
import { operate } from './support/contract';
import { Harness } from './support/harness';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});

afterAll(() => harness.stop());

const JSON_TYPE = { 'Content-Type': 'application/json' };

describe('paths and methods that are not there', () => {
  test.each([
    '/web',
    '/api',
    '/api/docs/index.html',
    '/api/v1',
    '/api/v1/nothing',
    '/api/v1/users/',
    '/api/v1/Users',
    '/api/v1/pipelines/a/logs/other',
  ])('%s is answered with 404 in plain text, with or without a token', async (target) => {
    for (const token of [null, harness.adminToken]) {
      const answer = await harness.raw('GET', target, { token });
      expect(answer.status).toBe(404);
      expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    }
  });

  test('a method that a path does not have is answered with 405 in plain text', async () => {
    const answer = await harness.call('DELETE', '/users');
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET']);
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
  });

  test.each(['%', '%E0%A4%A', '%00'])('a name spelled %s is answered with 400', async (name) => {
    for (const target of [`/users/${name}`, `/pipelines/${name}/logs`]) {
      const answer = await harness.call(target.endsWith('logs') ? 'POST' : 'GET', target, { json: { record: {} } });
      expect([target, answer.status, answer.json?.status]).toEqual([target, 400, 'INVALID_ARGUMENT']);
    }
  });
});

describe('bodies', () => {
  const path = { role: 'body' };

  test('the content type may be left out, have parameters and any case', async () => {
    for (const type of [undefined, 'application/json; charset=utf-8', 'Application/JSON']) {
      const headers: Record<string, string> = type === undefined ? {} : { 'Content-Type': type };
      const answer = await operate(harness, 'save_role', { path, body: '{"scopes":[]}', headers });
      expect([type, answer.status]).toEqual([type, 200]);
    }
  });

  test.each([
    ['an empty body', '', {}, 400, 'is required'],
    ['no JSON', '{"scopes":', JSON_TYPE, 400, 'is not JSON'],
    ['two values', '{} {}', JSON_TYPE, 400, 'is not JSON'],
    ['no gzip', '{}', { ...JSON_TYPE, 'Content-Encoding': 'gzip' }, 400, 'is not gzip'],
  ])('%s is refused', async (_name, body, headers, status, message) => {
    const answer = await operate(harness, 'save_role', { path, body, headers });
    expect([answer.status, answer.json?.context]).toEqual([status, { body: [expect.stringContaining(message)] }]);
  });

  test.each([
    ['content-type', { 'Content-Type': 'text/csv' }, 'use application/json'],
    ['content-encoding', { ...JSON_TYPE, 'Content-Encoding': 'br' }, 'use gzip'],
  ])('%s that is not supported is refused', async (name, headers, allowed) => {
    const answer = await operate(harness, 'save_role', { path, body: '{}', headers });
    expect([answer.status, answer.json?.context]).toEqual([
      400,
      { [`header:${name}`]: [expect.stringContaining(allowed)] },
    ]);
  });

  test('where a body may be left out, an empty one may have any type', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await operate(harness, 'create_token', { body: '', headers: form })).status).toBe(200);
    expect((await operate(harness, 'create_token', { body: 'name=x', headers: form })).status).toBe(400);
    expect((await operate(harness, 'save_role', { path, body: '', headers: form })).status).toBe(400);
  });

  test('compressed bodies are taken', async () => {
    const answer = await operate(harness, 'save_role', {
      path,
      body: gzipSync('{"scopes":["send_logs"]}'),
      headers: { ...JSON_TYPE, 'Content-Encoding': 'gzip' },
    });
    expect(answer.status).toBe(200);
    expect((await harness.auth.getRole('body'))?.scopes).toEqual(['send_logs']);
  });

  test('bodies above the limit are answered with 413, compressed or not', async () => {
    const large = Buffer.alloc(MAX_ADMIN_BODY_BYTES + 1, ' ');
    const plain = await operate(harness, 'save_role', { path, body: large, headers: JSON_TYPE });
    const bomb = await operate(harness, 'save_role', {
      path,
      body: gzipSync(large),
      headers: { ...JSON_TYPE, 'Content-Encoding': 'gzip' },
    });
    expect([plain.status, bomb.status]).toEqual([413, 413]);
    expect(plain.json?.error).toContain(String(MAX_ADMIN_BODY_BYTES));
  });

  test('deep nesting does no harm', async () => {
    const body = '{"scopes":' + '['.repeat(500_000) + ']'.repeat(500_000) + '}';
    expect((await operate(harness, 'save_role', { path, body, headers: JSON_TYPE })).status).toBe(400);
  });

  test('a body is not mistaken for the prototype of objects', async () => {
    const body = '{"__proto__":{"scopes":["send_logs"]},"constructor":{"prototype":{"polluted":true}}}';
    expect((await operate(harness, 'save_role', { path, body, headers: JSON_TYPE })).status).toBe(200);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect((await harness.auth.getRole('body'))?.scopes).toEqual([]);
  });
});

describe('answers', () => {
  test('have headers that keep browsers from guessing and keeping', async () => {
    const answers = [
      await harness.call('GET', '/auth/whoami'),
      await harness.call('GET', '/auth/whoami', { token: null }),
      await harness.call('GET', '/nothing'),
      await harness.call('POST', '/pipelines/default/logs', { json: { record: {} } }),
      await harness.call('POST', '/pipelines/default/logs', { json: {} }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 404, 200, 400]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
      });
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  test('an unexpected failure tells nothing of the inside, except to the log', async () => {
    const failing = await Harness.start({
      logs: Object.assign(Object.create(null), {
        listStreams: () => Promise.reject(new Error('SELECT secret FROM streams')),
      }),
    });
    const answer = await operate(failing, 'list_streams');
    expect(answer.json).toEqual({ status: 'INTERNAL', error: 'internal: unexpected failure' });
    expect(failing.internalErrors).toEqual([expect.objectContaining({ message: 'SELECT secret FROM streams' })]);
    await failing.stop();
  });

  test('a full store says when to come again', async () => {
    const failing = await Harness.start({
      logs: Object.assign(Object.create(null), {
        configureStream: () => Promise.reject(new StorageError('STORE_FULL', 'the disk is full')),
      }),
    });
    const answer = await operate(failing, 'configure_stream', { json: { config: {} } });
    expect([answer.status, answer.json?.error]).toEqual([503, 'unavailable: the disk is full']);
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    await failing.stop();
  });
});

test('the absolute form of a URL leads to the same operations', async () => {
  const answer = await harness.raw('POST', `${harness.url}/api/v1/pipelines/default/logs`, {
    json: { record: { a: 'absolute' } },
  });
  expect(answer.json).toEqual({ success: true, processed_count: 1 });
});

test('a connection that was refused a body can be used again', async () => {
  const head = (path: string, length: number): string =>
    `POST /api/v1${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
  const socket = connect(harness.port, '127.0.0.1');
  let received = '';
  const both = new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      received += chunk.toString();
      if (received.split('HTTP/1.1 ').length === 3) resolve();
    });
  });
  const size = 1024 * 1024;
  socket.write(head('/auth/login', size));
  socket.write(Buffer.alloc(size, 'x'));
  socket.write(head('/auth/login', 2) + '{}');
  await both;
  expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 400']);
  socket.destroy();
});

test('no target, query or body makes the API fail', async () => {
  const targets = [
    '/streams/a/logs',
    '/streams/a/logs/watch',
    '/users/a',
    '/pipelines/a',
    '/pipelines/default/logs',
    '/token',
  ];
  const method = fc.constantFrom('GET', 'PUT', 'POST', 'PATCH', 'DELETE');
  const query = fc.oneof(fc.string(), fc.webQueryParameters());
  const body = fc.oneof(fc.string(), fc.json());
  await fc.assert(
    fc.asyncProperty(method, fc.constantFrom(...targets), query, body, async (verb, target, search, text) => {
      const encoded = search.replaceAll(/[^\x21-\x7e]/g, '%20');
      // A watch that is opened never ends.
      const token = target.endsWith('watch') ? null : harness.adminToken;
      const answer = await harness.call(verb, `${target}?${encoded}`, { body: text, headers: JSON_TYPE, token });
      expect(answer.status).toBeLessThan(500);
    }),
    { numRuns: 60 },
  );
});
