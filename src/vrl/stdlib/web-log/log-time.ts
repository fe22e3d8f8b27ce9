import { fail } from '../../failure';
import { compileFormat, daysFromCivil, daysInMonth, SECONDS_PER_DAY, type Zone } from '../../time';
import { VrlTimestamp } from '../../value/value';

/** The time of the common log format: day, month name, year, time and offset. */
export const COMMON_LOG_TIME = '%d/%b/%Y:%T %z';

/** Reads times of one format; a closure so that the format is looked up once a call site. */
export type TimeReader = (text: string) => VrlTimestamp;

/**
 * Makes the reader of a log's times.
 *
 * @param zone for formats without a zone
 * @returns a function that throws a Failure for texts that are not of the format
 */
export function timeReader(format: string, zone: Zone): TimeReader {
  const read: TimeReader = (text) => {
    const result = compileFormat(format).tryParse(text, zone);
    if (typeof result === 'string') {
      throw fail(`failed parsing timestamp ${text} using format ${format}: ${result}`);
    }
    return result;
  };
  if (format !== COMMON_LOG_TIME) return read;
  // Neighbouring lines are mostly of the same second.
  let lastText: string | undefined;
  let last = new VrlTimestamp(0, 0);
  return (text) => {
    if (text === lastText) return last;
    last = readCommonLogTime(text) ?? read(text);
    lastText = text;
    return last;
  };
}

const COMMON_LOG_TIME_LENGTH = '10/Oct/2000:13:55:36 -0700'.length;
const MONTH_NAMES = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** Reads `10/Oct/2000:13:55:36 -0700`; undefined for what is not exactly of that shape. */
function readCommonLogTime(text: string): VrlTimestamp | undefined {
  if (text.length !== COMMON_LOG_TIME_LENGTH) return undefined;
  const month = MONTH_NAMES.indexOf(text.slice(3, 6));
  const year = twoDigits(text, 7) * 100 + twoDigits(text, 9);
  const day = twoDigits(text, 0);
  const hour = twoDigits(text, 12);
  const minute = twoDigits(text, 15);
  const second = twoDigits(text, 18);
  const offsetHours = twoDigits(text, 22);
  const offsetMinutes = twoDigits(text, 24);
  const sign = text[21] === '+' ? 1 : text[21] === '-' ? -1 : 0;
  if (month < 0 || month % 3 !== 0 || sign === 0) return undefined;
  if (text[2] !== '/' || text[6] !== '/' || text[11] !== ':' || text[14] !== ':' || text[17] !== ':') return undefined;
  // Comparisons with NaN, which stands for what is no digit, are false.
  if (!(year >= 0 && hour < 24 && minute < 60 && second < 60 && offsetHours < 24 && offsetMinutes < 60))
    return undefined;
  if (text[20] !== ' ' || !(day >= 1 && day <= daysInMonth(year, month / 3 + 1))) return undefined;
  const days = daysFromCivil(year, month / 3 + 1, day);
  const offset = sign * (offsetHours * 3600 + offsetMinutes * 60);
  return new VrlTimestamp(days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second - offset, 0);
}

/** The number of two digits; NaN when they are none. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}
