import { VrlSyntaxError } from './syntax-error';
import type { Mark, Token } from './token';

/** What a token looks like in a message. */
export function describeToken(token: Token): string {
  switch (token.type) {
    case 'newline':
    case 'semicolon':
    case 'end':
      return token.type === 'end' ? 'end of program' : token.type;
    case 'integer':
    case 'float':
      return `${token.type} ${token.value}`;
    case 'mark':
    case 'operator':
      return `"${token.text}"`;
    case 'string':
    case 'rawString':
    case 'regex':
    case 'timestamp':
      return `${token.type} literal`;
    default:
      return `"${token.text}"`;
  }
}

/** Groups within groups: beyond what anyone writes, and safe for every stack. */
export const MAX_DEPTH = 250;

/** Operators in a row. Each is one level of the tree, of which a root may have as many as this. */
export const MAX_TREE_DEPTH = 600;

/** The tokens of a program with a place to read from. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get index(): number {
    return this.#index;
  }

  /** The next token. */
  get token(): Token {
    return this.#tokens[this.#index] as Token;
  }

  get atEnd(): boolean {
    return this.token.type === 'end';
  }

  /** The token behind the next one, or one further on. */
  ahead(count: number): Token {
    return this.#tokens[Math.min(this.#index + count, this.#tokens.length - 1)] as Token;
  }

  /** The token that was taken last. */
  get previous(): Token {
    return this.#tokens[Math.max(this.#index - 1, 0)] as Token;
  }

  take(): Token {
    const token = this.token;
    if (token.type !== 'end') this.#index++;
    return token;
  }

  isMark(text: Mark): boolean {
    const token = this.token;
    return token.type === 'mark' && token.text === text;
  }

  isOperator(text: string): boolean {
    const token = this.token;
    return token.type === 'operator' && token.text === text;
  }

  isKeyword(text: string): boolean {
    const token = this.token;
    return token.type === 'keyword' && token.text === text;
  }

  /** True when no blank lies between the last token and the next. */
  get isAdjacent(): boolean {
    return this.#index > 0 && this.previous.end === this.token.start;
  }

  takeMark(text: Mark): boolean {
    if (!this.isMark(text)) return false;
    this.#index++;
    return true;
  }

  expectMark(text: Mark): Token {
    if (!this.isMark(text)) throw this.unexpected(`"${text}"`);
    return this.take();
  }

  skipNewlines(): void {
    while (this.token.type === 'newline') this.#index++;
  }

  /** Skips what separates two expressions: newlines, or one semicolon with newlines behind it. */
  skipSeparator(): void {
    if (this.token.type === 'semicolon') this.#index++;
    this.skipNewlines();
  }

  get isSeparator(): boolean {
    return this.token.type === 'newline' || this.token.type === 'semicolon';
  }

  /** The error that the next token is not what the grammar wants. */
  unexpected(expected?: string): VrlSyntaxError {
    const token = this.token;
    if (token.type === 'end') {
      return new VrlSyntaxError(204, 'syntax error', token, 'unexpected end of program');
    }
    if (token.type === 'reserved') {
      return new VrlSyntaxError(
        205,
        'reserved keyword',
        token,
        'this identifier name is reserved for future use in the language',
      );
    }
    const hint = expected === undefined ? '' : `, expected ${expected}`;
    return new VrlSyntaxError(203, 'syntax error', token, `unexpected syntax token: ${describeToken(token)}${hint}`);
  }

  /** Runs a part of the grammar one level deeper. */
  nested<T>(parse: () => T): T {
    if (this.#depth >= MAX_DEPTH) throw this.tooDeep();
    this.#depth++;
    try {
      return parse();
    } finally {
      this.#depth--;
    }
  }

  tooDeep(): VrlSyntaxError {
    return new VrlSyntaxError(202, 'syntax error', this.token, `nested deeper than ${MAX_DEPTH} levels`);
  }

  /** The token behind the bracket that closes the one at `offset` tokens from here. */
  behindMatching(offset: number): Token {
    let depth = 0;
    let i = this.#index + offset;
    for (; i < this.#tokens.length; i++) {
      const token = this.#tokens[i] as Token;
      depth += bracketStep(token);
      if (depth === 0) break;
    }
    do i++;
    while (this.#tokens[i]?.type === 'newline');
    return this.#tokens[Math.min(i, this.#tokens.length - 1)] as Token;
  }

  /**
   * After a mistake in a root expression: goes on behind the next separator, be it inside of brackets. What was wrong
   * there is often a bracket.
   */
  recover(): void {
    while (!this.atEnd && !this.isSeparator) this.#index++;
  }
}

function bracketStep(token: Token): number {
  if (token.type !== 'mark') return 0;
  if (token.text === '(' || token.text === '[' || token.text === '{') return 1;
  return token.text === ')' || token.text === ']' || token.text === '}' ? -1 : 0;
}
