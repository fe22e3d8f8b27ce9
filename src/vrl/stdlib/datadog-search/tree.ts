/** A bound of a range or comparison; null has no limit. */
export type Bound = string | number | null;

export type Comparator = '<' | '<=' | '>' | '>=';

/** A query as a tree. A field without name is the default one. */
export type Query =
  | { readonly type: 'all' }
  | { readonly type: 'not'; readonly operand: Query }
  | { readonly type: 'and' | 'or'; readonly operands: readonly Query[] }
  | { readonly type: 'exists'; readonly field: string }
  | { readonly type: 'equals'; readonly field: string | undefined; readonly value: string }
  /** Pieces between the wildcards: text as it is, a star as null for anything, a question mark as a character of its own. */
  | { readonly type: 'wildcard'; readonly field: string | undefined; readonly pattern: readonly Piece[] }
  | { readonly type: 'compare'; readonly field: string; readonly comparator: Comparator; readonly bound: Bound }
  | {
      readonly type: 'range';
      readonly field: string;
      readonly lower: Bound;
      readonly upper: Bound;
      readonly lowerIncluded: boolean;
      readonly upperIncluded: boolean;
    };

/** Part of a pattern: literal text, or a wildcard. */
export type Piece = { readonly text: string } | { readonly wildcard: '*' | '?' };

/** A query that is not of the syntax. */
export class QuerySyntaxError extends Error {
  readonly code = 'VRL_DATADOG_QUERY';
  constructor(
    message: string,
    /** Position in the query, in UTF-16 units. */
    readonly position: number,
  ) {
    super(`${message} at ${position}`);
    this.name = 'QuerySyntaxError';
  }
}
