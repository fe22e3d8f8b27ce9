import { error, t, testCalls } from '../testing/run';
import { VrlTimestamp } from '../value/value';
import { now } from './clock/now';
import { functions } from './timestamp';

const NOON = t('2020-10-21T12:00:00.123456789Z');

describe('format_timestamp', () => {
  testCalls(functions, [
    ['format_timestamp', [NOON, '%d %B %Y %H:%M'], '21 October 2020 12:00'],
    ['format_timestamp', [NOON, '%+'], '2020-10-21T12:00:00.123456789+00:00'],
    ['format_timestamp', [NOON, '%H:%M %z', 'America/New_York'], '08:00 -0400'],
    ['format_timestamp', [NOON, '%s', 'local'], '1603281600'],
    ['format_timestamp', [NOON, '%Q'], error('invalid format')],
    ['format_timestamp', [NOON, '%Y', 'Mars/Olympus'], error('unable to parse timezone: Mars/Olympus')],
  ]);
});

test('now is the system clock', () => {
  const before = Date.now() - 3;
  const at = now();
  expect(at).toBeInstanceOf(VrlTimestamp);
  expect(at.epochMs).toBeGreaterThanOrEqual(before);
  expect(at.epochMs).toBeLessThanOrEqual(Date.now() + 3);
  expect(at.nanos).toBeLessThan(1_000_000_000);
});

test('now follows a clock that is set', () => {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
  expect(now()).toEqual(new VrlTimestamp(1000, 0));
  clock.mockRestore();
  expect(Math.abs(now().epochMs - Date.now())).toBeLessThan(10);
});
