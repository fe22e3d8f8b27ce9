export type TokenKind = 'name' | 'operator' | 'bracket' | 'number' | 'string' | 'bytes' | 'end';

/** One token. `value` is the name, the operator, the digits or the decoded text. */
export interface Token {
  readonly kind: TokenKind;
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** Content of a bytes literal. */
  readonly bytes?: readonly number[];
}

/** Words that are operators (and so no names, except after a dot). */
export const OPERATOR_WORDS: ReadonlySet<string> = new Set([
  'not',
  'in',
  'or',
  'and',
  'matches',
  'contains',
  'startsWith',
  'endsWith',
  'let',
  'if',
  'else',
]);

/** Names that are literals. */
export const LITERAL_WORDS: ReadonlySet<string> = new Set(['true', 'false', 'nil']);

/** How a token is named in an error message. */
export function describeToken(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'end of the expression';
    case 'string':
    case 'bytes':
      return `${token.kind} literal`;
    case 'name':
      return `name ${token.value}`;
    default:
      return `${token.kind} ${token.value}`;
  }
}
