import { TemporaryFailure, type DeliveryOutcome, type Destination } from '../../../src/forwarders/destination';
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

async function receive(handler?: Handler): Promise<HttpReceiver> {
  const receiver = await HttpReceiver.start(handler);
  closing.push(() => receiver.stop());
  return receiver;
}

function open(config: AnyConfig, context = {}): Destination {
  const destination = openDestination(config, context);
  closing.push(() => destination.close());
  return destination;
}

const two = batchOf({ message: 'one', host: 'web1' }, { message: 'two', ddtags: 'env:x' });

/** What became of a batch as a whole. */
async function verdictOn(destination: Destination): Promise<string> {
  let outcome: DeliveryOutcome;
  try {
    outcome = await destination.send(two, NEVER, IDS);
  } catch (error) {
    expect(error).toBeInstanceOf(TemporaryFailure);
    return 'offered again';
  }
  expect([0, 2]).toContain(outcome.refused.length);
  return outcome.refused.length === 2 ? 'refused' : 'taken';
}

describe('elastic', () => {
  const config = (receiver: HttpReceiver, more = {}): AnyConfig => ({
    type: 'elastic',
    addresses: [receiver.url('/es/')],
    index: 'logs',
    ...more,
  });
  /** A bulk API that gives each document the status that its `message` names, else 201. */
  const bulk: Handler = ({ text }) => {
    const lines = text.trimEnd().split('\n');
    const items = [];
    for (let i = 0; i < lines.length; i += 2) {
      const [operation] = Object.keys(JSON.parse(lines[i]!) as object);
      const status = Number(JSON.parse(lines[i + 1]!).fields.message) || 201;
      const error = status > 299 && { type: 'some_exception', reason: `because ${status}` };
      items.push({ [operation!]: { status, ...(error && { error }) } });
    }
    const errors = items.some((item) => Object.values(item)[0]!.status > 299);
    return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ took: 1, errors, items }) };
  };

  test('documents in one request, with user and password', async () => {
    const receiver = await receive(bulk);
    const more = { username: 'elastic', password: 'pass', compression: 'gzip', pipeline: 'p' };
    await open(config(receiver, more)).send(two, NEVER);
    const [request] = receiver.requests;
    expect(request).toMatchObject({
      method: 'POST',
      url: '/es/_bulk?pipeline=p',
      headers: { authorization: `Basic ${btoa('elastic:pass')}`, 'content-type': 'application/x-ndjson' },
    });
    expect(request!.text).toBe(
      '{"create":{"_index":"logs"}}\n' +
        '{"timestamp":"2026-03-04T05:06:07.089Z","fields":{"message":"one","host":"web1"}}\n' +
        '{"create":{"_index":"logs"}}\n' +
        '{"timestamp":"2026-03-04T05:06:08.089Z","fields":{"message":"two","ddtags":"env:x"}}\n',
    );
  });

  test('index by date or field, ids, flat documents, an API key', async () => {
    const receiver = await receive(() => ({ body: '{"errors":false}' }));
    const more = {
      document: 'flat',
      operation: 'index',
      api_key: 'abc=',
      index: 'logs-%Y.%m.%d-%H',
      id: '@expr:log.host',
    };
    await open(config(receiver, more)).send(two, NEVER);
    await open(config(receiver, { index: '@expr:"x-" + log.message' })).send(batchOf({ message: 'one' }), NEVER);
    expect(receiver.requests[0]!.headers.authorization).toBe('ApiKey abc=');
    await open(config(receiver, { api_key: 'id:key' })).send(two, NEVER);
    expect(receiver.requests.at(-1)!.headers.authorization).toBe(`ApiKey ${btoa('id:key')}`);
    expect(receiver.requests[0]!.text.split('\n').slice(0, 3)).toEqual([
      '{"index":{"_index":"logs-2026.03.04-05","_id":"web1"}}',
      '{"@timestamp":"2026-03-04T05:06:07.089Z","message":"one","host":"web1"}',
      '{"index":{"_index":"logs-2026.03.04-05"}}',
    ]);
    expect(receiver.requests[1]!.text).toContain('"_index":"x-one"');
  });

  test('each document has an outcome of its own', async () => {
    const receiver = await receive(bulk);
    const batch = batchOf(...['ok', '400', '429', '503', '409', 'ok'].map((message) => ({ message })));
    expect(await open(config(receiver)).send(batch, NEVER)).toEqual({
      refused: [
        { row: 1, reason: 'status 400: some_exception: because 400' },
        { row: 4, reason: 'status 409: some_exception: because 409' },
      ],
      retry: [
        { row: 2, reason: 'status 429: some_exception: because 429' },
        { row: 3, reason: 'status 503: some_exception: because 503' },
      ],
    });
    // With an id of our own a conflict means that the record is already there.
    const outcome = await open(config(receiver, { id: '@expr:log.message' })).send(batch, NEVER);
    expect(outcome.refused.map(({ row }) => row)).toEqual([1]);
  });

  test('an index name that is empty for a record refuses that record', async () => {
    const receiver = await receive(bulk);
    const outcome = await open(config(receiver, { index: '@expr:log.host' })).send(two, NEVER);
    expect(outcome).toMatchObject({ refused: [{ row: 1, reason: expect.stringContaining('index') }], retry: [] });
  });

  test('a node that is down: the next one is asked, and stays', async () => {
    const down = await receive(() => 'cut');
    const up = await receive(bulk);
    const destination = open({ ...config(up), addresses: [down.url(), up.url()] });
    await destination.send(two, NEVER);
    await destination.send(two, NEVER);
    expect([down.requests.length, up.requests.length]).toEqual([1, 2]);
  });

  test.each<[string, Handler]>([
    ['busy', () => ({ status: 429, headers: { 'Retry-After': '3' } })],
    ['an answer that is none', () => ({ body: '<html>' })],
    ['too few items', () => ({ body: '{"errors":true,"items":[]}' })],
  ])('%s: everything is offered again', async (_name, handler) => {
    const receiver = await receive(handler);
    await expect(open(config(receiver)).send(two, NEVER)).rejects.toThrow(TemporaryFailure);
  });

  test.each<[string, string, Record<string, unknown>, string]>([
    ['no document failed', '{"took":3,"errors":false,"items":[{"create":{"sta', {}, 'taken'],
    ['some failed', '{"took":3,"errors":true,"items":[{"create":{"sta', {}, 'refused'],
    ['nothing of it arrived', '', {}, 'refused'],
    [
      'some failed, and documents have ids',
      '{"took":3,"errors":true,"it',
      { id: '@expr:delivery_id' },
      'offered again',
    ],
    ['it is of a login page', '<html><body>', {}, 'offered again'],
  ])('an answer that breaks off when %s', async (_name, body, more, verdict) => {
    const receiver = await receive(() => ({ body, brokenOff: true }));
    expect(await verdictOn(open(config(receiver, more)))).toBe(verdict);
    expect(receiver.requests).toHaveLength(1);
  });

  test('delivery ids: of the request, and of a document that asks for it', async () => {
    const receiver = await receive(bulk);
    await open(config(receiver, { id: '@expr:delivery_id' })).send(two, NEVER, IDS);
    expect(receiver.requests[0]!.headers['logweir-delivery-id']).toBe('queue.7.0~queue.7.1~2');
    expect(receiver.requests[0]!.text).toContain('{"create":{"_index":"logs","_id":"queue.7.1"}}');
  });

  test('a request that is too large is halved', async () => {
    const receiver = await receive((request, number) =>
      request.text.split('\n').length > 5 ? { status: 413 } : bulk(request, number),
    );
    const batch = batchOf(...['a', 'b', 'c', '400', 'd'].map((message) => ({ message })));
    expect(await open(config(receiver)).send(batch, NEVER)).toMatchObject({ refused: [{ row: 3 }], retry: [] });
  });

  test.each<[Record<string, unknown>, string]>([
    [{ username: 'a' }, 'password'],
    [{ password: 'a' }, 'username'],
    [{ username: 'a', password: 'b', api_key: 'c' }, 'api_key'],
    [{ ca: 'x' }, 'ca'],
    [{ addresses: ['http://[x'] }, 'addresses.0'],
  ])('%j is refused at %s', (more, path) => {
    const problems = problemsOf({ type: 'elastic', addresses: ['http://x'], index: 'i', ...more });
    expect(problems.map((problem) => problem.path)).toEqual([path]);
  });
});

describe('splunk', () => {
  const config = (receiver: HttpReceiver, more = {}): AnyConfig => ({
    type: 'splunk',
    endpoint: receiver.url(),
    token: 'secret',
    ...more,
  });
  const success = { body: '{"text":"Success","code":0}' };

  test('events in one request', async () => {
    const receiver = await receive(() => success);
    await open(config(receiver, { index: '@expr:log.ddtags', compression: 'gzip' })).send(two, NEVER);
    const [request] = receiver.requests;
    expect(request).toMatchObject({ url: '/services/collector/event', headers: { authorization: 'Splunk secret' } });
    expect(request!.text.split('\n').map((line) => JSON.parse(line))).toEqual([
      {
        time: 1772600767.089,
        host: 'web1',
        source: 'flowg',
        sourcetype: 'json',
        event: { message: 'one', host: 'web1' },
      },
      {
        time: 1772600768.089,
        source: 'flowg',
        sourcetype: 'json',
        index: 'env:x',
        event: { message: 'two', ddtags: 'env:x' },
      },
    ]);
    await open(config(receiver, { endpoint: receiver.url('/custom') })).send(two, NEVER);
    expect(receiver.requests[1]!.url).toBe('/custom');
  });

  test('an event that is invalid is refused, the others are sent without it', async () => {
    const receiver = await receive(({ text }) => {
      const bad = text.split('\n').findIndex((line) => line.includes('bad'));
      if (bad === -1) return success;
      return {
        status: 400,
        body: JSON.stringify({ text: 'Invalid data format', code: 6, 'invalid-event-number': bad }),
      };
    });
    const batch = batchOf(...['a', 'bad', 'c', 'bad', 'e'].map((m) => ({ m })));
    const outcome = await open(config(receiver)).send(batch, NEVER);
    expect(outcome.refused.map(({ row }) => row)).toEqual([1, 3]);
    expect(outcome.refused[0]!.reason).toContain('Invalid data format');
    expect(outcome.retry).toEqual([]);
    expect(
      receiver.requests
        .at(-1)!
        .text.split('\n')
        .map((line) => JSON.parse(line).event.m),
    ).toEqual(['a', 'c', 'e']);
  });

  test('a token that is unknown is for good, a busy server is not', async () => {
    const receiver = await receive((_, number) =>
      number === 1 ? { status: 403, body: '{"text":"Invalid token","code":4}' } : { status: 503, body: '{"code":9}' },
    );
    const destination = open(config(receiver));
    const outcome = await destination.send(two, NEVER);
    expect(outcome.refused.map(({ reason }) => reason)).toEqual(
      Array(2).fill(expect.stringContaining('Invalid token')),
    );
    await expect(destination.send(two, NEVER)).rejects.toThrow(TemporaryFailure);
  });

  test('acknowledgement of indexing is waited for', async () => {
    let questions = 0;
    const receiver = await receive(({ url, text }) => {
      if (url === '/services/collector/event') return { body: '{"text":"Success","code":0,"ackId":7}' };
      questions++;
      expect([url, text]).toEqual(['/services/collector/ack', '{"acks":[7]}']);
      return { body: JSON.stringify({ acks: { 7: questions > 2 } }) };
    });
    await open(config(receiver, { acknowledge: true })).send(two, NEVER);
    expect(questions).toBe(3);
    const channels = new Set(receiver.requests.map(({ headers }) => headers['x-splunk-request-channel']));
    expect([...channels]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  });

  test.each<[string, string, Record<string, unknown>, string]>([
    ['only accepting is wanted', '{"text":"Succ', {}, 'taken'],
    ['indexing is to be confirmed', '{"text":"Succ', { acknowledge: true }, 'refused'],
    ['it is of a login page', '<html><body>', {}, 'offered again'],
  ])('an answer that breaks off when %s', async (_name, body, more, verdict) => {
    const receiver = await receive(() => ({ body, brokenOff: true }));
    expect(await verdictOn(open(config(receiver, more)))).toBe(verdict);
    expect(receiver.requests.map(({ headers }) => headers['logweir-delivery-id'])).toEqual(['queue.7.0~queue.7.1~2']);
  });

  test.each([
    ['/', '/services/collector/ack'],
    ['/services/collector', '/services/collector/ack'],
    ['/services/collector/event/1.0', '/services/collector/ack'],
    ['/splunk/services/collector/event', '/splunk/services/collector/ack'],
    ['/custom', '/services/collector/ack'],
  ])('events go to %s, questions about them to %s', async (path, expected) => {
    const receiver = await receive((_, number) => ({
      body: number === 1 ? '{"text":"Success","code":0,"ackId":7}' : '{"acks":{"7":true}}',
    }));
    await open(config(receiver, { endpoint: receiver.url(path), acknowledge: true })).send(two, NEVER);
    expect(receiver.requests.map(({ url }) => url)).toEqual([
      path === '/' ? '/services/collector/event' : path,
      expected,
    ]);
  });

  test('a question about indexing that fails is asked again, the events are not sent again', async () => {
    const answers: ReturnType<Handler>[] = [
      { body: '{"text":"Success","code":0,"ackId":7}' },
      'cut',
      { status: 503, body: '{"text":"Server is busy","code":9}' },
      { body: '{"acks":{"7":true}}' },
    ];
    const receiver = await receive((_, number) => answers[number - 1]!);
    const outcome = await open(config(receiver, { acknowledge: true })).send(two, NEVER);
    expect(outcome).toEqual({ refused: [], retry: [] });
    expect(receiver.requests.filter(({ url }) => url.endsWith('/event'))).toHaveLength(1);
  });

  test('what is never indexed is offered again', async () => {
    const controller = new AbortController();
    const receiver = await receive(({ url }) => {
      if (url === '/services/collector/event') return { body: '{"code":0,"ackId":0}' };
      setImmediate(() => controller.abort());
      return { body: '{"acks":{"0":false}}' };
    });
    const sent = open(config(receiver, { acknowledge: true })).send(two, controller.signal);
    await expect(sent).rejects.toThrow(TemporaryFailure);
  });
});

describe('datadog', () => {
  const config = (receiver: HttpReceiver, more = {}): AnyConfig => ({
    type: 'datadog',
    url: receiver.url('/api/v2/logs'),
    apiKey: 'key',
    ...more,
  });

  test('logs in one request; fields stand in for what is not set', async () => {
    const receiver = await receive(() => ({ status: 202, body: '{}' }));
    const more = { service: 'shop', hostname: '@expr:upper(log.host)' };
    await open(config(receiver, more)).send(batchOf({ message: 'one', host: 'web1' }, { ddtags: 'env:x' }), NEVER);
    const [request] = receiver.requests;
    expect(request).toMatchObject({
      url: '/api/v2/logs',
      headers: { 'dd-api-key': 'key', accept: 'application/json' },
    });
    expect(JSON.parse(request!.text)).toEqual([
      { timestamp: '2026-03-04T05:06:07.089Z', message: 'one', hostname: 'WEB1', service: 'shop' },
      { timestamp: '2026-03-04T05:06:08.089Z', message: '{"ddtags":"env:x"}', ddtags: 'env:x', service: 'shop' },
    ]);
  });

  test('at most 1000 logs a request, in order, with all fields on request', async () => {
    const receiver = await receive(() => ({ status: 202 }));
    const batch = batchOf(...Array.from({ length: 2300 }, (_, i) => ({ message: String(i), extra: 'x' })));
    await open(config(receiver, { attributes: true, compression: 'gzip' })).send(batch, NEVER, IDS);
    expect(receiver.requests[2]!.headers['logweir-delivery-id']).toBe('queue.7.2000~queue.7.2299~300');
    const bodies = receiver.requests.map(({ text }) => JSON.parse(text) as { message: string; extra: string }[]);
    expect(bodies.map((body) => body.length)).toEqual([1000, 1000, 300]);
    expect(bodies.flat().map(({ message }) => Number(message))).toEqual(Array.from({ length: 2300 }, (_, i) => i));
    expect(bodies[0]![0]!.extra).toBe('x');
  });

  test('a log that the intake will cut is told of', async () => {
    const receiver = await receive(() => ({ status: 202 }));
    const outcome = await open(config(receiver)).send(
      batchOf({ message: 'é'.repeat(600_000) }, { message: 'b' }),
      NEVER,
    );
    expect(outcome).toMatchObject({ refused: [], retry: [], warning: expect.stringMatching(/cuts logs at 1000000/) });
    expect(await open(config(receiver)).send(batchOf({ message: 'x'.repeat(900_000) }), NEVER)).toEqual({
      refused: [],
      retry: [],
    });
  });

  test('what was taken before the intake grew busy is not offered again', async () => {
    const receiver = await receive((_, number) =>
      number === 1 ? { status: 202 } : { status: 429, headers: { 'Retry-After': '2' } },
    );
    const batch = batchOf(...Array.from({ length: 2300 }, (_, i) => ({ message: String(i) })));
    const outcome = await open(config(receiver)).send(batch, NEVER);
    expect(outcome.retry.map(({ row }) => row)).toEqual(Array.from({ length: 1300 }, (_, i) => i + 1000));
    expect(outcome.retryAfterMs).toBe(2000);
  });

  test('the forms of the peers are taken', () => {
    const minimal = { type: 'datadog', url: 'https://x', apiKey: 'k' };
    expect(withDefaults({ ...minimal, ddsource: '', ddtags: '', hostname: '', message: '', service: '' })).toEqual(
      withDefaults(minimal),
    );
    expect(() => withDefaults({ ...minimal, apiKey: '' })).toThrow(/apiKey/);
  });
});
