import { Watchdog, watchdogInterval } from './watchdog';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('signs of life stay out while the answer does, and go on with it', async () => {
  let signs = 0;
  let answer: (() => void) | undefined;
  let stuck = false;
  const answering = (): Promise<void> => (stuck ? new Promise((resolve) => (answer = resolve)) : Promise.resolve());
  const watchdog = new Watchdog({ intervalMs: 100, answering, alive: () => signs++ });
  await jest.advanceTimersByTimeAsync(250);
  expect(signs).toBe(3);
  stuck = true;
  await jest.advanceTimersByTimeAsync(1_000);
  expect(signs).toBe(3);
  stuck = false;
  answer?.();
  await jest.advanceTimersByTimeAsync(100);
  expect(signs).toBeGreaterThan(3);
  watchdog.stop();
  const last = signs;
  await jest.advanceTimersByTimeAsync(1_000);
  expect(signs).toBe(last);
});

test('a thread that is gone gives no sign of life', async () => {
  let signs = 0;
  const answering = (): Promise<void> => Promise.reject(new Error('the thread ended'));
  const watchdog = new Watchdog({ intervalMs: 100, answering, alive: () => signs++ });
  await jest.advanceTimersByTimeAsync(1_000);
  expect(signs).toBe(0);
  watchdog.stop();
});

test.each([
  [{ WATCHDOG_USEC: '60000000' }, 20_000],
  [{ WATCHDOG_USEC: '60000000', WATCHDOG_PID: '7' }, 20_000],
  [{ WATCHDOG_USEC: '60000000', WATCHDOG_PID: '8' }, undefined],
  [{ WATCHDOG_USEC: '1' }, 1],
  [{ WATCHDOG_USEC: '99999999999999999999' }, 2 ** 31 - 1],
  [{ WATCHDOG_USEC: '0' }, undefined],
  [{ WATCHDOG_USEC: '10s' }, undefined],
  [{}, undefined],
])('the interval that %j asks process 7 for is %p ms', (env, expected) => {
  expect(watchdogInterval(env, 7)).toBe(expected);
});
