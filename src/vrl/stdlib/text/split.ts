import { matchAll } from '../../regex';
import { VrlRegex } from '../../value/value';

/**
 * Cuts a text at a pattern into at most `limit` parts; the last keeps what is left.
 *
 * An empty pattern matches around every character, at both ends too.
 *
 * @example splitText('a,b,c', ',', 2) // ['a', 'b,c']
 */
export function splitText(text: string, pattern: string | VrlRegex, limit: number): string[] {
  if (limit === 0) return [];
  if (limit === Infinity && typeof pattern === 'string' && pattern !== '') return text.split(pattern);
  const parts: string[] = [];
  let start = 0;
  for (const [from, to] of pattern instanceof VrlRegex ? matchesOf(text, pattern) : occurrencesOf(text, pattern)) {
    if (parts.length >= limit - 1) break;
    parts.push(text.slice(start, from));
    start = to;
  }
  parts.push(text.slice(start));
  return parts;
}

function* matchesOf(text: string, pattern: VrlRegex): Generator<readonly [number, number]> {
  for (const match of matchAll(pattern, text)) yield [match.index, match.index + match[0].length];
}

/** Where a literal occurs, none overlapping; the empty one before every character and at the end. */
export function* occurrencesOf(text: string, pattern: string): Generator<readonly [number, number]> {
  if (pattern === '') {
    for (let i = 0; i < text.length; i += (text.codePointAt(i) as number) > 0xffff ? 2 : 1) yield [i, i];
    yield [text.length, text.length];
    return;
  }
  for (let i = text.indexOf(pattern); i !== -1; i = text.indexOf(pattern, i + pattern.length)) {
    yield [i, i + pattern.length];
  }
}
