import { ASTERISK, COLON, DIGIT_0, DIGIT_9, DOT, SLASH, SPACE, isDigit, isLetter, skipSpaces } from './ascii';
import { isHostname } from './bsd-tag';
import type { EventTimeReader } from './event-time';
import type { LocalZone } from './local-zone';
import type { MessageSource } from './message-source';
import type { ParsedMessage } from './parsed-message';
import { isCiscoMnemonic, scanHost, scanTagAndContent } from './rfc3164';

/** Sequence number, host name, a second sequence number, task: more stands before no Cisco time. */
const MAX_PREFIXES = 4;
const MAX_PREFIX_BYTES = 64;

/**
 * Reads the headers of Cisco devices whose time does not come first:
 *
 * - IOS: `29: *Mar  1 18:46:11.123 UTC: %SYS-5-CONFIG_I: …`, with the host after the number (`logging origin-id`), with a
 *   second number (`service sequence-numbers`), with an uptime (`1w2d`, `00:00:46`) in place of the time
 * - NX-OS: `: 2024 Oct 11 22:14:15 UTC: %ETHPORT-5-IF_UP: …`; EMBLEM of ASA: the same without the space
 * - IOS XR: `1234: router1 RP/0/RSP0/CPU0:Oct 11 22:14:15.123 UTC: ifmgr[227]: …`, whose node becomes the tag
 * - AireOS: `wlc1: *emWeb: Oct 11 22:14:15.123: %AAA-5-…`, whose task becomes proc_id
 *
 * Sequence numbers and the marks of an unset clock are not kept.
 *
 * @param zone zone of stamps that name none
 * @param fallback host of a message that names none
 * @returns false when the message has no such header
 */
export function scanCiscoHeader(
  source: MessageSource,
  position: number,
  message: ParsedMessage,
  time: EventTimeReader,
  arrival: number,
  zone: LocalZone,
  fallback: string,
): boolean {
  const { bytes, end } = source;
  let hasSequence = false;
  let host = '';
  let task = '';
  if (position < end && bytes[position] === COLON) {
    hasSequence = true;
    position = skipSpaces(bytes, position + 1, end);
  }
  for (let prefixes = hasSequence ? 1 : 0; prefixes <= MAX_PREFIXES; prefixes++) {
    if (prefixes > 0) {
      if (isCiscoMnemonic(bytes, position, end)) {
        message.hostname = host === '' ? fallback : host;
        message.procId = task;
        scanTagAndContent(source, position, message);
        return true;
      }
      if (time.read(source, position, arrival, zone)) {
        if (!hasSequence && bytes[time.end] !== COLON) return false;
        message.timestamp = time.value;
        const tag = scanHost(source, time.end, message, host === '' ? fallback : host);
        scanTagAndContent(source, tag, message);
        if (message.procId === '') message.procId = task;
        return true;
      }
      const uptime = uptimeEnd(bytes, position, end);
      if (uptime > 0) {
        position = skipSpaces(bytes, uptime, end);
        continue;
      }
    }
    const from = position;
    const limit = Math.min(end, from + MAX_PREFIX_BYTES);
    while (position < limit && bytes[position] !== COLON && bytes[position] !== SPACE) position++;
    if (position >= limit || position === from) return false;
    if (bytes[position] === SPACE) {
      // Only IOS XR has a host without a colon, and only before a node.
      if (!hasSequence || host !== '' || !isNode(bytes, position + 1, end)) return false;
      host = source.slice(from, position);
      position++;
      continue;
    }
    if (isNode(bytes, from, end) && hasSequence) {
      if (!time.read(source, position + 1, arrival, zone) || time.end >= end) return false;
      const content = skipSpaces(bytes, time.end, end);
      if (bytes[content] !== COLON) return false;
      message.timestamp = time.value;
      message.hostname = host === '' ? fallback : host;
      message.program = source.slice(from, position);
      message.message = source.slice(skipSpaces(bytes, content + 1, end), end);
      return true;
    }
    if (position + 1 >= end || bytes[position + 1] !== SPACE) return false;
    if (isNumber(bytes, from, position)) hasSequence = true;
    else if (bytes[from] === ASTERISK) task = source.slice(from + 1, position);
    else if (host === '' && isHostname(bytes, from, position)) host = source.slice(from, position);
    else return false;
    position = skipSpaces(bytes, position + 1, end);
  }
  return false;
}

function isNumber(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!isDigit(bytes[i])) return false;
  return to > from;
}

/** True for the name of an IOS XR node: two letters, then `/` and a digit, as in `RP/0/RSP0/CPU0`. */
function isNode(bytes: Uint8Array, position: number, end: number): boolean {
  return (
    position + 3 < end &&
    isLetter(bytes[position]) &&
    isLetter(bytes[position + 1]) &&
    bytes[position + 2] === SLASH &&
    isDigit(bytes[position + 3])
  );
}

/** The position after an uptime and its colon (`00:00:46:`, `1w2d:`, `*3d04h:`), or -1. */
function uptimeEnd(bytes: Uint8Array, position: number, end: number): number {
  if (bytes[position] === ASTERISK || bytes[position] === DOT) position++;
  if (!isDigit(bytes[position])) return -1;
  const limit = Math.min(end, position + MAX_PREFIX_BYTES);
  let isPlainNumber = true;
  while (position < limit) {
    const byte = bytes[position] as number;
    if (byte === COLON && (position + 1 >= end || bytes[position + 1] === SPACE))
      return isPlainNumber ? -1 : position + 1;
    if (byte < DIGIT_0 || byte > DIGIT_9) {
      if (byte !== COLON && byte !== DOT && !isUptimeUnit(byte)) return -1;
      isPlainNumber = false;
    }
    position++;
  }
  return -1;
}

/** y, w, d, h, m, s */
function isUptimeUnit(byte: number): boolean {
  return byte === 0x79 || byte === 0x77 || byte === 0x64 || byte === 0x68 || byte === 0x6d || byte === 0x73;
}
