import type { VrlInteger } from '../value/value';
import type { Span } from './source';
import type { TemplateVariable } from './token';

/** A step of a path: a field's name, or an index (negative ones count from the end). */
export type Segment = string | number;

/** What a path starts from. */
export type QueryBase =
  | { readonly type: 'event' }
  | { readonly type: 'metadata' }
  | { readonly type: 'variable'; readonly name: string }
  | { readonly type: 'expression'; readonly expression: Expression };

export interface Query extends Span {
  readonly type: 'query';
  readonly base: QueryBase;
  /** Where the base ends, and where the last segment starts (behind its dot). */
  readonly baseEnd: number;
  readonly lastSegmentStart: number;
  readonly path: readonly Segment[];
}

export interface Argument extends Span {
  /** Undefined for a positional argument. */
  readonly keyword: string | undefined;
  readonly keywordSpan: Span | undefined;
  readonly value: Expression;
}

export interface Closure extends Span {
  /** Names of the variables; undefined for `_`. */
  readonly variables: readonly (string | undefined)[];
  readonly block: Block;
}

export interface Call extends Span {
  readonly type: 'call';
  readonly name: string;
  readonly nameSpan: Span;
  /** Written with `!`: a failure ends the program. */
  readonly aborts: boolean;
  readonly arguments: readonly Argument[];
  readonly closure: Closure | undefined;
}

export interface Block extends Span {
  readonly type: 'block';
  readonly body: readonly Expression[];
}

export interface If extends Span {
  readonly type: 'if';
  /** Several expressions when the predicate is a group of them; the last one decides. */
  readonly predicate: readonly Expression[];
  readonly predicateSpan: Span;
  readonly then: Block;
  readonly otherwise: Block | If | undefined;
}

export type BinaryOperator = '??' | '||' | '&&' | '==' | '!=' | '>=' | '>' | '<=' | '<' | '|' | '+' | '-' | '*' | '/';

export interface Binary extends Span {
  readonly type: 'binary';
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
}

/** Where an assignment goes: a query, or `_` for nowhere. */
export type Target = Query | (Span & { readonly type: 'ignore' });

export interface Assignment extends Span {
  readonly type: 'assignment';
  readonly target: Target;
  /** The second target of `ok, err = ...`. */
  readonly errorTarget: Target | undefined;
  readonly operator: '=' | '|=';
  readonly value: Expression;
}

export interface ObjectMember {
  readonly key: string;
  readonly value: Expression;
}

/** `r'...'` or `t'...'`: a text that must make sense to the checker. */
export interface TextLiteral extends Span {
  readonly type: 'regex' | 'timestamp';
  readonly text: string;
}

export interface ArrayLiteral extends Span {
  readonly type: 'array';
  readonly items: readonly Expression[];
}

export type Expression =
  | (Span & { readonly type: 'string'; readonly text: string; readonly raw: boolean })
  | (Span & { readonly type: 'template'; readonly parts: readonly (string | TemplateVariable)[] })
  | (Span & { readonly type: 'integer'; readonly value: VrlInteger })
  | (Span & { readonly type: 'float'; readonly value: number })
  | (Span & { readonly type: 'boolean'; readonly value: boolean })
  | (Span & { readonly type: 'null' })
  | TextLiteral
  | ArrayLiteral
  | (Span & { readonly type: 'object'; readonly members: readonly ObjectMember[] })
  | (Span & { readonly type: 'group'; readonly inner: Expression })
  | Block
  | If
  | Binary
  | (Span & { readonly type: 'not'; readonly operand: Expression })
  | Query
  | Call
  | Assignment
  | (Span & { readonly type: 'abort'; readonly message: Expression | undefined })
  | (Span & { readonly type: 'return'; readonly value: Expression });

/** A parsed program: its root expressions in order. */
export interface ProgramTree {
  readonly roots: readonly Expression[];
}
