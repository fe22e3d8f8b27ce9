import {
  APOSTROPHE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  DOT,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PARENTHESIS,
  PERCENT,
  QUOTE,
  SLASH,
  SPACE,
  TAB,
  UNDERSCORE,
  isDigit,
  isLetter,
} from './ascii';
import type { MessageSource } from './message-source';
import type { ParsedMessage } from './parsed-message';

/** RFC 3164 says 32; paths, containers and reverse domain names are longer. */
const MAX_TAG_BYTES = 128;
/** Process ids are numbers or short words such as `web.1`. */
const MAX_PROC_ID_BYTES = 64;
const HARDWARE_ADDRESS_DIGITS = 12;

/** Words before a colon that begin a format of the content, not a tag. */
const CONTENT_COOKIES: ReadonlySet<string> = new Set(['@cee', 'cee', 'cef', 'leef']);
const LONGEST_COOKIE = 4;

/** Bytes above SPACE that no tag has; a token with one of them is content. */
const NOT_IN_TAGS: ReadonlySet<number> = new Set(
  ['"', "'", '`', '{', '}', '=', ',', ';', '<', '>', '|', '!', '?', '\\', ']'].map((character) =>
    character.charCodeAt(0),
  ),
);
const TAG_BYTES = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte > SPACE && byte !== 0x7f && !NOT_IN_TAGS.has(byte) ? 1 : 0,
);

/** Letters, digits, `-`, `_`, `.`, what is not ASCII, and what relays put between two hosts: `/`, `@`, `%`. */
const HOST_BYTES = Uint8Array.from({ length: 256 }, (_, byte) =>
  isLetter(byte) || isDigit(byte) || byte >= 0x80 || '-_./@%'.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/**
 * Reads a tag at `position`: `tag: `, `tag[pid]: ` or `tag[pid] `. A word that only a space follows is no tag but the
 * begin of the content (RFC 3164 section 5.4, example 3): it is not taken out of a sentence.
 *
 * @returns the position of the content, one space after the tag left out; -1 when there is no tag
 */
export function scanTag(source: MessageSource, position: number, message: ParsedMessage): number {
  const { bytes } = source;
  const limit = Math.min(source.end, position + MAX_TAG_BYTES);
  if (position < limit && bytes[position] === OPEN_PARENTHESIS) return -1;
  let hash = 0;
  for (let i = position; i < limit; i++) {
    const byte = bytes[i] as number;
    if (byte === COLON) {
      const isUrl = i + 2 < source.end && bytes[i + 1] === SLASH && bytes[i + 2] === SLASH;
      if (i === position || isUrl) return -1;
      if (endsTag(source, position, i)) return accept(source, position, i, hash, i + 1, message);
    } else if (byte === OPEN_BRACKET) {
      return i === position ? -1 : scanProcId(source, position, i, hash, message);
    } else if (byte === SPACE) {
      // IOS XR writes `%PKT_INFRA-LINK-3-UPDOWN : text`.
      const isCisco = bytes[position] === PERCENT && i + 1 < source.end && bytes[i + 1] === COLON;
      return isCisco ? accept(source, position, i, hash, i + 2, message) : -1;
    } else if (TAG_BYTES[byte] === 0) {
      return -1;
    }
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  return -1;
}

function accept(
  source: MessageSource,
  from: number,
  to: number,
  hash: number,
  after: number,
  message: ParsedMessage,
): number {
  source.tokenHash = hash;
  message.program = source.token(from, to);
  return after < source.end && source.bytes[after] === SPACE ? after + 1 : after;
}

/** The pid in brackets after a tag; `open` is the bracket. */
function scanProcId(source: MessageSource, from: number, open: number, hash: number, message: ParsedMessage): number {
  const { bytes, end } = source;
  const limit = Math.min(end, open + 1 + MAX_PROC_ID_BYTES);
  let close = open + 1;
  let pidHash = 0;
  while (close < limit) {
    const byte = bytes[close] as number;
    if (byte === CLOSE_BRACKET) break;
    if (byte <= SPACE || byte === OPEN_BRACKET) return -1;
    pidHash = (Math.imul(pidHash, 31) + byte) | 0;
    close++;
  }
  if (close >= limit || close === open + 1) return -1;
  let after = close + 1;
  if (after < end && bytes[after] === COLON) {
    after++;
  } else if (after < end && (bytes[after] !== SPACE || !isDigit(bytes[open + 1]))) {
    return -1;
  }
  source.tokenHash = pidHash;
  message.procId = source.token(open + 1, close);
  return accept(source, from, open, hash, after, message);
}

/** True when the colon at `colon` ends the tag that begins at `from`. */
function endsTag(source: MessageSource, from: number, colon: number): boolean {
  const { bytes, end } = source;
  const next = bytes[colon + 1];
  const length = colon - from;
  if (length <= LONGEST_COOKIE && CONTENT_COOKIES.has(source.slice(from, colon).toLowerCase())) return false;
  if (bytes[from] === PERCENT) return true;
  const isSpaced = colon + 1 >= end || next === SPACE || next === TAB;
  // A tag is a name: `29:` is a sequence number, `12:30:` a time.
  if (isSpaced) return hasLetter(bytes, from, colon);
  // `su:text` is a tag; `http://`, `10.0.0.1:80`, `C:\` and `a::b` are content.
  const opensText =
    isLetter(next) ||
    next === QUOTE ||
    next === APOSTROPHE ||
    next === OPEN_BRACKET ||
    next === OPEN_PARENTHESIS ||
    next === OPEN_BRACE;
  return opensText && isLetter(bytes[from]) && isPlainName(bytes, from, colon);
}

function hasLetter(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (isLetter(bytes[i]) || (bytes[i] as number) >= 0x80) return true;
  return false;
}

function isPlainName(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i];
    if (!isLetter(byte) && !isDigit(byte) && byte !== MINUS && byte !== UNDERSCORE && byte !== DOT) return false;
  }
  return true;
}

/** True when a token can be the name or address of a host. */
export function isHostname(bytes: Uint8Array, from: number, to: number): boolean {
  const first = bytes[from];
  if (from >= to) return false;
  if (first === OPEN_BRACKET) return bytes[to - 1] === CLOSE_BRACKET && isIpv6(bytes, from, to);
  if (!isLetter(first) && !isDigit(first) && first !== COLON && first !== UNDERSCORE && (first as number) < 0x80) {
    return false;
  }
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    if (HOST_BYTES[byte] === 0) return byte === COLON && isIpv6(bytes, from, to);
  }
  return true;
}

/** True when a token is an IPv4 or IPv6 address. */
export function isAddress(bytes: Uint8Array, from: number, to: number): boolean {
  return isIpv4(bytes, from, to) || isIpv6(bytes, from, to);
}

/** True when a token has a dot between letters or digits, as full host names and IPv4 addresses have. */
export function isDottedName(bytes: Uint8Array, from: number, to: number): boolean {
  if (!isHostname(bytes, from, to)) return false;
  for (let i = from + 1; i + 1 < to; i++) {
    if (bytes[i] === DOT) return true;
  }
  return false;
}

/** True for what UniFi access points call themselves: commas between parts, one of which is the hardware address. */
export function isAccessPoint(bytes: Uint8Array, from: number, to: number): boolean {
  let isCommaSeparated = false;
  let hasAddress = false;
  let digits = 0;
  let partStart = from;
  for (let i = from; i <= to; i++) {
    const byte = i < to ? (bytes[i] as number) : COMMA;
    if (byte === COMMA) {
      isCommaSeparated ||= i < to;
      hasAddress ||= digits === HARDWARE_ADDRESS_DIGITS && i - partStart === digits;
      digits = 0;
      partStart = i + 1;
    } else if (isHexDigit(byte)) {
      digits++;
    } else if (HOST_BYTES[byte] === 0) {
      return false;
    }
  }
  return isCommaSeparated && hasAddress;
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

function isIpv4(bytes: Uint8Array, from: number, to: number): boolean {
  let dots = 0;
  for (let i = from; i < to; i++) {
    if (bytes[i] === DOT) dots++;
    else if (!isDigit(bytes[i])) return false;
  }
  return dots === 3;
}

/** Hexadecimal groups and at least two colons, perhaps in brackets, perhaps with a zone after `%`. */
function isIpv6(bytes: Uint8Array, from: number, to: number): boolean {
  if (bytes[from] === OPEN_BRACKET) from++;
  let colons = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    if (byte === COLON) colons++;
    else if (byte === PERCENT || byte === CLOSE_BRACKET || byte === SLASH) break;
    else if (!isHexDigit(byte) && byte !== DOT) return false;
  }
  return colons >= 2;
}
