import { arrayOf, STRING } from '../types/kind';
import { define, type FunctionDefinition } from './definition';
import { text } from './parameters';

const parseTokens = define({
  name: 'parse_tokens',
  params: [text('value')],
  // Absent ones are null; the language types all as strings.
  returns: arrayOf(STRING),
  fallible: false,
  fresh: true,
  run: (value) => tokensOf(value).map((token) => (token === '' || token === '-' ? null : token)),
});

/**
 * Splits at blanks and around what stands in quotes and square brackets, which hold blanks; a backslash in them goes
 * before a closing character. A token that starts like neither form takes all the rest.
 */
function tokensOf(value: string): string[] {
  const tokens: string[] = [];
  let position = 0;
  while (position < value.length) {
    const enclosed = enclosedToken(value, position);
    if (enclosed !== undefined) {
      tokens.push(enclosed);
      position += enclosed.length + 2;
    } else {
      const end = endOfSimple(value, position);
      const token = value.slice(position, end === position ? value.length : end);
      tokens.push(token);
      position += token.length;
    }
    position = skipBlanks(value, position);
  }
  return tokens;
}

/** What stands in quotes or brackets at a position, escapes and all; undefined when nothing does. */
function enclosedToken(value: string, position: number): string | undefined {
  const close = value[position] === '"' ? '"' : value[position] === '[' ? ']' : undefined;
  if (close === undefined) return undefined;
  let end = position + 1;
  while (end < value.length && value[end] !== close) {
    if (value[end] === '\\') {
      end++;
      if (value[end] !== close && value[end] !== '\\') return undefined;
    }
    end++;
  }
  return end < value.length ? value.slice(position + 1, end) : undefined;
}

function endOfSimple(value: string, from: number): number {
  let position = from;
  while (position < value.length && !' \t["'.includes(value[position] as string)) position++;
  return position;
}

function skipBlanks(value: string, from: number): number {
  let position = from;
  while (value[position] === ' ' || value[position] === '\t') position++;
  return position;
}

export const functions: readonly FunctionDefinition[] = [parseTokens];
