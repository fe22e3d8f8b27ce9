import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { RecordBatch } from '../../record';
import { removeTemporaryDirectories, temporaryDirectory } from '../testing/temporary-directory';
import type { NewDeadLetter, QueueLimit } from './delivery-queue';
import type { QueueWriterOptions } from './queue-writer';
import { RowSet } from './row-set';
import type { SqliteDeliveryQueue } from './sqlite-delivery-queue';
import type { InProcessQueue } from './testing/in-process';
import { batchOf, MANY_BYTES, openQueue, PLENTY, settlement, waitingIn } from './testing/queue-fixture';

let directory: string;
let queue: SqliteDeliveryQueue;
let thread: InProcessQueue;
let warnings: string[];
let limits: Partial<QueueWriterOptions> = {};

async function open(): Promise<void> {
  ({ queue, thread, warnings } = await openQueue(directory, limits));
}

function waiting(name = 'a'): Promise<string[]> {
  return waitingIn(queue, name);
}

/** Moves what waits from the spool to queue.db. */
async function moveAll(): Promise<void> {
  while (await thread.call<boolean>('moveStep'));
}

async function reopen(): Promise<void> {
  await queue.close();
  await open();
}

beforeEach(async () => {
  limits = {};
  directory = await temporaryDirectory();
  await open();
});

afterEach(async () => {
  await queue.close();
  await removeTemporaryDirectories();
});

/** Incompressible, so that sizes can be told. */
function largeBatch(id: string): RecordBatch {
  const noise = Array.from({ length: 2_000 }, () => String.fromCharCode(33 + Math.random() * 90)).join('');
  return RecordBatch.from([{ timestamp: 7, fields: { id, noise } }]);
}

function letter(id: string): NewDeadLetter {
  return { at: 5, attempts: 2, reason: 'refused', timestamp: 7, fields: { id, __proto__x: 'y' } };
}

test('each queue gives back what was appended, in order, also after a restart', async () => {
  await Promise.all([
    queue.append('a', batchOf(1, 2), PLENTY),
    queue.append('b', batchOf('other'), PLENTY),
    queue.append('a', batchOf(3), PLENTY),
  ]);
  await queue.append('a', batchOf(4), PLENTY);
  await reopen();
  expect(await waiting('a')).toEqual(['1', '2', '3', '4']);
  expect(await waiting('b')).toEqual(['other']);
  expect(queue.stats('a')).toMatchObject({ records: 4, oldestAt: 1_000, paused: false });
  expect(queue.stats('unknown')).toMatchObject({ records: 0, bytes: 0, oldestAt: undefined });
});

test('a text that is kept beside a queue outlives a restart', async () => {
  expect(await queue.memory('a')).toBeUndefined();
  await queue.remember('a', 'first');
  await queue.remember('a', 'second');
  await queue.append('b', batchOf(1), PLENTY);
  await reopen();
  expect([await queue.memory('a'), await queue.memory('b')]).toEqual(['second', undefined]);
  await queue.drop('a', { keepDeadLetters: false });
  expect(await queue.memory('a')).toBeUndefined();
});

test('entries of different queues, and of queues of one name after the other, have different keys', async () => {
  const keys = new Set<string>();
  for (const name of ['a', 'b', 'a']) {
    await queue.append(name, batchOf(1), PLENTY);
    for (const { key } of await queue.read(name, 0, MANY_BYTES)) keys.add(key);
    await reopen();
    for (const { key } of await queue.read(name, 0, MANY_BYTES)) expect(keys).toContain(key);
    await queue.drop(name, { keepDeadLetters: false });
  }
  expect(keys.size).toBe(3);
});

test.each([
  ['is no database', (file: string) => writeFileSync(file, Buffer.alloc(20_000, 'x'))],
  ['was cut short', (file: string) => truncateSync(file, 9_000)],
])('a file that %s is set aside and told of, and new records are taken', async (_name, damage) => {
  await queue.append('a', batchOf(1), PLENTY);
  await queue.close();
  damage(path.join(directory, 'queue.db'));
  await open();
  const moved = readdirSync(path.join(directory, 'quarantine'));
  // What it does not know any more goes with it: it would belong to another queue.
  expect(moved).toEqual([expect.stringMatching(/^queue-.*\.db$/), expect.stringMatching(/^spool-.*\.spool$/)]);
  expect(warnings).toEqual(
    moved.map((name) => expect.stringContaining(`it was moved to ${path.join(directory, 'quarantine', name)}`)),
  );
  await queue.append('a', batchOf(2), PLENTY);
  expect(await waiting()).toEqual(['2']);
});

test('a batch with gaps comes back as it was', async () => {
  const batch = RecordBatch.from([
    { timestamp: 1, fields: { a: 'x' } },
    { timestamp: 5, fields: { b: '', ü: '\u{1f600}' } },
    { timestamp: 3, fields: {} },
  ]);
  await queue.append('a', batch, PLENTY);
  const [entry] = await queue.read('a', 0, 1);
  expect([...(entry?.batch.records() ?? [])]).toEqual([...batch.records()]);
});

test('what is settled is gone; the rest of an entry stays', async () => {
  await queue.append('a', batchOf(1, 2, 3), PLENTY);
  await queue.append('a', batchOf(4), PLENTY);
  const [first, second] = await queue.read('a', 0, MANY_BYTES);
  const done = new RowSet(3);
  done.add(1);
  const progressed = [{ id: first!.id, done: done.toBytes(), remaining: 2 }];
  await queue.settle('a', settlement({ progressed, finished: [second!.id], deadLetters: [letter('2')] }));
  expect(queue.stats('a')).toMatchObject({ records: 2, deadLetters: 1 });
  await reopen();
  expect(await waiting()).toEqual(['1', '3']);
  expect(queue.stats('a')).toMatchObject({ records: 2, deadLetters: 1 });
  await queue.settle('a', settlement({ finished: [first!.id] }));
  expect(queue.stats('a')).toMatchObject({ records: 0, bytes: 0, oldestAt: undefined });
});

test('settling what is gone changes nothing', async () => {
  await queue.append('a', batchOf(1), PLENTY);
  const [entry] = await queue.read('a', 0, MANY_BYTES);
  await queue.drop('a', { keepDeadLetters: false });
  const progressed = [{ id: entry!.id, done: new Uint8Array(1), remaining: 0 }];
  await queue.settle('a', settlement({ finished: [entry!.id], progressed }));
  expect(queue.stats('a')).toMatchObject({ records: 0, bytes: 0 });
});

test('a full queue refuses, or drops the newest', async () => {
  const limit = { maxBytes: 1 };
  await queue.append('a', batchOf(1), { ...limit, whenFull: 'block' });
  await expect(queue.append('a', batchOf(2), { ...limit, whenFull: 'block' })).rejects.toMatchObject({
    code: 'BACK_PRESSURE',
  });
  expect(await queue.append('a', batchOf(3, 4), { ...limit, whenFull: 'drop_newest' })).toEqual({
    refused: 2,
    bytes: 0,
  });
  expect(await waiting()).toEqual(['1']);
});

test('a full queue drops the oldest records that nobody has read', async () => {
  const limit: QueueLimit = { maxBytes: 6_500, whenFull: 'drop_oldest' };
  await queue.append('a', largeBatch('read'), limit);
  await queue.read('a', 0, MANY_BYTES);
  for (const id of ['1', '2', '3', '4']) await queue.append('a', largeBatch(id), limit);
  expect(await waiting()).toEqual(['read', '3', '4']);
  expect(queue.drops('a').oldest).toBe(2);
  expect(queue.stats('a').records).toBe(3);
});

test('dead letters are listed in pages, put back, and deleted', async () => {
  await queue.settle('a', settlement({ deadLetters: ['1', '2', '3', '4'].map(letter) }));
  const page = await queue.deadLetters('a', 0, 3);
  expect(page.letters.map(({ fields }) => fields.id)).toEqual(['1', '2', '3']);
  expect(page.letters[0]).toMatchObject({ at: 5, attempts: 2, reason: 'refused', timestamp: 7 });
  const rest = await queue.deadLetters('a', page.next ?? 0, 3);
  expect(rest.letters.map(({ fields }) => fields.id)).toEqual(['4']);
  expect(rest.next).toBeUndefined();
  const ids = page.letters.map(({ id }) => id);

  expect(await queue.replay('a', [ids[1]!])).toBe(1);
  expect(await queue.replay('a', [ids[1]!])).toBe(0);
  expect(await queue.replay('a', [ids[0]!], { id: 'edited' })).toBe(1);
  expect(await queue.deadLetter('a', ids[0]!)).toBeUndefined();
  expect(await queue.deadLetter('b', ids[2]!)).toBeUndefined();
  expect(await queue.deleteDeadLetters('a', [ids[2]!])).toBe(1);
  expect(await queue.replay('a', 'all')).toBe(1);
  expect(await waiting()).toEqual(['2', 'edited', '4']);
  expect(queue.stats('a')).toMatchObject({ deadLetters: 0, deadLetterBytes: 0, records: 3 });
});

test('above their limit the oldest dead letters go', async () => {
  const letters = ['1', '2', '3'].map(letter);
  await queue.settle('a', settlement({ deadLetters: letters }));
  const limit = Math.ceil((queue.stats('a').deadLetterBytes * 2) / 3);
  await queue.settle('a', settlement({ deadLetters: [letter('4')], maxDeadLetterBytes: limit }));
  const { letters: left } = await queue.deadLetters('a', 0, 10);
  expect(left.map(({ fields }) => fields.id)).toEqual(['3', '4']);
  expect(queue.drops('a').deadLetters).toBe(2);
});

test('a dropped queue is empty at once; dead letters and pause may stay', async () => {
  await queue.append('a', batchOf(1, 2), PLENTY);
  await queue.settle('a', settlement({ deadLetters: [letter('dead')] }));
  await queue.setPaused('a', true);
  await queue.drop('a', { keepDeadLetters: true });
  expect(queue.stats('a')).toMatchObject({ records: 0, deadLetters: 1, paused: true });
  await reopen();
  expect(queue.stats('a')).toMatchObject({ records: 0, deadLetters: 1, paused: true });
  expect(await waiting()).toEqual([]);
  await queue.drop('a', { keepDeadLetters: false });
  expect(queue.stats('a')).toMatchObject({ deadLetters: 0 });
});

test('a damaged entry is set aside and counted; the others are read', async () => {
  await queue.append('a', batchOf(1), PLENTY);
  await queue.append('a', batchOf(2, 3), PLENTY);
  await queue.append('a', batchOf(4), PLENTY);
  await moveAll();
  await queue.close();
  const file = new Database(path.join(directory, 'queue.db'));
  file.prepare('UPDATE entries SET data = zeroblob(40) WHERE id = 2').run();
  file.close();
  await open();
  expect(await waiting()).toEqual(['1', '4']);
  expect(queue.drops('a').damaged).toBe(2);
  expect(queue.stats('a').records).toBe(2);
  expect(warnings).toHaveLength(1);
});

test('a failed commit is told to all who wait for it, and leaves nothing', async () => {
  thread.fail = Object.assign(new Error('disk full'), { code: 'STORE_FULL' });
  await expect(queue.append('a', batchOf(1), PLENTY)).rejects.toThrow('disk full');
  expect(queue.failure).toBe('disk full');
  thread.fail = undefined;
  await queue.append('a', batchOf(2), PLENTY);
  expect(queue.failure).toBeUndefined();
  expect(await waiting()).toEqual(['2']);
});

test('figures are what is on disk, whatever is done', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('settle' as const), pick: fc.integer({ min: 0, max: 5 }), dead: fc.boolean() }),
    fc.record({ kind: fc.constant('replay' as const), count: fc.constant(0) }),
    fc.record({ kind: fc.constant('move' as const), count: fc.constant(0) }),
    fc.record({ kind: fc.constant('restart' as const), count: fc.constant(0) }),
  );
  // Each group begins a file of its own.
  limits = { segmentBytes: 1 };
  await reopen();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), fc.uuid(), async (steps, name) => {
      let accepted = 0;
      let delivered = 0;
      for (const each of steps) {
        if (each.kind === 'append') {
          const ids = Array.from({ length: each.count }, () => accepted++);
          await queue.append(name, batchOf(...ids), PLENTY);
        } else if (each.kind === 'replay') {
          await queue.replay(name, 'all');
        } else if (each.kind === 'move') {
          await thread.call('moveStep');
        } else if (each.kind === 'restart') {
          await reopen();
        } else {
          const [entry] = await queue.read(name, 0, 1);
          if (entry === undefined) continue;
          const done = new RowSet(entry.batch.length, entry.done);
          const row = each.pick % entry.batch.length;
          if (done.has(row)) continue;
          done.add(row);
          const remaining = entry.batch.length - done.size;
          const deadLetters = each.dead ? [letter(entry.batch.field(row, 'id') ?? '')] : [];
          if (!each.dead) delivered++;
          const change =
            remaining === 0
              ? { finished: [entry.id] }
              : { progressed: [{ id: entry.id, done: done.toBytes(), remaining }] };
          await queue.settle(name, settlement({ ...change, deadLetters }));
        }
      }
      const { records, deadLetters } = queue.stats(name);
      expect(records + deadLetters + delivered).toBe(accepted);
      expect(await waiting(name)).toHaveLength(records);
      await reopen();
      expect(queue.stats(name)).toMatchObject({ records, deadLetters });
      expect(await waiting(name)).toHaveLength(records);
      const before = queue.stats(name);
      thread.fail = new Error('no');
      await queue.settle(name, settlement({ deadLetters: [letter('x')] })).catch(() => undefined);
      thread.fail = undefined;
      expect(queue.stats(name)).toEqual(before);
    }),
    { numRuns: 20 },
  );
});
