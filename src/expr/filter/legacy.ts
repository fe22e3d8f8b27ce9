import { positionAt } from '../errors';
import { MAX_DEPTH, MAX_SOURCE_LENGTH } from '../limits';
import { BUILTIN_NAMES } from '../syntax/builtin-names';
import { isName } from '../syntax/characters';
import { quote } from '../syntax/quote';
import { LITERAL_WORDS, OPERATOR_WORDS } from '../syntax/token';

/** The source is not a filter of the old language. */
export class LegacyFilterError extends Error {
  override readonly name = 'LegacyFilterError';
  readonly code: string;
  readonly offset: number;
  readonly line: number;
  readonly column: number;

  constructor(code: string, message: string, source: string, offset: number) {
    super(message);
    this.code = code;
    const position = positionAt(source, offset);
    this.offset = position.offset;
    this.line = position.line;
    this.column = position.column;
  }
}

/**
 * Turns a filter of the old language into Expr text with the same meaning.
 *
 * The old language has `field = "v"`, `!=`, `in [...]`, `not in [...]`, `not`, `and`, `or` (the words in either case)
 * and parentheses; a field name in single quotes may hold any character.
 *
 * @throws LegacyFilterError when the source is none.
 * @example translateLegacyFilter(`level = "error" AND 'http.status' in ["500"]`)
 * // 'level == "error" and $env["http.status"] in ["500"]'
 */
export function translateLegacyFilter(source: string): string {
  return new LegacyTranslator(source).translate();
}

interface LegacyToken {
  readonly kind: 'word' | 'field' | 'text' | 'sign' | 'end';
  readonly value: string;
  readonly start: number;
}

const TOKEN = /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(!=|=|\(|\)|\[|\]|,)|($))/suy;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
]);
const KEYWORDS: ReadonlyMap<string, string> = new Map(
  ['and', 'or', 'not', 'in'].flatMap((word) => [
    [word, word],
    [word.toUpperCase(), word],
  ]),
);

class LegacyTranslator {
  readonly #source: string;
  readonly #tokens: LegacyToken[] = [];
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  translate(): string {
    this.#tokenize();
    const text = this.#or();
    if (this.#peek().kind !== 'end') throw this.#unexpected();
    return text;
  }

  #or(): string {
    return this.#chain('or', () => this.#chain('and', () => this.#not()));
  }

  #chain(word: string, operand: () => string): string {
    const parts = [operand()];
    while (this.#takeWord(word)) parts.push(operand());
    return parts.join(` ${word} `);
  }

  #not(): string {
    let negations = 0;
    while (this.#takeWord('not')) negations++;
    const operand = this.#operand();
    if (negations % 2 === 1) return operand.startsWith('(') ? `not ${operand}` : `not (${operand})`;
    return operand;
  }

  #operand(): string {
    if (this.#peek().value === '(' && this.#peek().kind === 'sign') {
      if (++this.#depth > MAX_DEPTH) throw this.#error('too_deep', 'the filter is nested too deeply', this.#peek());
      this.#at++;
      const inner = this.#or();
      this.#sign(')');
      this.#depth--;
      return `(${inner})`;
    }
    return this.#comparison();
  }

  #comparison(): string {
    const token = this.#peek();
    const named = token.kind === 'field' || (token.kind === 'word' && !isKeyword(token.value));
    if (!named) throw this.#unexpected();
    this.#at++;
    const field = fieldReference(token.value);
    if (this.#takeSign('=')) return `${field} == ${this.#text()}`;
    if (this.#takeSign('!=')) return `${field} != ${this.#text()}`;
    const negated = this.#takeWord('not');
    const word = this.#peek();
    if (word.kind !== 'word' || KEYWORDS.get(word.value) !== 'in') throw this.#unexpected();
    this.#at++;
    return `${field} ${negated ? 'not in' : 'in'} ${this.#list()}`;
  }

  #list(): string {
    this.#sign('[');
    const texts: string[] = [];
    while (!this.#takeSign(']')) {
      if (texts.length > 0) this.#sign(',');
      texts.push(this.#text());
    }
    return `[${texts.join(', ')}]`;
  }

  #text(): string {
    const token = this.#peek();
    if (token.kind !== 'text') throw this.#unexpected();
    this.#at++;
    return quote(token.value);
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'word' || KEYWORDS.get(token.value) !== word) return false;
    this.#at++;
    return true;
  }

  #takeSign(sign: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'sign' || token.value !== sign) return false;
    this.#at++;
    return true;
  }

  #sign(sign: string): void {
    if (!this.#takeSign(sign)) throw this.#unexpected();
  }

  #peek(): LegacyToken {
    return this.#tokens[this.#at] ?? { kind: 'end', value: '', start: this.#source.length };
  }

  #tokenize(): void {
    if (this.#source.length > MAX_SOURCE_LENGTH) {
      throw new LegacyFilterError('source_too_long', 'the filter is too long', this.#source, MAX_SOURCE_LENGTH);
    }
    TOKEN.lastIndex = 0;
    for (;;) {
      const from = TOKEN.lastIndex;
      const match = TOKEN.exec(this.#source);
      if (match === null) {
        throw new LegacyFilterError('unexpected_character', 'this is not a token', this.#source, from);
      }
      const [whole, word, field, text, sign] = match;
      const start = from + whole.length - whole.trimStart().length;
      if (word !== undefined) this.#tokens.push({ kind: 'word', value: word, start });
      else if (field !== undefined) this.#tokens.push({ kind: 'field', value: unescape(field), start });
      else if (text !== undefined) this.#tokens.push({ kind: 'text', value: unescape(text), start });
      else if (sign !== undefined) this.#tokens.push({ kind: 'sign', value: sign, start });
      else return;
    }
  }

  #unexpected(): LegacyFilterError {
    const token = this.#peek();
    const found = token.kind === 'end' ? 'the end' : JSON.stringify(token.value);
    return this.#error('unexpected_token', `unexpected ${found}`, token);
  }

  #error(code: string, message: string, token: LegacyToken): LegacyFilterError {
    return new LegacyFilterError(code, message, this.#source, token.start);
  }
}

function isKeyword(word: string): boolean {
  return KEYWORDS.has(word);
}

/** A backslash takes the next character as it is, the usual letters for control characters excepted. */
function unescape(text: string): string {
  return text.replace(/\\(.)/gsu, (_, character: string) => ESCAPES.get(character) ?? character);
}

function fieldReference(name: string): string {
  const plain =
    isName(name) &&
    name !== '$env' &&
    !OPERATOR_WORDS.has(name) &&
    !LITERAL_WORDS.has(name) &&
    !BUILTIN_NAMES.has(name);
  return plain ? name : `$env[${quote(name)}]`;
}
