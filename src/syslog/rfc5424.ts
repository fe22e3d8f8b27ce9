import { DIGIT_0, MINUS, OPEN_BRACKET, SPACE, isDigit, skipSpaces } from './ascii';
import type { EventTimeReader } from './event-time';
import type { LocalZone } from './local-zone';
import type { MessageSource } from './message-source';
import type { ParameterNames } from './parameter-names';
import type { ParsedMessage } from './parsed-message';
import { isRfc3339 } from './rfc3339';
import { BROKEN_STRUCTURED_DATA, scanStructuredData } from './structured-data';

/** VERSION has at most three digits (RFC 5424 section 6). */
const MAX_VERSION_DIGITS = 3;

/** The fields between VERSION and the structured data, for error texts. */
const HEADER_NAMES = ['TIMESTAMP', 'HOSTNAME', 'APP-NAME', 'PROCID', 'MSGID'] as const;

/**
 * The position after VERSION when an RFC 5424 header begins at `position`, else -1.
 *
 * It does when one to three digits without a leading zero are followed by a space and by what a TIMESTAMP begins with.
 * Version 1, the only one there is, does not need the latter: its sender meant RFC 5424 and got the time wrong.
 */
export function rfc5424VersionEnd(source: MessageSource, position: number): number {
  const { bytes, end } = source;
  const start = position;
  if (bytes[position] === DIGIT_0) return -1;
  while (position < end && isDigit(bytes[position])) position++;
  const digits = position - start;
  if (digits === 0 || digits > MAX_VERSION_DIGITS || position >= end || bytes[position] !== SPACE) return -1;
  if (digits === 1 && bytes[start] === DIGIT_0 + 1) return position;
  const next = bytes[position + 1];
  return position + 1 < end && (next === MINUS || isDigit(next)) ? position : -1;
}

/**
 * Reads the rest of an RFC 5424 message, from VERSION on.
 *
 * Forgiven, because real senders do it: several spaces in a row, a time without zone or with another shape of ISO 8601,
 * no structured data at all. Structured data that breaks off stays in the message, and `parseError` says so.
 *
 * @returns false with `parseError` set when the header is not one
 */
export function scanRfc5424(
  source: MessageSource,
  position: number,
  versionEnd: number,
  message: ParsedMessage,
  names: ParameterNames,
  time: EventTimeReader,
  arrival: number,
  zone: LocalZone,
): boolean {
  const { bytes, end } = source;
  message.structured = true;
  message.version = source.slice(position, versionEnd);

  let from = skipSpaces(bytes, versionEnd, end);
  let to = source.tokenEnd(from);
  if (to === from) return endsBefore(message, 0);
  if (to - from === 1 && bytes[from] === MINUS) {
    message.timestamp = '';
  } else if (isRfc3339(bytes, from, to)) {
    message.timestamp = source.slice(from, to);
  } else if (time.read(source, from, arrival, zone) && time.end === to) {
    message.timestamp = time.value;
  } else {
    message.parseError = 'the TIMESTAMP of the RFC 5424 header is not an RFC 3339 time';
    return false;
  }

  from = skipSpaces(bytes, to, end);
  to = source.tokenEnd(from);
  if (to === from) return endsBefore(message, 1);
  message.hostname = headerText(source, from, to);

  from = skipSpaces(bytes, to, end);
  to = source.tokenEnd(from);
  if (to === from) return endsBefore(message, 2);
  message.program = headerText(source, from, to);

  from = skipSpaces(bytes, to, end);
  to = source.tokenEnd(from);
  if (to === from) return endsBefore(message, 3);
  message.procId = headerText(source, from, to);

  from = skipSpaces(bytes, to, end);
  to = source.tokenEnd(from);
  if (to === from) return endsBefore(message, 4);
  message.msgId = headerText(source, from, to);

  readBody(source, skipSpaces(bytes, to, end), message, names);
  return true;
}

function headerText(source: MessageSource, from: number, to: number): string {
  return to - from === 1 && source.bytes[from] === MINUS ? '' : source.token(from, to);
}

function endsBefore(message: ParsedMessage, field: number): boolean {
  message.parseError = `the RFC 5424 header ends before ${HEADER_NAMES[field]}`;
  return false;
}

/** STRUCTURED-DATA and MSG. */
function readBody(source: MessageSource, position: number, message: ParsedMessage, names: ParameterNames): void {
  const { bytes, end } = source;
  const first = bytes[position];
  if (position < end && first === OPEN_BRACKET) {
    const after = scanStructuredData(source, position, names, message);
    if (after < 0) {
      if (after === BROKEN_STRUCTURED_DATA)
        message.parseError = 'the STRUCTURED-DATA is broken, it is kept in the message';
      message.message = source.slice(position, end);
      return;
    }
    message.structuredData = source.slice(position, after);
    position = after;
  } else if (first === MINUS && (position + 1 >= end || bytes[position + 1] === SPACE)) {
    position++;
  } else {
    // No structured data: what stands here is the message already.
    message.message = source.slice(withoutBom(bytes, position, end), end);
    return;
  }
  if (position < end && bytes[position] === SPACE) position++;
  message.message = source.slice(withoutBom(bytes, position, end), end);
}

/** The position after the UTF-8 byte order mark that may begin a text. */
export function withoutBom(bytes: Uint8Array, position: number, end: number): number {
  const isBom =
    position + 3 <= end && bytes[position] === 0xef && bytes[position + 1] === 0xbb && bytes[position + 2] === 0xbf;
  return isBom ? position + 3 : position;
}
