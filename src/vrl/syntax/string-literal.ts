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

const PLACEHOLDER = /\{\{[ \t]*([A-Za-z_@0-9]+)[ \t]*\}\}/y;

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
    if (char === '{') {
      PLACEHOLDER.lastIndex = i;
      const match = PLACEHOLDER.exec(source);
      if (match !== null && PLACEHOLDER.lastIndex <= end) {
        if (text !== '') parts.push(wellFormed(text));
        text = '';
        parts.push({ name: match[1] as string, span: { start: i, end: PLACEHOLDER.lastIndex } });
        i = PLACEHOLDER.lastIndex;
        continue;
      }
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
  throw new VrlSyntaxError(209, `invalid escape character: \\${shown}`, { start, end: start + 1 + shown.length });
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
