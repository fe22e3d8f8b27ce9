import fs, { closeSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { RecordBatch } from '../../record';
import { checksum } from '../logs/checksum';
import { removeTemporaryDirectories, temporaryDirectory } from '../testing/temporary-directory';
import type { NewDeadLetter, QueueLimit } from './delivery-queue';
import type { QueueWriterOptions } from './queue-writer';
import { Spool } from './spool';
import { encodeHeader } from './spool-record';
import type { SqliteDeliveryQueue } from './sqlite-delivery-queue';
import { InProcessQueue } from './testing/in-process';
import { batchOf, finishIn, MANY_BYTES, openQueue, PLENTY, settlement, waitingIn } from './testing/queue-fixture';

let directory: string;
let queue: SqliteDeliveryQueue;
let thread: InProcessQueue;
let warnings: string[];

async function open(limits: Partial<QueueWriterOptions> = {}): Promise<void> {
  ({ queue, thread, warnings } = await openQueue(directory, limits));
}

function waiting(name = 'a'): Promise<string[]> {
  return waitingIn(queue, name);
}

function finish(name: string, ...ids: readonly string[]): Promise<void> {
  return finishIn(queue, name, ids);
}

async function reopen(limits?: Partial<QueueWriterOptions>): Promise<void> {
  await queue.close();
  await open(limits);
}

beforeEach(async () => {
  directory = await temporaryDirectory();
  await open();
});

afterEach(async () => {
  jest.restoreAllMocks();
  await queue.close();
  await removeTemporaryDirectories();
});

function append(name: string, id: string | number, limit = PLENTY): Promise<unknown> {
  return queue.append(name, batchOf(id), limit);
}

function letter(id: string): NewDeadLetter {
  return { at: 5, attempts: 2, reason: 'refused', timestamp: 7, fields: { id } };
}

function files(): string[] {
  const folder = path.join(directory, 'queue-spool');
  return readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name));
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: as it happens`), { code, syscall: 'write' });
}

/** Lets calls of one kind fail that `isMeant`, `times` of them. */
function failing(
  call: 'openSync' | 'rmSync' | 'fsyncSync' | 'writevSync',
  times = Infinity,
  isMeant = (..._: unknown[]) => true,
): void {
  const original = fs[call] as (...args: unknown[]) => unknown;
  let left = times;
  jest.spyOn(fs, call as 'openSync').mockImplementation((...args: unknown[]) => {
    if (isMeant(...args) && left-- > 0) throw failure('ENOSPC');
    return original(...args) as never;
  });
}

const isNewFile = (_file: unknown, flags: unknown): boolean => flags === 'wx+';

/** What Knex runs its statements with. */
const SqliteClient = jest.requireActual<{
  readonly prototype: { _query: (connection: unknown, statement: { readonly sql: string }) => Promise<unknown> };
}>('knex/lib/dialects/better-sqlite3');

function failingStatements(pattern: RegExp): void {
  const original = SqliteClient.prototype._query;
  jest.spyOn(SqliteClient.prototype, '_query').mockImplementation(function (this: unknown, connection, statement) {
    if (!pattern.test(statement.sql)) return original.call(this, connection, statement);
    return Promise.reject(Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' }));
  });
}

describe('settlements', () => {
  test('about one entry that come together count its records once', async () => {
    await queue.append('a', batchOf(1, 2, 3), PLENTY);
    await append('a', 4);
    const [first] = await queue.read('a', 0, MANY_BYTES);
    const id = first!.id;
    await Promise.all([
      queue.settle('a', settlement({ progressed: [{ id, done: Uint8Array.of(0b001), remaining: 2 }] })),
      queue.settle('a', settlement({ progressed: [{ id, done: Uint8Array.of(0b011), remaining: 1 }] })),
      queue.settle('a', settlement({ finished: [id] })),
      queue.settle('a', settlement({ finished: [id] })),
    ]);
    const stats = queue.stats('a');
    expect(stats).toMatchObject({ records: 1 });
    await reopen();
    expect(queue.stats('a')).toEqual(stats);
  });

  test('that come again have their dead letters once', async () => {
    await queue.append('a', batchOf(1, 2, 3), PLENTY);
    const [entry] = await queue.read('a', 0, MANY_BYTES);
    const id = entry!.id;
    const part = settlement({
      progressed: [{ id, done: Uint8Array.of(0b010), remaining: 2 }],
      deadLetters: [letter('2')],
    });
    await queue.settle('a', part);
    await queue.settle('a', part);
    expect(queue.stats('a')).toMatchObject({ records: 2, deadLetters: 1 });
    const rest = settlement({ finished: [id], deadLetters: [letter('1'), letter('3')] });
    await queue.settle('a', rest);
    await queue.settle('a', rest);
    expect(queue.stats('a')).toMatchObject({ records: 0, deadLetters: 3 });
  });

  test('are not told to have failed when only their figures can not be read', async () => {
    await queue.append('a', batchOf(1, 2), PLENTY);
    await append('a', 3);
    const [entry] = await queue.read('a', 0, MANY_BYTES);
    failingStatements(/select `appended_at`/);
    await queue.settle('a', settlement({ finished: [entry!.id], deadLetters: [letter('1'), letter('2')] }));
    expect(queue.stats('a')).toMatchObject({ records: 1, deadLetters: 2, oldestAt: undefined });
    jest.restoreAllMocks();
    await append('a', 4);
    expect(queue.stats('a')).toMatchObject({ records: 2, deadLetters: 2, oldestAt: 1_000 });
  });

  test('are noted while there is no room to move what waits', async () => {
    await reopen({ segmentBytes: 1, maxSpoolBytes: 100 });
    await queue.append('a', batchOf(...Array.from({ length: 200 }, (_, id) => id)), PLENTY);
    const [entry] = await queue.read('a', 0, MANY_BYTES);
    failingStatements(/insert into `entries`/);
    const [noted, appended] = await Promise.allSettled([
      queue.settle('a', settlement({ finished: [entry!.id] })),
      append('a', 'more'),
    ]);
    expect([noted.status, appended.status]).toEqual(['rejected', 'rejected']);
    await queue.settle('a', settlement({ finished: [entry!.id] }));
    expect(await waiting()).toEqual([]);
    expect(queue.stats('a')).toMatchObject({ records: 0, bytes: 0 });
    await append('a', 'again');
    expect(await waiting()).toEqual(['again']);
  });
});

describe('a file that can not be deleted', () => {
  test('is kept with those behind it: what was delivered does not come back', async () => {
    await reopen({ segmentBytes: 1 });
    await append('a', 1);
    await append('a', 2);
    const [oldest] = files() as [string];
    failing('rmSync', Infinity, (file) => file === oldest);
    await finish('a', '1');
    await finish('a', '2');
    await append('a', 3);
    await finish('a', '3');
    expect(files()).toContain(oldest);
    jest.restoreAllMocks();
    await reopen({ segmentBytes: 1 });
    expect(await waiting()).toEqual([]);
    expect(files().length).toBeLessThanOrEqual(2);
    expect(warnings).toEqual([]);
  });

  test('because it is gone keeps nothing from being deleted', async () => {
    await reopen({ segmentBytes: 1 });
    await append('a', 1);
    await append('a', 2);
    const [oldest] = files() as [string];
    rmSync(oldest);
    await finish('a', '1', '2');
    expect(files()).toHaveLength(1);
  });
});

describe('a file that can not be made', () => {
  test('leaves no name that others stumble over', async () => {
    await reopen({ segmentBytes: 1 });
    await append('a', 1);
    failing('fsyncSync', 1);
    failing('rmSync', 1);
    await expect(append('a', 2)).rejects.toMatchObject({ code: 'STORE_FULL' });
    await append('a', 3);
    await reopen();
    expect(await waiting()).toEqual(['1', '3']);
    expect(warnings).toEqual([]);
  });

  test('does not keep what waits from being delivered, nor other room from being made', async () => {
    await append('a', 1);
    await queue.close();
    failing('openSync', Infinity, isNewFile);
    await open();
    expect(await waiting()).toEqual(['1']);
    await expect(append('a', 2)).rejects.toMatchObject({ code: 'STORE_FULL' });
    await queue.makeRoom();
    jest.restoreAllMocks();
    await append('a', 3);
    await reopen();
    expect(await waiting()).toEqual(['1', '3']);
    expect(warnings).toEqual([]);
  });
});

describe('files stay few', () => {
  test('however often the process starts while an entry waits', async () => {
    await append('a', 'straggler');
    for (let start = 0; start < 6; start++) await reopen();
    expect(files()).toHaveLength(2);
    expect(await waiting()).toEqual(['straggler']);
  });

  test('however many small entries were finished behind one that waits', async () => {
    await reopen({ segmentBytes: 500, maxSpoolRecords: 40 });
    await append('a', 'straggler');
    for (let id = 0; id < 30; id++) {
      await append('b', id);
      await finish('b', String(id));
    }
    expect(files().length).toBeGreaterThan(5);
    while (await thread.call<boolean>('sweep'));
    expect(files().length).toBeLessThanOrEqual(2);
    await reopen();
    expect([await waiting('a'), await waiting('b')]).toEqual([['straggler'], []]);
  });

  test('however often a write finds the disk full', async () => {
    await append('a', 'straggler');
    failing('writevSync', Infinity, (_fd, parts) => (parts as Uint8Array[]).length > 1);
    for (let i = 0; i < 6; i++) await expect(append('a', i)).rejects.toMatchObject({ code: 'STORE_FULL' });
    expect(files().length).toBeLessThanOrEqual(2);
    jest.restoreAllMocks();
    await append('a', 'after');
    await reopen();
    expect(await waiting()).toEqual(['straggler', 'after']);
  });
});

test('a write that was too large for the disk leaves room for notes of what was delivered', async () => {
  await append('a', 1);
  failing('writevSync', Infinity, (_fd, parts) => (parts as Uint8Array[]).some(({ length }) => length > 100));
  failing('openSync', Infinity, isNewFile);
  await expect(queue.append('a', batchOf('x'.repeat(200)), PLENTY)).rejects.toMatchObject({ code: 'STORE_FULL' });
  await finish('a', '1');
  jest.restoreAllMocks();
  await reopen();
  expect(await waiting()).toEqual([]);
  expect(warnings).toEqual([]);
});

test.each(['sweep', 'makeRoom'])(
  'what a dropped queue held is given back by %s also when nothing can be moved',
  async (call) => {
    await reopen({ segmentBytes: 1, maxSpoolBytes: 100 });
    await append('a', 1);
    while (await thread.call<boolean>('moveStep'));
    await queue.drop('a', { keepDeadLetters: false });
    await append('b', 'x'.repeat(200));
    failingStatements(/insert into `entries`/);
    for (let more = true; more;) more = await thread.call<boolean>(call).catch(() => false);
    await expect(thread.call(call)).rejects.toMatchObject({ code: 'STORE_FAILED' });
    jest.restoreAllMocks();
    await queue.close();
    const file = new Database(path.join(directory, 'queue.db'), { readonly: true });
    const left = file.prepare('SELECT count(*) AS count FROM queues WHERE name IS NULL').get() as { count: number };
    file.close();
    expect(left.count).toBe(0);
    await open();
    expect(await waiting('b')).toHaveLength(1);
  },
);

describe('a queue that drops the oldest', () => {
  const limit: QueueLimit = { maxBytes: 20_000, whenFull: 'drop_oldest' };
  const text = 'the same again '.repeat(200);

  test('first makes smaller what it holds', async () => {
    for (let id = 0; id < 20; id++) {
      await queue.append('a', RecordBatch.from([{ timestamp: 1, fields: { id: String(id), text } }]), limit);
    }
    expect(queue.drops('a').oldest).toBe(0);
    expect(await waiting()).toHaveLength(20);
    expect(queue.stats('a').bytes).toBeLessThan(limit.maxBytes);
  });

  test('has taken what was appended also when it can not drop just then', async () => {
    const small: QueueLimit = { ...limit, maxBytes: 10 };
    failingStatements(/insert into `entries`|delete from `entries`/);
    await append('a', 1, small);
    await append('a', 2, small);
    expect(warnings).toEqual([expect.stringContaining("can't be kept within its limit")]);
    expect(await waiting()).toEqual(['1', '2']);
    expect(queue.stats('a').records).toBe(2);
  });
});

describe('lost files', () => {
  test('are told of, and ids are new, also when that can not be noted at first', async () => {
    await append('a', 1);
    const [before] = await queue.read('a', 0, MANY_BYTES);
    await queue.close();
    rmSync(path.join(directory, 'queue-spool'), { recursive: true });
    failingStatements(/update `queues`/);
    await expect(open()).rejects.toMatchObject({ code: 'STORE_FAILED' });
    jest.restoreAllMocks();
    await open();
    await append('a', 2);
    const [after] = await queue.read('a', 0, MANY_BYTES);
    expect(after!.key.split('.')[0]).not.toBe(before!.key.split('.')[0]);
  });

  test('are no loss when there was no queue yet', async () => {
    await queue.close();
    rmSync(path.join(directory, 'queue-spool'), { recursive: true });
    await open();
    expect(warnings).toEqual([]);
  });
});

test('a call that finds the file not open, after a thread that ended, opens it and tells of all queues', async () => {
  await append('a', 1);
  await append('b', 2);
  await queue.close();
  const caller = new InProcessQueue(path.join(directory, 'queue.db'), { warn: () => undefined });
  const { report } = await caller.call<{ report: { stats: Map<string, { records: number }> } }>('read', {
    queue: 'a',
    afterId: 0,
    maxBytes: 1,
  });
  expect([...report.stats.values()].map(({ records }) => records)).toEqual([1, 1]);
  await caller.close();
  await expect(caller.call('read', { queue: 'a', afterId: 0, maxBytes: 1 })).rejects.toThrow('closed');
  await open();
});

describe('the spool itself', () => {
  const UID = '0123456789ab';

  function options() {
    const spool = path.join(directory, 'other');
    return { directory: spool, quarantine: path.join(directory, 'quarantine'), uid: UID, movedUpTo: 0, firstId: 1 };
  }

  function openSpool(hasQueue = () => true, segmentBytes?: number): Spool {
    const spool = Spool.open({ ...options(), hasQueue, segmentBytes });
    spool.start();
    return spool;
  }

  function spoolFiles(): string[] {
    return readdirSync(options().directory)
      .sort()
      .map((name) => path.join(options().directory, name));
  }

  function newEntry(data: Uint8Array) {
    return { queueId: 1, recordCount: 1, at: 1, data };
  }

  /** What looks like an entry for another queue. */
  function forged(salt: Uint8Array): Buffer {
    const data = Buffer.from('forged');
    const dataChecksum = checksum(data);
    const header = { kind: 'entry', queueId: 2, id: 900, at: 1, recordCount: 1, dataBytes: data.length } as const;
    return Buffer.concat([encodeHeader({ ...header, dataChecksum }, salt), data]);
  }

  test.each([
    ['was cut off', (file: string) => truncateSync(file, statSync(file).size - 3), Buffer.from(UID)],
    [
      'has lost its header',
      (file: string) => {
        const fd = fs.openSync(file, 'r+');
        fs.writeSync(fd, Buffer.alloc(8), 0, 8, 64);
        closeSync(fd);
      },
      Buffer.alloc(0),
    ],
  ])('takes nothing in a record that %s for a record of its own', (_name, damage, salt) => {
    const spool = openSpool();
    spool.write([newEntry(Buffer.concat([Buffer.from('before '), forged(salt), Buffer.from(' after')]))], []);
    spool.close();
    damage(spoolFiles()[0]!);
    const again = openSpool();
    expect([...again.entries()]).toEqual([]);
    again.close();
  });

  test('has the directory that it is in, and what it cuts off, on disk before it goes on', () => {
    const calls: string[] = [];
    for (const call of ['fsyncSync', 'ftruncateSync', 'openSync'] as const) {
      const original = fs[call] as (...args: unknown[]) => unknown;
      jest.spyOn(fs, call as 'openSync').mockImplementation((...args: unknown[]) => {
        calls.push(call === 'openSync' ? `open ${path.basename(String(args[0]))} ${String(args[1])}` : call);
        return original(...args) as never;
      });
    }
    const spool = openSpool();
    expect(calls.slice(0, 3)).toEqual([
      `open ${path.basename(directory)} r`,
      'fsyncSync',
      expect.stringContaining('wx+'),
    ]);
    spool.write([newEntry(Buffer.from('whole'))], []);
    spool.write([newEntry(Buffer.from('torn'))], []);
    spool.close();
    const [file] = spoolFiles() as [string];
    truncateSync(file, statSync(file).size - 2);
    calls.length = 0;
    const again = openSpool();
    expect(calls.slice(calls.indexOf('ftruncateSync'))).toEqual([
      'ftruncateSync',
      'fsyncSync',
      expect.stringContaining('wx+'),
      'fsyncSync',
      'open other r',
      'fsyncSync',
    ]);
    expect(again.length).toBe(1);
    again.close();
  });

  test('is read as a whole by others while its files are being deleted', () => {
    const spool = openSpool(undefined, 1);
    const [first] = spool.write([newEntry(Buffer.from('one')), newEntry(Buffer.from('two'))], []);
    const finished = (id: number) => [{ queueId: 1, settlement: { finished: [id], progressed: [] } }];
    spool.write([], finished(first!.id));
    spool.write([newEntry(Buffer.from('three'))], []);
    const [, noteFile] = spoolFiles() as [string, string];
    const original = fs.openSync;
    let isDeleted = false;
    jest.spyOn(fs, 'openSync').mockImplementation((file, ...rest) => {
      if (file === noteFile && !isDeleted) {
        isDeleted = true;
        spool.write([], finished(first!.id + 1));
      }
      return original(file, ...rest);
    });
    const seen = Spool.inspect({ ...options(), hasQueue: () => true });
    expect(isDeleted).toBe(true);
    expect([...seen.entries()].map((entry) => Buffer.from(seen.read(entry)!).toString())).toEqual(['three']);
    seen.close();
    spool.close();
  });

  test('takes what the disk will not give for damage in the end', () => {
    const spool = openSpool();
    const [entry] = spool.write([newEntry(Buffer.from('one'))], []);
    jest.spyOn(fs, 'readSync').mockImplementation(() => {
      throw failure('EIO');
    });
    for (let i = 0; i < 4; i++) expect(() => spool.read(entry!)).toThrow('EIO');
    expect(spool.read(entry!)).toBeUndefined();
    spool.close();
  });
});
