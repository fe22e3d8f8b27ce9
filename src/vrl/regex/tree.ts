import type { CodePoints } from './code-points';

/** A set of code points, kept symbolic so that Latin-1 subjects need no Unicode tables. */
export type ClassNode =
  | { readonly type: 'ranges'; readonly set: CodePoints }
  /** Body of a class in JavaScript's `u` syntax, such as `\p{L}`. */
  | { readonly type: 'property'; readonly body: string }
  | { readonly type: 'union' | 'intersection' | 'difference' | 'symmetric'; readonly members: readonly ClassNode[] }
  | { readonly type: 'not'; readonly member: ClassNode }
  | { readonly type: 'fold'; readonly member: ClassNode };

export type Assertion =
  | 'start'
  | 'end'
  | 'lineStart'
  | 'lineEnd'
  | 'crlfStart'
  | 'crlfEnd'
  | 'wordBoundary'
  | 'notWordBoundary'
  | 'asciiWordBoundary'
  | 'asciiNotWordBoundary'
  | 'wordStart'
  | 'wordEnd'
  | 'wordStartHalf'
  | 'wordEndHalf';

export type RegexNode =
  | { readonly type: 'empty' }
  | { readonly type: 'class'; readonly set: ClassNode }
  | { readonly type: 'assertion'; readonly assertion: Assertion }
  | {
      readonly type: 'repeat';
      readonly body: RegexNode;
      readonly min: number;
      readonly max: number;
      readonly greedy: boolean;
    }
  /** `index` is undefined for a group that captures nothing. */
  | { readonly type: 'group'; readonly body: RegexNode; readonly index: number | undefined }
  | { readonly type: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly type: 'alternatives'; readonly options: readonly RegexNode[] };

/** A parsed pattern. */
export interface ParsedRegex {
  readonly root: RegexNode;
  readonly groupNames: readonly (string | null)[];
}
