import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../time/duration-text';
import { dateOfDays, daysInMonth, daysOfDate } from '../time/calendar';
import { COMPILE_ARGUMENT, COMPILE_TYPE, outcome, RUN_ARGUMENT, RUN_TYPE, RUN_VALUE } from '../testing/evaluate';

const env = { when: new Date('2024-02-29T13:04:05.678Z'), text: 'x', n: 1 };

const BERLIN = '2024-07-01 12:00:00 +0200 CEST';

/** The date of a source, written with all its parts. */
const shown = (source: string): string => `${source}.Format("2006-01-02 15:04:05.999999999 -0700")`;

describe('date', () => {
  test.each<[string, unknown]>([
    ['date("2024-02-29")', '2024-02-29 00:00:00 +0000'],
    ['date("13:14:15")', '0000-01-01 13:14:15 +0000'],
    ['date("2024-02-29 13:14:15")', '2024-02-29 13:14:15 +0000'],
    ['date("2024-02-29 13:14:15.123456789")', '2024-02-29 13:14:15.123456789 +0000'],
    ['date("2024-02-29T13:14:15Z")', '2024-02-29 13:14:15 +0000'],
    ['date("2024-02-29T13:14:15.5+02:30")', '2024-02-29 13:14:15.5 +0230'],
    ['date("02 Jan 06 15:04 UTC")', '2006-01-02 15:04:00 +0000'],
    ['date("Monday, 02-Jan-06 15:04:05 UTC")', '2006-01-02 15:04:05 +0000'],
    ['date("Mon, 02 Jan 2006 15:04:05 GMT")', '2006-01-02 15:04:05 +0000'],
    ['date("29/02/24", "02/01/06")', '2024-02-29 00:00:00 +0000'],
    ['date("Feb 3 1969 3:04PM", "Jan 2 2006 3:04PM")', '1969-02-03 15:04:00 +0000'],
    ['date("february  3", "January _2")', '0000-02-03 00:00:00 +0000'],
    ['date("12:30 am", "3:04 pm")', '0000-01-01 00:30:00 +0000'],
    ['date("2024 060", "2006 002")', '2024-02-29 00:00:00 +0000'],
    ['date("1.250", "5.000")', '0000-01-01 00:00:01.25 +0000'],
    ['date("2024-07-01 12:00", "2006-01-02 15:04", "Europe/Berlin")', '2024-07-01 12:00:00 +0200'],
    ['date("2024-01-01 12:00", "2006-01-02 15:04", "America/New_York")', '2024-01-01 12:00:00 -0500'],
    // What the text says of its zone is taken for the zone it is read in where the two agree.
    ['date("2024-07-01 12:00 CEST", "2006-01-02 15:04 MST", "Europe/Berlin")', '2024-07-01 12:00:00 +0200'],
    ['date("2024-07-01 12:00 EDT", "2006-01-02 15:04 MST", "America/New_York")', '2024-07-01 12:00:00 -0400'],
    ['date("2024-07-01 12:00 EDT", "2006-01-02 15:04 MST", "Europe/Berlin")', '2024-07-01 12:00:00 +0000'],
    ['date("2024-07-01 12:00 EDT", "2006-01-02 15:04 MST")', '2024-07-01 12:00:00 +0000'],
    ['date("2024-07-01 12:00 GMT+3", "2006-01-02 15:04 MST")', '2024-07-01 12:00:00 +0300'],
    ['date("12:00 +05", "15:04 MST")', '0000-01-01 12:00:00 +0000'],
    ['date("2024 60", "2006 __2")', '2024-02-29 00:00:00 +0000'],
    ['date("2024-02-29  12:00", "2006-01-02 15:04")', '2024-02-29 12:00:00 +0000'],
    ['date("2024-02-29", "2006-01-02 ")', '2024-02-29 00:00:00 +0000'],
    ['date(timezone("Europe/Berlin"), "2024-07-01")', '2024-07-01 00:00:00 +0200'],
    ['date(timezone("Asia/Kolkata"), "01.07.2024", "02.01.2006")', '2024-07-01 00:00:00 +0530'],
  ])('%s', (source, expected) => expect(outcome(shown(source), env)).toBe(expected));

  test.each<[string, unknown]>([
    ['date("nope")', RUN_VALUE],
    ['date("2024-02-30")', RUN_VALUE],
    ['date("2023-02-29")', RUN_VALUE],
    ['date("2024-13-01")', RUN_VALUE],
    ['date("2024-01-01T25:00:00Z")', RUN_VALUE],
    ['date("2024-1-1")', RUN_VALUE],
    ['date("2024-01-01 ")', RUN_VALUE],
    ['date("2024-01-0112:00", "2006-01-02 15:04")', RUN_VALUE],
    ['date("2024-01-01 12:00 +24", "2006-01-02 15:04 MST")', RUN_VALUE],
    ['string(date("2024-07-01T12:00:00+02:00", "2006-01-02T15:04:05Z07:00", "Europe/Berlin"))', BERLIN],
    ['string(date("2024-07-01T12:00:00+02:00"))', '2024-07-01 12:00:00 +0200 +0200'],
    ['string(date("2024-07-01T12:00:00+00:00"))', '2024-07-01 12:00:00 +0000 UTC'],
    ['date("")', RUN_VALUE],
    ['date(text)', RUN_VALUE],
    ['date("2024-01-01", "2006-01-02", "Nowhere/Land")', RUN_VALUE],
    ['date(n)', RUN_ARGUMENT],
    ['date(1)', RUN_ARGUMENT],
    ['date()', COMPILE_ARGUMENT],
    ['date("a", "b", "c", "d")', COMPILE_ARGUMENT],
    ['timezone("Nowhere/Land")', RUN_VALUE],
    ['timezone("../etc/passwd")', RUN_VALUE],
    ['timezone("europe/berlin")', RUN_VALUE],
    ['timezone("EUROPE/BERLIN")', RUN_VALUE],
    ['timezone("Asia/Calcutta").String()', 'Asia/Calcutta'],
    ['timezone("Etc/GMT+1").String()', 'Etc/GMT+1'],
    ['timezone("EST5EDT").String()', 'EST5EDT'],
    ['timezone("Europe/Berlin").String()', 'Europe/Berlin'],
    ['now() > date("2024-01-01")', true],
    ['now(1)', COMPILE_ARGUMENT],
    ['now() - now() <= duration("0s")', true],
  ])('%s', (source, expected) => expect(outcome(source, env)).toEqual(expected));
});

describe('methods', () => {
  test.each<[string, unknown]>([
    ['when.Year()', 2024],
    ['when.Month()', 2],
    ['when.Day()', 29],
    ['when.Hour()', 13],
    ['when.Minute()', 4],
    ['when.Second()', 5],
    ['when.Nanosecond()', 678_000_000],
    ['when.Weekday()', 4],
    ['when.YearDay()', 60],
    ['when.ISOWeek()', 2024],
    ['date("2021-01-03").ISOWeek()', 2020],
    ['when.Zone()', 'UTC'],
    ['when.In(timezone("Asia/Kolkata")).Format("15:04 MST")', '18:34 IST'],
    ['when.In(timezone("America/St_Johns")).Zone()', 'NST'],
    ['date("2024-07-01").In(timezone("America/St_Johns")).Zone()', 'NDT'],
    ['when.In(timezone("America/Sao_Paulo")).Zone()', '-03'],
    ['when.Location().String()', 'UTC'],
    ['when.Compare(date("2024-01-01"))', 1],
    ['when.Truncate(duration("1h")).Format("15:04:05")', '13:00:00'],
    ['when.Round(duration("1m")).Format("15:04:05")', '13:04:00'],
    ['when.Round(duration("0s")) == when', true],
    ['duration("90m").Round(duration("1h")).String()', '2h0m0s'],
    ['duration("-90m").Round(duration("1h")).String()', '-2h0m0s'],
    ['duration("2562047h47m16.8s").Round(duration("1h")).Nanoseconds()', 9223372036854775807n],
    ['(date("9999-01-01") - date("0001-01-01")).Nanoseconds()', 9223372036854775807n],
    ['duration("117927ms").Minutes()', 1.9654500000000001],
    ['duration("-90m").Truncate(duration("1h")).String()', '-1h0m0s'],
    ['when.Unix()', 1_709_211_845],
    ['when.UnixMilli()', 1_709_211_845_678],
    ['when.UnixNano()', 1_709_211_845_678_000_000n],
    ['date("1969-12-31 23:59:59.5").Unix()', -1],
    ['when.Format("Monday January _2 3:04PM Z07:00 .00 002")', 'Thursday February 29 1:04PM Z .67 060'],
    ['when.Format("06-1-2 03:4:5 pm MST")', '24-2-29 01:4:5 pm UTC'],
    ['when.In(timezone("Asia/Tokyo")).Format("15:04 -07:00")', '22:04 +09:00'],
    ['when.In(timezone("America/New_York")).Format("15:04 MST")', '08:04 EST'],
    ['when.In(timezone("Europe/Berlin")).Format("MST")', 'CET'],
    ['when.In(timezone("Europe/Berlin")).UTC() == when', true],
    ['when.Add(duration("1h")).Hour()', 14],
    ['when.AddDate(0, 1, 1).Format("2006-01-02")', '2024-03-30'],
    ['when.AddDate(1, 0, 0).Format("2006-01-02")', '2025-03-01'],
    ['when.Sub(date("2024-02-29")).Hours()', 13.068243888888889],
    ['when.Before(now())', true],
    ['when.After(now())', false],
    ['when.Equal(when)', true],
    ['when.IsZero()', false],
    ['date("0001-01-01").IsZero()', true],
    ['date("2024-01-01").Year() + 1', 2025],
    ['when.In(timezone("Europe/Berlin")).IsDST()', false],
    ['date("2024-07-01").In(timezone("Europe/Berlin")).IsDST()', true],
    ['date("2024-07-01").IsDST()', false],
    ['when.Clock()', 13],
    ['date("2024-01-01").Clock()', 'ExprCompileError:member_type'],
    ['date("2024-01-01").Nope()', 'ExprCompileError:member_type'],
    ['date("2024-01-01").Year(1)', COMPILE_ARGUMENT],
    ['date("2024-01-01").Add(1)', COMPILE_ARGUMENT],
    ['when.Nope()', 'ExprRuntimeError:member_type'],
    ['when.Add(n)', RUN_ARGUMENT],
    ['missing?.Year()', null],
    ['duration("90m").Hours()', 1.5],
    ['duration("90s").Minutes()', 1.5],
    ['duration("1500ms").Seconds()', 1.5],
    ['duration("1.5s").Milliseconds()', 1500],
    ['duration("-1.5s").Abs().String()', '1.5s'],
    ['string(duration("1h2m3.004s"))', '1h2m3.004s'],
    ['duration("1d")', RUN_VALUE],
    ['duration("")', RUN_VALUE],
    ['duration("1")', RUN_VALUE],
    ['duration("0") == duration("0s")', true],
    ['duration(".s")', RUN_VALUE],
    ['duration("9999999999h")', RUN_VALUE],
    ['duration("-2562047h47m16.854775808s").Nanoseconds()', -9223372036854775808n],
    ['duration("1µs1μs1us1ns").Nanoseconds()', 3001],
    ['duration("+1.5h").Minutes()', 90],
    ['duration(1)', COMPILE_ARGUMENT],
  ])('%s', (source, expected) => expect(outcome(source, env)).toEqual(expected));
});

describe('months and days of the week', () => {
  test.each<[string, unknown]>([
    ['string(when.Month())', 'February'],
    ['string(when.Weekday())', 'Thursday'],
    ['string([when.Month()])', '[February]'],
    ['when.Month().String()', 'February'],
    ['type(when.Month())', 'time.Month'],
    ['type(when.Weekday())', 'time.Weekday'],
    ['int(when.Month()) + 1', 3],
    ['toJSON([when.Weekday()])', '[\n  4\n]'],
    // They are integers of types of their own, which no plain integer equals.
    ['when.Month() == 2', false],
    ['when.Month() != 2', true],
    ['when.Month() in [2]', false],
    ['when.Month() in 1..3', false],
    ['date("2024-01-01").Month() == 1', false],
    ['date("2024-01-01").Month() == "January"', COMPILE_TYPE],
    ['date("2024-01-01").Month() == date("2020-01-07").Month()', true],
    ['when.Month() == when.Weekday()', false],
    ['date("2024-01-01").Month() in [1, 2]', RUN_TYPE],
    ['date("2024-01-01").Month() in 1..3', RUN_TYPE],
    ['when.Month() > 1', RUN_TYPE],
    ['when.Month() + 1', RUN_TYPE],
    ['get(groupBy([when], .Month()), when.Month()) | len()', 1],
    ['get(groupBy([when], .Month()), 2)', null],
    ['string(groupBy([when], .Weekday())) startsWith "map[Thursday:["', true],
    ['mean(when.Month(), 4)', 3],
    ['max(when.Month())', 2],
    ['max([when.Month()])', RUN_ARGUMENT],
    ['when.Month().Nope()', 'ExprRuntimeError:member_type'],
    ['{"a": when.Month()}', { a: 2 }],
  ])('%s', (source, expected) => expect(outcome(source, env)).toEqual(expected));
});

test('a duration is read as it is written', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (nanoseconds) => {
      expect(parseDuration(formatDuration(nanoseconds))).toBe(nanoseconds);
    }),
  );
});

test('the calendar agrees with that of the host', () => {
  fc.assert(
    fc.property(fc.integer({ min: -90_000_000, max: 90_000_000 }), (days) => {
      const host = new Date(days * 86_400_000);
      const date = dateOfDays(days);
      expect(date).toEqual({ year: host.getUTCFullYear(), month: host.getUTCMonth() + 1, day: host.getUTCDate() });
      expect(daysOfDate(date.year, date.month, date.day)).toBe(days);
      expect(date.day).toBeLessThanOrEqual(daysInMonth(date.year, date.month));
    }),
  );
});
