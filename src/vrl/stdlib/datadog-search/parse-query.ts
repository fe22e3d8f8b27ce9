import { QuerySyntaxError, type Bound, type Comparator, type Piece, type Query } from './tree';

/** Nesting that no query needs and every stack survives. */
const MAX_NESTING = 200;

const BLANK = /[\s]/;
/** Characters that end a bare word unless a backslash is before them. */
const WORD_END = /[\s:"(){}[\]]/;
const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Reads a query of Datadog's log search: terms, "phrases", `field:value`, `@attribute:value`, `*` and `?`, ranges
 * `[a TO b]` and `{a TO b}`, comparisons, `_exists_:field`, `_missing_:field`, AND, OR, NOT, `-`, and parentheses. Terms
 * side by side must all match; AND binds tighter than OR.
 *
 * @throws QuerySyntaxError with the position
 * @example parseQuery('service:web -@http.status_code:[200 TO 299]')
 */
export function parseQuery(text: string): Query {
  const parser = new Parser(text);
  return parser.parse();
}

/** A word with its wildcards told from escaped characters. */
interface Word {
  readonly pieces: readonly Piece[];
  /** The characters, wildcards included. */
  readonly text: string;
  readonly start: number;
}

class Parser {
  readonly #text: string;
  #at = 0;
  #nesting = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Query {
    this.#skipBlanks();
    if (this.#at === this.#text.length) return { type: 'all' };
    const query = this.#disjunction(undefined);
    if (this.#at < this.#text.length) throw this.#unexpected();
    return query;
  }

  #disjunction(field: string | undefined): Query {
    if (++this.#nesting > MAX_NESTING) throw new QuerySyntaxError('query is nested too deeply', this.#at);
    const operands = [this.#conjunction(field)];
    while (this.#keyword('OR', '||')) operands.push(this.#conjunction(field));
    this.#nesting--;
    return operands.length === 1 ? (operands[0] as Query) : { type: 'or', operands };
  }

  #conjunction(field: string | undefined): Query {
    const operands = [this.#clause(field)];
    while (!this.#endsConjunction()) {
      this.#keyword('AND', '&&');
      operands.push(this.#clause(field));
    }
    return operands.length === 1 ? (operands[0] as Query) : { type: 'and', operands };
  }

  #endsConjunction(): boolean {
    this.#skipBlanks();
    return this.#at === this.#text.length || this.#peek() === ')' || this.#isKeyword('OR', '||');
  }

  #clause(field: string | undefined): Query {
    this.#skipBlanks();
    let negated = false;
    for (;;) {
      if (this.#keyword('NOT', '!') || this.#skip('-')) negated = !negated;
      else if (!this.#skip('+')) break;
      this.#skipBlanks();
    }
    const operand = this.#operand(field);
    return negated ? { type: 'not', operand } : operand;
  }

  #operand(field: string | undefined): Query {
    if (this.#skip('(')) {
      const query = this.#disjunction(field);
      this.#skipBlanks();
      if (!this.#skip(')')) throw this.#unexpected();
      return query;
    }
    if (this.#peek() === '"') return { type: 'equals', field, value: this.#phrase() };
    const start = this.#at;
    const word = this.#word();
    if (field === undefined && this.#skip(':')) return this.#fieldClause(word);
    this.#at = start;
    return this.#value(field);
  }

  #fieldClause(name: Word): Query {
    this.#skipBlanks();
    if (name.text === '_exists_') return { type: 'exists', field: this.#fieldName() };
    if (name.text === '_missing_') return { type: 'not', operand: { type: 'exists', field: this.#fieldName() } };
    if (name.text === '*' && this.#skip('*')) return { type: 'all' };
    if (this.#peek() === '(') return this.#operand(name.text);
    return this.#value(name.text);
  }

  #fieldName(): string {
    return this.#peek() === '"' ? this.#phrase() : this.#word().text;
  }

  #value(field: string | undefined): Query {
    const opening = this.#peek();
    if (opening === '"') return { type: 'equals', field, value: this.#phrase() };
    if (field !== undefined) {
      if (opening === '[' || opening === '{') return this.#range(field);
      const comparator = this.#comparator();
      if (comparator !== undefined) return { type: 'compare', field, comparator, bound: this.#bound() };
    }
    const { pieces, text } = this.#word();
    if (text === '*' && pieces.every((piece) => 'wildcard' in piece)) {
      return field === undefined ? { type: 'all' } : { type: 'exists', field };
    }
    return pieces.some((piece) => 'wildcard' in piece)
      ? { type: 'wildcard', field, pattern: pieces }
      : { type: 'equals', field, value: text };
  }

  #range(field: string): Query {
    const lowerIncluded = this.#next() === '[';
    const lower = this.#bound();
    if (!this.#keyword('TO')) throw this.#unexpected();
    const upper = this.#bound();
    this.#skipBlanks();
    const closing = this.#next();
    if (closing !== ']' && closing !== '}') {
      this.#at--;
      throw this.#unexpected();
    }
    return { type: 'range', field, lower, upper, lowerIncluded, upperIncluded: closing === ']' };
  }

  #comparator(): Comparator | undefined {
    for (const comparator of ['>=', '<=', '>', '<'] as const) {
      if (this.#skip(comparator)) return comparator;
    }
    return undefined;
  }

  #bound(): Bound {
    this.#skipBlanks();
    if (this.#peek() === '"') return this.#phrase();
    const { text, pieces } = this.#word();
    if (text === '*' && 'wildcard' in (pieces[0] as Piece)) return null;
    return NUMBER.test(text) ? Number(text) : text;
  }

  #phrase(): string {
    const start = this.#at;
    this.#at++;
    let value = '';
    for (;;) {
      const character = this.#next();
      if (character === '') throw new QuerySyntaxError('unterminated phrase', start);
      if (character === '"') return value;
      value += character === '\\' ? this.#next() : character;
    }
  }

  #word(): Word {
    const start = this.#at;
    const pieces: Piece[] = [];
    let literal = '';
    let text = '';
    while (this.#at < this.#text.length && !WORD_END.test(this.#peek())) {
      const character = this.#next();
      if (character === '*' || character === '?') {
        if (literal !== '') pieces.push({ text: literal });
        pieces.push({ wildcard: character });
        literal = '';
        text += character;
        continue;
      }
      const kept = character === '\\' ? this.#next() : character;
      literal += kept;
      text += kept;
    }
    if (this.#at === start) throw this.#unexpected();
    if (literal !== '') pieces.push({ text: literal });
    return { pieces, text, start };
  }

  /** Takes a word such as AND, which must stand alone, or the sign for it. */
  #keyword(word: string, sign?: string): boolean {
    this.#skipBlanks();
    if (!this.#isKeyword(word, sign)) return false;
    this.#at += sign !== undefined && this.#text.startsWith(sign, this.#at) ? sign.length : word.length;
    return true;
  }

  #isKeyword(word: string, sign?: string): boolean {
    if (sign !== undefined && this.#text.startsWith(sign, this.#at)) return true;
    if (!this.#text.startsWith(word, this.#at)) return false;
    const after = this.#text[this.#at + word.length];
    return after === undefined || BLANK.test(after) || after === '(';
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #next(): string {
    return this.#text.charAt(this.#at++);
  }

  #skip(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #skipBlanks(): void {
    while (this.#at < this.#text.length && BLANK.test(this.#peek())) this.#at++;
  }

  #unexpected(): QuerySyntaxError {
    const what = this.#peek() === '' ? 'unexpected end of query' : `unexpected "${this.#peek()}"`;
    return new QuerySyntaxError(what, this.#at);
  }
}
