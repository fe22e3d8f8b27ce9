import type { CodeRanges } from './code-ranges';

export type Assertion = 'textStart' | 'textEnd' | 'lineStart' | 'lineEnd' | 'boundary' | 'noBoundary';

/** A parsed pattern. Groups are gone, since nothing asks what they hold; case folding is part of the classes. */
export type PatternNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'class'; readonly ranges: CodeRanges }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | {
      readonly kind: 'repeat';
      readonly body: PatternNode;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    };

export const EMPTY: PatternNode = Object.freeze({ kind: 'empty' });

/** The one code point that a class stands for; undefined when it is no class or has more or fewer. */
export function singleCode(node: PatternNode): number | undefined {
  if (node.kind !== 'class' || node.ranges.length !== 2) return undefined;
  return node.ranges[0] === node.ranges[1] ? node.ranges[0] : undefined;
}
