import { wellFormed } from '../value/bytes';
import { VrlSyntaxError } from './syntax-error';
import type { TemplatePart } from './token';

const ESCAPES = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['0', '\0'],
  ['\\', '\\'],
  ['"', '"'],
  ["'", "'"],
  ['{', '{'],
  ['}', '}'],
]);

/**
 * Reads the inside of a `"..."` literal: escapes, and variables in `{{ }}`.
 *
 * @param start position of the text behind the opening quote
 * @param end position of the closing quote
 * @throws VrlSyntaxError 209 for an unknown escape, 211 for a bad character number
 */
export function readStringLiteral(source: string, start: number, end: number): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let text = '';
  let i = start;
  while (i < end) {
    const char = source[i] as string;
    if (char === '\\') {
      const escape = readEscape(source, i, end);
      text += escape.text;
      i = escape.next;
      continue;
    }
    if (char === '{' && source[i + 1] === '{') {
      if (text !== '') parts.push(wellFormed(text));
      text = '';
      const close = source.indexOf('}}', i + 2);
      // Without its end, what follows belongs to no variable and to no text either.
      if (close === -1 || close + 2 > end) break;
      const span = { start: i, end: close + 2 };
      // Whatever stands between the braces is a name, though no variable may have it.
      if (close > i + 2) parts.push({ name: source.slice(i + 2, close).trim(), span });
      i = span.end;
      continue;
    }
    text += char;
    i++;
  }
  if (text !== '' || parts.length === 0) parts.push(wellFormed(text));
  return parts;
}

function readEscape(source: string, start: number, end: number): { text: string; next: number } {
  const char = source[start + 1] as string;
  const simple = ESCAPES.get(char);
  if (simple !== undefined) return { text: simple, next: start + 2 };
  if (char === '\n' || (char === '\r' && source[start + 2] === '\n')) {
    let next = start + 2;
    while (next < end && /\s/.test(source[next] as string)) next++;
    return { text: '', next };
  }
  if (char === 'u' && source[start + 2] === '{') return readUnicodeEscape(source, start, end);
  const shown = String.fromCodePoint(source.codePointAt(start + 1) as number);
  const span = { start: start + 1, end: start + 1 + shown.length };
  throw new VrlSyntaxError(209, `invalid escape character: \\${shown}`, span);
}

function readUnicodeEscape(source: string, start: number, end: number): { text: string; next: number } {
  const close = source.indexOf('}', start);
  const stop = close === -1 || close >= end ? end : close + 1;
  const digits = source.slice(start + 3, stop - 1);
  const codePoint = /^[0-9A-Fa-f]{1,6}$/.test(digits) ? Number.parseInt(digits, 16) : Infinity;
  if (close === -1 || close >= end || codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
    throw new VrlSyntaxError(211, 'invalid unicode escape sequence', { start, end: stop });
  }
  return { text: String.fromCodePoint(codePoint), next: stop };
}
