import { backoffMs } from './backoff';

const retry = { initial_ms: 100, multiplier: 2, max_ms: 1_000, max_age: 0 };

test.each([
  [1, 100],
  [2, 200],
  [4, 800],
  [5, 1_000],
  [5_000, 1_000],
])('after %i failures the pause is anything up to %i ms', (failures, limit) => {
  expect(backoffMs(retry, failures, undefined, () => 0)).toBe(0);
  expect(backoffMs(retry, failures, undefined, () => 0.5)).toBe(limit / 2);
  expect(backoffMs(retry, failures, undefined, () => 1)).toBe(limit);
});

test('what the destination asks for is the least, up to a day', () => {
  expect(backoffMs(retry, 1, 5_000, () => 1)).toBe(5_000);
  expect(backoffMs(retry, 9, 500, () => 1)).toBe(1_000);
  expect(backoffMs(retry, 1, Infinity, () => 0)).toBe(86_400_000);
  expect(backoffMs(retry, 1, NaN, () => 0)).toBe(0);
  expect(backoffMs(retry, 1, -5, () => 0)).toBe(0);
});
