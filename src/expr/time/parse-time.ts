import { ExprTime, ExprZone, UTC } from '../value/value';
import { dateOfDays, daysInMonth, daysOfDate, SECONDS_PER_DAY } from './calendar';
import { joinSeconds } from './clock';
import { quoteBytes } from './quote-bytes';
import { MONTHS, parseLayout, WEEKDAYS, type LayoutPart } from './layout';
import { instantOfLocal, offsetOfName, zoneAt } from './zones';

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
  /** Set by `Z` and `UTC`. */
  utc: boolean;
  offset: number | undefined;
  abbreviation: string;
  /** What of the last element read has a value that it cannot have. */
  outOfRange: string | undefined;
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
  if (rest !== '' || stopped !== undefined) return undefined;
  const date = dateOf(found);
  return typeof date === 'string' ? undefined : assemble(found, date, zone);
}

/** Why {@link parseTime} gives nothing, in the reference's words. */
export function describeTimeProblem(text: string, layout: string): string {
  const { rest, stopped, found } = walkLayout(text, layout);
  const begin = `parsing time ${quoteBytes(text)}`;
  if (found.outOfRange !== undefined) return `${begin}: ${found.outOfRange} out of range`;
  if (stopped !== undefined) {
    return `${begin} as ${quoteBytes(layout)}: cannot parse ${quoteBytes(rest)} as ${quoteBytes(stopped.text)}`;
  }
  if (rest !== '') return `${begin}: extra text: ${quoteBytes(rest)}`;
  const date = dateOf(found);
  return `${begin}: ${typeof date === 'string' ? date : 'day out of range'}`;
}

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
    utc: false,
    offset: undefined,
    abbreviation: '',
    outOfRange: undefined,
  };
  const parts = parseLayout(layout);
  let rest = text;
  for (const [index, part] of parts.entries()) {
    if (!part.element) {
      const skipped = skipText(rest, part.text);
      rest = skipped.rest;
      if (!skipped.whole) return { rest, stopped: part, found };
      continue;
    }
    const next = readElement(part.text, rest, found);
    if (next === undefined) return { rest, stopped: part, found };
    const isSecond = /^0?5$/.test(part.text) && !isFraction(nextElement(parts, index));
    rest = isSecond ? readExtraFraction(next, found) : next;
  }
  return { rest, stopped: undefined, found };
}

function nextElement(parts: readonly LayoutPart[], index: number): string | undefined {
  return parts.find((part, at) => at > index && part.element)?.text;
}

function isFraction(text: string | undefined): boolean {
  return text !== undefined && /^[.,][09]/.test(text);
}

/**
 * Reads the plain text of a layout and tells what is left from where the text no longer has it. A run of spaces takes any
 * run of spaces, and none only at the end of the text.
 */
function skipText(text: string, expected: string): { readonly rest: string; readonly whole: boolean } {
  let from = 0;
  for (let at = 0; at < expected.length; at++) {
    if (expected[at] !== ' ') {
      if (text[from] !== expected[at]) return { rest: text.slice(from), whole: false };
      from++;
      continue;
    }
    if (from < text.length && text[from] !== ' ') return { rest: text.slice(from), whole: false };
    while (expected[at + 1] === ' ') at++;
    while (text[from] === ' ') from++;
  }
  return { rest: text.slice(from), whole: true };
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
    if (digits === undefined) return undefined;
    if (Number(digits) < low || Number(digits) > high) {
      found.outOfRange = field;
      return undefined;
    }
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
  ['__2', (text, found) => readYearDay(text, found, /^ {0,2}\d{1,3}/)],
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
    found.utc = true;
    return text.slice(3);
  }
  const name = abbreviationOf(text);
  if (name === undefined) return undefined;
  found.abbreviation = name;
  return text.slice(name.length);
}

function abbreviationOf(text: string): string | undefined {
  const named = /^(?:ChST|MeST)/.exec(text)?.[0];
  if (named !== undefined) return named;
  if (text.startsWith('GMT')) return `GMT${hoursOf(text.slice(3))}`;
  if (/^[+-]/.test(text)) return hoursOf(text) || undefined;
  const name = /^[A-Z]{1,6}/.exec(text)?.[0];
  return name === undefined || !isAbbreviation(name) ? undefined : name;
}

/** A sign and a number of hours, as they stand in for a name; empty where there are none. */
function hoursOf(text: string): string {
  const hours = /^[+-]\d+/.exec(text)?.[0] ?? '';
  return Math.abs(Number(hours)) <= MAX_NAMED_HOURS ? hours : '';
}

const MAX_NAMED_HOURS = 23;

/** Upper case letters name a zone when they are three, or four or five that end in T. */
function isAbbreviation(name: string): boolean {
  return name.length === 3 || name === 'WITA' || (name.length > 3 && name.length < 6 && name.endsWith('T'));
}

const NANOSECOND_DIGITS = 9;

function readFraction(element: string, text: string, found: Found): string | undefined {
  if (element[1] === '9') return readExtraFraction(text, found);
  const digits = /^[.,](\d+)/.exec(text)?.[1];
  if (digits === undefined || digits.length < Math.min(element.length - 1, NANOSECOND_DIGITS)) return undefined;
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
    found.utc = true;
    return text.slice(1);
  }
  const colon = element.includes(':') ? ':' : '';
  const count = element.replace(/\D/g, '').length / 2;
  const pattern = new RegExp(`^([+-])(\\d\\d)${`${colon}(\\d\\d)`.repeat(count - 1)}`);
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [whole, sign, hours = 0, minutes = 0, seconds = 0] = match;
  // Some write 24 hours or 60 minutes.
  const wrong = Number(hours) > 24 ? 'hour' : Number(minutes) > 60 ? 'minute' : Number(seconds) > 60 ? 'second' : '';
  if (wrong !== '') {
    found.outOfRange = `time zone offset ${wrong}`;
    return undefined;
  }
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  found.offset = sign === '-' ? -size : size;
  return text.slice(whole.length);
}

function assemble(found: Found, date: MonthDay, zone: ExprZone): ExprTime {
  let { hour } = found;
  if (found.pm === true && hour < 12) hour += 12;
  else if (found.pm === false && hour === 12) hour = 0;
  const local =
    daysOfDate(found.year, date.month, date.day) * SECONDS_PER_DAY + hour * 3600 + found.minute * 60 + found.second;
  const placed = placedIn(found, local, zone);
  return new ExprTime(joinSeconds(instantOfLocal(placed, local), found.nanosecond), placed);
}

/** The zone of a text: the one it is read in where offset and name agree with that, else one of its own. */
function placedIn({ utc, offset, abbreviation }: Found, local: number, zone: ExprZone): ExprZone {
  if (utc) return UTC;
  if (offset !== undefined) {
    const state = zoneAt(zone, local - offset);
    const same = state.offset === offset && (abbreviation === '' || abbreviation === state.abbreviation);
    return same ? zone : new ExprZone(abbreviation, offset);
  }
  if (abbreviation === '') return zone;
  const known = offsetOfName(zone, abbreviation, local);
  if (known !== undefined)
    return zoneAt(zone, instantOfLocal(zone, local)).offset === known ? zone : new ExprZone(abbreviation, known);
  // Only GMT+n tells its offset; other names are not known by themselves and count as zero.
  return new ExprZone(abbreviation, abbreviation.startsWith('GMT') ? Number(abbreviation.slice(3)) * 3600 : 0);
}

interface MonthDay {
  readonly month: number;
  readonly day: number;
}

const YEAR_DAY = 'day-of-year';

/** The day, or why there is none. */
function dateOf({ year, month, day, yearDay }: Found): MonthDay | string {
  if (yearDay < 0) {
    const date = { month: month < 0 ? 1 : month, day: day < 0 ? 1 : day };
    return date.day >= 1 && date.day <= daysInMonth(year, date.month) ? date : 'day out of range';
  }
  const first = daysOfDate(year, 1, 1);
  if (yearDay < 1 || yearDay > daysOfDate(year + 1, 1, 1) - first) return `${YEAR_DAY} out of range`;
  const date = dateOfDays(first + yearDay - 1);
  if (month >= 0 && month !== date.month) return `${YEAR_DAY} does not match month`;
  return day >= 0 && day !== date.day ? `${YEAR_DAY} does not match day` : date;
}
