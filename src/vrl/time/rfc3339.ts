import { VrlTimestamp } from '../value/value';
import { civilFromDays, daysFromCivil, daysInMonth, SECONDS_PER_DAY } from './civil';

/** Two digits, zero-padded. */
export function pad2(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** Year as RFC 3339 and its extension for years beyond four digits have it. */
export function yearText(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
  return year < 0 ? `-${String(-year).padStart(4, '0')}` : `+${year}`;
}

/** Fraction with 0, 3, 6 or 9 digits, as few as lose nothing; with the point. */
export function fractionText(nanos: number): string {
  if (nanos === 0) return '';
  const digits = String(nanos).padStart(9, '0');
  if (nanos % 1_000_000 === 0) return `.${digits.slice(0, 3)}`;
  return nanos % 1000 === 0 ? `.${digits.slice(0, 6)}` : `.${digits}`;
}

/**
 * The timestamp in RFC 3339 with `Z` and 0, 3, 6 or 9 fraction digits.
 *
 * @example formatRfc3339(new VrlTimestamp(0, 500_000_000)) // '1970-01-01T00:00:00.500Z'
 */
export function formatRfc3339(timestamp: VrlTimestamp): string {
  const days = Math.floor(timestamp.seconds / SECONDS_PER_DAY);
  const { year, month, day } = civilFromDays(days);
  const second = timestamp.seconds - days * SECONDS_PER_DAY;
  const time = `${pad2(Math.floor(second / 3600))}:${pad2(Math.floor(second / 60) % 60)}:${pad2(second % 60)}`;
  return `${yearText(year)}-${pad2(month)}-${pad2(day)}T${time}${fractionText(timestamp.nanos)}Z`;
}

const RFC3339 =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(?:([Zz])|([+-])([0-9]{2}):([0-9]{2}))$/;

/** Reads RFC 3339 (section 5.6) with `T` or a blank in the middle; undefined when the text is not of that form. */
export function parseRfc3339(text: string): VrlTimestamp | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, y, mo, d, h, mi, s, fraction, utc, sign, offsetHours, offsetMinutes] = match;
  const month = Number(mo);
  const day = Number(d);
  const second = Number(s);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(Number(y), month)) return undefined;
  if (Number(h) > 23 || Number(mi) > 59 || second > 60) return undefined;
  let offset = 0;
  if (utc === undefined) {
    if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return undefined;
    offset = (Number(offsetHours) * 3600 + Number(offsetMinutes) * 60) * (sign === '-' ? -1 : 1);
  }
  const nanos = fraction === undefined ? 0 : Number(fraction.slice(0, 9).padEnd(9, '0'));
  const seconds =
    daysFromCivil(Number(y), month, day) * SECONDS_PER_DAY + Number(h) * 3600 + Number(mi) * 60 + second - offset;
  return new VrlTimestamp(seconds, nanos);
}
