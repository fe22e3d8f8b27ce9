import { RecordBatch } from '../record';
import { SqliteDeliveryQueue } from '../storage/queue';
import { InProcessQueue } from '../storage/queue/testing/in-process';
import { removeTemporaryDirectories, temporaryDirectory } from '../storage/testing/temporary-directory';
import { until } from '../../test/support/until';
import { ALL_TAKEN, PermanentFailure, TemporaryFailure } from './destination';
import { DestinationPolicy } from './destination-policy';
import { ForwarderReader } from './forwarder-document';
import { ForwarderService } from './forwarder-service';
import { fakeType, type FakeType } from './testing/fake-type';

/** Quick, so that tests are. */
const QUICK = { linger_ms: 0, timeout_ms: 100, retry: { initial_ms: 1, max_ms: 5 } };

let directory: string;
let queue: SqliteDeliveryQueue;
let thread: InProcessQueue;
let fake: FakeType;
let other: FakeType;
let forwarders: ForwarderService;
let clock: number;
let accepted: number;
let diskLow: boolean;

async function open(): Promise<void> {
  queue = await SqliteDeliveryQueue.open({
    directory,
    maxPendingBytes: 1e9,
    isDiskLow: () => diskLow,
    onWarning: () => undefined,
    now: () => clock,
    caller: (file, options) => (thread = new InProcessQueue(file, options)),
  });
  forwarders = new ForwarderService({
    queue,
    reader: new ForwarderReader(new Map([fake, other].map((type) => [type.type, type]))),
    policy: new DestinationPolicy({ allow: [], deny: [] }),
    warn: () => undefined,
    now: () => clock,
  });
}

beforeEach(async () => {
  directory = await temporaryDirectory();
  fake = fakeType();
  other = fakeType('other');
  clock = 1_000_000;
  accepted = 0;
  diskLow = false;
  await open();
});

afterEach(async () => {
  await stop();
  await removeTemporaryDirectories();
});

async function stop(): Promise<void> {
  await forwarders.close(0);
  await queue.close();
}

function bodyOf(delivery: object = {}, type = 'fake'): string {
  return JSON.stringify({ version: 2, config: { type }, delivery: { ...QUICK, ...delivery } });
}

/** One forwarder `a` alone. */
function use(delivery: object = {}): void {
  forwarders.refresh([{ name: 'a', body: bodyOf(delivery) }]);
}

/** Appends records with the next ids, as one batch. */
async function send(count: number, name = 'a'): Promise<void> {
  const batch = new RecordBatch();
  for (let i = 0; i < count; i++) batch.addRecord(clock, { id: String(++accepted), pad: 'x'.repeat(20) });
  await forwarders.append(name, batch);
}

function ids(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
}

async function delivered(count: number): Promise<void> {
  await until(() => fake.taken.length >= count && queue.stats('a').records === 0);
}

/** Nothing is lost: what was accepted was taken, is dead, or waits. */
function expectLedger(): void {
  const { records, deadLetters } = queue.stats('a');
  expect(new Set(fake.taken).size + records + deadLetters).toBe(accepted);
}

async function deadLetters(): Promise<{ id: string; reason: string; attempts: number }[]> {
  const { letters } = await forwarders.deadLetters('a', 0, 1000);
  return letters.map(({ fields, reason, attempts }) => ({ id: fields.id ?? '', reason, attempts }));
}

describe('batches', () => {
  test('hold as many records as they may, in order', async () => {
    use({ batch_size: 4 });
    await forwarders.setPaused('a', true);
    for (const count of [3, 1, 5]) await send(count);
    await forwarders.setPaused('a', false);
    await delivered(9);
    expect(fake.sent).toEqual([ids(1, 4), ids(5, 8), ids(9, 9)]);
  });

  test('hold as many bytes as they may, and at least one record', async () => {
    use({ batch_bytes: 1024 });
    await forwarders.setPaused('a', true);
    const batch = new RecordBatch();
    for (const size of [2000, 500, 500, 500]) batch.addRecord(clock, { id: String(++accepted), pad: 'x'.repeat(size) });
    await forwarders.append('a', batch);
    await forwarders.setPaused('a', false);
    await delivered(4);
    expect(fake.sent).toEqual([['1'], ['2', '3'], ['4']]);
  });

  test('wait for others as long as they may, unless they are full or flushed', async () => {
    use({ linger_ms: 3_600_000, batch_size: 3 });
    await send(2);
    await send(2);
    await until(() => fake.sent.length > 0);
    expect(fake.sent).toEqual([ids(1, 3)]);
    await until(() => queue.stats('a').records === 1);
    expect(fake.sent).toHaveLength(1);
    forwarders.flush('a');
    await delivered(4);
  });

  test('are sent when the first of them has waited long enough', async () => {
    use({ linger_ms: 30 });
    await send(1);
    await send(1);
    await delivered(2);
    expect(fake.taken).toEqual(['1', '2']);
  });
});

describe('a destination that is down', () => {
  test('gets everything once it is back, in order', async () => {
    let failures = 5;
    fake.answer = () => {
      if (failures-- > 0) throw new TemporaryFailure('down');
      return ALL_TAKEN;
    };
    use({ batch_size: 2 });
    for (let i = 0; i < 5; i++) await send(1);
    await delivered(5);
    expect(fake.taken).toEqual(ids(1, 5));
    const { figures } = forwarders.status('a');
    expect(figures).toMatchObject({ delivered: 5, failedAttempts: 5, lastError: { message: 'down' } });
    expect(figures.retried).toBeGreaterThanOrEqual(5);
    expectLedger();
  });

  test('is left alone for as long as it asks', async () => {
    const at: number[] = [];
    fake.answer = () => {
      at.push(performance.now());
      if (at.length === 1) throw new TemporaryFailure('busy', 150);
      return ALL_TAKEN;
    };
    use();
    await send(1);
    await until(() => forwarders.status('a').figures.nextAttemptAt !== undefined);
    await delivered(1);
    expect(at[1]! - at[0]!).toBeGreaterThan(140);
  });

  test('is tried at once when it is flushed', async () => {
    fake.answer = () => {
      throw new TemporaryFailure('busy', 3_600_000);
    };
    use();
    await send(1);
    await until(() => forwarders.status('a').figures.nextAttemptAt !== undefined);
    fake.answer = () => ALL_TAKEN;
    forwarders.flush('a');
    await delivered(1);
  });

  test('anything that it throws is temporary', async () => {
    let thrown = false;
    fake.answer = () => {
      if (thrown) return ALL_TAKEN;
      thrown = true;
      throw new RangeError('a mistake of the program');
    };
    use();
    await send(1);
    await delivered(1);
    expect(forwarders.status('a').figures.lastError?.message).toBe('a mistake of the program');
  });

  test('may have taken what it warns about: nothing is sent again, people are told', async () => {
    fake.answer = () => ({ ...ALL_TAKEN, warning: 'b@example.org: 550 no such user' });
    use();
    await send(1);
    await delivered(1);
    expect(forwarders.status('a').figures).toMatchObject({
      failedAttempts: 0,
      lastError: { message: 'b@example.org: 550 no such user' },
    });
    await expect(forwarders.test('a', { id: 'trial' })).rejects.toThrow('b@example.org: 550 no such user');
  });

  test('makes dead letters of what waits for too long, when that is wanted', async () => {
    fake.answer = () => {
      throw new TemporaryFailure('down');
    };
    use({ retry: { ...QUICK.retry, max_age: 60 } });
    await send(2);
    await until(() => forwarders.status('a').figures.failedAttempts > 2);
    expect(queue.stats('a').deadLetters).toBe(0);
    clock += 61_000;
    await until(() => queue.stats('a').deadLetters === 2);
    expect((await deadLetters())[0]?.reason).toBe('not taken within 60 s: down');
    expectLedger();
  });

  test('holds up nobody else', async () => {
    fake.answer = () => new Promise(() => undefined);
    forwarders.refresh([
      { name: 'a', body: bodyOf({ timeout_ms: 60_000 }) },
      { name: 'b', body: bodyOf({}, 'other') },
    ]);
    await send(1);
    await until(() => forwarders.status('a').inFlight === 1);
    await send(3, 'b');
    await until(() => other.taken.length === 3);
  });
});

describe('a destination that hangs', () => {
  test('is told when its time is up, and gets the batch again', async () => {
    let calls = 0;
    fake.answer = (_ids, signal) =>
      ++calls > 1
        ? ALL_TAKEN
        : new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    use();
    await send(1);
    await delivered(1);
    expect(forwarders.status('a').figures.lastError?.message).toBe('no answer within 100 ms');
    expect(fake.opened).toHaveLength(1);
  });

  test('is replaced when it does not even listen to that', async () => {
    let calls = 0;
    fake.answer = () => (++calls > 1 ? ALL_TAKEN : new Promise(() => undefined));
    use();
    await send(1);
    await delivered(1);
    expect(fake.opened).toHaveLength(2);
    expect(fake.closed).toBe(1);
  });
});

describe('what is refused', () => {
  test('goes to the dead letters row by row; what is to be tried again goes first', async () => {
    let calls = 0;
    fake.answer = () =>
      ++calls === 1
        ? {
            refused: [{ row: 1, reason: 'too long' }],
            retry: [
              { row: 3, reason: 'busy' },
              { row: 0, reason: 'busy' },
            ],
          }
        : ALL_TAKEN;
    use({ batch_size: 4 });
    await forwarders.setPaused('a', true);
    await send(6);
    await forwarders.setPaused('a', false);
    await delivered(5);
    expect(fake.sent).toEqual([['3'], ['1', '4'], ['5', '6']]);
    expect(await deadLetters()).toEqual([{ id: '2', reason: 'too long', attempts: 1 }]);
    expectLedger();
  });

  test('rows that are not there, or named twice, do no harm', async () => {
    let calls = 0;
    const row = (index: number) => ({ row: index, reason: 'x' });
    fake.answer = () =>
      ++calls === 1 ? { refused: [row(0), row(0), row(-1), row(9), row(0.5)], retry: [row(0), row(7)] } : ALL_TAKEN;
    use();
    await send(2);
    await until(() => queue.stats('a').records === 0);
    expect(await deadLetters()).toHaveLength(1);
    expectLedger();
  });

  test('as a batch is offered in halves, so that only the records at fault die', async () => {
    fake.answer = (batch) => {
      if (batch.includes('7') || batch.includes('13')) throw new PermanentFailure('400: bad record');
      return ALL_TAKEN;
    };
    use();
    await send(16);
    await until(() => queue.stats('a').records === 0);
    expect((await deadLetters()).map(({ id }) => id)).toEqual(['7', '13']);
    expect(fake.taken).toEqual(ids(1, 16).filter((id) => id !== '7' && id !== '13'));
    expectLedger();
  });

  test('by a destination that takes nothing at all dies without a request for each record', async () => {
    let calls = 0;
    fake.answer = () => {
      calls++;
      throw new PermanentFailure('401: who are you?');
    };
    use();
    await send(400);
    await until(() => queue.stats('a').deadLetters === 400);
    expect(calls).toBeLessThan(100);
    expectLedger();
  });

  test('is delivered when it is put back', async () => {
    fake.answer = () => {
      throw new PermanentFailure('no');
    };
    use();
    await send(2);
    await until(() => queue.stats('a').deadLetters === 2);
    fake.answer = () => ALL_TAKEN;
    expect(await forwarders.replay('a', 'all')).toBe(2);
    await delivered(2);
    expect(queue.stats('a').deadLetters).toBe(0);
  });
});

test('several batches are under way at once when that is wanted, and each record arrives', async () => {
  let underWay = 0;
  let most = 0;
  fake.answer = async (batch) => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
    underWay--;
    if (Math.random() < 0.2) throw new TemporaryFailure('flapping');
    const retry = Math.random() < 0.3 ? [{ row: batch.length - 1, reason: 'busy' }] : [];
    return { refused: [], retry };
  };
  use({ concurrency: 4, batch_size: 7 });
  for (let i = 0; i < 20; i++) await send(10);
  await delivered(200);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(4);
  expect(fake.taken).toHaveLength(200);
  expectLedger();
});

test('a pause outlives a restart', async () => {
  use();
  await forwarders.setPaused('a', true);
  await send(2);
  await stop();
  await open();
  use();
  expect(forwarders.status('a').state).toBe('paused');
  expect(fake.sent).toEqual([]);
  await forwarders.setPaused('a', false);
  await delivered(2);
});

test('what a stopped service had not delivered is delivered by the next', async () => {
  fake.answer = (batch) => {
    if (batch.length > 1)
      return { refused: [], retry: batch.slice(1).map((_, i) => ({ row: i + 1, reason: 'later' })) };
    throw new TemporaryFailure('down', 60_000);
  };
  use();
  await send(3);
  await until(() => fake.taken.length === 2);
  await stop();
  fake.answer = () => ALL_TAKEN;
  await open();
  use();
  await delivered(3);
  expect(fake.taken).toEqual(['1', '2', '3']);
});

test('a record has the same delivery id each time it is offered, also after a restart, and no other has it', async () => {
  use();
  fake.answer = () => {
    throw new TemporaryFailure('down');
  };
  await send(2);
  await send(1);
  await until(() => fake.offered.length > 1);
  await stop();
  const before = fake.offered.splice(0);
  await open();
  fake.answer = () => ALL_TAKEN;
  use();
  await until(() => fake.taken.length === 3);
  const deliveryIds = fake.offered.flat();
  expect(new Set(deliveryIds).size).toBe(3);
  for (const id of deliveryIds) expect(id).toMatch(/^[0-9a-f]{12}\.\d+\.\d+$/);
  for (const offer of before) expect(deliveryIds.slice(0, offer.length)).toEqual(offer);

  // Numbers of entries may begin again in another queue, of whatever name; ids do not.
  await forwarders.dropQueue('a', { keepDeadLetters: false });
  forwarders.refresh(['a', 'b'].map((name) => ({ name, body: bodyOf() })));
  fake.offered.length = 0;
  await send(1);
  await send(1, 'b');
  await until(() => fake.taken.length === 5);
  expect(new Set([...deliveryIds, ...fake.offered.flat()]).size).toBe(5);
});

test('a destination knows what waits behind its batch, and what it kept before a restart', async () => {
  use({ batch_size: 2 });
  await forwarders.setPaused('a', true);
  await send(5);
  const waiting: (number | undefined)[] = [];
  fake.answer = async () => {
    waiting.push(fake.contexts.at(-1)?.waiting?.());
    await fake.contexts.at(-1)?.memory?.write(`kept ${waiting.length}`);
    return ALL_TAKEN;
  };
  await forwarders.setPaused('a', false);
  await delivered(5);
  expect(waiting).toEqual([3, 1, 0]);
  await stop();
  await open();
  use();
  await send(1);
  await delivered(6);
  expect(await fake.contexts.at(-1)?.memory?.read()).toBe('kept 4');
  // A trial is no delivery: it neither knows nor changes anything.
  fake.answer = () => ALL_TAKEN;
  await forwarders.test('a', { id: 'trial' });
  expect(fake.contexts.at(-1)).not.toHaveProperty('memory');
});

test('another configuration takes over what waits, after what is under way', async () => {
  let release: () => void = () => undefined;
  fake.answer = () => new Promise((resolve) => (release = () => resolve(ALL_TAKEN)));
  use({ batch_size: 1 });
  await send(2);
  await until(() => forwarders.status('a').inFlight === 1);
  forwarders.refresh([{ name: 'a', body: bodyOf({}, 'other') }]);
  release();
  await until(() => queue.stats('a').records === 0);
  expect([fake.taken, other.taken]).toEqual([['1'], ['2']]);
  expect(fake.closed).toBe(1);
});

test('a forwarder that can not be used keeps its records until it can', async () => {
  const unavailable = forwarders.refresh([
    { name: 'a', body: new Error('encrypted with another key') },
    { name: 'b', body: '{' },
    { name: 'c', body: '{"version":2,"config":{"type":"unheard of"}}' },
    { name: 'd', body: bodyOf({}, 'other') },
  ]);
  expect([...unavailable.keys()]).toEqual(['a', 'b', 'c']);
  await send(1);
  await send(1, 'd');
  await until(() => other.taken.length === 1);
  expect(forwarders.status('a')).toMatchObject({
    state: 'unavailable',
    unavailableReason: 'encrypted with another key',
  });
  use();
  await until(() => fake.taken.length === 1);
});

test('a deleted forwarder takes nothing; its queue waits for one of the same name', async () => {
  use();
  await forwarders.setPaused('a', true);
  await send(1);
  forwarders.refresh([]);
  await expect(send(1)).rejects.toMatchObject({ code: 'UNKNOWN_FORWARDER' });
  use();
  await forwarders.setPaused('a', false);
  await until(() => fake.taken.length === 1);
});

test('dropping a queue forgets what waits, and nothing that comes later', async () => {
  fake.answer = () => {
    throw new TemporaryFailure('down', 60_000);
  };
  use();
  await send(5);
  await until(() => forwarders.status('a').figures.failedAttempts > 0);
  await forwarders.dropQueue('a', { keepDeadLetters: true });
  expect(queue.stats('a').records).toBe(0);
  fake.answer = () => ALL_TAKEN;
  await send(1);
  await delivered(1);
  expect(fake.taken).toEqual(['6']);
});

describe('a full queue', () => {
  beforeEach(() => {
    fake.answer = () => {
      throw new TemporaryFailure('down', 60_000);
    };
  });

  async function fill(when_full: string): Promise<void> {
    use({ queue: { max_mb: 0.0005, when_full } });
    for (let i = 0; i < 20; i++) await send(1).catch(() => void accepted--);
  }

  test('refuses what comes, and says so ahead', async () => {
    await fill('block');
    expect(forwarders.isFull('a')).toBe(true);
    await expect(send(1)).rejects.toMatchObject({ code: 'BACK_PRESSURE' });
  });

  test.each([
    ['drop_newest', () => forwarders.status('a').figures.droppedNewest],
    ['drop_oldest', () => forwarders.status('a').drops.oldest],
  ])('with %s drops and counts', async (policy, dropped) => {
    await fill(policy);
    expect(forwarders.isFull('a')).toBe(false);
    expect(dropped()).toBeGreaterThan(0);
    expect(dropped() + queue.stats('a').records).toBe(20);
  });
});

/** The whole account: every record that was accepted is delivered, dead, waiting, or counted as dropped. */
function ledger(): Record<string, number> {
  const { records, deadLetters } = queue.stats('a');
  const dropped = forwarders.status('a').figures.droppedNewest + queue.drops('a').oldest;
  return { delivered: new Set(fake.taken).size, dead: deadLetters, queued: records, dropped };
}

function sumOf(account: Record<string, number>): number {
  return Object.values(account).reduce((sum, count) => sum + count, 0);
}

describe('a destination that is down for longer than its queue can hold', () => {
  test.each(['block', 'drop_oldest', 'drop_newest'])('%s: every record is accounted for', async (when_full) => {
    fake.answer = () => {
      throw new TemporaryFailure('down');
    };
    use({ queue: { max_mb: 0.002, when_full } });
    let refused = 0;
    for (let i = 0; i < 100; i++) {
      try {
        await send(3);
      } catch (error) {
        // The sender knows, and keeps them.
        expect(error).toMatchObject({ code: 'BACK_PRESSURE' });
        refused += 3;
      }
    }
    expect(refused > 0).toBe(when_full === 'block');
    const down = ledger();
    expect(down).toMatchObject({ delivered: 0, dead: 0 });
    expect(down.dropped! > 0).toBe(when_full !== 'block');
    expect(sumOf(down)).toBe(accepted - refused);

    // Up again: every seventh record is refused for good.
    fake.answer = (batch) => ({
      refused: batch.flatMap((id, row) => (Number(id) % 7 === 0 ? [{ row, reason: 'no' }] : [])),
      retry: [],
    });
    await until(() => queue.stats('a').records === 0);
    const up = ledger();
    expect(up).toMatchObject({ queued: 0, dropped: down.dropped });
    expect(up.dead).toBeGreaterThan(0);
    expect(up.delivered).toBe(fake.taken.length);
    expect(sumOf(up)).toBe(accepted - refused);
    expect(forwarders.isFull('a')).toBe(false);
    await send(1);
    await until(() => queue.stats('a').records === 0);
    expect(sumOf(ledger())).toBe(accepted - refused);
  });
});

test('a clock that jumps ages nothing and loses nothing', async () => {
  let failures = 0;
  fake.answer = () => {
    failures++;
    throw new TemporaryFailure('down');
  };
  use({ batch_size: 1 });
  const day = 86_400_000;
  for (const jump of [-day, 2 * day, -3 * day]) {
    await send(2);
    clock += jump;
    const before = failures;
    await until(() => failures > before + 2);
    expect(forwarders.status('a').oldestAgeMs).toBeGreaterThanOrEqual(0);
    expect(queue.stats('a').deadLetters).toBe(0);
  }
  fake.answer = () => ALL_TAKEN;
  await delivered(6);
  expect(fake.taken).toEqual(ids(1, 6));
});

describe('a disk that is nearly full', () => {
  test('takes no more, delivers what there is, and takes records again once there is room', async () => {
    use();
    await forwarders.setPaused('a', true);
    await send(3);
    diskLow = true;
    await expect(send(1)).rejects.toMatchObject({ code: 'STORE_FULL' });
    accepted--;
    await forwarders.setPaused('a', false);
    await delivered(3);
    await queue.makeRoom();
    diskLow = false;
    await send(1);
    await delivered(4);
    expect(fake.taken).toEqual(ids(1, 4));
    expectLedger();
  });
});

describe('a disk that is full', () => {
  const full = Object.assign(new Error('no room'), { code: 'STORE_FULL' });

  test('refuses what comes; what is queued is delivered once', async () => {
    use();
    await forwarders.setPaused('a', true);
    await send(2);
    await forwarders.setPaused('a', false);
    await until(() => fake.taken.length === 2);
    fake.answer = () => {
      thread.fail = full;
      return ALL_TAKEN;
    };
    await send(1);
    await until(() => forwarders.status('a').figures.lastError !== undefined);
    await expect(forwarders.append('a', RecordBatch.from([{ timestamp: 0, fields: {} }]))).rejects.toBe(full);
    fake.answer = () => ALL_TAKEN;
    thread.fail = undefined;
    await delivered(3);
    expect(fake.taken).toEqual(['1', '2', '3']);
  });
});

describe('a trial', () => {
  const record = { id: 'trial' };

  test('sends past the queue, and tells what the destination said', async () => {
    use();
    await forwarders.setPaused('a', true);
    await forwarders.test('a', record);
    expect(fake.taken).toEqual(['trial']);
    expect(fake.closed).toBe(1);
    fake.answer = () => ({ refused: [{ row: 0, reason: '422: no such index' }], retry: [] });
    await expect(forwarders.test('a', record)).rejects.toMatchObject({
      code: 'DELIVERY_FAILED',
      message: '422: no such index',
    });
    fake.answer = () => {
      throw new TemporaryFailure('connect ECONNREFUSED');
    };
    await expect(forwarders.test('a', record)).rejects.toThrow('connect ECONNREFUSED');
    fake.answer = () => new Promise(() => undefined);
    await expect(forwarders.test('a', record)).rejects.toThrow('no answer within 100 ms');
    await expect(forwarders.test('b', record)).rejects.toMatchObject({ code: 'UNKNOWN_FORWARDER' });
  });

  test('shows what would be sent', async () => {
    use();
    expect(await forwarders.preview('a', record)).toEqual([record]);
    expect(fake.taken).toEqual([]);
  });
});
