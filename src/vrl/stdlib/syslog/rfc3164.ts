import {
  civilFromDays,
  daysFromCivil,
  daysInMonth,
  instantsOf,
  parseRfc3339,
  SECONDS_PER_DAY,
  type Zone,
} from '../../time';
import { VrlTimestamp } from '../../value/value';
import { isWhiteSpace } from '../text/white-space';
import { orNil, readPriority, skipBlanks, type SyslogMessage } from './message';
import { readStructuredData } from './structured-data';

const BLANK = 0x20;
const COLON = 0x3a;
const MAX_U32 = 0xffff_ffff;

/**
 * Reads a message of RFC 3164 and what the field sends in its name: with a year, with an RFC 3339 time, without a
 * priority, host or tag, with structured data in front of the message.
 *
 * @param zone of times without one
 * @param now seconds since the Unix epoch, for times without a year
 * @returns undefined when it is something else
 */
export function readRfc3164(text: string, zone: Zone, now: number): SyslogMessage | undefined {
  const priority = readPriority(text);
  const time = readTime(text, skipBlanks(text, priority?.end ?? 0), zone, now);
  if (time === undefined) return undefined;
  let position = time.end;
  const words: string[] = [];
  while (words.length < 2 && text.charCodeAt(position) === BLANK) {
    const end = words.length === 0 ? hostEnd(text, position + 1) : tagEnd(text, position + 1);
    if (end === position + 1) break;
    words.push(text.slice(position + 1, end));
    position = end;
  }
  position = skipBlanks(text, position);
  if (text.charCodeAt(position) === COLON) position++;
  position = skipBlanks(text, position);
  const data = readStructuredData(text, position, false);
  return {
    priority: priority?.priority,
    version: undefined,
    timestamp: time.timestamp,
    ...hostAndTag(words[0], words[1]),
    msgid: undefined,
    structuredData: data?.elements ?? [],
    message: text.slice(skipBlanks(text, data?.end ?? position)),
  };
}

type Origin = Pick<SyslogMessage, 'hostname' | 'appname' | 'procid'>;

/** Tells host and tag apart: a lone word is the tag when it has the form `name[pid]`; a tag `-` voids both. */
function hostAndTag(first: string | undefined, second: string | undefined): Origin {
  const tag = orNil(second ?? first ?? '-');
  if (tag === undefined) return { hostname: undefined, appname: undefined, procid: undefined };
  const hostname = second === undefined ? undefined : orNil(first as string);
  const open = tag.indexOf('[');
  const hasPid =
    !tag.includes(':') && open !== -1 && tag.indexOf(']', open) === tag.length - 1 && open < tag.length - 2;
  if (hasPid) return { hostname, appname: tag.slice(0, open), procid: tag.slice(open + 1, -1) };
  return second === undefined
    ? { hostname: tag, appname: undefined, procid: undefined }
    : { hostname, appname: tag, procid: undefined };
}

/** End of a word that white space ends; a colon before that is no part of it, colons within it are. */
function hostEnd(text: string, from: number): number {
  let position = from;
  let unit = text.charCodeAt(position);
  while (unit === unit && !isWhiteSpace(unit)) unit = text.charCodeAt(++position);
  return position > from && text.charCodeAt(position - 1) === COLON ? position - 1 : position;
}

/** End of a word that white space or a colon ends. */
function tagEnd(text: string, from: number): number {
  let position = from;
  let unit = text.charCodeAt(position);
  while (unit === unit && unit !== COLON && !isWhiteSpace(unit)) unit = text.charCodeAt(++position);
  return position;
}

interface Time {
  readonly timestamp: VrlTimestamp;
  readonly end: number;
}

function readTime(text: string, from: number, zone: Zone, now: number): Time | undefined {
  return readNamedMonth(text, from, zone, now) ?? readIsoTime(text, from);
}

function readIsoTime(text: string, from: number): Time | undefined {
  const end = text.indexOf(' ', from);
  const timestamp = end === -1 ? undefined : parseRfc3339(text.slice(from, end));
  return timestamp === undefined ? undefined : { timestamp, end };
}

const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec';

/** Reads `Oct 11 22:14:15` or `Oct 11 2003 22:14:15`, each perhaps with a colon behind. */
function readNamedMonth(text: string, from: number, zone: Zone, now: number): Time | undefined {
  const monthAt = MONTHS.indexOf(text.slice(from, from + 3).toLowerCase());
  if (monthAt === -1 || monthAt % 3 !== 0) return undefined;
  const month = monthAt / 3 + 1;
  const numbers: number[] = [];
  let position = from + 3;
  // Day and hour; a second number that no colon follows is the year.
  while (numbers.length < 2 || (numbers.length === 2 && text.charCodeAt(position) !== COLON)) {
    const start = skipBlanks(text, position);
    if (start === position) return undefined;
    position = readNumber(text, start, numbers);
    if (position === -1) return undefined;
  }
  const withYear = numbers.length === 3;
  for (let i = 0; i < 2; i++) {
    if (text.charCodeAt(position) !== COLON) return undefined;
    position = readNumber(text, position + 1, numbers);
    if (position === -1) return undefined;
  }
  const day = numbers[0] as number;
  const [hour, minute, second] = numbers.slice(-3) as [number, number, number];
  const year = withYear ? (numbers[1] as number) : guessYear(month, now);
  if (day < 1 || day > daysInMonth(year, month) || hour > 23 || minute > 59 || second > 59) return undefined;
  if (year > 262_142) return undefined;
  const local = daysFromCivil(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second;
  const instant = instantsOf(local, zone)[0];
  if (instant === undefined) return undefined;
  return {
    timestamp: new VrlTimestamp(instant, 0),
    end: text.charCodeAt(position) === COLON ? position + 1 : position,
  };
}

/** Adds the number at a position; the position behind it, -1 when there is none. */
function readNumber(text: string, from: number, numbers: number[]): number {
  let position = from;
  let value = 0;
  let digit = text.charCodeAt(position) - 0x30;
  while (digit >= 0 && digit <= 9) {
    value = value * 10 + digit;
    if (value > MAX_U32) return -1;
    digit = text.charCodeAt(++position) - 0x30;
  }
  numbers.push(value);
  return position === from ? -1 : position;
}

/** This year, or in January the last one for a message of December. */
export function guessYear(month: number, now: number): number {
  const today = civilFromDays(Math.floor(now / SECONDS_PER_DAY));
  return today.month === 1 && month === 12 ? today.year - 1 : today.year;
}
