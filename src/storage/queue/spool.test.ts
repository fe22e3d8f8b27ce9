import fs, { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RecordBatch } from '../../record';
import { removeTemporaryDirectories, temporaryDirectory } from '../testing/temporary-directory';
import type { NewDeadLetter, QueueLimit } from './delivery-queue';
import type { QueueWriterOptions } from './queue-writer';
import type { SqliteDeliveryQueue } from './sqlite-delivery-queue';
import type { InProcessQueue } from './testing/in-process';
import { batchOf, finishIn, MANY_BYTES, openQueue, PLENTY, settlement, waitingIn } from './testing/queue-fixture';

/** A file with a head and nothing else. */
const EMPTY_FILE_BYTES = 64;

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

function noise(): string {
  return Array.from({ length: 500 }, () => String.fromCharCode(33 + Math.random() * 90)).join('');
}

/** About 500 bytes that do not get smaller. */
function append(name: string, id: string | number, limit = PLENTY): Promise<unknown> {
  return queue.append(name, RecordBatch.from([{ timestamp: 7, fields: { id: String(id), noise: noise() } }]), limit);
}

function files(): string[] {
  const folder = path.join(directory, 'queue-spool');
  return readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name));
}

function spoolBytes(): number {
  return files().reduce((sum, file) => sum + statSync(file).size, 0);
}

function quarantined(): string[] {
  return readdirSync(path.join(directory, 'quarantine'));
}

async function sweep(): Promise<void> {
  while (await thread.call<boolean>('sweep'));
}

describe('what was written when the process was killed', () => {
  test('is there but for a group that was cut off, wherever that was', async () => {
    await queue.append('a', batchOf(1, 2), PLENTY);
    await finish('b', 'none');
    await append('a', 3);
    const [file] = files() as [string];
    const before = readFileSync(file);
    await Promise.all([append('a', 4), append('b', 5)]);
    const after = readFileSync(file);
    await queue.close();
    for (let size = before.length; size < after.length; size += 37) {
      for (const left of files()) rmSync(left);
      writeFileSync(file, after.subarray(0, size));
      await open();
      expect((await waiting()).slice(0, 3)).toEqual(['1', '2', '3']);
      expect(await waiting('b')).toEqual([]);
      // What was cut off is no damage, neither now nor at the next start.
      await append('a', 'new');
      await reopen();
      expect((await waiting()).at(-1)).toBe('new');
      expect(warnings).toEqual([]);
      await queue.close();
    }
    await open();
  });

  test('has no group that was cut off before it had a file', async () => {
    await append('a', 1);
    await queue.close();
    writeFileSync(path.join(directory, 'queue-spool', '0000000000000900.spool'), 'LOGWEIR');
    await open();
    expect(await waiting()).toEqual(['1']);
    expect(files()).toHaveLength(2);
    expect(warnings).toEqual([]);
  });

  test('is not delivered again once that was noted, in whatever file', async () => {
    await reopen({ segmentBytes: 1 });
    for (const id of [1, 2, 3, 4]) await append('a', id);
    await queue.append('a', batchOf(5, 6), PLENTY);
    const last = (await queue.read('a', 0, MANY_BYTES)).at(-1)!;
    const progressed = [{ id: last.id, done: Uint8Array.of(0b10), remaining: 1 }];
    await queue.settle('a', settlement({ progressed }));
    await finish('a', '2', '4');
    await reopen();
    expect(await waiting()).toEqual(['1', '3', '5']);
    expect(queue.stats('a').records).toBe(3);
  });
});

describe('ids', () => {
  test('are never given twice, whatever was the last thing that was written', async () => {
    const keys = new Set<string>();
    for (let round = 0; round < 12; round++) {
      await append('a', round);
      const [entry] = await queue.read('a', 0, MANY_BYTES);
      expect(keys).not.toContain(entry!.key);
      keys.add(entry!.key);
      if (round % 3 === 1) await thread.call('moveStep');
      const letter: NewDeadLetter = { at: 1, attempts: 1, reason: 'no', timestamp: 1, fields: { id: 'x' } };
      await queue.settle('a', settlement({ finished: [entry!.id], deadLetters: round % 4 === 2 ? [letter] : [] }));
      if (round % 4 === 2) {
        await queue.replay('a', 'all');
        const [again] = await queue.read('a', 0, MANY_BYTES);
        expect(keys).not.toContain(again!.key);
        keys.add(again!.key);
        await queue.settle('a', settlement({ finished: [again!.id] }));
      }
      await reopen({ segmentBytes: round % 2 === 0 ? 1 : undefined });
    }
  });

  test('are told from those before when the files are lost, and that is told', async () => {
    await append('a', 1);
    const [before] = await queue.read('a', 0, MANY_BYTES);
    await queue.close();
    rmSync(path.join(directory, 'queue-spool'), { recursive: true });
    await open();
    expect(warnings).toEqual([expect.stringContaining('are gone')]);
    expect(queue.stats('a').records).toBe(0);
    await append('a', 2);
    const [after] = await queue.read('a', 0, MANY_BYTES);
    expect(after!.key.split('.')[0]).not.toBe(before!.key.split('.')[0]);
    await reopen();
    expect(warnings).toEqual([]);
  });
});

describe('what waits for long', () => {
  test('is moved, oldest first, and stays in its order', async () => {
    await reopen({ segmentBytes: 2_000, maxSpoolBytes: 6_000 });
    for (let id = 0; id < 60; id++) await append(id % 3 === 0 ? 'b' : 'a', id);
    await sweep();
    expect(spoolBytes()).toBeLessThan(8_000);
    for (let id = 60; id < 64; id++) await append('a', id);
    const expected = Array.from({ length: 64 }, (_, id) => id).filter((id) => id % 3 !== 0 || id >= 60);
    expect(await waiting()).toEqual(expected.map(String));
    const { records } = queue.stats('a');
    expect(records).toBe(expected.length);
    await reopen();
    expect(await waiting()).toEqual(expected.map(String));
    expect(queue.stats('a').records).toBe(records);
  });

  test('is moved by those who append when it gets far too much', async () => {
    await reopen({ segmentBytes: 1_000, maxSpoolBytes: 3_000 });
    for (let id = 0; id < 40; id++) {
      await append('a', id);
      expect(spoolBytes()).toBeLessThan(8_000);
    }
    expect(await waiting()).toHaveLength(40);
  });

  test('stays where it is while the disk is nearly full: what is moved takes room twice', async () => {
    let freeBytes = 0;
    await reopen({ segmentBytes: 1_000, maxSpoolBytes: 3_000, freeBytes: () => freeBytes });
    for (let id = 0; id < 20; id++) await append('a', id);
    const before = spoolBytes();
    await sweep();
    await queue.makeRoom();
    expect(spoolBytes()).toBe(before);
    freeBytes = 1e9;
    await queue.makeRoom();
    expect(spoolBytes()).toBeLessThan(3_000);
    expect(await waiting()).toHaveLength(20);
  });

  test('leaves room in a queue that was nearly full', async () => {
    const limit: QueueLimit = { maxBytes: 4_000, whenFull: 'block' };
    const text = 'the same again '.repeat(200);
    const large = (id: number): RecordBatch => RecordBatch.from([{ timestamp: 1, fields: { id: String(id), text } }]);
    await queue.append('a', large(1), limit);
    await queue.append('a', large(2), limit);
    await expect(queue.append('a', large(3), limit)).rejects.toMatchObject({ code: 'BACK_PRESSURE' });
    await sweep();
    await thread.call('news');
    await queue.read('a', 0, 1);
    expect(queue.stats('a').bytes).toBeLessThan(1_000);
    await queue.append('a', large(3), limit);
    expect(await waiting()).toEqual(['1', '2', '3']);
  });

  test('has its dead letters noted together with what is done', async () => {
    await queue.append('a', batchOf(1, 2, 3), PLENTY);
    await append('b', 'other');
    const [entry] = await queue.read('a', 0, MANY_BYTES);
    const letter: NewDeadLetter = { at: 1, attempts: 1, reason: 'no', timestamp: 1, fields: { id: '2' } };
    const change = settlement({
      progressed: [{ id: entry!.id, done: Uint8Array.of(0b010), remaining: 2 }],
      deadLetters: [letter],
    });
    thread.fail = new Error('no');
    await expect(queue.settle('a', change)).rejects.toThrow('no');
    expect(queue.stats('a')).toMatchObject({ records: 3, deadLetters: 0 });
    thread.fail = undefined;
    await queue.settle('a', change);
    await reopen();
    expect(queue.stats('a')).toMatchObject({ records: 2, deadLetters: 1 });
    expect([await waiting('a'), await waiting('b')]).toEqual([['1', '3'], ['other']]);
  });

  test('of a dropped queue is gone, also after a restart', async () => {
    await append('a', 1);
    await append('b', 2);
    await queue.drop('a', { keepDeadLetters: false });
    expect(await waiting('a')).toEqual([]);
    await append('a', 3);
    await reopen();
    expect([await waiting('a'), await waiting('b')]).toEqual([['3'], ['2']]);
    await thread.call('moveStep');
    expect([await waiting('a'), await waiting('b')]).toEqual([['3'], ['2']]);
  });
});

describe('files', () => {
  test('are deleted once nothing in them, nor in those before, is needed', async () => {
    await reopen({ segmentBytes: 1 });
    for (const id of [1, 2, 3, 4]) await append('a', id);
    const all = files().length;
    await finish('a', '2', '3');
    expect(files().length).toBeGreaterThanOrEqual(all);
    await finish('a', '1');
    const [oldest] = files() as [string];
    await finish('a', '4');
    expect(files()).toHaveLength(1);
    expect(files()).not.toContain(oldest);
  });

  test('take no room when nothing waits', async () => {
    const text = Array.from({ length: 3_000 }, noise).join('');
    await queue.append('a', RecordBatch.from([{ timestamp: 1, fields: { id: '1', text } }]), PLENTY);
    await finish('a', '1');
    expect(spoolBytes()).toBeGreaterThan(1e6);
    await sweep();
    expect(spoolBytes()).toBe(EMPTY_FILE_BYTES);
  });

  test('of others are moved out, and nothing of them is delivered', async () => {
    await append('a', 1);
    const [file] = files() as [string];
    const stranger = readFileSync(file);
    stranger.write('ffffffffffff', 16);
    await queue.close();
    writeFileSync(path.join(path.dirname(file), '0000000000000777.spool'), stranger);
    await open();
    expect(await waiting()).toEqual(['1']);
    expect(quarantined()).toEqual([expect.stringMatching(/^spool-0000000000000777-/)]);
    expect(warnings).toEqual([expect.stringContaining('did not belong')]);
  });

  test('of a newer format are left alone, and so is the start', async () => {
    await append('a', 1);
    await queue.close();
    const [file] = files() as [string];
    const newer = readFileSync(file);
    newer[14] = 2;
    writeFileSync(file, newer);
    await expect(open()).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' });
    newer[14] = 1;
    writeFileSync(file, newer);
    await open();
    expect(await waiting()).toEqual(['1']);
  });
});

describe('damage', () => {
  async function damage(change: (bytes: Buffer) => void): Promise<string> {
    const [file] = files() as [string];
    await queue.close();
    const bytes = readFileSync(file);
    change(bytes);
    writeFileSync(file, bytes);
    await open();
    return file;
  }

  async function threeEntries(): Promise<void> {
    await queue.append('a', batchOf('one'), PLENTY);
    await queue.append('a', batchOf('two', 'and'), PLENTY);
    await queue.append('a', batchOf('three'), PLENTY);
    // The damage is not in the file that is being written.
    await reopen();
  }

  test.each(['read', 'moved'])('of an entry is counted when it is %s; the others are delivered', async (way) => {
    await threeEntries();
    const file = await damage((bytes) => bytes.fill(0xff, bytes.indexOf('two'), bytes.indexOf('two') + 3));
    expect(queue.stats('a').records).toBe(4);
    if (way === 'moved') await thread.call('moveStep');
    expect(await waiting()).toEqual(['one', 'three']);
    await queue.read('a', 0, 1);
    expect(queue.drops('a').damaged).toBe(2);
    expect(queue.stats('a').records).toBe(2);
    await reopen();
    expect(queue.stats('a').records).toBe(2);
    await finish('a', 'one', 'three');
    // What is left of it is kept for whoever wants to look into it.
    expect(quarantined()).toEqual([expect.stringContaining(path.basename(file, '.spool'))]);
  });

  test('between entries is told of; those behind it are found', async () => {
    await threeEntries();
    await damage((bytes) => bytes.fill(0, bytes.indexOf('two') - 40, bytes.indexOf('two')));
    expect(warnings).toEqual([expect.stringMatching(/^\d+ bytes .* can't be read$/)]);
    expect(await waiting()).toEqual(['one', 'three']);
  });

  test('of the end of a file that was full is told of', async () => {
    await threeEntries();
    const [file] = files() as [string];
    await queue.close();
    truncateSync(file, statSync(file).size - 5);
    await open();
    expect(warnings).toEqual([expect.stringContaining("can't be read")]);
    expect(await waiting()).toEqual(['one', 'two', 'and']);
  });
});

describe('a write that fails', () => {
  function start(part: NodeJS.ArrayBufferView, bytes: number): Uint8Array {
    return new Uint8Array(part.buffer, part.byteOffset, bytes);
  }

  test.each(['writevSync', 'fdatasyncSync'] as const)('in %s leaves nothing, and the next one works', async (call) => {
    await append('a', 1);
    jest.spyOn(fs, call).mockImplementationOnce(() => {
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC', syscall: 'write' });
    });
    await expect(append('a', 2)).rejects.toMatchObject({ code: 'STORE_FULL' });
    expect(queue.failure).toContain('no space left');
    await append('a', 3);
    expect(queue.failure).toBeUndefined();
    expect(await waiting()).toEqual(['1', '3']);
    await reopen();
    expect(await waiting()).toEqual(['1', '3']);
    expect(warnings).toEqual([]);
  });

  test('half-way is taken back', async () => {
    await append('a', 1);
    const { writevSync } = fs;
    jest
      .spyOn(fs, 'writevSync')
      .mockImplementationOnce((fd, parts, position) => writevSync(fd, [start(parts[0]!, 30)], position))
      .mockImplementationOnce(() => {
        throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO', syscall: 'write' });
      });
    await expect(append('a', 2)).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await append('a', 3);
    await reopen();
    expect(await waiting()).toEqual(['1', '3']);
    expect(warnings).toEqual([]);
  });

  test('that takes less than it was given goes on where it stopped', async () => {
    const { writevSync } = fs;
    jest
      .spyOn(fs, 'writevSync')
      .mockImplementationOnce((fd, parts, position) => writevSync(fd, [start(parts[0]!, 30)], position))
      .mockImplementationOnce((fd, parts, position) => writevSync(fd, [parts[0]!, start(parts[1]!, 9)], position));
    await append('a', 1);
    await append('a', 2);
    await reopen();
    expect(await waiting()).toEqual(['1', '2']);
  });

  test('of what became of entries is tried again by whoever tells it', async () => {
    await append('a', 1);
    const [entry] = await queue.read('a', 0, MANY_BYTES);
    jest.spyOn(fs, 'fdatasyncSync').mockImplementationOnce(() => {
      throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO', syscall: 'fsync' });
    });
    const done = settlement({ finished: [entry!.id] });
    await expect(queue.settle('a', done)).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(queue.stats('a').records).toBe(1);
    await queue.settle('a', done);
    expect(queue.stats('a').records).toBe(0);
    await reopen();
    expect(await waiting()).toEqual([]);
  });
});
