import { ExprSyntaxError } from '../errors';
import { MAX_SOURCE_LENGTH } from '../limits';
import { digitValue, isDigit, isNameCharacter, isNameStart, isSpace } from './characters';
import { showCharacter, showText } from './show';
import { readBytes, readQuotedString, readRawString } from './string-literal';
import { OPERATOR_WORDS, type Token } from './token';

const BRACKETS = '()[]{}';
/** Longest first, so that the first that fits is the token. */
const OPERATORS = [
  ['**', '==', '!=', '<=', '>=', '&&', '||', '??', '?.', '::', '..'],
  ['+', '-', '*', '/', '%', '^', '<', '>', '!', '?', ':', '.', '|', ',', ';', '#', '=', '&'],
].map((list): ReadonlySet<string> => new Set(list));

/** The tokens of a source: the last one is `end`, unless what follows is none. */
export interface TokenList {
  readonly tokens: readonly Token[];
  /** Why the rest cannot be cut; told only where the parser comes so far. */
  readonly failure: ExprSyntaxError | undefined;
}

/** Cuts the source into tokens. */
export function tokenize(source: string): TokenList {
  if (source.length > MAX_SOURCE_LENGTH) {
    throw new ExprSyntaxError(
      'source_too_long',
      `the expression is longer than ${MAX_SOURCE_LENGTH} characters`,
      source,
      MAX_SOURCE_LENGTH,
    );
  }
  const tokens: Token[] = [];
  try {
    let at = skipBlank(source, 0);
    while (at < source.length) {
      const token = readToken(source, at);
      tokens.push(token);
      at = skipBlank(source, token.end);
    }
  } catch (failure) {
    if (!(failure instanceof ExprSyntaxError)) throw failure;
    return { tokens, failure };
  }
  tokens.push({ kind: 'end', value: '', start: source.length, end: source.length });
  return { tokens, failure: undefined };
}

/** Offset of the first character at or behind `at` that is neither white space nor comment. */
function skipBlank(source: string, at: number): number {
  for (;;) {
    while (at < source.length && isSpace(source.charCodeAt(at))) at++;
    if (source.startsWith('//', at)) {
      const end = source.indexOf('\n', at);
      at = end < 0 ? source.length : end;
    } else if (source.startsWith('/*', at)) {
      const end = source.indexOf('*/', at + 2);
      if (end < 0) throw new ExprSyntaxError('unterminated_comment', 'unclosed comment', source, source.length);
      at = end + 2;
    } else {
      return at;
    }
  }
}

function readToken(source: string, start: number): Token {
  const character = source.charAt(start);
  if (BRACKETS.includes(character)) return { kind: 'bracket', value: character, start, end: start + 1 };
  if (character === '"' || character === "'") {
    const { text, end } = readQuotedString(source, start);
    return { kind: 'string', value: text, start, end };
  }
  if (character === '`') {
    const { text, end } = readRawString(source, start);
    return { kind: 'string', value: text, start, end };
  }
  const next = source.charAt(start + 1);
  if ((character === 'b' || character === 'B') && (next === '"' || next === "'")) {
    const { bytes, end } = readBytes(source, start + 1);
    return { kind: 'bytes', value: '', start, end, bytes };
  }
  if (isDigit(source.charCodeAt(start)) || (character === '.' && isDigit(source.charCodeAt(start + 1)))) {
    return readNumber(source, start);
  }
  if (isNameStart(source.codePointAt(start) ?? 0)) return readName(source, start);
  for (const [index, operators] of OPERATORS.entries()) {
    const value = source.slice(start, start + 2 - index);
    if (operators.has(value)) return { kind: 'operator', value, start, end: start + value.length };
  }
  const code = source.codePointAt(start) ?? 0;
  throw new ExprSyntaxError('unexpected_character', `unrecognized character: ${showCharacter(code)}`, source, start);
}

function readName(source: string, start: number): Token {
  let end = start;
  while (end < source.length) {
    const code = source.codePointAt(end) ?? 0;
    if (!isNameCharacter(code)) break;
    end += code > 0xffff ? 2 : 1;
  }
  const value = source.slice(start, end);
  return { kind: OPERATOR_WORDS.has(value) ? 'operator' : 'name', value, start, end };
}

/** Digits, prefix, fraction and exponent as written; the parser turns them into a value. */
function readNumber(source: string, start: number): Token {
  let at = start;
  let base = 10;
  if (source.charAt(at) === '0') {
    const prefix = source.charAt(at + 1).toLowerCase();
    base = prefix === 'x' ? 16 : prefix === 'o' ? 8 : prefix === 'b' ? 2 : 10;
    if (base !== 10) at += 2;
  }
  at = skipDigits(source, at, base);
  // A dot that is followed by a dot is the range operator.
  if (source[at] === '.' && source[at + 1] !== '.') at = skipDigits(source, at + 1, base);
  // With a prefix the exponent is read, too, and refused with the number as a whole.
  if (source[at] === 'e' || source[at] === 'E') {
    at++;
    if (source[at] === '+' || source[at] === '-') at++;
    at = skipDigits(source, at, base);
  }
  if (at < source.length && isNameCharacter(source.codePointAt(at) ?? 0)) {
    const word = source.slice(start, at) + String.fromCodePoint(source.codePointAt(at) ?? 0);
    throw new ExprSyntaxError('invalid_number', `bad number syntax: ${showText(word)}`, source, at);
  }
  return { kind: 'number', value: source.slice(start, at), start, end: at };
}

function skipDigits(source: string, at: number, base: number): number {
  while (at < source.length) {
    const code = source.charCodeAt(at);
    const value = digitValue(code);
    if (code !== 0x5f && (value < 0 || value >= base)) return at;
    at++;
  }
  return at;
}
