import {
  CLOSE_BRACKET,
  COLON,
  MINUS,
  OPEN_BRACKET,
  OPEN_PARENTHESIS,
  PERCENT,
  QUOTE,
  SPACE,
  UPPER_M,
  isUpper,
  skipSpaces,
} from './ascii';
import { isAccessPoint, isAddress, isDottedName, isHostname, scanTag } from './bsd-tag';
import type { MessageSource } from './message-source';
import type { ParsedMessage } from './parsed-message';
import { withoutBom } from './rfc5424';
import type { SyslogSender } from './sender';

/** Words that applications print after the time of their own log lines; no host is called so. */
const LEVEL_WORDS: ReadonlySet<string> = new Set(
  'TRACE DEBUG VERBOSE INFO INFORMATION NOTICE WARN WARNING ERR ERROR CRIT CRITICAL SEVERE ALERT EMERG FATAL PANIC'.split(
    ' ',
  ),
);
const LONGEST_LEVEL_WORD = 11;
/** Seconds since the epoch have ten digits until the year 2286. */
const EPOCH_DIGITS = 10;
const REPEATED = 'message repeated ';
/** AIX puts this before what it passes on; the name of the first sender and a colon follow. */
const FORWARDED = 'Message forwarded from ';

/**
 * Reads the host that follows the time of an RFC 3164 message, if there is one; else the sender's address is the host.
 *
 * @param position right after the time: at a space, at the colon that ends a Cisco header, or at the end
 * @returns the position of the tag, or of what stands in its place
 */
export function scanHost(source: MessageSource, position: number, message: ParsedMessage, fallback: string): number {
  const { bytes, end } = source;
  message.hostname = fallback;
  if (position < end && bytes[position] === COLON) return skipSpaces(bytes, position + 1, end);
  position = skipSpaces(bytes, position, end);
  // Cisco leaves a space before the colon when it has no zone to print, and when it has no host.
  if (position + 1 < end && bytes[position] === COLON && bytes[position + 1] === SPACE) {
    return skipSpaces(bytes, position + 1, end);
  }
  const origin = scanOrigin(source, position, message);
  if (origin >= 0) return origin;
  const hostEnd = source.tokenEnd(position);
  // A word that ends the message is its content, or its tag; a host name has at least a space after it.
  if (hostEnd === end) return position;
  const hash = source.tokenHash;
  if (bytes[hostEnd - 1] === COLON) {
    if (!isHostBeforeColon(source, position, hostEnd - 1)) return position;
    message.hostname = source.slice(position, hostEnd - 1);
  } else {
    if (isTag(source, position, hostEnd) || !isHost(source, position, hostEnd)) {
      return scanQuotedAccessPoint(source, position, hostEnd, message);
    }
    source.tokenHash = hash;
    const isNil = hostEnd - position === 1 && bytes[position] === MINUS;
    if (!isNil) message.hostname = source.token(position, hostEnd);
  }
  const tag = skipSpaces(bytes, hostEnd, end);
  const behindRelay = scanOrigin(source, tag, message);
  return behindRelay >= 0 ? behindRelay : tag;
}

/** Reads the host of a message that AIX passed on. @returns the position of the tag, -1 when it did not */
function scanOrigin(source: MessageSource, position: number, message: ParsedMessage): number {
  const from = position + FORWARDED.length;
  if (from >= source.end || source.bytes[position] !== UPPER_M) return -1;
  if (!source.text.startsWith(FORWARDED, position)) return -1;
  const to = source.tokenEnd(from);
  if (to - from < 2 || source.bytes[to - 1] !== COLON) return -1;
  message.hostname = source.slice(from, to - 1);
  return skipSpaces(source.bytes, to, source.end);
}

/** Older access points of UniFi write what they are in quotes: `("U7LT,788a20aabbcc,v4.3.20.11298") hostapd: …`. */
function scanQuotedAccessPoint(source: MessageSource, from: number, to: number, message: ParsedMessage): number {
  const { bytes } = source;
  const isQuoted = bytes[from] === OPEN_PARENTHESIS && bytes[from + 1] === QUOTE && bytes[to - 2] === QUOTE;
  if (!isQuoted || to - from < 5 || !isAccessPoint(bytes, from + 2, to - 2)) return from;
  message.hostname = source.slice(from + 2, to - 2);
  return skipSpaces(bytes, to, source.end);
}

/**
 * Reads an RFC 3164 message without a time: `tag[pid]: content`, `host tag[pid]: content`, or content alone. A first word
 * is the host only where the second leaves no doubt (it has a pid) or it is an address or a full name itself.
 *
 * @param position right after PRI
 */
export function scanWithoutTime(
  source: MessageSource,
  position: number,
  message: ParsedMessage,
  sender: SyslogSender,
): void {
  const { bytes, end } = source;
  message.hostname = sender.hostname;
  const first = skipSpaces(bytes, position, end);
  let content = scanTag(source, first, message);
  if (content < 0) {
    const hostEnd = source.tokenEnd(first);
    if (isHostname(bytes, first, hostEnd)) {
      content = scanTag(source, skipSpaces(bytes, hostEnd, end), message);
      if (
        content >= 0 &&
        (message.procId !== '' || isDottedName(bytes, first, hostEnd) || isAddress(bytes, first, hostEnd))
      ) {
        message.hostname = source.slice(first, hostEnd);
      } else {
        content = -1;
        message.program = '';
      }
    }
  }
  readContent(source, content < 0 ? position : content, message);
}

/**
 * Reads the header of Cisco Meraki, `1 1563249630.774247467 host content`: it looks like RFC 5424, but its time is in
 * seconds since the epoch and no other field follows.
 *
 * @param position right after the version
 * @returns false when there is no such time
 */
export function scanEpochHeader(
  source: MessageSource,
  position: number,
  message: ParsedMessage,
  sender: SyslogSender,
): boolean {
  const { bytes, end } = source;
  const from = skipSpaces(bytes, position, end);
  const to = source.tokenEnd(from);
  const timestamp = epochTimestamp(source.slice(from, to));
  if (timestamp === undefined) return false;
  message.timestamp = timestamp;
  const host = skipSpaces(bytes, to, end);
  const hostEnd = source.tokenEnd(host);
  message.hostname = hostEnd > host ? source.token(host, hostEnd) : sender.hostname;
  readContent(source, skipSpaces(bytes, hostEnd, end), message);
  return true;
}

/** Seconds since the epoch, perhaps with a fraction, as RFC 3339; undefined when the text is no such number. */
export function epochTimestamp(text: string): string | undefined {
  const dot = text.indexOf('.');
  const seconds = dot < 0 ? text : text.slice(0, dot);
  const fraction = dot < 0 ? '' : text.slice(dot);
  if (seconds.length !== EPOCH_DIGITS || !/^\d+$/.test(seconds) || !/^(?:\.\d{1,9})?$/.test(fraction)) return undefined;
  return new Date(Number(seconds) * 1000).toISOString().replace('.000Z', `${fraction}Z`);
}

/** Reads the tag, if there is one, and takes the rest as content. */
export function scanTagAndContent(source: MessageSource, position: number, message: ParsedMessage): void {
  const content = scanTag(source, position, message);
  readContent(source, content < 0 ? position : content, message);
}

function readContent(source: MessageSource, position: number, message: ParsedMessage): void {
  message.message = source.slice(withoutBom(source.bytes, position, source.end), source.end);
}

/** True for `10.1.1.1:` and for `router1:` with a Cisco mnemonic after it. */
function isHostBeforeColon(source: MessageSource, from: number, colon: number): boolean {
  const { bytes, end } = source;
  if (isAddress(bytes, from, colon) || isAccessPoint(bytes, from, colon)) return true;
  const next = skipSpaces(bytes, colon + 1, end);
  return isCiscoMnemonic(bytes, next, end) && isHostname(bytes, from, colon);
}

/** True where a Cisco message's own name begins, such as `%SYS-5-CONFIG_I`. */
export function isCiscoMnemonic(bytes: Uint8Array, position: number, end: number): boolean {
  return position + 1 < end && bytes[position] === PERCENT && isUpper(bytes[position + 1]);
}

/** True for a token such as `sshd[42]` that no colon follows; with a colon it is told from a host by that. */
function isTag(source: MessageSource, from: number, to: number): boolean {
  const { bytes } = source;
  return to - from > 3 && bytes[to - 1] === CLOSE_BRACKET && bytes[from] !== OPEN_BRACKET;
}

function isHost(source: MessageSource, from: number, to: number): boolean {
  const { bytes } = source;
  if (to - from === 1 && bytes[from] === MINUS) return true;
  if (!isHostname(bytes, from, to)) return isAccessPoint(bytes, from, to);
  if (isUpper(bytes[from]) && to - from <= LONGEST_LEVEL_WORD && LEVEL_WORDS.has(source.slice(from, to))) return false;
  // BSD syslogd writes `last message repeated 3 times` without a host.
  return !(to - from === 4 && source.text.startsWith(REPEATED, to + 1) && source.text.startsWith('last', from));
}
