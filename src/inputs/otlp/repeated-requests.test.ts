import { RepeatedRequests } from './repeated-requests';

const WINDOW_MS = 60_000;
const BODY = Buffer.from('a request');

let requests: RepeatedRequests<number>;
let done: number;
const work = (): Promise<number> => Promise.resolve(++done);

beforeEach(() => {
  requests = new RepeatedRequests(WINDOW_MS);
  done = 0;
});

test('an equal request of the same sender is not done again', async () => {
  expect(await requests.once('192.0.2.1', BODY, 0, work)).toEqual({ result: 1, isRepeated: false });
  expect(await requests.once('192.0.2.1', Buffer.from(BODY), 59_999, work)).toEqual({ result: 1, isRepeated: true });
  expect(done).toBe(1);
});

test.each<[string, string, Buffer, number]>([
  ['of another sender', '192.0.2.2', BODY, 1],
  ['with another body', '192.0.2.1', Buffer.from('another request'), 1],
  ['after the window', '192.0.2.1', BODY, WINDOW_MS],
  ['before a clock that was set back', '192.0.2.1', BODY, -WINDOW_MS],
])('a request %s is done', async (_what, sender, body, now) => {
  await requests.once('192.0.2.1', BODY, 0, work);
  expect(await requests.once(sender, body, now, work)).toEqual({ result: 2, isRepeated: false });
});

test('a request that is repeated while the first is at work waits for it', async () => {
  let finish: (result: number) => void = () => undefined;
  const first = requests.once('192.0.2.1', BODY, 0, () => new Promise((resolve) => (finish = resolve)));
  const second = requests.once('192.0.2.1', BODY, 1, work);
  finish(7);
  expect(await first).toEqual({ result: 7, isRepeated: false });
  expect(await second).toEqual({ result: 7, isRepeated: true });
  expect(done).toBe(0);
});

test('a request that failed is done again', async () => {
  const failing = (): Promise<number> => Promise.reject(new Error('the store is full'));
  const first = requests.once('192.0.2.1', BODY, 0, failing);
  const meanwhile = requests.once('192.0.2.1', BODY, 0, work);
  await expect(first).rejects.toThrow('the store is full');
  await expect(meanwhile).rejects.toThrow('the store is full');
  expect(await requests.once('192.0.2.1', BODY, 1, work)).toEqual({ result: 1, isRepeated: false });
});

test('so many are remembered and no more', async () => {
  for (let i = 0; i < 10_100; i++) await requests.once('192.0.2.1', Buffer.from(String(i)), 0, work);
  expect(requests.size).toBe(10_000);
  expect((await requests.once('192.0.2.1', Buffer.from('10099'), 0, work)).isRepeated).toBe(true);
  expect((await requests.once('192.0.2.1', Buffer.from('0'), 0, work)).isRepeated).toBe(false);
});
