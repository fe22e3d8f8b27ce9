import { emptyObject, VrlFloat, type VrlObject, type VrlValue } from '../../value/value';
import { parseDecimalInteger } from '../../value/integer';
import { compileRegex, RegexSyntaxError } from '../../regex';
import { RuleError } from './rule-error';

/** How the pairs of the keyvalue filter are written. */
export interface PairFormat {
  /** Between key and value. */
  readonly separator: string;
  /** Quotes: opening and closing characters. */
  readonly quotes: readonly (readonly [string, string])[];
  /** Between pairs; undefined takes blanks, commas and semicolons. */
  readonly delimiters: readonly string[];
  /** Finds the bare word at a position; the empty text when there is none. */
  readonly word: (text: string, from: number) => string;
}

const DEFAULT_QUOTES = [
  ['"', '"'],
  ["'", "'"],
  ['<', '>'],
] as const;
const DEFAULT_DELIMITERS = [' ', ',', ';'];

/**
 * Makes the format of `keyvalue(separator, allowed, quotes, delimiter)`; empty arguments stand for the defaults.
 *
 * @param allowed characters that words may have beside letters, digits and `_.-@`
 * @throws RuleError
 */
export function pairFormat(separator = '=', allowed = '', quotes = '', delimiter = ''): PairFormat {
  if (quotes.length === 1 || quotes.length > 2) throw new RuleError("invalid arguments for the function 'keyvalue'");
  let regex;
  try {
    regex = compileRegex(`[\\w.\\-_@${allowed}]+`);
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error;
    throw new RuleError("invalid arguments for the function 'keyvalue'");
  }
  const one = compileRegex(`^[\\w.\\-_@${allowed}]$`);
  return {
    separator: separator === '' ? '=' : separator,
    quotes: quotes === '' ? DEFAULT_QUOTES : [[quotes[0] as string, quotes[1] as string]],
    delimiters: delimiter === '' ? DEFAULT_DELIMITERS : [delimiter],
    word: (text, from) => {
      if (from >= text.length || !one.test(String.fromCodePoint(text.codePointAt(from) as number))) return '';
      const match = regex.exec(text, from);
      return match !== null && match.index === from ? match[0] : '';
    },
  };
}

/** The pairs of a text; what is no pair is skipped up to the next delimiter. Repeated keys collect into an array. */
export function readPairList(text: string, format: PairFormat): VrlObject {
  const object = emptyObject();
  let position = 0;
  while (position < text.length) {
    const pair = readPair(text, position, format);
    if (pair === undefined) {
      position = nextStart(text, position, format.delimiters);
      continue;
    }
    position = pair.end;
    if (pair.value === undefined || pair.value === null) continue;
    const existing = object[pair.key];
    if (existing === undefined) object[pair.key] = pair.value;
    else if (Array.isArray(existing)) existing.push(pair.value);
    else object[pair.key] = [existing, pair.value];
  }
  return object;
}

interface Pair {
  readonly key: string;
  readonly value: VrlValue | undefined;
  readonly end: number;
}

function readPair(text: string, from: number, format: PairFormat): Pair | undefined {
  const quotedKey = readQuoted(text, from, format.quotes);
  const key = quotedKey?.text ?? format.word(text, from);
  let position = quotedKey?.end ?? from + key.length;
  if (key === '') return undefined;
  while (text[position] === ' ' && format.separator.trim() !== '') position++;
  if (!text.startsWith(format.separator, position)) return undefined;
  position += format.separator.length;
  const start = position;
  while (text[position] === ' ' && !format.delimiters.includes(' ')) position++;
  const quoted = readQuoted(text, position, format.quotes);
  if (quoted !== undefined) return { key, value: quoted.text, end: quoted.end };
  const word = format.word(text, position);
  if (word === '') return { key, value: undefined, end: start };
  return { key, value: scalar(word), end: position + word.length };
}

function readQuoted(
  text: string,
  from: number,
  quotes: PairFormat['quotes'],
): { readonly text: string; readonly end: number } | undefined {
  for (const [open, close] of quotes) {
    if (text[from] !== open) continue;
    const end = text.indexOf(close, from + 1);
    if (end !== -1) return { text: text.slice(from + 1, end), end: end + 1 };
  }
  return undefined;
}

/** Position behind the next delimiter. */
function nextStart(text: string, from: number, delimiters: readonly string[]): number {
  for (let position = from; position < text.length; position++) {
    const delimiter = delimiters.find((candidate) => text.startsWith(candidate, position));
    if (delimiter !== undefined) return position + delimiter.length;
  }
  return text.length;
}

function scalar(word: string): VrlValue {
  if (word === 'null') return null;
  if (word === 'true' || word === 'false') return word === 'true';
  const integer = parseDecimalInteger(word);
  if (integer !== undefined) return integer;
  return /^[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(word) ? new VrlFloat(Number(word)) : word;
}
