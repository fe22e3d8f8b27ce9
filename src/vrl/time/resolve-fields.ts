import { VrlTimestamp } from '../value/value';
import { civilFromDays, daysFromCivil, daysInMonth, isLeapYear, SECONDS_PER_DAY } from './civil';
import type { Fields, ParseProblem } from './parse-fields';
import { dayOfYear, isoWeek, isoWeeksIn, weekdayOf, weekOfYear } from './week';
import { instantsOf, type Zone } from './zone';

/** Years that a timestamp can have. */
const MAX_YEAR = 262_143;

/** The instant that some fields name; the offset among them counts before the zone. */
export function resolveFields(fields: Fields, zone: Zone | undefined): VrlTimestamp | ParseProblem {
  if (fields.epochSeconds !== undefined) return epochTimestamp(fields.epochSeconds, fields.nanos ?? 0);
  const days = resolveDate(fields);
  if (typeof days === 'string') return days;
  const time = resolveTime(fields);
  if (typeof time === 'string') return time;
  const local = days * SECONDS_PER_DAY + time;
  const nanos = fields.nanos ?? 0;
  if (fields.offset !== undefined) {
    if (Math.abs(fields.offset) >= SECONDS_PER_DAY) return 'input is out of range';
    return new VrlTimestamp(local - fields.offset, nanos);
  }
  if (zone === undefined) return 'input is not enough for unique date and time';
  const instants = instantsOf(local, zone);
  if (instants.length > 1) return 'input is not enough for unique date and time';
  const instant = instants[0];
  return instant === undefined ? 'no possible date and time matching input' : new VrlTimestamp(instant, nanos);
}

function epochTimestamp(seconds: number, nanos: number): VrlTimestamp | ParseProblem {
  return Math.abs(seconds) > MAX_YEAR * 366 * SECONDS_PER_DAY
    ? 'input is out of range'
    : new VrlTimestamp(seconds, nanos);
}

/** Days since 1970-01-01. */
function resolveDate(f: Fields): number | ParseProblem {
  const year = fullYear(f.year, f.century, f.yearOfCentury);
  if (typeof year === 'string') return year;
  const isoYear = fullYear(f.isoYear, undefined, f.isoYearOfCentury);
  if (typeof isoYear === 'string') return isoYear;
  const days = dateFrom(f, year, isoYear);
  return typeof days === 'string' ? days : (contradiction(f, days) ?? days);
}

function dateFrom(f: Fields, year: number | undefined, isoYear: number | undefined): number | ParseProblem {
  if (year !== undefined) {
    if (f.month !== undefined && f.day !== undefined) {
      if (f.month < 1 || f.month > 12 || f.day < 1 || f.day > 31) return 'input is out of range';
      if (f.day > daysInMonth(year, f.month)) return 'input is out of range';
      return daysFromCivil(year, f.month, f.day);
    }
    if (f.dayOfYear !== undefined) {
      if (f.dayOfYear < 1 || f.dayOfYear > (isLeapYear(year) ? 366 : 365)) return 'input is out of range';
      return daysFromCivil(year, 1, 1) + f.dayOfYear - 1;
    }
    if (f.weekday !== undefined && f.weekFromSunday !== undefined)
      return dateOfWeek(year, f.weekFromSunday, f.weekday, 0);
    if (f.weekday !== undefined && f.weekFromMonday !== undefined)
      return dateOfWeek(year, f.weekFromMonday, f.weekday, 1);
  }
  if (isoYear !== undefined && f.isoWeek !== undefined && f.weekday !== undefined) {
    if (f.isoWeek < 1 || f.isoWeek > isoWeeksIn(isoYear)) return 'input is out of range';
    const firstThursday = daysFromCivil(isoYear, 1, 4);
    const firstMonday = firstThursday - ((weekdayOf(firstThursday) + 6) % 7);
    return firstMonday + (f.isoWeek - 1) * 7 + ((f.weekday + 6) % 7);
  }
  return 'input is not enough for unique date and time';
}

function dateOfWeek(year: number, week: number, weekday: number, firstWeekday: 0 | 1): number | ParseProblem {
  if (week > 53) return 'input is out of range';
  const newYear = daysFromCivil(year, 1, 1);
  const firstWeek = newYear + ((firstWeekday - weekdayOf(newYear) + 7) % 7);
  const days = firstWeek + (week - 1) * 7 + ((weekday - firstWeekday + 7) % 7);
  return civilFromDays(days).year === year ? days : 'input is out of range';
}

function fullYear(year?: number, century?: number, yearOfCentury?: number): number | undefined | ParseProblem {
  if (year !== undefined) {
    if (Math.abs(year) > MAX_YEAR) return 'input is out of range';
    const fits =
      (century ?? Math.floor(year / 100)) === Math.floor(year / 100) && (yearOfCentury ?? year % 100) === year % 100;
    return fits ? year : 'no possible date and time matching input';
  }
  if (yearOfCentury === undefined)
    return century === undefined ? undefined : 'input is not enough for unique date and time';
  if (century !== undefined) return century * 100 + yearOfCentury;
  return yearOfCentury + (yearOfCentury < 70 ? 2000 : 1900);
}

/** A field that the date does not bear out, such as the wrong weekday. */
function contradiction(f: Fields, days: number): ParseProblem | undefined {
  const { month, day } = civilFromDays(days);
  const claims: readonly (readonly [number | undefined, number])[] = [
    [f.month, month],
    [f.day, day],
    [f.quarter, Math.ceil(month / 3)],
    [f.dayOfYear, dayOfYear(days)],
    [f.weekday, weekdayOf(days)],
    [f.weekFromSunday, weekOfYear(days, 0)],
    [f.weekFromMonday, weekOfYear(days, 1)],
    [f.isoWeek, isoWeek(days).week],
    [f.isoYear, isoWeek(days).year],
  ];
  const wrong = claims.some(([claimed, actual]) => claimed !== undefined && claimed !== actual);
  return wrong ? 'no possible date and time matching input' : undefined;
}

/** Seconds since midnight. */
function resolveTime(f: Fields): number | ParseProblem {
  let hour = f.hour;
  if (f.hour12 !== undefined) {
    if (f.hour12 < 1 || f.hour12 > 12) return 'input is out of range';
    if (f.afternoon === undefined && hour === undefined) return 'input is not enough for unique date and time';
    const full = (f.hour12 % 12) + (f.afternoon ? 12 : 0);
    if (hour !== undefined && hour % 12 !== full % 12) return 'no possible date and time matching input';
    hour ??= full;
  }
  if (hour !== undefined && f.afternoon !== undefined && hour >= 12 !== f.afternoon)
    return 'no possible date and time matching input';
  if (hour === undefined || f.minute === undefined) return 'input is not enough for unique date and time';
  if (f.nanos !== undefined && f.second === undefined) return 'input is not enough for unique date and time';
  const second = f.second ?? 0;
  if (hour > 23 || f.minute > 59 || second > 60) return 'input is out of range';
  return hour * 3600 + f.minute * 60 + second;
}
