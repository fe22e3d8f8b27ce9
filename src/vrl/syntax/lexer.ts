import { parseDecimalInteger } from '../value/integer';
import { VrlSyntaxError } from './syntax-error';
import { readStringLiteral } from './string-literal';
import { KEYWORDS, RESERVED, type Mark, type Token } from './token';

/** Longest program text, in UTF-16 units: far beyond any script, and small enough to compile in a moment. */
export const MAX_PROGRAM_LENGTH = 262_144;

const WORD = /[A-Za-z_@0-9]+/y;
const NUMBER = /-?[0-9][0-9_]*(\.[0-9_]*)?/y;
const OPERATOR_RUN = /[!&*+\-/<=>?|]+/y;
/** What makes an operator of a `!` before it. */
const OPERATOR_AFTER_NOT: ReadonlySet<string> = new Set('&*+-/<=>?|');
const OPERATORS: ReadonlySet<string> = new Set('= |= ?? || && == != >= > <= < | + - * / !'.split(' '));
const BLANKS = /[^\S\n]+/y;
const COMMENT = /#[^\n]*/y;
/** Blanks, newlines and comments, up to something that counts. */
const INSIGNIFICANT = /(?:\s+|#[^\n]*)*/y;

const MARKS: ReadonlySet<string> = new Set(['(', ')', '[', ']', '{', '}', ',', ':', '.', '%']);

/**
 * Splits a program into tokens; the last one is `end`.
 *
 * @throws VrlSyntaxError for the first lexical mistake (codes 203 for an unknown operator, 206 to 211)
 */
export function tokenize(text: string): Token[] {
  return new Lexer(text).run();
}

class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #position = 0;
  /** Up to here no newline is followed by `else`. */
  #lookedAheadTo = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): Token[] {
    if (this.#text.length > MAX_PROGRAM_LENGTH) {
      throw new VrlSyntaxError(202, `program is longer than ${MAX_PROGRAM_LENGTH} characters`, { start: 0, end: 0 });
    }
    while (this.#position < this.#text.length) this.#next();
    // A program ends where its last token does; blanks and comments say nothing.
    const end = this.#tokens[this.#tokens.length - 1]?.end ?? this.#position;
    this.#tokens.push({ type: 'end', start: end, end });
    return this.#tokens;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    return pattern.exec(this.#text)?.[0];
  }

  #skip(pattern: RegExp): boolean {
    const text = this.#match(pattern);
    if (text === undefined) return false;
    this.#position += text.length;
    return true;
  }

  #next(): void {
    if (this.#skip(BLANKS) || this.#skip(COMMENT)) return;
    const start = this.#position;
    const char = this.#text[start] as string;
    if (char === '\n') return this.#newline(start);
    if (char === ';') return this.#push({ type: 'semicolon', start, end: start + 1 });
    if (char === '"') return this.#string(start);
    if (MARKS.has(char)) return this.#push({ type: 'mark', text: char as Mark, start, end: start + 1 });
    const prefixed = this.#prefixedLiteral(start, char);
    if (prefixed !== undefined) return this.#push(prefixed);
    if (this.#number(start)) return;
    const word = this.#match(WORD);
    if (word !== undefined) return this.#word(start, word);
    // `!` before a word or another `!` stands alone, so that !!x works; != is an operator.
    if (char === '!' && !OPERATOR_AFTER_NOT.has(this.#text[start + 1] ?? '')) {
      return this.#push({ type: 'operator', text: '!', start, end: start + 1 });
    }
    const operators = this.#match(OPERATOR_RUN);
    if (operators !== undefined) return this.#operator(start, operators);
    const shown = String.fromCodePoint(this.#text.codePointAt(start) as number);
    this.#push({ type: 'invalid', text: shown, start, end: start + shown.length });
  }

  #push(token: Token): void {
    this.#tokens.push(token);
    this.#position = token.end;
  }

  #newline(start: number): void {
    this.#position++;
    // A line that starts with `else` goes on with the `if` before it.
    if (start >= this.#lookedAheadTo) {
      INSIGNIFICANT.lastIndex = this.#position;
      INSIGNIFICANT.exec(this.#text);
      const next = INSIGNIFICANT.lastIndex;
      WORD.lastIndex = next;
      if (WORD.exec(this.#text)?.[0] === 'else') {
        this.#position = next;
        return;
      }
      this.#lookedAheadTo = next;
    }
    this.#tokens.push({ type: 'newline', start, end: start + 1 });
  }

  #string(start: number): void {
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    if (end >= this.#text.length) {
      throw new VrlSyntaxError(207, 'invalid string literal', { start, end: start + 1 }, 'this string has no end');
    }
    const parts = readStringLiteral(this.#text, start + 1, end);
    // Keys and quoted fields are plain text: what would be a variable stands as written.
    const text = parts.map((part) =>
      typeof part === 'string' ? part : this.#text.slice(part.span.start, part.span.end),
    );
    this.#push({ type: 'string', parts, text: text.join(''), start, end: end + 1 });
  }

  /** `s'...'`, `r'...'` and `t'...'`. */
  #prefixedLiteral(start: number, char: string): Token | undefined {
    if ((char !== 's' && char !== 'r' && char !== 't') || this.#text[start + 1] !== "'") return undefined;
    let end = start + 2;
    while (end < this.#text.length && this.#text[end] !== "'") end += this.#text[end] === '\\' ? 2 : 1;
    if (end >= this.#text.length) {
      throw new VrlSyntaxError(208, 'invalid literal', { start, end: start + 2 }, 'this literal has no end');
    }
    const body = this.#text.slice(start + 2, end);
    const span = { start, end: end + 1 };
    if (char === 's') return { type: 'rawString', text: body, ...span };
    return { type: char === 'r' ? 'regex' : 'timestamp', text: body.replace(/\\'/g, "'"), ...span };
  }

  #number(start: number): boolean {
    const text = this.#match(NUMBER);
    if (text === undefined) return false;
    const previous = this.#tokens[this.#tokens.length - 1];
    // Digits that a letter follows are a word: 0tar, 1e5.
    const word = this.#match(WORD);
    if (word !== undefined && !/^[0-9_]+$/.test(word)) return false;
    // Right behind a dot, digits are a (bad) path field and never a float.
    const whole = /^-?[0-9_]+/.exec(text)?.[0] as string;
    const isFloat =
      text.includes('.') && !(previous?.end === start && previous.type === 'mark' && previous.text === '.');
    const literal = isFloat ? text : whole;
    const end = start + literal.length;
    const digits = literal.replace(/_/g, '');
    if (isFloat) {
      const value = Number(digits);
      if (!Number.isFinite(value)) throw invalidNumber(start, end);
      this.#push({ type: 'float', value, start, end });
    } else {
      const value = parseDecimalInteger(digits);
      if (value === undefined) throw invalidNumber(start, end);
      this.#push({ type: 'integer', value, start, end });
    }
    return true;
  }

  #word(start: number, text: string): void {
    const end = start + text.length;
    const next = this.#text[end];
    if (text === '_' && next !== '(' && next !== '!') return this.#push({ type: 'mark', text: '_', start, end });
    // `x!=1` is read as a call of x, as the language has it; `x!` and `x(` are, even of a keyword's name.
    if (next === '(' || next === '!') return this.#push({ type: 'functionName', text, start, end });
    if (KEYWORDS.has(text)) return this.#push({ type: 'keyword', text, start, end });
    if (RESERVED.has(text)) return this.#push({ type: 'reserved', text, start, end });
    this.#push({ type: text.includes('@') ? 'fieldName' : 'identifier', text, start, end });
  }

  #operator(start: number, run: string): void {
    if (run.startsWith('->')) return this.#push({ type: 'mark', text: '->', start, end: start + 2 });
    if (run === '&') return this.#push({ type: 'mark', text: '&', start, end: start + 1 });
    const end = start + run.length;
    // Unlike other mistakes of the grammar, an operator that does not exist ends the parsing.
    if (!OPERATORS.has(run)) {
      throw new VrlSyntaxError(203, 'syntax error', { start, end }, `unexpected syntax token: "${run}"`);
    }
    this.#push({ type: 'operator', text: run, start, end });
  }
}

function invalidNumber(start: number, end: number): VrlSyntaxError {
  return new VrlSyntaxError(206, 'invalid numeric literal', { start, end }, 'this number is out of range');
}
