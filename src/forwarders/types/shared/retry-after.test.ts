import { MAX_RETRY_AFTER_MS, retryAfterMs } from './retry-after';

const NOW = Date.parse('2026-03-04T05:06:00Z');

test.each<[string | undefined, number | undefined]>([
  [undefined, undefined],
  ['0', 0],
  ['120', 120_000],
  [' 1.5 ', 1500],
  ['Wed, 04 Mar 2026 05:06:30 GMT', 30_000],
  ['Wednesday, 04-Mar-26 05:06:30 GMT', 30_000],
  ['Wed Mar  4 05:06:30 2026', 30_000],
  ['Wed, 04 Mar 2026 05:00:00 GMT', 0],
  ['999999999', MAX_RETRY_AFTER_MS],
  ['Fri, 31 Dec 9999 23:59:59 GMT', MAX_RETRY_AFTER_MS],
  ['', undefined],
  ['soon', undefined],
  ['-5', undefined],
  ['10 minutes', undefined],
  ['2026-03-04', undefined],
])('Retry-After %j asks for %p ms', (header, expected) => {
  expect(retryAfterMs(header, NOW)).toBe(expected);
});
