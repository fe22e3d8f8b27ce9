import { ReaderPool } from './reader-pool';

/** A thread whose calls end when the test says so. */
class ManualReader {
  readonly #ends: (() => void)[] = [];
  closed = false;

  constructor(readonly started: string[]) {}

  call<Result>(method: string): Promise<Result> {
    this.started.push(method);
    return new Promise<Result>((resolve, reject) =>
      this.#ends.push(() => (method === 'fails' ? reject(new Error(method)) : resolve(method as Result))),
    );
  }

  async end(): Promise<void> {
    this.#ends.shift()?.();
    await new Promise(setImmediate);
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

let started: string[];
let readers: ManualReader[];
let pool: ReaderPool;
let waiting: Int32Array;

beforeEach(() => {
  started = [];
  readers = [new ManualReader(started), new ManualReader(started)];
  waiting = new Int32Array(1);
  pool = new ReaderPool(readers, waiting);
});

test('as many calls run as there are threads; the others wait for the first that is free', async () => {
  const calls = ['a', 'fails', 'b', 'c'].map((method) => pool.call(method, undefined, 'first'));
  const outcomes = Promise.allSettled(calls);
  expect(started).toEqual(['a', 'fails']);
  expect(waiting[0]).toBe(2);
  for (let i = 0; i < 2; i++) for (const reader of readers) await reader.end();
  expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(started).toEqual(['a', 'fails', 'b', 'c']);
  expect(waiting[0]).toBe(0);
});

test('what is resumed waits for what is new, but not for ever', async () => {
  const calls = [
    pool.call('long', undefined, 'first'),
    pool.call('long', undefined, 'first'),
    pool.call('resumed', undefined, 'resumed'),
  ];
  for (let i = 0; i < 10; i++) calls.push(pool.call(`new ${i}`, undefined, 'first'));
  for (let i = 0; i < 7; i++) for (const reader of readers) await reader.end();
  await Promise.all(calls);
  expect(started.slice(2, 6)).toContain('new 1');
  expect(started.indexOf('resumed')).toBeGreaterThan(2);
  expect(started.indexOf('resumed')).toBeLessThan(7);
  expect(started).toHaveLength(13);
});

test('what is urgent comes next', async () => {
  const turns = ['first', 'first', 'resumed', 'first', 'urgent'] as const;
  const calls = turns.map((turn, i) => pool.call(`${i} ${turn}`, undefined, turn));
  for (let i = 0; i < 3; i++) for (const reader of readers) await reader.end();
  await Promise.all(calls);
  expect(started).toEqual(['0 first', '1 first', '4 urgent', '3 first', '2 resumed']);
});

test('closing lets calls end and takes no more', async () => {
  const calls = [
    pool.call('a', undefined, 'first'),
    pool.call('b', undefined, 'first'),
    pool.call('c', undefined, 'first'),
  ];
  const closed = pool.close();
  await expect(pool.call('late', undefined, 'first')).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  for (const reader of readers) await reader.end();
  expect(readers.map((reader) => reader.closed)).toEqual([false, false]);
  for (const reader of readers) await reader.end();
  await closed;
  expect(await Promise.all(calls)).toEqual(['a', 'b', 'c']);
  expect(readers.map((reader) => reader.closed)).toEqual([true, true]);
});
