import type { ClassNode } from '../../regex/tree';

/** How often a repetition tries: as often as possible first, as seldom as possible first, or without going back. */
export type RepeatMode = 'greedy' | 'lazy' | 'possessive';

export type PositionTest =
  'textStart' | 'textEnd' | 'textEndOrLastBreak' | 'lineStart' | 'lineEnd' | 'wordBoundary' | 'notWordBoundary';

/** A pattern in Oniguruma's syntax as a tree. */
export type OnigNode =
  | { readonly type: 'empty' }
  | { readonly type: 'class'; readonly set: ClassNode }
  | { readonly type: 'position'; readonly test: PositionTest }
  | {
      readonly type: 'repeat';
      readonly body: OnigNode;
      readonly min: number;
      readonly max: number;
      readonly mode: RepeatMode;
    }
  /** `index` is undefined for a group that captures nothing. */
  | { readonly type: 'group'; readonly body: OnigNode; readonly index: number | undefined }
  | { readonly type: 'atomic'; readonly body: OnigNode }
  | { readonly type: 'look'; readonly body: OnigNode; readonly behind: boolean; readonly negative: boolean }
  | { readonly type: 'backreference'; readonly index: number }
  | { readonly type: 'sequence'; readonly parts: readonly OnigNode[] }
  | { readonly type: 'alternatives'; readonly options: readonly OnigNode[] };

/** A parsed pattern; names of groups by number, the first (the whole match) null. */
export interface OnigPattern {
  readonly root: OnigNode;
  readonly groupNames: readonly (string | null)[];
}

/** A pattern that is not valid or uses what is not supported. */
export class OnigSyntaxError extends Error {
  readonly code = 'ONIGURUMA_SYNTAX';
  constructor(message: string) {
    super(message);
    this.name = 'OnigSyntaxError';
  }
}
