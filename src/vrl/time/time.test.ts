import * as fc from 'fast-check';
import { VrlTimestamp } from '../value/value';
import {
  civilFromDays,
  compileFormat,
  daysFromCivil,
  formatRfc3339,
  instantsOf,
  parseRfc3339,
  UTC,
  zoneNamed,
  type Zone,
} from './index';

function zone(name: string): Zone {
  return zoneNamed(name) as Zone;
}

test('dates and day counts are inverse, and agree with the engine', () => {
  fc.assert(
    fc.property(fc.integer({ min: -50_000_000, max: 50_000_000 }), (days) => {
      const date = civilFromDays(days);
      expect(daysFromCivil(date.year, date.month, date.day)).toBe(days);
      const engine = new Date(days * 86_400_000);
      expect([date.year, date.month, date.day]).toEqual([
        engine.getUTCFullYear(),
        engine.getUTCMonth() + 1,
        engine.getUTCDate(),
      ]);
    }),
  );
});

describe('RFC 3339', () => {
  test.each([
    ['2000-10-10T20:55:36Z', '2000-10-10T20:55:36Z'],
    ['2000-10-10 20:55:36.5+02:00', '2000-10-10T18:55:36.500Z'],
    ['1969-12-31T23:59:59.000000001Z', '1969-12-31T23:59:59.000000001Z'],
    ['2000-02-29T00:00:00.123456-00:30', '2000-02-29T00:30:00.123456Z'],
  ])('%s', (text, expected) => {
    expect(formatRfc3339(parseRfc3339(text) as VrlTimestamp)).toBe(expected);
  });
  test.each([
    '',
    '2000-10-10',
    '2000-13-10T00:00:00Z',
    '2001-02-29T00:00:00Z',
    '2000-01-01T24:00:00Z',
    '2000-01-01T00:00:00',
  ])('refuses %j', (text) => expect(parseRfc3339(text)).toBeUndefined());
});

describe('zones', () => {
  test.each([
    ['Europe/Paris', '2024-01-15T12:00:00Z', 3600],
    ['Europe/Paris', '2024-07-15T12:00:00Z', 7200],
    ['Asia/Kathmandu', '2024-07-15T12:00:00Z', 20700],
    ['America/New_York', '2024-03-10T06:59:59Z', -18000],
    ['America/New_York', '2024-03-10T07:00:00Z', -14400],
    ['UTC', '2024-01-15T12:00:00Z', 0],
  ])('%s at %s', (name, instant, offset) => {
    expect(zone(name).offsetAt((parseRfc3339(instant) as VrlTimestamp).seconds)).toBe(offset);
  });
  test('unknown names have none', () => {
    for (const name of ['Mars/Olympus', '+01:00', 'utc', 'europe/Paris', 'LOCAL'])
      expect(zoneNamed(name)).toBeUndefined();
  });
  test('a repeated hour has two instants, a skipped one none', () => {
    const local = (text: string) => (parseRfc3339(`${text}Z`) as VrlTimestamp).seconds;
    expect(instantsOf(local('2024-11-03T01:30:00'), zone('America/New_York'))).toHaveLength(2);
    expect(instantsOf(local('2024-03-10T02:30:00'), zone('America/New_York'))).toHaveLength(0);
    expect(instantsOf(local('2024-03-10T03:30:00'), zone('America/New_York'))).toHaveLength(1);
  });
});

describe('formatting', () => {
  const instant = parseRfc3339('2001-07-08T00:34:59.026490708Z') as VrlTimestamp;
  test.each([
    ['%Y %C %y %q', '2001 20 01 3'],
    ['%m %b %B %h', '07 Jul July Jul'],
    ['%d %e %j', '08  8 189'],
    ['%a %A %w %u', 'Sun Sunday 0 7'],
    ['%U %W %G %g %V', '27 27 2001 01 27'],
    ['%D|%x|%F|%v', '07/08/01|07/08/01|2001-07-08| 8-Jul-2001'],
    ['%H %k %I %l %P %p', '00  0 12 12 am AM'],
    ['%M %S %R %T %X %r', '34 59 00:34 00:34:59 00:34:59 12:34:59 AM'],
    ['%f %.f %.3f %.6f %.9f', '026490708 .026490708 .026 .026490 .026490708'],
    ['%3f %6f %9f', '026 026490 026490708'],
    ['%Z %z %:z %::z %:::z', 'UTC +0000 +00:00 +00:00:00 +00'],
    ['%c', 'Sun Jul  8 00:34:59 2001'],
    ['%+', '2001-07-08T00:34:59.026490708+00:00'],
    ['%s', '994552499'],
    ['%-d %_m %0e %t%n%%', '8  7 08 \t\n%'],
    ['', ''],
  ])('%s', (pattern, expected) => {
    expect(compileFormat(pattern).format(instant, UTC)).toBe(expected);
  });
  test('in a zone', () => {
    expect(compileFormat('%FT%T%:z %Z').format(instant, zone('Europe/Paris'))).toMatch(/^2001-07-08T02:34:59\+02:00 /);
  });
  test.each(['%', '%Q', '%5f', 'a%', '%!'])('%j is no pattern', (pattern) => {
    expect(() => compileFormat(pattern)).toThrow(expect.objectContaining({ message: 'invalid format' }));
  });
});

describe('parsing', () => {
  test.each([
    ['%d/%b/%Y:%T %z', '10/Oct/2000:13:55:36 -0700', '2000-10-10T20:55:36Z'],
    ['%Y-%m-%d %H:%M:%S', '2024-07-15 12:00:00', '2024-07-15T10:00:00Z'],
    ['%Y-%m-%d %H:%M:%S%.f', '2024-01-15 12:00:00.5', '2024-01-15T11:00:00.500Z'],
    ['%Y-%m-%d %H:%M', '2024-1-5 3:07', '2024-01-05T02:07:00Z'],
    ['%s', '994518299', '2001-07-07T15:04:59Z'],
    ['%+', '2001-07-08T00:34:60.026490+09:30', '2001-07-07T15:05:00.026490Z'],
    ['%A, %d %B %Y %I:%M:%S %p %#z', 'Monday, 15 July 2024 11:30:00 PM Z', '2024-07-15T23:30:00Z'],
    ['%a %b %e %H:%M:%S %Y', 'Mon Jul  1 00:00:00 2024', '2024-06-30T22:00:00Z'],
    ['%y%j %T %:z', '24060 00:00:00 +01:00', '2024-02-28T23:00:00Z'],
    ['%G-W%V-%u %T', '2020-W53-5 00:00:00', '2020-12-31T23:00:00Z'],
    ['%F %T.%f', '2024-01-15 12:00:00.5', '2024-01-15T11:00:00.000000005Z'],
    ['%F %T.%3f', '2024-01-15 12:00:00.050', '2024-01-15T11:00:00.050Z'],
    ['%FT%T%#z', '2024-01-15T12:00:00-05', '2024-01-15T17:00:00Z'],
  ])('%s reads %s', (pattern, text, expected) => {
    expect(formatRfc3339(compileFormat(pattern).parse(text, zone('Europe/Paris')))).toBe(expected);
  });
  test.each([
    ['%F', '2024-01-15', 'input is not enough for unique date and time'],
    ['%F %T', '2024-01-15 12:00:00x', 'trailing input'],
    ['%F %T', '2024-01-15 12:00', 'premature end of input'],
    ['%F %T', '2024-01-15 12-00', 'input contains invalid characters'],
    ['%F %T', '2024-02-30 12:00:00', 'input is out of range'],
    ['%F %T', '2024-01-15 25:00:00', 'input is out of range'],
    ['%a %F %T', 'Mon 2024-01-16 00:00:00', 'no possible date and time matching input'],
    ['%F %T %Z', '2024-01-15 12:00:00 CET', 'input is not enough for unique date and time'],
    ['%F %T', '2024-03-31 02:30:00', 'no possible date and time matching input'],
    ['%F %T', '2024-10-27 02:30:00', 'input is not enough for unique date and time'],
    ['%F %I:%M', '2024-01-15 11:00', 'input is not enough for unique date and time'],
  ])('%s refuses %s', (pattern, text, problem) => {
    expect(compileFormat(pattern).tryParse(text, zone('Europe/Paris'))).toBe(problem);
  });
  test('reads what it wrote', () => {
    const pattern = compileFormat('%Y-%m-%d %H:%M:%S%.9f %z');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 250_000_000_000 }), fc.integer({ min: 0, max: 999_999_999 }), (s, n) => {
        const instant = new VrlTimestamp(s, n);
        expect(pattern.parse(pattern.format(instant, zone('Asia/Kolkata')), UTC)).toEqual(instant);
      }),
    );
  });
});
