import { ExprTime, ExprZone, UTC } from '../value/value';
import { daysInMonth, daysOfDate, SECONDS_PER_DAY } from './calendar';
import { joinSeconds } from './clock';
import { quote } from '../syntax/quote';
import { MONTHS, parseLayout, WEEKDAYS, type LayoutPart } from './layout';
import { instantOfLocal } from './zones';

/** What reading a text by a layout has found so far. */
interface Found {
  year: number;
  month: number;
  day: number;
  yearDay: number;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  pm: boolean | undefined;
  offset: number | undefined;
  abbreviation: string;
}

/** Reads one element and gives the rest of the text; undefined when the element is not there. */
type Reader = (text: string, found: Found) => string | undefined;

/**
 * Reads a time by a layout of the reference time. Without an offset in the text the time is in `zone`.
 *
 * @returns undefined when the text does not follow the layout or names no time.
 */
export function parseTime(text: string, layout: string, zone: ExprZone = UTC): ExprTime | undefined {
  const { rest, stopped, found } = walkLayout(text, layout);
  return rest === '' && stopped === undefined ? assemble(found, zone) : undefined;
}

/** Why {@link parseTime} gives nothing, in the reference's words. */
export function describeTimeProblem(text: string, layout: string): string {
  const { rest, stopped } = walkLayout(text, layout);
  const begin = `parsing time ${quote(text)}`;
  if (stopped === undefined) return `${begin}: ${rest === '' ? 'day out of range' : `extra text: ${quote(rest)}`}`;
  const [pattern, name] = RANGES.get(stopped.text) ?? [];
  if (pattern?.test(rest) === true) return `${begin}: ${name} out of range`;
  return `${begin} as ${quote(layout)}: cannot parse ${quote(rest)} as ${quote(stopped.text)}`;
}

/** Elements that have a range: how their digits look, and what messages call them. */
const RANGES: ReadonlyMap<string, readonly [RegExp, string]> = new Map([
  ['1', [/^\d/, 'month']],
  ['01', [/^\d\d/, 'month']],
  ['15', [/^\d/, 'hour']],
  ['3', [/^\d/, 'hour']],
  ['03', [/^\d\d/, 'hour']],
  ['4', [/^\d/, 'minute']],
  ['04', [/^\d\d/, 'minute']],
  ['5', [/^\d/, 'second']],
  ['05', [/^\d\d/, 'second']],
]);

/** How far a text follows a layout: what is left of it, and the part of the layout that it does not follow. */
interface Walk {
  readonly rest: string;
  readonly stopped: LayoutPart | undefined;
  readonly found: Found;
}

function walkLayout(text: string, layout: string): Walk {
  const found: Found = {
    year: 0,
    month: -1,
    day: -1,
    yearDay: -1,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    pm: undefined,
    offset: undefined,
    abbreviation: '',
  };
  const parts = parseLayout(layout);
  let rest = text;
  for (const [index, part] of parts.entries()) {
    const next = part.element ? readElement(part.text, rest, found) : skipText(rest, part.text);
    if (next === undefined) return { rest: part.element ? rest : mismatch(rest, part.text), stopped: part, found };
    const isSecond = part.element && /^0?5$/.test(part.text) && !isFraction(parts[index + 1]?.text);
    rest = isSecond ? readExtraFraction(next, found) : next;
  }
  return { rest, stopped: undefined, found };
}

/** The text from where it no longer is what the layout has. */
function mismatch(text: string, expected: string): string {
  let at = 0;
  while (at < expected.length && text[at] === expected[at]) at++;
  return text.slice(at);
}

function isFraction(text: string | undefined): boolean {
  return text !== undefined && /^[.,][09]/.test(text);
}

/** A run of spaces in the layout takes any run of spaces, also none. */
function skipText(text: string, expected: string): string | undefined {
  let rest = text;
  for (const part of expected.split(/( +)/)) {
    if (part.startsWith(' ')) rest = rest.replace(/^ +/, '');
    else if (rest.startsWith(part)) rest = rest.slice(part.length);
    else return undefined;
  }
  return rest;
}

function readElement(element: string, text: string, found: Found): string | undefined {
  const reader = READERS.get(element);
  if (reader !== undefined) return reader(text, found);
  return isFraction(element) ? readFraction(element, text, found) : readOffset(element, text, found);
}

/** A number of one to two digits, or of exactly two. */
function numeric(
  field: 'month' | 'day' | 'hour' | 'minute' | 'second',
  low: number,
  high: number,
  exact: boolean,
): Reader {
  const pattern = exact ? /^\d\d/ : /^\d\d?/;
  return (text, found) => {
    const digits = pattern.exec(text)?.[0];
    if (digits === undefined || Number(digits) < low || Number(digits) > high) return undefined;
    found[field] = Number(digits);
    return text.slice(digits.length);
  };
}

function named(
  names: readonly string[],
  length: number | undefined,
  store: (index: number, found: Found) => void,
): Reader {
  return (text, found) => {
    for (const [index, name] of names.entries()) {
      const wanted = name.slice(0, length).toLowerCase();
      if (text.slice(0, wanted.length).toLowerCase() !== wanted) continue;
      store(index, found);
      return text.slice(wanted.length);
    }
    return undefined;
  };
}

const setMonth = (index: number, found: Found): void => void (found.month = index + 1);
const ignore = (): void => undefined;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['January', named(MONTHS, undefined, setMonth)],
  ['Jan', named(MONTHS, 3, setMonth)],
  ['1', numeric('month', 1, 12, false)],
  ['01', numeric('month', 1, 12, true)],
  ['Monday', named(WEEKDAYS, undefined, ignore)],
  ['Mon', named(WEEKDAYS, 3, ignore)],
  ['2', numeric('day', 0, 99, false)],
  ['_2', (text, found) => numeric('day', 0, 99, false)(text.replace(/^ /, ''), found)],
  ['02', numeric('day', 0, 99, true)],
  ['__2', (text, found) => readYearDay(text, found, /^(?: {2}\d| \d\d|\d{3})/)],
  ['002', (text, found) => readYearDay(text, found, /^\d{3}/)],
  ['15', numeric('hour', 0, 23, false)],
  ['3', numeric('hour', 0, 12, false)],
  ['03', numeric('hour', 0, 12, true)],
  ['4', numeric('minute', 0, 59, false)],
  ['04', numeric('minute', 0, 59, true)],
  ['5', numeric('second', 0, 59, false)],
  ['05', numeric('second', 0, 59, true)],
  ['2006', (text, found) => readYear(text, found, /^\d{4}/)],
  ['06', (text, found) => readYear(text, found, /^\d\d/)],
  ['PM', (text, found) => readHalf(text, found, 'AM', 'PM')],
  ['pm', (text, found) => readHalf(text, found, 'am', 'pm')],
  ['MST', readAbbreviation],
]);

function readYear(text: string, found: Found, pattern: RegExp): string | undefined {
  const digits = pattern.exec(text)?.[0];
  if (digits === undefined) return undefined;
  const year = Number(digits);
  // Two digits are of the years from 1969 to 2068.
  found.year = digits.length === 4 ? year : year + (year >= 69 ? 1900 : 2000);
  return text.slice(digits.length);
}

function readYearDay(text: string, found: Found, pattern: RegExp): string | undefined {
  const digits = pattern.exec(text)?.[0];
  if (digits === undefined) return undefined;
  found.yearDay = Number(digits);
  return text.slice(digits.length);
}

function readHalf(text: string, found: Found, am: string, pm: string): string | undefined {
  if (!text.startsWith(am) && !text.startsWith(pm)) return undefined;
  found.pm = text.startsWith(pm);
  return text.slice(2);
}

function readAbbreviation(text: string, found: Found): string | undefined {
  if (text.startsWith('UTC')) {
    found.offset = 0;
    found.abbreviation = 'UTC';
    return text.slice(3);
  }
  const name = /^(?:GMT[+-]\d{1,2}|[+-]\d\d|ChST|MeST|[A-Z]{1,6})/.exec(text)?.[0];
  if (name === undefined || !isAbbreviation(name)) return undefined;
  found.abbreviation = name;
  // Only GMT+n tells its offset; other abbreviations are not known by themselves and count as zero.
  found.offset = name.startsWith('GMT') ? Number(name.slice(3)) * 3600 : 0;
  return text.slice(name.length);
}

/** Upper case letters name a zone when they are three, or four or five that end in T. */
function isAbbreviation(name: string): boolean {
  if (!/^[A-Z]+$/.test(name)) return true;
  return name.length === 3 || name === 'WITA' || (name.length > 3 && name.length < 6 && name.endsWith('T'));
}

function readFraction(element: string, text: string, found: Found): string | undefined {
  if (element[1] === '9') return readExtraFraction(text, found);
  const digits = /^[.,](\d+)/.exec(text)?.[1];
  if (digits === undefined || digits.length < element.length - 1) return undefined;
  const kept = digits.slice(0, element.length - 1);
  found.nanosecond = Number(kept.slice(0, 9).padEnd(9, '0'));
  return text.slice(kept.length + 1);
}

/** A fraction that the layout does not mention may follow the seconds. */
function readExtraFraction(text: string, found: Found): string {
  const digits = /^[.,](\d+)/.exec(text)?.[1];
  if (digits === undefined) return text;
  found.nanosecond = Number(digits.slice(0, 9).padEnd(9, '0'));
  return text.slice(digits.length + 1);
}

function readOffset(element: string, text: string, found: Found): string | undefined {
  if (element.startsWith('Z') && text.startsWith('Z')) {
    found.offset = 0;
    found.abbreviation = 'UTC';
    return text.slice(1);
  }
  const colon = element.includes(':') ? ':' : '';
  const count = element.replace(/\D/g, '').length / 2;
  const pattern = new RegExp(`^([+-])(\\d\\d)${`${colon}(\\d\\d)`.repeat(count - 1)}`);
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [whole, sign, hours = 0, minutes = 0, seconds = 0] = match;
  if (Number(hours) > 24 || Number(minutes) >= 60 || Number(seconds) >= 60) return undefined;
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  found.offset = sign === '-' ? -size : size;
  return text.slice(whole.length);
}

function assemble(found: Found, zone: ExprZone): ExprTime | undefined {
  const date = dateOf(found);
  if (date === undefined) return undefined;
  let { hour } = found;
  if (found.pm === true && hour < 12) hour += 12;
  else if (found.pm === false && hour === 12) hour = 0;
  const local =
    daysOfDate(found.year, date.month, date.day) * SECONDS_PER_DAY + hour * 3600 + found.minute * 60 + found.second;
  const placed = found.offset === undefined ? zone : offsetZone(found.abbreviation, found.offset);
  return new ExprTime(joinSeconds(instantOfLocal(placed, local), found.nanosecond), placed);
}

function offsetZone(abbreviation: string, offset: number): ExprZone {
  return offset === 0 && (abbreviation === 'UTC' || abbreviation === '') ? UTC : new ExprZone(abbreviation, offset);
}

function dateOf(found: Found): { readonly month: number; readonly day: number } | undefined {
  const { year } = found;
  if (found.yearDay >= 0) {
    const length = daysOfDate(year + 1, 1, 1) - daysOfDate(year, 1, 1);
    // Days beyond a month carry over when the date is put together.
    return found.yearDay >= 1 && found.yearDay <= length ? { month: 1, day: found.yearDay } : undefined;
  }
  const month = found.month < 0 ? 1 : found.month;
  const day = found.day < 0 ? 1 : found.day;
  return day >= 1 && day <= daysInMonth(year, month) ? { month, day } : undefined;
}
