import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { DEFAULT_MAX_INGEST_BODY_BYTES } from '../../src/api/http/limits';
import type { RecordFields } from '../../src/record';
import { StorageError } from '../../src/storage/errors';
import { operate, type OperationOptions } from './support/contract';
import { Harness } from './support/harness';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});

afterAll(() => harness.stop());

beforeEach(async () => {
  harness.logs.saturated = false;
  harness.logs.beforeAppend = () => {};
  await harness.logs.deleteStream('default');
});

const PATH = { pipeline: 'default' };
const JSON_TYPE = { 'Content-Type': 'application/json' };
const PROTOBUF_TYPE = { 'Content-Type': 'application/x-protobuf' };

async function stored(): Promise<RecordFields[]> {
  const { json } = await harness.logs.query({ stream: 'default', from: 0, to: Date.now() + 1000, order: 'oldest' });
  return (JSON.parse(Buffer.from(json).toString()) as { fields: RecordFields }[]).map(({ fields }) => fields);
}

function ingest(id: string, options: OperationOptions) {
  return operate(harness, id, { path: PATH, ...options });
}

describe('single records', () => {
  test('a record is stored with its time of arrival', async () => {
    const before = Date.now();
    const answer = await ingest('ingest_log', { json: { record: { level: 'info', message: 'ü ☃ 😀' } } });
    const after = Date.now();
    expect(answer.json).toEqual({ success: true, processed_count: 1 });
    expect(await stored()).toEqual([{ level: 'info', message: 'ü ☃ 😀' }]);
    const { ids } = await harness.logs.query({ stream: 'default', from: before, to: after });
    expect(ids).toHaveLength(1);
  });

  test('an empty record is a record', async () => {
    expect((await ingest('ingest_log', { json: { record: {} } })).json?.processed_count).toBe(1);
    expect(await stored()).toEqual([{}]);
  });

  test('any name is the name of a field', async () => {
    const body = '{"record":{"__proto__":"a","constructor":"b","":"c"}}';
    expect((await ingest('ingest_log', { body, headers: JSON_TYPE })).status).toBe(200);
    const fields = (await stored())[0] ?? {};
    expect(Object.entries(fields).sort()).toEqual([
      ['', 'c'],
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });

  test('the content type may be left out, and a byte order mark is overlooked', async () => {
    const body = Buffer.from('\ufeff{"record":{"a":"b"}}');
    expect((await ingest('ingest_log', { body })).status).toBe(200);
    expect(await stored()).toEqual([{ a: 'b' }]);
  });
});

describe('lists of records', () => {
  test('all are stored, in their order, with one time', async () => {
    const records = [{ n: '1' }, { n: '2', other: 'x' }, {}, { n: '4' }];
    expect((await ingest('ingest_logs_struct', { json: { records } })).json).toEqual({
      success: true,
      processed_count: 4,
    });
    expect(await stored()).toEqual(records);
  });

  test('no records are none', async () => {
    expect((await ingest('ingest_logs_struct', { json: { records: [] } })).json).toEqual({
      success: true,
      processed_count: 0,
    });
  });

  test('one bad record keeps all from being stored', async () => {
    const records = [{ n: '1' }, { n: '2' }, { n: '3' }, { n: '4', level: 5 }];
    const answer = await ingest('ingest_logs_struct', { json: { records } });
    expect(answer.json).toEqual({
      status: 'INVALID_ARGUMENT',
      error: 'invalid argument: validation failed',
      context: { body: ['records[3].level must be string'] },
    });
    expect(await stored()).toEqual([]);
  });
});

describe('lines of text', () => {
  test.each(['text/plain', 'text/plain; charset=utf-8', 'TEXT/PLAIN;charset="UTF-8"', undefined])(
    'as %s',
    async (type) => {
      const headers = type === undefined ? undefined : { 'Content-Type': type };
      const answer = await ingest('ingest_logs_text', { body: 'first\r\n  second\t\n\n \r\nthird ü', headers });
      expect(answer.json).toEqual({ success: true, processed_count: 3 });
      expect(await stored()).toEqual([{ content: 'first' }, { content: 'second' }, { content: 'third ü' }]);
    },
  );

  test('in another charset', async () => {
    await ingest('ingest_logs_text', {
      body: Buffer.from('Stra\u00dfe', 'latin1'),
      headers: { 'Content-Type': 'text/plain; charset=iso-8859-1' },
    });
    expect(await stored()).toEqual([{ content: 'Straße' }]);
  });

  test('in a charset that does not exist', async () => {
    const answer = await ingest('ingest_logs_text', {
      body: 'x',
      headers: { 'Content-Type': 'text/plain; charset=klingon' },
    });
    expect([answer.status, answer.json?.context]).toEqual([
      400,
      { 'header:content-type': [expect.stringContaining('klingon')] },
    ]);
  });

  test('no lines are no records', async () => {
    expect((await ingest('ingest_logs_text', { body: ' \r\n\n' })).json?.processed_count).toBe(0);
  });
});

describe('OpenTelemetry logs', () => {
  const json = {
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeLogs: [
          {
            logRecords: [{ severityText: 'ERROR', body: { stringValue: 'refused' } }, { body: { stringValue: 'two' } }],
          },
        ],
      },
    ],
  };
  /** `resource_logs { scope_logs { log_records { body { string_value: "hi" } } } }` */
  const protobuf = Buffer.from([0x0a, 0x0a, 0x12, 0x08, 0x12, 0x06, 0x2a, 0x04, 0x0a, 0x02, 0x68, 0x69]);

  test('as JSON', async () => {
    for (const type of ['application/json', 'application/json; charset=utf-8']) {
      const answer = await ingest('ingest_logs_otlp', {
        body: JSON.stringify(json),
        headers: { 'Content-Type': type },
      });
      expect(answer.json).toEqual({ success: true, processed_count: 2 });
    }
    expect((await stored())[0]).toMatchObject({
      body: 'refused',
      severity_text: 'ERROR',
      'resource.service.name': 'shop',
    });
  });

  test.each([
    ['identity', protobuf],
    ['gzip', gzipSync(protobuf)],
    ['x-gzip', gzipSync(protobuf)],
    ['deflate', deflateSync(protobuf)],
    ['deflate', deflateRawSync(protobuf)],
  ])('as protobuf, %s', async (encoding, body) => {
    const answer = await ingest('ingest_logs_otlp', {
      body,
      headers: { ...PROTOBUF_TYPE, 'Content-Encoding': encoding },
    });
    expect(answer.json).toEqual({ success: true, processed_count: 1 });
    expect((await stored())[0]).toMatchObject({ body: 'hi' });
  });

  test.each([
    ['protobuf that is cut off', protobuf.subarray(0, -1), PROTOBUF_TYPE, 400],
    ['JSON that is none', Buffer.from('{'), JSON_TYPE, 400],
    ['a value of a wrong type', Buffer.from('{"resourceLogs": 5}'), JSON_TYPE, 400],
    ['no content type', protobuf, {}, 400],
    ['another content type', protobuf, { 'Content-Type': 'application/octet-stream' }, 400],
    ['another encoding', protobuf, { ...PROTOBUF_TYPE, 'Content-Encoding': 'zstd' }, 400],
    ['no gzip', protobuf, { ...PROTOBUF_TYPE, 'Content-Encoding': 'gzip' }, 400],
  ])('%s is refused', async (_name, body, headers, status) => {
    const answer = await ingest('ingest_logs_otlp', { body, headers });
    expect([answer.status, answer.json?.status]).toEqual([status, 'INVALID_ARGUMENT']);
    expect(await stored()).toEqual([]);
  });
});

describe('pipelines that cannot take records', () => {
  test.each(['ingest_log', 'ingest_logs_struct', 'ingest_logs_text', 'ingest_logs_otlp'])(
    '%s into an unknown pipeline',
    async (id) => {
      const json = { record: {}, records: [] };
      const body = id === 'ingest_logs_otlp' ? '{}' : JSON.stringify(json);
      const headers = id === 'ingest_logs_text' ? { 'Content-Type': 'text/plain' } : JSON_TYPE;
      const answer = await operate(harness, id, { path: { pipeline: 'unknown/ü' }, body, headers });
      expect([answer.status, answer.json?.status]).toEqual([404, 'NOT_FOUND']);
      expect(answer.json?.error).toContain('unknown/ü');
    },
  );

  test('a pipeline without a direct source', async () => {
    const flow = { nodes: [{ id: 's', type: 'source', data: { type: 'syslog' } }], edges: [] };
    await harness.config.save('pipeline', 'syslog only', JSON.stringify(flow));
    await harness.refresh();
    const answer = await operate(harness, 'ingest_log', { path: { pipeline: 'syslog only' }, json: { record: {} } });
    expect([answer.status, answer.json?.status]).toEqual([409, 'FAILED_PRECONDITION']);
  });

  test('a pipeline that does not compile says why', async () => {
    const flow = { nodes: [{ id: 't', type: 'transform', data: { transformer: 'gone' } }], edges: [] };
    await harness.config.save('pipeline', 'broken', JSON.stringify(flow));
    await harness.refresh();
    const answer = await operate(harness, 'ingest_log', { path: { pipeline: 'broken' }, json: { record: {} } });
    expect([answer.status, answer.json?.status]).toEqual([500, 'INTERNAL']);
    expect(answer.json?.error).toContain('gone');
  });
});

describe('too much at once', () => {
  test('is refused before the body is read, with the time to wait', async () => {
    harness.logs.saturated = true;
    const answer = await ingest('ingest_log', { json: { record: {} } });
    expect([answer.status, answer.json?.status]).toEqual([429, 'RESOURCE_EXHAUSTED']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  });

  test.each([
    ['BACK_PRESSURE', 429, 'RESOURCE_EXHAUSTED'],
    ['STORE_FULL', 503, 'UNAVAILABLE'],
    ['STORE_FAILED', 503, 'UNAVAILABLE'],
    ['STORE_CLOSED', 503, 'UNAVAILABLE'],
  ] as const)('%s of the store', async (code, status, word) => {
    harness.logs.beforeAppend = () => {
      throw new StorageError(code, 'the reason');
    };
    const answer = await ingest('ingest_log', { json: { record: {} } });
    expect([answer.status, answer.json?.status]).toEqual([status, word]);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  });

  test('success is answered only after the commit', async () => {
    let commit = (): void => {};
    const appending = new Promise<void>((resolve) => {
      harness.logs.beforeAppend = () => {
        resolve();
        return new Promise((done) => (commit = done));
      };
    });
    let answered = false;
    const answer = ingest('ingest_log', { json: { record: {} } }).then((result) => {
      answered = true;
      return result;
    });
    await appending;
    await harness.call('GET', '/auth/whoami');
    expect(answered).toBe(false);
    commit();
    expect((await answer).status).toBe(200);
  });
});

describe('large bodies', () => {
  test('above the limit are answered with 413', async () => {
    const answer = await ingest('ingest_logs_text', { body: Buffer.alloc(DEFAULT_MAX_INGEST_BODY_BYTES + 1, 'x') });
    expect([answer.status, answer.json?.error]).toEqual([
      413,
      expect.stringContaining(String(DEFAULT_MAX_INGEST_BODY_BYTES)),
    ]);
  });

  test('up to the limit are taken', async () => {
    const answer = await ingest('ingest_logs_text', { body: Buffer.alloc(DEFAULT_MAX_INGEST_BODY_BYTES, 'x') });
    expect(answer.json?.processed_count).toBe(1);
  });

  test('in chunks above the limit are answered with 413', async () => {
    const request = httpRequest({
      port: harness.port,
      method: 'POST',
      path: '/api/v1/pipelines/default/logs/text',
      headers: { Authorization: `Bearer ${harness.adminToken}`, 'Transfer-Encoding': 'chunked' },
    });
    request.on('error', () => {});
    const answered = once(request, 'response');
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    for (let i = 0; i < 18; i++) request.write(chunk);
    request.end();
    const [response] = (await answered) as [{ statusCode: number; resume(): void }];
    expect(response.statusCode).toBe(413);
    response.resume();
  });

  test('many bombs at once are all answered with 413 and fill no memory', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const headers = { 'Content-Encoding': 'gzip', 'Content-Type': 'text/plain' };
    const bombs = Array.from({ length: 50 }, () => ingest('ingest_logs_text', { body: bomb, headers }));
    const before = process.memoryUsage().rss;
    let highest = before;
    const meter = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 10);
    const statuses = (await Promise.all(bombs)).map(({ status }) => status);
    clearInterval(meter);
    expect(new Set(statuses)).toEqual(new Set([413]));
    expect(highest - before).toBeLessThan(200 * 1024 * 1024);
  });

  test('of clients that hang up leave nothing behind', async () => {
    harness.internalErrors.length = 0;
    const target = 'POST /api/v1/pipelines/default/logs/text HTTP/1.1\r\nHost: x\r\n';
    const declared = DEFAULT_MAX_INGEST_BODY_BYTES - 1;
    // More bytes are announced than fit at once: they would be refused if those of the lost connections still counted.
    for (let i = 0; i < 12; i++) {
      const socket = connect(harness.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(`${target}Authorization: Bearer ${harness.adminToken}\r\nContent-Length: ${declared}\r\n\r\nabc`);
      await new Promise((resolve) => setImmediate(resolve));
      socket.destroy();
    }
    while ((await connections()) > 0) await new Promise((resolve) => setImmediate(resolve));
    const body = Buffer.alloc(declared, 'x');
    const answers = await Promise.all([1, 2, 3].map(() => ingest('ingest_logs_text', { body })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(harness.internalErrors).toEqual([]);
  });
});

function connections(): Promise<number> {
  return new Promise((resolve, reject) =>
    harness.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  );
}

test('a record that is null has no fields', async () => {
  const answer = await operate(harness, 'ingest_log', { path: { pipeline: 'default' }, json: { record: null } });
  expect(answer.json).toEqual({ success: true, processed_count: 1 });
});
