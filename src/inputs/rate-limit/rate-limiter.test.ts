import { frameOf } from '../../syslog';
import { RateLimiter } from './rate-limiter';
import type { RateLimit } from './token-bucket';

const NOBODY = -1;
const NOISY = '192.0.2.1';
const QUIET = '192.0.2.2';
const START = 1_700_000_000_000;

const limiters: RateLimiter[] = [];
const warnings: string[] = [];

function limiter(limit: Partial<RateLimit>): RateLimiter {
  const all: RateLimit = { messages: 0, bytes: 0, burstSeconds: 1, exemptSeverity: NOBODY, ...limit };
  const made = new RateLimiter('syslog_udp', all, (message) => warnings.push(message));
  limiters.push(made);
  return made;
}

function admitted(from: RateLimiter, address: string, messages: number, now: number, message = '<14>hello'): number {
  const frame = frameOf(message);
  let count = 0;
  for (let i = 0; i < messages; i++) if (from.admits(address, frame, now)) count++;
  return count;
}

beforeEach(() => (warnings.length = 0));
afterEach(() => {
  for (const made of limiters.splice(0)) made.close();
});

test('without a limit there is no limiter', () => {
  const none: RateLimit = { messages: 0, bytes: 0, burstSeconds: 10, exemptSeverity: NOBODY };
  expect(RateLimiter.of('x', none, () => undefined)).toBeUndefined();
});

test('a noisy sender is held to its limit and takes nothing from the others', () => {
  const limited = limiter({ messages: 100, burstSeconds: 3 });
  expect(admitted(limited, NOISY, 1000, START)).toBe(300);
  expect(admitted(limited, QUIET, 100, START)).toBe(100);
  expect(admitted(limited, NOISY, 1000, START + 500)).toBe(50);
  expect(admitted(limited, NOISY, 1000, START + 60_000)).toBe(300);
});

test('a clock that is set back gives nothing for free and blocks nobody', () => {
  const limited = limiter({ messages: 100 });
  expect(admitted(limited, NOISY, 1000, START)).toBe(100);
  expect(admitted(limited, NOISY, 1000, START - 3_600_000)).toBe(0);
  expect(admitted(limited, NOISY, 1000, START - 3_599_000)).toBe(100);
});

test('bytes have a limit of their own; a message larger than it passes now and then', () => {
  const limited = limiter({ bytes: 1000 });
  const large = `<14>${'x'.repeat(1996)}`;
  expect(admitted(limited, NOISY, 5, START, large)).toBe(1);
  expect(admitted(limited, NOISY, 5, START + 1000, large)).toBe(0);
  expect(admitted(limited, NOISY, 5, START + 2000, large)).toBe(1);
});

test.each([
  ['<11>error', 20],
  ['<8>emergency', 20],
  ['<12>warning', 10],
  ['no PRI', 10],
  ['<999>no PRI', 10],
])('exempt are errors and worse: %s', (message, count) => {
  expect(admitted(limiter({ messages: 10, exemptSeverity: 3 }), NOISY, 20, START, message)).toBe(count);
});

test('begin and end are told of, with what was dropped in between', () => {
  const limited = limiter({ messages: 10 });
  admitted(limited, NOISY, 25, START);
  admitted(limited, NOISY, 25, START + 4_000);
  limited.check(START + 10_000);
  expect(warnings).toEqual(['syslog_udp: 192.0.2.1 sends more than 10 messages a second, the rest is dropped']);
  limited.check(START + 14_000);
  limited.check(START + 20_000);
  expect(warnings.slice(1)).toEqual([
    'syslog_udp: 192.0.2.1 keeps to its limit again, 30 of its messages were dropped in 4 s',
  ]);
});

test('who can wait is told how long', () => {
  const limited = limiter({ messages: 100, bytes: 1_000_000 });
  expect(limited.pauseAfter(NOISY, 100, 1_000, START)).toBe(0);
  expect(limited.pauseAfter(NOISY, 50, 1_000, START)).toBe(500);
  expect(limited.pauseAfter(NOISY, 0, 0, START + 500)).toBe(0);
  expect(limited.pauseAfter(QUIET, 1, 3_000_000, START)).toBe(2_000);
});
