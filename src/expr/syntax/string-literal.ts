import { ExprSyntaxError } from '../errors';
import { digitValue } from './characters';

const SIMPLE_ESCAPES: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
  ['\\', 92],
]);

const MAX_CODE_POINT = 0x10ffff;

/** A quoted literal's content and the offset behind its closing quote. */
export interface QuotedText {
  readonly text: string;
  readonly end: number;
}

interface Escape {
  readonly code: number;
  readonly end: number;
  /** Whether the escape names a byte (`\x`, octal) and so is raw in a bytes literal. */
  readonly byte: boolean;
}

/** Reads a backtick literal from its opening backtick: no escapes, a doubled backtick stands for one. */
export function readRawString(source: string, start: number): QuotedText {
  let text = '';
  let from = start + 1;
  for (;;) {
    const end = source.indexOf('`', from);
    if (end < 0) throw unterminated(source, source.length);
    text += source.slice(from, end);
    if (source[end + 1] !== '`') return { text, end: end + 1 };
    text += '`';
    from = end + 2;
  }
}

/** Reads a quoted literal from its opening quote. */
export function readQuotedString(source: string, start: number): QuotedText {
  const quote = source.charAt(start);
  let text = '';
  let at = start + 1;
  for (;;) {
    const character = literalCharacter(source, at);
    if (character === quote) return { text, end: at + 1 };
    if (character === '\\') {
      const escape = readEscape(source, at, quote, false);
      text += String.fromCodePoint(escape.code);
      at = escape.end;
    } else if (character === '\r' && source[at + 1] === '\n') {
      // CRLF in the source is LF, and that ends the line: reported as any other open string.
      at++;
    } else {
      text += character;
      at++;
    }
  }
}

/** Reads a bytes literal from its opening quote; text outside escapes counts as its UTF-8 bytes. */
export function readBytes(source: string, start: number): { readonly bytes: readonly number[]; readonly end: number } {
  const quote = source.charAt(start);
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  let at = start + 1;
  for (;;) {
    const character = literalCharacter(source, at);
    if (character === quote) return { bytes: Object.freeze(bytes), end: at + 1 };
    if (character === '\\') {
      const escape = readEscape(source, at, quote, true);
      bytes.push(escape.code);
      at = escape.end;
    } else {
      const whole = String.fromCodePoint(source.codePointAt(at) ?? 0);
      bytes.push(...encoder.encode(whole));
      at += whole.length;
    }
  }
}

function literalCharacter(source: string, at: number): string {
  if (at >= source.length || source[at] === '\n') throw unterminated(source, at);
  return source.charAt(at);
}

function unterminated(source: string, at: number): ExprSyntaxError {
  return new ExprSyntaxError('unterminated_string', 'literal not terminated', source, at);
}

function readEscape(source: string, at: number, quote: string, bytes: boolean): Escape {
  const letter = source.charAt(at + 1);
  if (letter === quote) return { code: quote.charCodeAt(0), end: at + 2, byte: false };
  const simple = SIMPLE_ESCAPES.get(letter);
  if (simple !== undefined) return { code: simple, end: at + 2, byte: false };
  if (letter === 'x') return { code: readDigits(source, at + 2, 2, 16), end: at + 4, byte: true };
  if (letter >= '0' && letter <= '3') return { code: readDigits(source, at + 1, 3, 8), end: at + 4, byte: true };
  if (!bytes && letter === 'u' && source[at + 2] === '{') {
    const close = source.indexOf('}', at);
    const count = close - at - 3;
    if (close < 0 || count < 1 || count > 6) throw badEscape(source, at);
    return { code: codePoint(source, at, readDigits(source, at + 3, count, 16)), end: close + 1, byte: false };
  }
  if (!bytes && (letter === 'u' || letter === 'U')) {
    const count = letter === 'u' ? 4 : 8;
    return {
      code: codePoint(source, at, readDigits(source, at + 2, count, 16)),
      end: at + 2 + count,
      byte: false,
    };
  }
  throw badEscape(source, at + 1);
}

function readDigits(source: string, from: number, count: number, base: number): number {
  let value = 0;
  for (let at = from; at < from + count; at++) {
    const digit = at < source.length ? digitValue(source.charCodeAt(at)) : -1;
    if (digit < 0 || digit >= base) throw badEscape(source, at);
    value = value * base + digit;
  }
  return value;
}

/** Surrogates and values beyond Unicode name no character. */
function codePoint(source: string, escape: number, value: number): number {
  if (value > MAX_CODE_POINT || (value >= 0xd800 && value <= 0xdfff)) {
    throw new ExprSyntaxError('invalid_escape', 'unable to unescape string', source, escape);
  }
  return value;
}

function badEscape(source: string, at: number): ExprSyntaxError {
  return new ExprSyntaxError('invalid_escape', 'invalid char escape', source, at);
}
