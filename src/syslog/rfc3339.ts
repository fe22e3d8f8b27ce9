import { COLON, DOT, MINUS, PLUS, UPPER_T, UPPER_Z, fourDigits, isDigit, twoDigits } from './ascii';

const DAYS_OF_MONTH = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Length of `2003-10-11T22:14:15`. */
const DATE_TIME_BYTES = 19;

/**
 * True when the bytes from `position` to `end` are a time stamp as RFC 5424 section 6.2.3 wants it (RFC 3339 with capital
 * T and Z). More fraction digits than the six it allows pass, as does second 60.
 */
export function isRfc3339(bytes: Uint8Array, position: number, end: number): boolean {
  const time = position + DATE_TIME_BYTES;
  if (
    time >= end ||
    bytes[position + 4] !== MINUS ||
    bytes[position + 7] !== MINUS ||
    bytes[position + 10] !== UPPER_T ||
    bytes[position + 13] !== COLON ||
    bytes[position + 16] !== COLON ||
    !isDate(
      fourDigits(bytes, position, end),
      twoDigits(bytes, position + 5, end),
      twoDigits(bytes, position + 8, end),
    ) ||
    !isTime(
      twoDigits(bytes, position + 11, end),
      twoDigits(bytes, position + 14, end),
      twoDigits(bytes, position + 17, end),
    )
  ) {
    return false;
  }
  position = time;
  if (bytes[position] === DOT) {
    position++;
    const fraction = position;
    while (position < end && isDigit(bytes[position])) position++;
    if (position === fraction) return false;
  }
  const zone = bytes[position];
  if (zone === UPPER_Z) return position + 1 === end;
  return (
    (zone === PLUS || zone === MINUS) &&
    position + 6 === end &&
    bytes[position + 3] === COLON &&
    isOffset(twoDigits(bytes, position + 1, end), twoDigits(bytes, position + 4, end))
  );
}

/** True for a day that the month has in that year. */
export function isDate(year: number, month: number, day: number): boolean {
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > (DAYS_OF_MONTH[month] as number)) return false;
  return month !== 2 || day !== 29 || isLeapYear(year);
}

/** True for a time of day, second 60 included. */
export function isTime(hour: number, minute: number, second: number): boolean {
  return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 60;
}

/** True for the hours and minutes of an offset from UTC. */
export function isOffset(hours: number, minutes: number): boolean {
  return hours >= 0 && hours <= 23 && minutes >= 0 && minutes <= 59;
}

/** True for a year with a 29 February. */
export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const OFFSET_TEXTS = new Map<number, string>([[0, 'Z']]);

/** An offset of minutes east of UTC as RFC 3339 writes it. */
export function offsetText(minutes: number): string {
  let text = OFFSET_TEXTS.get(minutes);
  if (text === undefined) {
    const magnitude = Math.abs(minutes);
    text = `${minutes < 0 ? '-' : '+'}${padded(Math.floor(magnitude / 60))}:${padded(magnitude % 60)}`;
    OFFSET_TEXTS.set(minutes, text);
  }
  return text;
}

const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

/** A number below 100 with two digits. */
export function padded(number: number): string {
  return TWO_DIGITS[number] as string;
}
