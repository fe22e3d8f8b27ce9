import type { ExprCalendarName, ExprTime } from '../value/value';
import { readClock, type ClockReading } from './clock';

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Name of a month or a day of the week. */
export function nameOf({ kind, number }: ExprCalendarName): string {
  return (kind === 'month' ? MONTHS[number - 1] : WEEKDAYS[number]) ?? '';
}

/** A part of a layout: an element that stands for itself as it would be at the reference time, or plain text. */
export interface LayoutPart {
  readonly element: boolean;
  readonly text: string;
}

// Longest first. A fraction must not be followed by a digit, and `Jan` not by a lower case letter.
const ELEMENTS =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|-07:00:00|-07:00|-070000|-0700|-07|Z07:00:00|Z07:00|Z070000|Z0700|Z07|__2|_2(?!006)|002|01|02|03|04|05|06|15|PM|pm|[.,]0+(?!\d)|[.,]9+(?!\d)|1|2|3|4|5/g;

/** Cuts a layout of the reference time (Mon Jan 2 15:04:05 MST 2006) into its parts. */
export function parseLayout(layout: string): readonly LayoutPart[] {
  const parts: LayoutPart[] = [];
  let from = 0;
  for (const match of layout.matchAll(ELEMENTS)) {
    if (match.index > from) parts.push({ element: false, text: layout.slice(from, match.index) });
    parts.push({ element: true, text: match[0] });
    from = match.index + match[0].length;
  }
  if (from < layout.length) parts.push({ element: false, text: layout.slice(from) });
  return parts;
}

/** The time as the layout shows it. */
export function formatTime(time: ExprTime, layout: string): string {
  const clock = readClock(time);
  return parseLayout(layout)
    .map((part) => (part.element ? formatElement(part.text, clock) : part.text))
    .join('');
}

function formatElement(element: string, clock: ClockReading): string {
  switch (element) {
    case 'January':
      return MONTHS[clock.month - 1] ?? '';
    case 'Jan':
      return (MONTHS[clock.month - 1] ?? '').slice(0, 3);
    case '1':
      return String(clock.month);
    case '01':
      return pad(clock.month, 2);
    case 'Monday':
      return WEEKDAYS[clock.weekday] ?? '';
    case 'Mon':
      return (WEEKDAYS[clock.weekday] ?? '').slice(0, 3);
    case '2':
      return String(clock.day);
    case '_2':
      return String(clock.day).padStart(2);
    case '02':
      return pad(clock.day, 2);
    case '__2':
      return String(clock.yearDay).padStart(3);
    case '002':
      return pad(clock.yearDay, 3);
    case '15':
      return pad(clock.hour, 2);
    case '3':
      return String(clock.hour % 12 || 12);
    case '03':
      return pad(clock.hour % 12 || 12, 2);
    case '4':
      return String(clock.minute);
    case '04':
      return pad(clock.minute, 2);
    case '5':
      return String(clock.second);
    case '05':
      return pad(clock.second, 2);
    case '2006':
      return clock.year < 0 ? `-${pad(-clock.year, 4)}` : pad(clock.year, 4);
    case '06':
      return pad(((clock.year % 100) + 100) % 100, 2);
    case 'PM':
      return clock.hour < 12 ? 'AM' : 'PM';
    case 'pm':
      return clock.hour < 12 ? 'am' : 'pm';
    case 'MST':
      return clock.abbreviation === '' ? formatOffset('-0700', clock.offset) : clock.abbreviation;
    default:
      return /^[.,]/.test(element) ? formatFraction(element, clock.nanosecond) : formatOffset(element, clock.offset);
  }
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** Zeros show as many digits, nines drop trailing zeros and, where nothing is left, the point. */
function formatFraction(element: string, nanosecond: number): string {
  const digits = pad(nanosecond, 9)
    .slice(0, element.length - 1)
    .padEnd(element.length - 1, '0');
  if (element[1] === '0') return element.charAt(0) + digits;
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '' : element.charAt(0) + kept;
}

function formatOffset(element: string, offset: number): string {
  if (element.startsWith('Z') && offset === 0) return 'Z';
  const size = Math.abs(offset);
  const colon = element.includes(':') ? ':' : '';
  const digits = element.replace(/\D/g, '').length;
  const sign = offset < 0 ? '-' : '+';
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60].slice(0, digits / 2);
  return sign + parts.map((part) => pad(part, 2)).join(colon);
}
