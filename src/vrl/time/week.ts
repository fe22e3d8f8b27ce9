import { civilFromDays, daysFromCivil } from './civil';

/** Weekday of a day counted from 1970-01-01 (a Thursday); 0 is Sunday. */
export function weekdayOf(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

/** Day of the year, 1 to 366. */
export function dayOfYear(days: number): number {
  return days - daysFromCivil(civilFromDays(days).year, 1, 1) + 1;
}

/** Week of the year 0 to 53, weeks starting at `firstWeekday`; days before its first occurrence are in week 0. */
export function weekOfYear(days: number, firstWeekday: 0 | 1): number {
  const sinceWeekStart = (weekdayOf(days) - firstWeekday + 7) % 7;
  return Math.floor((dayOfYear(days) - 1 + 7 - sinceWeekStart) / 7);
}

/** ISO 8601 year and week of a day. */
export function isoWeek(days: number): { readonly year: number; readonly week: number } {
  // The week belongs to the year that its Thursday is in.
  const thursday = days - ((weekdayOf(days) + 6) % 7) + 3;
  const { year } = civilFromDays(thursday);
  return { year, week: Math.floor((thursday - daysFromCivil(year, 1, 1)) / 7) + 1 };
}

/** Number of ISO weeks in an ISO year: 52 or 53. */
export function isoWeeksIn(year: number): number {
  return isoWeek(daysFromCivil(year, 12, 28)).week;
}
