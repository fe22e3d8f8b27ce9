import type { VrlTimestamp } from '../value/value';
import { civilFromDays, SECONDS_PER_DAY } from './civil';
import { MONTHS, WEEKDAYS } from './names';
import type { Padding, PatternItem } from './pattern';
import { fractionText, pad2, yearText } from './rfc3339';
import { dayOfYear, isoWeek, weekdayOf, weekOfYear } from './week';
import type { Zone } from './zone';

/** A timestamp as a wall clock in some zone shows it. */
interface Clock {
  readonly instant: VrlTimestamp;
  readonly zone: Zone;
  readonly offset: number;
  readonly days: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanos: number;
}

function clockAt(instant: VrlTimestamp, zone: Zone): Clock {
  const offset = zone.offsetAt(instant.seconds);
  const local = instant.seconds + offset;
  const days = Math.floor(local / SECONDS_PER_DAY);
  const second = local - days * SECONDS_PER_DAY;
  return {
    instant,
    zone,
    offset,
    days,
    ...civilFromDays(days),
    hour: Math.floor(second / 3600),
    minute: Math.floor(second / 60) % 60,
    second: second % 60,
    nanos: instant.nanos,
  };
}

/** Renders a timestamp by the parts of a pattern. */
export function formatItems(items: readonly PatternItem[], instant: VrlTimestamp, zone: Zone): string {
  const clock = clockAt(instant, zone);
  let text = '';
  for (const item of items) text += item.type === 'field' ? fieldText(item.name, item.padding, clock) : item.text;
  return text;
}

function padded(value: number, width: number, own: Padding, asked: Padding): string {
  const padding = asked ?? own;
  if (padding === 'none') return String(value);
  const digits = String(Math.abs(value)).padStart(
    value < 0 && padding === 'space' ? 0 : width,
    padding === 'space' ? ' ' : '0',
  );
  return value < 0 ? `-${digits}` : digits;
}

function fieldText(name: string, padding: Padding, c: Clock): string {
  const zero = (value: number, width = 2) => padded(value, width, 'zero', padding);
  const space = (value: number) => padded(value, 2, 'space', padding);
  switch (name) {
    case 'Y':
      return c.year > 9999 ? `+${c.year}` : zero(c.year, 4);
    case 'C':
      return zero(Math.floor(c.year / 100));
    case 'y':
      return zero(((c.year % 100) + 100) % 100);
    case 'q':
      return padded(Math.ceil(c.month / 3), 1, 'zero', padding);
    case 'm':
      return zero(c.month);
    case 'b':
    case 'h':
      return (MONTHS[c.month - 1] as string).slice(0, 3);
    case 'B':
      return MONTHS[c.month - 1] as string;
    case 'd':
      return zero(c.day);
    case 'e':
      return space(c.day);
    case 'a':
      return (WEEKDAYS[weekdayOf(c.days)] as string).slice(0, 3);
    case 'A':
      return WEEKDAYS[weekdayOf(c.days)] as string;
    case 'w':
      return String(weekdayOf(c.days));
    case 'u':
      return String(weekdayOf(c.days) || 7);
    case 'U':
      return zero(weekOfYear(c.days, 0));
    case 'W':
      return zero(weekOfYear(c.days, 1));
    case 'G':
      return zero(isoWeek(c.days).year, 4);
    case 'g':
      return zero(((isoWeek(c.days).year % 100) + 100) % 100);
    case 'V':
      return zero(isoWeek(c.days).week);
    case 'j':
      return zero(dayOfYear(c.days), 3);
    case 'H':
      return zero(c.hour);
    case 'k':
      return space(c.hour);
    case 'I':
      return zero(c.hour % 12 || 12);
    case 'l':
      return space(c.hour % 12 || 12);
    case 'P':
      return c.hour < 12 ? 'am' : 'pm';
    case 'p':
      return c.hour < 12 ? 'AM' : 'PM';
    case 'M':
      return zero(c.minute);
    case 'S':
      return zero(c.second);
    case 's':
      return padded(c.instant.seconds, 1, 'none', padding);
    case '+':
      return (
        `${yearText(c.year)}-${pad2(c.month)}-${pad2(c.day)}T${pad2(c.hour)}:${pad2(c.minute)}:${pad2(c.second)}` +
        `${fractionText(c.nanos)}${offsetText(c.offset, ':', 2)}`
      );
    default:
      return name.endsWith('f') ? fraction(name, c.nanos) : zoneText(name, c);
  }
}

function fraction(name: string, nanos: number): string {
  if (name === '.f') return fractionText(nanos);
  const digits = String(nanos).padStart(9, '0');
  const width = name === 'f' ? 9 : Number(name.replace(/[.f]/g, ''));
  return (name.startsWith('.') ? '.' : '') + digits.slice(0, width);
}

function zoneText(name: string, c: Clock): string {
  switch (name) {
    case 'Z':
      return zoneAbbreviation(c);
    case 'z':
      return offsetText(c.offset, '', 2);
    case '::z':
      return offsetText(c.offset, ':', 3);
    case ':::z':
      return offsetText(c.offset, ':', 1);
    default:
      return offsetText(c.offset, ':', 2);
  }
}

/** The zone's short name at that time, as far as the engine has one (`CET`, else an offset). */
function zoneAbbreviation(c: Clock): string {
  if (c.zone.name === 'UTC') return 'UTC';
  if (c.zone.name === '') return offsetText(c.offset, ':', 2);
  const format = new Intl.DateTimeFormat('en-US', { timeZone: c.zone.name, timeZoneName: 'short' });
  const name = format.formatToParts(c.instant.epochMs).find((part) => part.type === 'timeZoneName')?.value ?? '';
  return name.startsWith('GMT') && name !== 'GMT' ? offsetText(c.offset, '', c.offset % 3600 === 0 ? 1 : 2) : name;
}

/** `+01`, `+01:00` or `+01:00:00` for 1, 2 or 3 parts. */
function offsetText(offset: number, separator: string, parts: number): string {
  const seconds = Math.abs(offset);
  const numbers = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return (offset < 0 ? '-' : '+') + numbers.slice(0, parts).map(pad2).join(separator);
}
