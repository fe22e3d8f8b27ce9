import fc from 'fast-check';
import { RecordBatch } from '../../src/record';
import { formatRecordId, parseRecordId } from '../../src/storage/logs/record-id';
import { operate } from './support/contract';
import { EventReader, type ServerSentEvent } from './support/event-reader';
import { Harness } from './support/harness';

let harness: Harness;
let readers: EventReader[] = [];
let streams = 0;

beforeAll(async () => {
  harness = await Harness.start();
});

afterAll(() => harness.stop());

afterEach(() => {
  for (const reader of readers) reader.close();
  readers = [];
  harness.logs.beforeQuery = () => {};
  harness.logs.afterQuery = () => {};
});

const NOW = Date.parse('2024-05-01T12:00:00Z');

function newStream(): string {
  return `stream ${++streams}`;
}

async function watch(stream: string, query = '', headers: Record<string, string> = {}): Promise<EventReader> {
  const reader = await EventReader.open(harness, `/streams/${encodeURIComponent(stream)}/logs/watch${query}`, headers);
  readers.push(reader);
  return reader;
}

function batchOf(messages: readonly string[], timestamp = NOW): RecordBatch {
  const batch = new RecordBatch();
  for (const message of messages) batch.addRecord(timestamp, { message });
  return batch;
}

function messagesOf(events: readonly ServerSentEvent[]): string[] {
  return events.map(({ data = '{}' }) => (JSON.parse(data) as { fields?: { message: string } }).fields?.message ?? '');
}

test('the headers are sent at once, and allow any origin', async () => {
  const reader = await watch('a stream that does not exist');
  expect(reader.response.statusCode).toBe(200);
  expect(reader.response.headers).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache',
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'Content-Type',
  });
  expect(await harness.logs.getStream('a stream that does not exist')).toBeUndefined();
});

test('records arrive with id, event and data', async () => {
  const stream = newStream();
  const reader = await watch(stream);
  await harness.logs.append(stream, batchOf(['one\ntwo', 'ü']));
  const events = await reader.until(2);
  const ids = events.map(({ id = '' }) => parseRecordId(id));
  expect(events[0]).toEqual({
    id: expect.stringMatching(
      /^entry:stream \d+:00000001714564800000:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    ),
    event: 'log',
    data: '{"timestamp":"2024-05-01T12:00:00.000Z","fields":{"message":"one\\ntwo"}}',
  });
  expect(ids[1]?.sequence).toBe((ids[0]?.sequence ?? 0) + 1);
  expect(ids[1]?.stream).toBe(stream);
});

test('only records that match are sent', async () => {
  const stream = newStream();
  const filtered = await watch(stream, `?filter=${encodeURIComponent('message startsWith "b"')}`);
  const indexed = await watch(stream, `?indexing=${encodeURIComponent('{"message":["c1","b1"]}')}`);
  const blank = await watch(stream, '?filter=%20&indexing=');
  await harness.logs.append('another stream', batchOf(['b0']));
  await harness.logs.append(stream, batchOf(['a1', 'b1', 'c1', 'b2']));
  expect(messagesOf(await filtered.until(2))).toEqual(['b1', 'b2']);
  expect(messagesOf(await indexed.until(2))).toEqual(['b1', 'c1']);
  expect(messagesOf(await blank.until(4))).toEqual(['a1', 'b1', 'c1', 'b2']);
});

test.each([
  [{ query: { filter: 'message ==' } }, 'query:filter'],
  [{ query: { indexing: '{' } }, 'query:indexing'],
  [{ headers: { 'Last-Event-ID': 'nonsense' } }, 'header:last-event-id'],
  [{ headers: { 'Last-Event-ID': formatRecordId('another', { timestamp: 1, sequence: 1 }) } }, 'header:last-event-id'],
])('%j is refused', async (options, key) => {
  const answer = await operate(harness, 'watch_logs', { path: { stream: 'refused' }, ...options });
  expect([answer.status, Object.keys(answer.json?.context as object)]).toEqual([400, [key]]);
  expect(harness.logs.listeners('refused')).toBe(0);
});

test('a reader that goes away leaves no listener', async () => {
  const stream = newStream();
  const reader = await watch(stream);
  expect(harness.logs.listeners(stream)).toBe(1);
  reader.close();
  while (harness.logs.listeners(stream) > 0) await new Promise(setImmediate);
});

test('a comment is sent every 15 seconds', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'Date'] });
  try {
    const reader = await watch(newStream());
    jest.advanceTimersByTime(15_000);
    expect(await reader.until(1)).toEqual([{ comment: 'keepalive' }]);
  } finally {
    jest.useRealTimers();
  }
});

describe('a connection that was lost', () => {
  test('goes on after the last event, in the order of arrival, and then live', async () => {
    const stream = newStream();
    const { firstSequence } = harness.logs.store(stream, batchOf(['1', '2', '3']));
    harness.logs.store(stream, batchOf(['4'], NOW + 1000));
    const last = formatRecordId(stream, { timestamp: NOW, sequence: firstSequence + 1 });
    const reader = await watch(stream, '', { 'Last-Event-ID': last });
    expect(messagesOf(await reader.until(2))).toEqual(['3', '4']);
    await harness.logs.append(stream, batchOf(['5'], NOW + 2000));
    expect(messagesOf(await reader.until(3))).toEqual(['3', '4', '5']);
  });

  test('a stream with a name beyond ASCII goes on as well', async () => {
    const stream = `ü ${newStream()}`;
    const { firstSequence } = harness.logs.store(stream, batchOf(['1', '2']));
    const last = Buffer.from(formatRecordId(stream, { timestamp: NOW, sequence: firstSequence })).toString('latin1');
    const reader = await watch(stream, '', { 'Last-Event-ID': last });
    expect(messagesOf(await reader.until(1))).toEqual(['2']);
  });

  test('a reader that comes from FlowG goes on after the time of its last event', async () => {
    const stream = newStream();
    harness.logs.store(stream, batchOf(['1', '2']));
    harness.logs.store(stream, batchOf(['3'], NOW + 1));
    const time = String(NOW).padStart(20, '0');
    const last = `entry:${stream}:${time}:1b4e28ba-2fa1-4d2b-883f-0016d3cca427`;
    const reader = await watch(stream, '', { 'Last-Event-ID': last });
    expect(messagesOf(await reader.until(1))).toEqual(['3']);
    await harness.logs.append(stream, batchOf(['4'], NOW + 2));
    expect(messagesOf(await reader.until(2))).toEqual(['3', '4']);
  });

  test('the filter holds for what was missed', async () => {
    const stream = newStream();
    const { firstSequence } = harness.logs.store(stream, batchOf(['a', 'b', 'a', 'b']));
    const last = formatRecordId(stream, { timestamp: NOW, sequence: firstSequence });
    const reader = await watch(stream, `?filter=${encodeURIComponent('message == "b"')}`, { 'Last-Event-ID': last });
    await harness.logs.append(stream, batchOf(['a', 'b']));
    expect(messagesOf(await reader.until(3))).toEqual(['b', 'b', 'b']);
  });

  test('more than one page is caught up with', async () => {
    const stream = newStream();
    const messages = Array.from({ length: 3500 }, (_value, i) => String(i));
    const { firstSequence } = harness.logs.store(stream, batchOf(messages));
    const reader = await watch(stream, '', {
      'Last-Event-ID': formatRecordId(stream, { timestamp: NOW, sequence: firstSequence }),
    });
    expect(messagesOf(await reader.until(3499))).toEqual(messages.slice(1));
  });

  test('what is stored meanwhile comes exactly once, even when too much of it is held', async () => {
    const stream = newStream();
    const { firstSequence } = harness.logs.store(stream, batchOf(['known', 'missed']));
    let queries = 0;
    const expected = ['missed'];
    harness.logs.beforeQuery = () => {
      // Visible to the query that is about to run, and told to the watch before its answer is there.
      if (++queries > 3) return;
      const messages = Array.from({ length: queries === 1 ? 21_000 : 5 }, (_value, i) => `${queries}/${i}`);
      expected.push(...messages);
      const appended = harness.logs.store(stream, batchOf(messages));
      harness.logs.notify(appended);
    };
    const reader = await watch(stream, '', {
      'Last-Event-ID': formatRecordId(stream, { timestamp: NOW, sequence: firstSequence }),
    });
    await reader.untilTrue(() => reader.events.length >= expected.length);
    expect(queries).toBeGreaterThan(30);
    await harness.logs.append(stream, batchOf(['end']));
    await reader.untilTrue(() => messagesOf(reader.events.slice(-1))[0] === 'end');
    expect(messagesOf(reader.events).sort()).toEqual([...expected, 'end'].sort());
  });

  test('what is held and then sent does not come again, when too much is held while it is sent', async () => {
    const stream = newStream();
    const { firstSequence } = harness.logs.store(stream, batchOf(['known']));
    const long = 'x'.repeat(1000);
    const expected: string[] = [];
    const add = async (name: string, count: number): Promise<void> => {
      const messages = Array.from({ length: count }, (_value, i) => `${name}/${i} ${long}`);
      expected.push(...messages);
      await harness.logs.append(stream, batchOf(messages));
    };
    let queries = 0;
    harness.logs.beforeQuery = () => {
      queries++;
    };
    harness.logs.afterQuery = async () => {
      harness.logs.afterQuery = () => {};
      // Told after the answer was made up, so that it is only held.
      await add('held', 9000);
    };
    const last = formatRecordId(stream, { timestamp: NOW, sequence: firstSequence });
    const reader = await watch(stream, '', { 'Last-Event-ID': last });
    reader.response.pause();
    while (queries === 0) await new Promise(setImmediate);
    await add('meanwhile', 21_000);
    reader.response.resume();
    await reader.untilTrue(() => reader.events.length >= expected.length);
    await harness.logs.append(stream, batchOf(['end']));
    await reader.untilTrue(() => messagesOf(reader.events.slice(-1))[0] === 'end');
    expect(messagesOf(reader.events).sort()).toEqual([...expected, 'end'].sort());
    expect(queries).toBeGreaterThan(20);
  });

  test('a record that arrived before the last event and was stored after it is not lost', async () => {
    const stream = newStream();
    const { firstSequence } = harness.logs.store(stream, batchOf(['seen'], NOW));
    harness.logs.store(stream, batchOf(['late'], NOW - 500));
    const reader = await watch(stream, '', {
      'Last-Event-ID': formatRecordId(stream, { timestamp: NOW, sequence: firstSequence }),
    });
    expect(messagesOf(await reader.until(1))).toEqual(['late']);
  });

  test('a failing store ends the stream with an error', async () => {
    harness.logs.beforeQuery = () => {
      throw new Error('SELECT secret');
    };
    const stream = newStream();
    const reader = await watch(stream, '', {
      'Last-Event-ID': formatRecordId(stream, { timestamp: NOW, sequence: 1 }),
    });
    expect(await reader.untilEnd()).toEqual([{ event: 'error', data: 'internal: unexpected failure' }]);
    expect(harness.logs.listeners(stream)).toBe(0);
  });

  test('at any point, any batches, any moment of notification: every record once', async () => {
    const batches = fc.array(
      fc.record({
        size: fc.integer({ min: 1, max: 40 }),
        // The last two: a clock that is set back by an hour, and forward by a year.
        skew: fc.oneof(fc.integer({ min: -500, max: 500 }), fc.constantFrom(-3_600_000, 31_536_000_000)),
      }),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    await fc.assert(
      fc.asyncProperty(batches, fc.nat(), fc.nat(8), async (plan, at, delayed) => {
        const stream = newStream();
        const steps = plan.map(({ size, skew }, i) => {
          const messages = Array.from({ length: size }, (_value, row) => `${i}/${row}`);
          return batchOf(messages, NOW + i * 100 + skew);
        });
        // The reader knows the records up to one of the first batch, the rest comes before, during and after the resumption.
        const first = harness.logs.store(stream, steps[0] as RecordBatch);
        const known = at % first.batch.length;
        const last = formatRecordId(stream, {
          timestamp: first.batch.timestamps[known] as number,
          sequence: first.firstSequence + known,
        });
        const before = Math.min(delayed, steps.length - 1);
        const appended = steps.slice(1, 1 + before).map((batch) => harness.logs.store(stream, batch));
        harness.logs.beforeQuery = () => {
          harness.logs.beforeQuery = () => {};
          for (const batch of appended) harness.logs.notify(batch);
        };
        const reader = await watch(stream, '', { 'Last-Event-ID': last });
        for (const batch of steps.slice(1 + before)) await harness.logs.append(stream, batch);
        await harness.logs.append(stream, batchOf(['end'], NOW + 10_000));
        await reader.untilTrue(() => messagesOf(reader.events.slice(-1))[0] === 'end');
        const all = steps.flatMap((batch) => [...batch.records()].map(({ fields }) => fields.message ?? ''));
        expect(messagesOf(reader.events).sort()).toEqual([...all.slice(known + 1), 'end'].sort());
        reader.close();
      }),
      { numRuns: 30 },
    );
  });
});

test('a slow reader misses events, is told how many, and goes on', async () => {
  const stream = newStream();
  const reader = await watch(stream);
  reader.response.pause();
  const text = 'x'.repeat(10_000);
  const sent = 2000;
  for (let i = 0; i < sent; i++) {
    await harness.logs.append(stream, batchOf([`${i} ${text}`]));
    if (i % 50 === 0) await new Promise(setImmediate);
  }
  reader.response.resume();
  await reader.untilTrue(() => reader.events.some(({ event }) => event === 'skipped'));
  await harness.logs.append(stream, batchOf(['last']));
  await reader.untilTrue(() => messagesOf(reader.events.slice(-1))[0] === 'last');
  const skipped = reader.events.filter(({ event }) => event === 'skipped');
  const counts = skipped.map(({ data = '' }) => (JSON.parse(data) as { count: number }).count);
  const received = reader.events.filter(({ event }) => event === 'log').length;
  expect(skipped).not.toHaveLength(0);
  expect(received + counts.reduce((sum, count) => sum + count, 0)).toBe(sent + 1);
  expect(skipped[0]).not.toHaveProperty('id');
});

test('watches are limited in number', async () => {
  const stream = newStream();
  const opened = await Promise.all(Array.from({ length: 200 }, () => watch(stream)));
  expect(opened.filter(({ response }) => response.statusCode === 200)).toHaveLength(200);
  const refused = await operate(harness, 'watch_logs', { path: { stream } });
  expect(refused.status).toBe(429);
});

test('watches end when the service stops', async () => {
  const other = await Harness.start();
  const reader = await EventReader.open(other, '/streams/a/logs/watch');
  other.api.close();
  await reader.untilEnd();
  expect((await operate(other, 'watch_logs', { path: { stream: 'a' } })).status).toBe(503);
  await other.stop();
});
