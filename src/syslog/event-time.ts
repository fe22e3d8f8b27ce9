import {
  ASTERISK,
  COLON,
  COMMA,
  DIGIT_0,
  DOT,
  MINUS,
  PERCENT,
  PLUS,
  SLASH,
  SPACE,
  UPPER_A,
  UPPER_M,
  UPPER_P,
  UPPER_T,
  isDigit,
  isLetter,
  isUpper,
  skipSpaces,
  twoDigits,
  fourDigits,
} from './ascii';
import type { LocalZone } from './local-zone';
import type { MessageSource } from './message-source';
import { isDate, isOffset, isTime, offsetText, padded } from './rfc3339';
import { BSD_STAMP_BYTES, StampCache, type CachedStamp } from './stamp-cache';
import { zoneOffset } from './zone-names';

const MILLISECONDS_PER_HOUR = 3_600_000;
/** `Oct 1 2:14:15`, the shortest time there is. */
const MIN_STAMP_BYTES = 13;
/** Longest zone abbreviation. */
const MAX_ZONE_NAME_BYTES = 5;
/**
 * A stamp without a year may be this far ahead of the arrival, because clocks are wrong; beyond it belongs to the year
 * before. Clocks that are months ahead are rarer than devices whose clock was never set.
 */
const MAX_AHEAD_MILLISECONDS = 31 * 24 * MILLISECONDS_PER_HOUR;
/** How far back a 29 February may lie: the gap around a century that is no leap year. */
const MAX_LEAP_YEAR_SEARCH = 8;
/** A fraction beyond picoseconds is no fraction. */
const MAX_FRACTION_DIGITS = 12;
const MILLISECOND_DIGITS = 3;

const SMALL_Z = 0x7a;

const MONTHS: ReadonlyMap<number, number> = new Map(
  ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].map((name, index) => [
    letters(name),
    index + 1,
  ]),
);
const WEEKDAYS: ReadonlySet<number> = new Set(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map(letters));

function letters(name: string): number {
  return (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2);
}

/**
 * Reads the times that RFC 3164 senders write, in all the shapes seen in the field:
 * `Oct 11 22:14:15`, with a year before or after the time, with a fraction, with a zone as offset or abbreviation, with
 * a weekday, Cisco's `*` and `.` marks of an unset clock; ISO 8601 with `T` or a space; `2024 Oct 11 22:14:15`;
 * `2024:10:11-22:14:15`; `10/11/2024:22:14:15`; `Oct 11 2024 10:14:15 PM.685`.
 *
 * A missing year is the latest that puts the stamp at most a month after the arrival; a missing zone is the sender's.
 */
export class EventTimeReader {
  /** The time that was read, as RFC 3339 with as many fraction digits as were sent. */
  value = '';
  /** Position after it. */
  end = 0;

  #year = 0;
  #month = 0;
  #day = 0;
  #hour = 0;
  #minute = 0;
  #second = 0;
  /** Position after the seconds. */
  #timeEnd = 0;
  #fractionStart = 0;
  #fractionEnd = 0;
  /** Minutes east of UTC. */
  #offset = 0;
  #hasOffset = false;
  #hasTrailingYear = false;
  #wallClock = 0;
  #dateTime = '';

  readonly #cache = new StampCache();

  /**
   * Reads the time at `position`.
   *
   * @param arrival time of arrival, milliseconds since the epoch
   * @param zone zone of stamps that name none
   * @returns true when there is one; then `value` and `end` tell it
   */
  read(source: MessageSource, position: number, arrival: number, zone: LocalZone): boolean {
    const { bytes, end } = source;
    const first = bytes[position];
    if ((first === ASTERISK || first === DOT) && position + 1 < end) position++;
    if (position + MIN_STAMP_BYTES > end) return false;
    if (isDigit(bytes[position])) {
      return this.#readYearFirst(bytes, position, end) && this.#finish(source, arrival, zone);
    }
    if (!isLetter(bytes[position])) return false;
    const hour = Math.floor(arrival / MILLISECONDS_PER_HOUR);
    const known = this.#cache.find(bytes, position, end, hour, zone);
    if (known !== undefined && this.#readAfterKnown(source, position + BSD_STAMP_BYTES, known)) return true;
    if (!this.#readMonthFirst(bytes, position, end)) return false;
    const isPlain = this.#year === 0 && this.#timeEnd === position + BSD_STAMP_BYTES;
    if (!this.#finish(source, arrival, zone)) return false;
    if (isPlain && !this.#hasTrailingYear) {
      // Which of two readings is meant depends on the very moment of arrival.
      const isLocal = !this.#hasOffset && !zone.isAmbiguous(this.#wallClock);
      this.#cache.put(bytes, position, hour, zone, this.#dateTime, isLocal ? offsetText(this.#offset) : '');
    }
    return true;
  }

  /** What follows a stamp that is known; false when its meaning is not as it was then. */
  #readAfterKnown(source: MessageSource, position: number, known: CachedStamp): boolean {
    const { bytes, end } = source;
    this.#hasOffset = false;
    this.#readFraction(bytes, position, end);
    this.#readZone(source, this.end);
    if (this.#readTrailingYear(bytes, this.end, end) !== 0 || !this.#endsHere(source)) return false;
    const offset = this.#hasOffset ? offsetText(this.#offset) : known.offset;
    if (offset === '') return false;
    if (this.#fractionStart !== this.#fractionEnd) {
      this.value = `${known.dateTime}.${source.slice(this.#fractionStart, this.#fractionEnd)}${offset}`;
    } else {
      this.value = this.#hasOffset ? known.dateTime + offset : known.value;
    }
    return true;
  }

  /** `Mmm dd [yyyy] hh:mm:ss`, perhaps after a weekday. */
  #readMonthFirst(bytes: Uint8Array, position: number, end: number): boolean {
    if (WEEKDAYS.has(this.#threeLetters(bytes, position))) {
      position += 3;
      if (bytes[position] === COMMA) position++;
      position = skipSpaces(bytes, position, end);
    }
    this.#month = MONTHS.get(this.#threeLetters(bytes, position)) ?? 0;
    if (this.#month === 0 || bytes[position + 3] !== SPACE) return false;
    position = this.#readDay(bytes, skipSpaces(bytes, position + 3, end), end);
    if (position < 0) return false;
    if (bytes[position] === COMMA) position++;
    const afterDay = position;
    position = skipSpaces(bytes, position, end);
    if (position === afterDay) return false;
    this.#year = 0;
    const year = fourDigits(bytes, position, end);
    if (isPlausibleYear(year) && bytes[position + 4] === SPACE) {
      this.#year = year;
      position = skipSpaces(bytes, position + 4, end);
    }
    if (!this.#readTime(bytes, position, end)) return false;
    if (this.#year !== 0) this.#readHalfOfDay(bytes, end);
    return true;
  }

  /** ` AM` or ` PM` of Cisco's call managers, which stands before the fraction. */
  #readHalfOfDay(bytes: Uint8Array, end: number): void {
    const at = this.end;
    const half = bytes[at + 1];
    if (at + 3 > end || bytes[at] !== SPACE || bytes[at + 2] !== UPPER_M) return;
    if (half !== UPPER_A && half !== UPPER_P) return;
    const after = at + 3;
    const next = bytes[after];
    if (after < end && next !== SPACE && next !== COLON && next !== DOT) return;
    if (this.#hour >= 1 && this.#hour <= 12) this.#hour = (this.#hour % 12) + (half === UPPER_P ? 12 : 0);
    if (this.#fractionStart === this.#fractionEnd) this.#readFraction(bytes, after, end);
    else this.end = after;
  }

  /** `mm/dd/yyyy:hh:mm:ss` of NetScaler, or `dd/mm/yyyy` where that is the only way to read it. */
  #readYearLast(bytes: Uint8Array, position: number, end: number): boolean {
    this.#month = twoDigits(bytes, position, end);
    this.#day = twoDigits(bytes, position + 3, end);
    this.#year = fourDigits(bytes, position + 6, end);
    if (this.#month > 12) [this.#month, this.#day] = [this.#day, this.#month];
    if (bytes[position + 5] !== SLASH || !isPlausibleYear(this.#year)) return false;
    const separator = bytes[position + 10];
    return (separator === COLON || separator === SPACE) && this.#readTime(bytes, position + 11, end);
  }

  /** `yyyy-mm-dd`, `yyyy/mm/dd`, `yyyy:mm:dd` or `yyyy Mmm dd`, then `T`, a space or `-`, then the time. */
  #readYearFirst(bytes: Uint8Array, position: number, end: number): boolean {
    if (bytes[position + 2] === SLASH) return this.#readYearLast(bytes, position, end);
    this.#year = fourDigits(bytes, position, end);
    if (this.#year < 1) return false;
    position += 4;
    const separator = bytes[position];
    if (separator === SPACE) {
      if (!isPlausibleYear(this.#year)) return false;
      position = skipSpaces(bytes, position, end);
      this.#month = MONTHS.get(this.#threeLetters(bytes, position)) ?? 0;
      if (this.#month === 0 || bytes[position + 3] !== SPACE) return false;
      position = skipSpaces(bytes, position + 3, end);
    } else if (separator === MINUS || separator === SLASH || separator === COLON) {
      position = this.#readDay(bytes, position + 1, end);
      this.#month = this.#day;
      if (position < 0 || bytes[position] !== separator) return false;
      position++;
    } else {
      return false;
    }
    position = this.#readDay(bytes, position, end);
    if (position < 0) return false;
    const isSophos = separator === COLON && bytes[position] === MINUS;
    if (isSophos || ((bytes[position] as number) | 0x20) === (UPPER_T | 0x20)) {
      position++;
    } else {
      const afterDay = position;
      position = skipSpaces(bytes, position, end);
      if (position === afterDay) return false;
    }
    return this.#readTime(bytes, position, end);
  }

  /** One or two digits into the day; returns the position after them, -1 when there are none. */
  #readDay(bytes: Uint8Array, position: number, end: number): number {
    if (position >= end || !isDigit(bytes[position])) return -1;
    this.#day = (bytes[position++] as number) - DIGIT_0;
    if (position < end && isDigit(bytes[position]))
      this.#day = this.#day * 10 + (bytes[position++] as number) - DIGIT_0;
    return position;
  }

  /** `hh:mm:ss` with a one-digit hour allowed, and the fraction. */
  #readTime(bytes: Uint8Array, position: number, end: number): boolean {
    this.#hour = twoDigits(bytes, position, end);
    position += 2;
    if (this.#hour < 0) {
      position--;
      if (!isDigit(bytes[position - 1])) return false;
      this.#hour = (bytes[position - 1] as number) - DIGIT_0;
    }
    if (bytes[position] !== COLON || bytes[position + 3] !== COLON) return false;
    this.#minute = twoDigits(bytes, position + 1, end);
    this.#second = twoDigits(bytes, position + 4, end);
    this.#readFraction(bytes, position + 6, end);
    return isTime(this.#hour, this.#minute, this.#second);
  }

  #readFraction(bytes: Uint8Array, position: number, end: number): void {
    this.#timeEnd = position;
    this.#fractionStart = position;
    this.#fractionEnd = position;
    this.end = position;
    const mark = bytes[position];
    if (mark !== DOT && mark !== COMMA && mark !== COLON) return;
    const start = ++position;
    while (position < end && isDigit(bytes[position])) position++;
    const digits = position - start;
    if (digits === 0 || digits > MAX_FRACTION_DIGITS) return;
    // H3C writes milliseconds after a colon.
    if (mark === COLON && digits !== MILLISECOND_DIGITS) return;
    this.#fractionStart = start;
    this.#fractionEnd = position;
    this.end = position;
  }

  /** What may follow a time: its zone, then perhaps the year; then the value is complete. */
  #finish(source: MessageSource, arrival: number, zone: LocalZone): boolean {
    this.#hasOffset = false;
    this.#hasTrailingYear = false;
    this.#readZone(source, this.end);
    if (this.#year === 0) {
      this.#year = this.#readTrailingYear(source.bytes, this.end, source.end);
      this.#hasTrailingYear = this.#year !== 0;
    }
    if (!this.#endsHere(source)) return false;
    if (this.#year === 0) this.#year = this.#inferredYear(arrival);
    if (!isDate(this.#year, this.#month, this.#day)) return false;

    if (!this.#hasOffset) {
      this.#wallClock = utc(this.#year, this.#month, this.#day, this.#hour, this.#minute, this.#second);
      this.#offset = zone.offsetMinutes(this.#wallClock, arrival);
    }
    const offset = offsetText(this.#offset);
    this.#dateTime = this.#formatDateTime();
    this.value =
      this.#fractionStart === this.#fractionEnd
        ? this.#dateTime + offset
        : `${this.#dateTime}.${source.slice(this.#fractionStart, this.#fractionEnd)}${offset}`;
    return true;
  }

  #endsHere(source: MessageSource): boolean {
    const next = source.bytes[this.end];
    return this.end >= source.end || next === SPACE || next === COLON;
  }

  /** An offset right after the time or after a space, or an abbreviation after a space. Moves `end` past it. */
  #readZone(source: MessageSource, position: number): void {
    const { bytes, end } = source;
    if (position >= end) return;
    const spaced = bytes[position] === SPACE;
    if (spaced) position++;
    const first = bytes[position];
    if (first === PLUS || first === MINUS) {
      this.#readOffset(bytes, position, end, spaced);
    } else if (isUpper(first) || (first === SMALL_Z && !spaced)) {
      this.#readZoneName(source, position, spaced);
    }
  }

  /** `+hh:mm`, `+hhmm` or `+hh`. */
  #readOffset(bytes: Uint8Array, position: number, end: number, spaced: boolean): void {
    const hours = twoDigits(bytes, position + 1, end);
    let after = position + 3;
    let minutes = 0;
    if (bytes[after] === COLON && twoDigits(bytes, after + 1, end) >= 0) {
      minutes = twoDigits(bytes, after + 1, end);
      after += 3;
    } else if (twoDigits(bytes, after, end) >= 0) {
      minutes = twoDigits(bytes, after, end);
      after += 2;
    } else if (spaced) {
      return;
    }
    if (!isOffset(hours, minutes) || (after < end && bytes[after] !== SPACE && bytes[after] !== COLON)) return;
    this.#offset = (bytes[position] === MINUS ? -1 : 1) * (hours * 60 + minutes);
    this.#hasOffset = true;
    // Huawei adds DST to an offset that already has it.
    const isDst =
      after + 4 < end &&
      bytes[after] === SPACE &&
      bytes[after + 1] === 0x44 &&
      bytes[after + 2] === 0x53 &&
      bytes[after + 3] === 0x54 &&
      bytes[after + 4] === SPACE;
    this.end = isDst ? after + 4 : after;
  }

  #readZoneName(source: MessageSource, position: number, spaced: boolean): void {
    const { bytes, end } = source;
    let after = position;
    while (after < end && after - position <= MAX_ZONE_NAME_BYTES && isLetter(bytes[after])) after++;
    const next = bytes[after];
    if (after < end && next !== SPACE && next !== COLON) return;
    if (!spaced && after - position > 1) return;
    const isSmallZ = after - position === 1 && bytes[position] === SMALL_Z;
    if (!isSmallZ && !isAllUpper(bytes, position, after)) return;
    const offset = isSmallZ ? 0 : zoneOffset(source.slice(position, after));
    if (offset === undefined) {
      // An abbreviation that nobody knows is still one when a Cisco message follows it.
      const isCisco = after + 2 < end && next === COLON && bytes[after + 1] === SPACE && bytes[after + 2] === PERCENT;
      if (isCisco) this.end = after;
      return;
    }
    this.#offset = offset;
    this.#hasOffset = true;
    this.end = after;
  }

  /** A year after the time, `22:14:15 2024`; moves `end` past it. 0 when there is none. */
  #readTrailingYear(bytes: Uint8Array, position: number, end: number): number {
    if (bytes[position] !== SPACE) return 0;
    const year = fourDigits(bytes, position + 1, end);
    if (!isPlausibleYear(year)) return 0;
    const after = position + 5;
    // `2001:db8::1` is a host.
    const isColon = bytes[after] === COLON && (after + 1 >= end || bytes[after + 1] === SPACE);
    if (after < end && bytes[after] !== SPACE && !isColon) return 0;
    this.end = after;
    return year;
  }

  /** The latest year in which the stamp is not too far ahead of the arrival: on 1 January, 31 December is last year's. */
  #inferredYear(arrival: number): number {
    const thisYear = new Date(arrival).getUTCFullYear();
    for (let year = thisYear + 1; year >= thisYear - MAX_LEAP_YEAR_SEARCH; year--) {
      if (!isDate(year, this.#month, this.#day)) continue;
      const stamp = utc(year, this.#month, this.#day, this.#hour, this.#minute, this.#second);
      if (stamp <= arrival + MAX_AHEAD_MILLISECONDS) return year;
    }
    return 0;
  }

  #formatDateTime(): string {
    const year = String(this.#year).padStart(4, '0');
    const date = `${year}-${padded(this.#month)}-${padded(this.#day)}`;
    return `${date}T${padded(this.#hour)}:${padded(this.#minute)}:${padded(this.#second)}`;
  }

  #threeLetters(bytes: Uint8Array, position: number): number {
    return (
      (((bytes[position] as number) | 0x20) << 16) |
      (((bytes[position + 1] as number) | 0x20) << 8) |
      ((bytes[position + 2] as number) | 0x20)
    );
  }
}

function isAllUpper(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!isUpper(bytes[i])) return false;
  return true;
}

/** Four digits are a year only near our time; elsewhere they are a port or a sequence number. */
function isPlausibleYear(year: number): boolean {
  return year >= 1970 && year <= 2199;
}

function utc(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
