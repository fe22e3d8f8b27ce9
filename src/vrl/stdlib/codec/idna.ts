import { decodePunycode, encodePunycode } from './punycode';

const PREFIX = 'xn--';
const NON_ASCII = /[^\x00-\x7f]/;

/** Characters that stand for the full stop between labels. */
const DOTS = /[\u3002\uff0e\uff61]/g;
/** Characters that mapping takes away: soft hyphen, joiners that only ever shape text, variation selectors and the like. */
const IGNORED = /\u00ad|\u034f|[\u180b-\u180d]|\u180f|\u200b|\u2060|\u2064|[\ufe00-\ufe0f]|\ufeff/g;
/** Not assigned, private, surrogates, controls beyond ASCII, and bidirectional controls. */
const DISALLOWED =
  /[\p{Cn}\p{Co}\p{Cs}\x80-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u206f\ufff9-\uffff\p{Zl}\p{Zp}]/u;
/** A label must not begin with a mark, which would go with the dot before it. */
const MARK_AT_START = /^\p{M}/u;
/** Zero width joiners are allowed after a virama alone (RFC 5892 appendix A; the rule for scripts that join is not applied). */
const JOINER = /[\u200c\u200d]/u;
const JOINER_AFTER_VIRAMA =
  /[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba\u0f84\u1039\u103a\u1714\u1734\u17d2\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\u2d7f\ua806\ua8c4\ua953\ua9c0\uaaf6\uabed][\u200c\u200d]/gu;

/** The label in the one form that UTS 46 maps it to (non-transitional: ß, ς and joiners stay). */
function mapped(text: string): string {
  return text
    .replace(IGNORED, '')
    .replace(DOTS, '.')
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(DOTS, '.');
}

function isValid(label: string): boolean {
  if (label === '') return true;
  if (label.normalize('NFC') !== label || MARK_AT_START.test(label) || DISALLOWED.test(label)) return false;
  return !JOINER.test(label.replace(JOINER_AFTER_VIRAMA, ''));
}

/** A label's decoded form; undefined when it is in punycode and not what encoding would have given. */
function checkedLabel(label: string): string | undefined {
  if (!label.startsWith(PREFIX)) return isValid(label) ? label : undefined;
  const decoded = decodePunycode(label.slice(PREFIX.length));
  if (decoded === undefined || !NON_ASCII.test(decoded) || mapped(decoded) !== decoded) return undefined;
  return isValid(decoded) ? decoded : undefined;
}

/**
 * A domain name as the DNS has it (UTS 46 ToASCII, non-transitional, without the checks of length, hyphens and
 * direction of writing).
 *
 * @returns undefined for a name that is not valid
 * @example toAscii('Bücher.example') // 'xn--bcher-kva.example'
 */
export function toAscii(domain: string): string | undefined {
  const labels: string[] = [];
  for (const label of mapped(domain).split('.')) {
    const decoded = checkedLabel(label);
    if (decoded === undefined) return undefined;
    const encoded = encodeLabel(decoded);
    if (encoded === undefined) return undefined;
    labels.push(encoded);
  }
  return labels.join('.');
}

/** A domain name as people read it (UTS 46 ToUnicode); undefined for one that is not valid. */
export function toUnicode(domain: string): string | undefined {
  const labels: string[] = [];
  for (const label of mapped(domain).split('.')) {
    const decoded = checkedLabel(label);
    if (decoded === undefined) return undefined;
    labels.push(decoded);
  }
  return labels.join('.');
}

function encodeLabel(label: string): string | undefined {
  if (!NON_ASCII.test(label)) return label;
  const encoded = encodePunycode(label);
  return encoded === undefined ? undefined : PREFIX + encoded;
}

/** Encodes the labels that are not ASCII, in lower case, and checks nothing; undefined when a label is too long. */
export function encodeLabels(domain: string): string | undefined {
  const labels = domain
    .toLowerCase()
    .split('.')
    .map((label) => (label.startsWith(PREFIX) ? label : encodeLabel(label)));
  return labels.includes(undefined) ? undefined : labels.join('.');
}

/** Decodes the labels that are in punycode and checks nothing; one that is malformed stays as it is. */
export function decodeLabels(domain: string): string {
  return domain
    .split('.')
    .map((label) => (label.startsWith(PREFIX) ? (decodePunycode(label.slice(PREFIX.length)) ?? label) : label))
    .join('.');
}
