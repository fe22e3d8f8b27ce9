import { isWhiteSpace } from '../text/white-space';
import { emptyObject, type VrlObject } from '../../value/value';
import { endOfWord, smallInteger } from './scan';
import type { TimeReader } from './log-time';

const QUOTE = 0x22;
const DASH = 0x2d;
const BLANK = 0x20;
const OPEN_BRACKET = 0x5b;

/**
 * Reads an nginx access line of the combined format in its usual shape: fields apart by one blank, nothing behind the
 * agent.
 *
 * @returns undefined for a line that only the pattern can judge
 * @throws Failure when the time is not of its format
 */
export function scanNginxLine(line: string, readTime: TimeReader): VrlObject | undefined {
  const clientEnd = endOfWord(line, 0);
  if (clientEnd <= 0 || line.charCodeAt(clientEnd + 1) !== DASH || line.charCodeAt(clientEnd + 2) !== BLANK) {
    return undefined;
  }
  const userStart = clientEnd + 3;
  const userEnd = endOfWord(line, userStart);
  if (userEnd <= userStart || line.charCodeAt(userEnd + 1) !== OPEN_BRACKET) return undefined;
  const timeStart = userEnd + 2;
  const timeEnd = line.indexOf(']', timeStart);
  if (timeEnd <= timeStart || line.charCodeAt(timeEnd + 1) !== BLANK) return undefined;
  // In the pattern a time ends with its line at the latest.
  if (line.includes('\n')) return undefined;
  // The pattern takes the last bracket that the rest can follow: a quoted field.
  if (quoteFollowsBracket(line, timeEnd + 1)) return undefined;

  const requestEnd = quotedEnd(line, timeEnd + 2);
  if (requestEnd === -1 || line.charCodeAt(requestEnd + 1) !== BLANK) return undefined;
  const statusEnd = endOfWord(line, requestEnd + 2);
  if (statusEnd === -1) return undefined;
  const sizeEnd = endOfWord(line, statusEnd + 1);
  if (sizeEnd === -1) return undefined;
  const status = smallInteger(line, requestEnd + 2, statusEnd) ?? -1;
  const size = smallInteger(line, statusEnd + 1, sizeEnd) ?? -1;
  if (status < 0 || size < 0) return undefined;
  const refererEnd = quotedEnd(line, sizeEnd + 1);
  if (refererEnd === -1 || line.charCodeAt(refererEnd + 1) !== BLANK) return undefined;
  const agentEnd = quotedEnd(line, refererEnd + 2);
  if (agentEnd !== line.length - 1) return undefined;

  const fields = emptyObject();
  if (clientEnd !== 1 || line.charCodeAt(0) !== DASH) fields['client'] = line.slice(0, clientEnd);
  if (userEnd !== userStart + 1 || line.charCodeAt(userStart) !== DASH) fields['user'] = line.slice(userStart, userEnd);
  fields['timestamp'] = readTime(line.slice(timeStart, timeEnd));
  fields['request'] = line.slice(timeEnd + 3, requestEnd);
  fields['status'] = status;
  fields['size'] = size;
  fields['referer'] = line.slice(sizeEnd + 2, refererEnd);
  fields['agent'] = line.slice(refererEnd + 3, agentEnd);
  return fields;
}

/** Position of the quote that closes the field opened at `start`; -1 when none opens there or none closes. */
function quotedEnd(line: string, start: number): number {
  return line.charCodeAt(start) === QUOTE ? line.indexOf('"', start + 1) : -1;
}

/** Is there a closing bracket, then white space, then a quote? */
function quoteFollowsBracket(line: string, from: number): boolean {
  let bracket = line.indexOf(']', from);
  while (bracket !== -1) {
    let next = bracket + 1;
    while (isWhiteSpace(line.charCodeAt(next))) next++;
    if (next > bracket + 1 && line.charCodeAt(next) === QUOTE) return true;
    bracket = line.indexOf(']', bracket + 1);
  }
  return false;
}
