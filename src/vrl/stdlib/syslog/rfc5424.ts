import { parseRfc3339 } from '../../time';
import { isWhiteSpace } from '../text/white-space';
import { orNil, readPriority, skipBlanks, type SyslogMessage } from './message';
import { readStructuredData } from './structured-data';

/** The greatest version that is read, an unsigned 32-bit number. */
const MAX_VERSION = 0xffff_ffff;

/**
 * Reads a message of RFC 5424; the priority may be missing, and blanks between fields may be several.
 *
 * @returns undefined when it is something else
 */
export function readRfc5424(text: string): SyslogMessage | undefined {
  const priority = readPriority(text);
  let position = priority?.end ?? 0;
  let version = 0;
  const versionStart = position;
  let digit = text.charCodeAt(position) - 0x30;
  while (digit >= 0 && digit <= 9) {
    version = version * 10 + digit;
    if (version > MAX_VERSION) return undefined;
    digit = text.charCodeAt(++position) - 0x30;
  }
  if (position === versionStart) return undefined;

  const timeStart = skipBlanks(text, position);
  if (timeStart === position) return undefined;
  const timeEnd = text.indexOf(' ', timeStart);
  if (timeEnd === -1) return undefined;
  const time = text.slice(timeStart, timeEnd);
  const timestamp = time === '-' ? undefined : parseRfc3339(time);
  if (timestamp === undefined && time !== '-') return undefined;

  const fields: (string | undefined)[] = [];
  position = timeEnd;
  while (fields.length < 4) {
    const start = skipBlanks(text, position);
    const end = wordEnd(text, start);
    if (start === position || end === start) return undefined;
    fields.push(orNil(text.slice(start, end)));
    position = end;
  }
  const data = readStructuredData(text, skipBlanks(text, position), true);
  if (data === undefined) return undefined;
  const [hostname, appname, procid, msgid] = fields;
  return {
    priority: priority?.priority,
    version,
    timestamp,
    hostname,
    appname,
    procid,
    msgid,
    structuredData: data.elements,
    message: text.slice(skipBlanks(text, data.end)),
  };
}

function wordEnd(text: string, from: number): number {
  let position = from;
  let unit = text.charCodeAt(position);
  while (unit === unit && !isWhiteSpace(unit)) unit = text.charCodeAt(++position);
  return position;
}
