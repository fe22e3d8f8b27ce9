import { showText } from './show';
import { decodeUtf8 } from '../value/utf8';

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

const KIND_NAMES: Readonly<Record<TokenKind, string>> = {
  name: 'Identifier',
  operator: 'Operator',
  bracket: 'Bracket',
  number: 'Number',
  string: 'String',
  bytes: 'Bytes',
  end: 'EOF',
};

/** How a token is named in an error message: its kind and, where it has any, its text. */
export function describeToken(token: Token): string {
  const value = token.bytes === undefined ? token.value : decodeUtf8(Uint8Array.from(token.bytes));
  const kind = KIND_NAMES[token.kind];
  return value === '' ? kind : `${kind}(${showText(value)})`;
}
