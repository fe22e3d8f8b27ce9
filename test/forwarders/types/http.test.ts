import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProxy } from 'proxy';
import { PermanentFailure, TemporaryFailure, type Destination } from '../../../src/forwarders/destination';
import { selfSigned } from '../../support/self-signed';
import { HttpReceiver, type Handler } from './support/http-receiver';
import {
  IDS,
  NEVER,
  batchOf,
  openDestination,
  problemsOf,
  withDefaults,
  type AnyConfig,
} from './support/open-destination';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function receive(handler?: Handler, tls?: { cert: string; key: string; ca?: string; requestCert?: boolean }) {
  const receiver = await HttpReceiver.start(handler, tls);
  closing.push(() => receiver.stop());
  return receiver;
}

function open(config: Record<string, unknown>, context = {}): Destination {
  const destination = openDestination({ type: 'http', ...config } as AnyConfig, context);
  closing.push(() => destination.close());
  return destination;
}

const two = batchOf({ message: 'one', level: 'info' }, { message: 'two\nlines' });

describe('what is sent', () => {
  test('a type and a URL are enough: a request for each record, with its time and fields', async () => {
    const receiver = await receive();
    expect(await open({ url: receiver.url('/in?x=1') }).send(two, NEVER)).toEqual({ refused: [], retry: [] });
    expect(receiver.requests.map(({ method, url, headers }) => [method, url, headers['content-type']])).toEqual([
      ['POST', '/in?x=1', 'application/json'],
      ['POST', '/in?x=1', 'application/json'],
    ]);
    expect(receiver.requests.map(({ text }) => JSON.parse(text))).toEqual([
      { timestamp: '2026-03-04T05:06:07.089Z', fields: { message: 'one', level: 'info' } },
      { timestamp: '2026-03-04T05:06:08.089Z', fields: { message: 'two\nlines' } },
    ]);
    expect(receiver.connections).toBe(1);
  });

  test.each<[string, Record<string, unknown>, string, string[]]>([
    [
      'body',
      { body: '@expr:log.message + "!"' },
      'application/json',
      [
        '{"timestamp":"2026-03-04T05:06:07.089Z","body":"one!"}',
        '{"timestamp":"2026-03-04T05:06:08.089Z","body":"two\\nlines!"}',
      ],
    ],
    ['raw', { body: '@expr:log.message', format: 'raw' }, 'text/plain; charset=utf-8', ['one', 'two\nlines']],
    [
      'raw lines',
      { body: '@expr:toJSON({"m": log.message})', format: 'raw', batch: 'ndjson' },
      'application/x-ndjson',
      ['{   "m": "one" }\n{   "m": "two\\nlines" }\n'],
    ],
    [
      'raw array',
      { body: '@expr:log.message == "one" ? "1" : log.message', format: 'raw', batch: 'json_array' },
      'application/json',
      ['[1,"two\\nlines"]'],
    ],
    [
      'lines',
      { batch: 'ndjson', content_type: 'application/jsonl' },
      'application/jsonl',
      [
        '{"timestamp":"2026-03-04T05:06:07.089Z","fields":{"message":"one","level":"info"}}\n' +
          '{"timestamp":"2026-03-04T05:06:08.089Z","fields":{"message":"two\\nlines"}}\n',
      ],
    ],
  ])('%s', async (_name, config, type, bodies) => {
    const receiver = await receive();
    const destination = open({ url: receiver.url(), ...config });
    await destination.send(two, NEVER);
    expect(receiver.requests.map(({ text }) => text)).toEqual(bodies);
    expect(receiver.requests[0]!.headers['content-type']).toBe(type);
    expect(await destination.preview!(two)).toEqual({ method: 'POST', url: receiver.url(), bodies });
  });

  test('method, headers and compression', async () => {
    const receiver = await receive();
    const headers = { 'content-type': 'text/x', Authorization: 'Bearer x' };
    await open({ url: receiver.url(), method: 'PUT', headers, compression: 'gzip', batch: 'json_array' }).send(
      two,
      NEVER,
    );
    const [request] = receiver.requests;
    expect(request).toMatchObject({
      method: 'PUT',
      headers: { 'content-type': 'text/x', authorization: 'Bearer x', 'content-encoding': 'gzip' },
    });
    expect(JSON.parse(request!.text)).toHaveLength(2);
  });

  test.each<[string, Record<string, string>, string]>([
    ['us%40er:p%C3%A4ss', {}, `Basic ${Buffer.from('us@er:päss').toString('base64')}`],
    ['user:pass', { authorization: 'Bearer abc' }, 'Bearer abc'],
  ])('user and password of the URL %s go into a header, unless there is one: %j', async (user, headers, expected) => {
    const receiver = await receive(() => ({ status: 307, headers: { location: 'https://a:geheim@elsewhere/' } }));
    const url = receiver.url('/in').replace('//', `//${user}@`);
    const destination = open({ url, headers, batch: 'ndjson' });
    await expect(destination.send(two, NEVER)).resolves.toMatchObject({
      refused: [{ reason: expect.stringContaining('redirects to https://elsewhere/;') }, {}],
    });
    expect(receiver.requests[0]?.headers.authorization).toBe(expected);
    expect(await destination.preview?.(two)).toMatchObject({ url: receiver.url('/in') });
  });

  test('each request tells the ids of its records, and each record its own when that is wanted', async () => {
    const receiver = await receive();
    for (const batch of ['single', 'json_array']) {
      await open({ url: receiver.url(), batch, delivery_ids: true }).send(two, NEVER, IDS);
    }
    expect(receiver.requests.map(({ headers }) => headers['logweir-delivery-id'])).toEqual([
      'queue.7.0',
      'queue.7.1',
      'queue.7.0~queue.7.1~2',
    ]);
    expect(JSON.parse(receiver.requests[2]!.text)).toMatchObject([{ id: 'queue.7.0' }, { id: 'queue.7.1' }]);
    const body = '@expr:delivery_id + log.message';
    await open({ url: receiver.url(), body, batch: 'ndjson', delivery_ids: true }).send(two, NEVER, IDS);
    expect(receiver.requests[3]!.text.split('\n')[0]).toBe(
      '{"id":"queue.7.0","timestamp":"2026-03-04T05:06:07.089Z","body":"queue.7.0one"}',
    );
  });

  test('long bodies of any characters, with values that repeat and values that do not', async () => {
    const receiver = await receive();
    const records = Array.from({ length: 3000 }, (_, i) => ({
      n: String(i),
      same: 'always "this"\n',
      few: `value ${i % 5} \u00e9`,
      text: `${'\u{1f600}\u20ac'.repeat(i % 7)} ${'x'.repeat(i % 90)}\ud800`,
      ...(i % 3 === 0 && { some: 'there' }),
    }));
    await open({ url: receiver.url(), batch: 'json_array' }).send(batchOf(...records), NEVER);
    const sent = JSON.parse(receiver.requests[0]!.text) as { fields: object }[];
    expect(sent.map(({ fields }) => fields)).toEqual(records);
  });

  test('a record whose body fails is refused, the others go', async () => {
    const receiver = await receive();
    const outcome = await open({ url: receiver.url(), body: '@expr:[log.message][int(log.index)]' }).send(
      batchOf({ message: 'a', index: 'x' }, { message: 'b', index: '0' }),
      NEVER,
    );
    expect(outcome.retry).toEqual([]);
    expect(outcome.refused).toEqual([{ row: 0, reason: expect.stringMatching(/^body: /) }]);
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('answers', () => {
  test('behind a failure that may pass no record overtakes', async () => {
    const receiver = await receive(({ text }) =>
      text.includes('busy')
        ? { status: 429, headers: { 'Retry-After': '7' }, body: 'too\nmany' }
        : text.includes('bad')
          ? { status: 422, body: 'no' }
          : {},
    );
    const batch = batchOf({ m: 'ok' }, { m: 'bad' }, { m: 'busy' }, { m: 'ok' });
    expect(await open({ url: receiver.url() }).send(batch, NEVER)).toEqual({
      refused: [{ row: 1, reason: 'HTTP status 422: no' }],
      retry: [
        { row: 2, reason: 'HTTP status 429: too many' },
        { row: 3, reason: 'HTTP status 429: too many' },
      ],
      retryAfterMs: 7000,
    });
    expect(receiver.requests).toHaveLength(3);
  });

  test.each([
    [200, 'taken'],
    [503, 'temporary'],
    [403, 'refused'],
  ])('of status %i counts by its status though its body breaks off', async (status, verdict) => {
    const receiver = await receive(() => ({ status, body: '{"ok":', brokenOff: true }));
    const sent = open({ url: receiver.url(), batch: 'ndjson' })
      .send(two, NEVER)
      .then(
        ({ refused }) => (refused.length === 2 ? 'refused' : 'taken'),
        (error: unknown) => (error instanceof TemporaryFailure ? 'temporary' : error),
      );
    expect(await sent).toBe(verdict);
    expect(receiver.requests).toHaveLength(1);
  });

  test.each([408, 429, 500, 502, 503, 504])('%i may pass', async (status) => {
    const receiver = await receive(() => ({ status }));
    await expect(open({ url: receiver.url(), batch: 'ndjson' }).send(two, NEVER)).rejects.toThrow(TemporaryFailure);
  });

  test.each([400, 401, 403, 404, 410])('%i is for good', async (status) => {
    const receiver = await receive(() => ({ status, body: 'because' }));
    const outcome = await open({ url: receiver.url(), batch: 'ndjson' }).send(two, NEVER);
    expect(outcome.refused).toEqual([0, 1].map((row) => ({ row, reason: `HTTP status ${status}: because` })));
  });

  test('a redirect is not followed', async () => {
    const receiver = await receive(() => ({ status: 307, headers: { location: 'http://169.254.169.254/x' } }));
    const outcome = await open({ url: receiver.url() }).send(batchOf({ m: '1' }), NEVER);
    expect(outcome.refused[0]!.reason).toContain('redirects to http://169.254.169.254/x');
  });

  test('accepted status codes replace those of HTTP', async () => {
    const receiver = await receive((_, number) => ({ status: number === 1 ? 409 : 200 }));
    const outcome = await open({ url: receiver.url(), accepted_status: [409] }).send(two, NEVER);
    expect(outcome.refused).toEqual([{ row: 1, reason: 'HTTP status 200' }]);
  });

  test('a batch that is too large is halved until it fits', async () => {
    const receiver = await receive(({ text }) => (text.length > 200 ? { status: 413 } : {}));
    const records = ['a', 'b', 'x'.repeat(300), 'd', 'e'].map((m) => ({ m }));
    const outcome = await open({ url: receiver.url(), batch: 'ndjson' }).send(batchOf(...records), NEVER);
    expect(outcome).toMatchObject({ refused: [{ row: 2 }], retry: [] });
    const taken = receiver.requests
      .filter(({ text }) => text.length <= 200)
      .flatMap(({ text }) => text.trim().split('\n'));
    expect(taken.map((line) => JSON.parse(line).fields.m)).toEqual(['a', 'b', 'd', 'e']);
  });

  test('one bad record does not take the others of its request with it', async () => {
    const receiver = await receive(({ text }) => ({ status: text.includes('bad') ? 400 : 200, body: 'no' }));
    const names = Array.from({ length: 40 }, (_, i) => (i % 20 === 7 ? `bad ${i}` : `good ${i}`));
    const outcome = await open({ url: receiver.url(), batch: 'ndjson' }).send(
      batchOf(...names.map((m) => ({ m }))),
      NEVER,
    );
    const reason = 'HTTP status 400: no';
    expect(outcome).toEqual({
      refused: [
        { row: 7, reason },
        { row: 27, reason },
      ],
      retry: [],
    });
    const taken = receiver.requests
      .filter(({ text }) => !text.includes('bad'))
      .flatMap(({ text }) => text.match(/good \d+/g));
    expect(taken).toEqual(names.filter((name) => name.startsWith('good')));
  });

  test.each([
    [400, 25],
    [401, 1],
  ])('where every request is refused with %i it takes %i of them to see that', async (status, most) => {
    const receiver = await receive(() => ({ status }));
    const batch = batchOf(...Array.from({ length: 500 }, (_, i) => ({ m: String(i) })));
    const outcome = await open({ url: receiver.url(), batch: 'ndjson' }).send(batch, NEVER);
    expect(outcome.refused).toHaveLength(500);
    expect(receiver.requests.length).toBeLessThanOrEqual(most + 10);
  });

  test('a long answer is read to its end, and shown cut', async () => {
    const receiver = await receive(() => ({ status: 500, body: 'x'.repeat(1_000_000) }));
    const destination = open({ url: receiver.url() });
    for (let i = 0; i < 2; i++) {
      const failure = await destination.send(two, NEVER).catch((error: Error) => error);
      expect((failure as Error).message.length).toBeLessThan(600);
    }
    expect(receiver.connections).toBe(1);
  });
});

describe('connections', () => {
  test('nobody listens, a cut connection, and one that is cut between two batches', async () => {
    const receiver = await receive((_, number) => (number === 1 ? 'cut' : {}));
    const destination = open({ url: receiver.url() });
    await expect(destination.send(two, NEVER)).rejects.toThrow(/hang up|ECONNRESET/);
    await destination.send(two, NEVER);
    receiver.disconnect();
    await receiver.stop();
    await expect(destination.send(two, NEVER)).rejects.toThrow(TemporaryFailure);
  });

  test('a connection that the receiver closes between two requests is no failure', async () => {
    const firsts = new WeakSet<object>();
    const server = createServer((request, response) => {
      // A receiver that has just closed a connection answers what still comes over it with a reset.
      if (firsts.has(request.socket)) request.socket.resetAndDestroy();
      else response.end();
      firsts.add(request.socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const destination = open({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
    expect(await destination.send(two, NEVER)).toEqual({ refused: [], retry: [] });
    // Several that are kept: none of them is any good.
    await Promise.all([1, 2, 3].map(() => destination.send(two, NEVER)));
    expect(await destination.send(two, NEVER)).toEqual({ refused: [], retry: [] });
  });

  test('headers that say where a body ends are those of the request', async () => {
    const receiver = await receive();
    await open({ url: receiver.url(), headers: { 'content-length': '3', 'Transfer-Encoding': 'chunked' } }).send(
      two,
      NEVER,
    );
    expect(receiver.requests[0]?.headers).not.toHaveProperty('transfer-encoding');
    expect(receiver.requests.map(({ text }) => JSON.parse(text))).toHaveLength(2);
  });

  test('an address of IPv6', async () => {
    const server = createServer((_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const destination = open({ url: `http://[::1]:${(server.address() as AddressInfo).port}/` });
    expect(await destination.send(two, NEVER)).toEqual({ refused: [], retry: [] });
  });

  test('a silent destination ends with the signal, or with the time a destination has', async () => {
    const receiver = await receive(() => 'hang');
    const controller = new AbortController();
    const sent = open({ url: receiver.url() }).send(two, controller.signal);
    const failed = expect(sent).rejects.toThrow('no answer in time');
    controller.abort();
    await failed;
    await expect(open({ url: receiver.url() }, { timeoutMs: 50 }).send(two, NEVER)).rejects.toThrow(/timeout/);
  });

  test('the destination policy decides on addresses and names', async () => {
    const checkHost = (host: string): void => {
      if (host === '::1' || host === '127.0.0.1') throw new PermanentFailure(`${host} is forbidden`);
    };
    for (const url of ['http://[::1]:1/', 'http://0x7f.1:1/']) {
      const outcome = await open({ url }, { checkHost }).send(batchOf({ m: '1' }), NEVER);
      expect(outcome.refused[0]!.reason).toMatch(/is forbidden/);
    }
    const outcome = await open(
      { url: 'http://metadata.test:1/' },
      {
        lookup: (host: string, _options: unknown, answer: (error: Error) => void) =>
          answer(new PermanentFailure(`${host} is forbidden`)),
      },
    ).send(batchOf({ m: '1' }), NEVER);
    expect(outcome.refused).toEqual([{ row: 0, reason: 'metadata.test is forbidden' }]);
  });

  test('TLS: an unknown authority is a failure, the configured one is not; a client certificate is shown', async () => {
    const certificate = selfSigned('localhost');
    const client = selfSigned('client');
    const receiver = await receive(undefined, { ...certificate, ca: client.cert, requestCert: true });
    await expect(open({ url: receiver.url() }).send(two, NEVER)).rejects.toThrow(/self.signed/);
    await expect(open({ url: receiver.url(), tls: { ca: certificate.cert } }).send(two, NEVER)).rejects.toThrow(
      /certificate required|ECONNRESET|hang up|alert/,
    );
    const tls = { ca: certificate.cert, cert: client.cert, key: client.key };
    await open({ url: receiver.url(), tls }).send(two, NEVER);
    await open({ url: receiver.url(), tls: { ...tls, ca: '', insecure_skip_verify: true } }).send(two, NEVER);
    expect(receiver.requests).toHaveLength(4);
  });

  test.each(['http', 'https'])('a proxy with a password on the way to %s', async (scheme) => {
    const certificate = selfSigned('localhost');
    const receiver = await receive(undefined, scheme === 'https' ? certificate : undefined);
    const proxy = createProxy(createServer());
    const asked: (string | undefined)[] = [];
    proxy.authenticate = (request) => {
      asked.push(request.headers['proxy-authorization']);
      return request.headers['proxy-authorization'] === `Basic ${btoa('us er:p@ss')}`;
    };
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    closing.push(async () => {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    });
    const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const config = { url: receiver.url(), tls: { ca: certificate.cert } };
    await open({ ...config, proxy: `http://us%20er:p%40ss@${address}` }).send(two, NEVER);
    expect(receiver.requests).toHaveLength(2);
    expect(asked.length).toBeGreaterThan(0);
    // No record is at fault for the password of a proxy.
    const unknown = open({ ...config, proxy: `http://x:y@${address}` });
    const failure = await unknown.send(two, NEVER).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TemporaryFailure);
    expect((failure as Error).message).toMatch(/407/);
    expect(receiver.requests).toHaveLength(2);
  });
});

describe('configuration', () => {
  test.each<[Record<string, unknown>, RegExp]>([
    [{}, /'url'/],
    [{ url: 'ftp://x' }, /url must match/],
    [{ url: 'http://x', other: 1 }, /additional/],
    [{ url: 'http://x', batch: 'lines' }, /allowed values/],
    [{ url: 'http://x', headers: { a: 1 } }, /headers\/a must be string/],
  ])('%j is refused by the schema', (config, message) => {
    expect(() => withDefaults({ type: 'http', ...config })).toThrow(message);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ url: 'http://[x' }, 'url'],
    [{ url: 'http://x', headers: { 'a b': 'c' } }, 'headers.a b'],
    [{ url: 'http://x', headers: { a: 'c\nd' } }, 'headers.a'],
    [{ url: 'http://x', tls: { cert: 'x' } }, 'tls.key'],
    [{ url: 'http://x', tls: { ca: 'x' } }, 'tls.ca'],
    [{ url: 'http://x', tls: { cert: 'x', key: 'y' } }, 'tls.cert'],
  ])('%j is refused at %s', (config, path) => {
    expect(problemsOf({ type: 'http', ...config }).map((problem) => problem.path)).toEqual([path]);
  });

  test('null stands for no headers', () => {
    expect(problemsOf({ type: 'http', url: 'http://x', headers: null })).toEqual([]);
  });
});
