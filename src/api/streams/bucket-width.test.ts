import { bucketWidth } from './bucket-width';

const MINUTE = 60_000;

test.each([
  [60 * MINUTE, 60, MINUTE],
  [60 * MINUTE + 1, 60, 2 * MINUTE],
  [0, 60, 1],
  [59, 60, 1],
  [24 * 60 * MINUTE, 24, 60 * MINUTE],
  [9_999 * 365 * 24 * 60 * MINUTE, 60, 2173 * 28 * 24 * 60 * MINUTE],
])('%d ms in %d buckets: %d ms', (length, buckets, width) => {
  expect(bucketWidth(length, buckets)).toBe(width);
});
