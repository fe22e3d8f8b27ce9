import { emptyObject, type VrlObject } from '../../value/value';
import { endOfWord, isOneWord, smallInteger } from './scan';
import type { TimeReader } from './log-time';

const QUOTE = 0x22;
const DASH = 0x2d;
const BLANK = 0x20;
const OPEN_BRACKET = 0x5b;

/**
 * Reads an Apache access line of the usual shape: fields apart by one blank, no quote inside the request.
 *
 * (Measured on a line of 230 bytes: 0.5 to 0.8 µs, by the pattern 2.4 µs.)
 *
 * @returns undefined for a line that only the pattern can judge
 * @throws Failure when the time is not of its format
 */
export function scanApacheLine(line: string, combined: boolean, readTime: TimeReader): VrlObject | undefined {
  const hostEnd = endOfWord(line, 0);
  if (hostEnd <= 0) return undefined;
  const identityEnd = endOfWord(line, hostEnd + 1);
  if (identityEnd <= hostEnd + 1) return undefined;
  const userEnd = endOfWord(line, identityEnd + 1);
  if (userEnd <= identityEnd + 1 || line.charCodeAt(userEnd + 1) !== OPEN_BRACKET) return undefined;
  const timeStart = userEnd + 2;
  const timeEnd = line.indexOf(']', timeStart);
  if (timeEnd <= timeStart + 1) return undefined;
  // The pattern takes the last bracket that closes; there must be no other before one opens.
  const opening = line.indexOf('[', timeStart);
  if (opening !== -1 && opening < timeEnd) return undefined;
  const closing = line.indexOf(']', timeEnd + 1);
  if (closing !== -1 && (opening === -1 || closing < opening)) return undefined;
  if (line.charCodeAt(timeEnd + 1) !== BLANK || line.charCodeAt(timeEnd + 2) !== QUOTE) return undefined;
  const requestStart = timeEnd + 3;
  const requestEnd = line.indexOf('"', requestStart);
  if (requestEnd === -1 || line.charCodeAt(requestEnd + 1) !== BLANK) return undefined;

  const methodEnd = endOfWord(line, requestStart);
  const pathEnd = endOfWord(line, methodEnd + 1);
  const noRequest = requestEnd === requestStart + 1 && line.charCodeAt(requestStart) === DASH;
  if (!noRequest) {
    if (methodEnd === -1 || pathEnd === -1 || pathEnd <= methodEnd + 1 || pathEnd + 1 >= requestEnd) return undefined;
    if (!isOneWord(line, requestStart, methodEnd)) return undefined;
    // White space at either end of the protocol belongs elsewhere.
    if (!isPlain(line.charCodeAt(pathEnd + 1)) || !isPlain(line.charCodeAt(requestEnd - 1))) return undefined;
  }

  const statusStart = requestEnd + 2;
  const statusEnd = endOfWord(line, statusStart);
  if (statusEnd === -1) return undefined;
  const status = smallInteger(line, statusStart, statusEnd);
  const sizeStart = statusEnd + 1;
  const sizeEnd = combined ? endOfWord(line, sizeStart) : line.length;
  if (status === undefined || sizeEnd === -1) return undefined;
  const size = smallInteger(line, sizeStart, sizeEnd);
  if (size === undefined) return undefined;

  let referrerEnd = 0;
  let agentEnd = 0;
  const referrerStart = sizeEnd + 2;
  if (combined) {
    if (line.charCodeAt(sizeEnd + 1) !== QUOTE) return undefined;
    referrerEnd = line.indexOf('"', referrerStart);
    if (referrerEnd === -1 || line.charCodeAt(referrerEnd + 1) !== BLANK) return undefined;
    if (line.charCodeAt(referrerEnd + 2) !== QUOTE || !isPlain(line.charCodeAt(referrerStart))) return undefined;
    if (line.charCodeAt(referrerStart) === DASH && !isPlain(line.charCodeAt(referrerStart + 1))) return undefined;
    agentEnd = line.indexOf('"', referrerEnd + 3);
    if (agentEnd === -1 || !isPlain(line.charCodeAt(referrerEnd + 3))) return undefined;
  }

  const fields = emptyObject();
  if (!isDash(line, 0, hostEnd)) fields['host'] = line.slice(0, hostEnd);
  if (!isDash(line, hostEnd + 1, identityEnd)) fields['identity'] = line.slice(hostEnd + 1, identityEnd);
  if (!isDash(line, identityEnd + 1, userEnd)) fields['user'] = line.slice(identityEnd + 1, userEnd);
  fields['timestamp'] = readTime(line.slice(timeStart, timeEnd));
  if (!noRequest) {
    fields['message'] = line.slice(requestStart, requestEnd);
    fields['method'] = line.slice(requestStart, methodEnd);
    fields['path'] = line.slice(methodEnd + 1, pathEnd);
    fields['protocol'] = line.slice(pathEnd + 1, requestEnd);
  }
  if (status >= 0) fields['status'] = status;
  if (size >= 0) fields['size'] = size;
  if (combined) {
    fields['referrer'] = line.slice(referrerStart, referrerEnd);
    // A dash in front makes the agent absent, whatever follows; the pattern has it so.
    if (line.charCodeAt(referrerEnd + 3) !== DASH) fields['agent'] = line.slice(referrerEnd + 3, agentEnd);
  }
  return fields;
}

function isDash(line: string, start: number, end: number): boolean {
  return end === start + 1 && line.charCodeAt(start) === DASH;
}

/** An ASCII character that is no white space; of others the pattern knows more. */
function isPlain(unit: number): boolean {
  return unit > BLANK && unit < 0x7f;
}
