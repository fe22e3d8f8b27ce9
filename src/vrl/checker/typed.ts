import type { CallSite, FunctionDefinition, Implementation } from '../stdlib/definition';
import type { Span } from '../syntax/source';
import type { BinaryOperator, Segment } from '../syntax/tree';
import type { VrlValue } from '../value/value';
import type { TypeInfo } from './type-state';

/** What a path starts from: variables have become slots. */
export type TypedBase =
  | { readonly type: 'event' }
  | { readonly type: 'metadata' }
  | { readonly type: 'variable'; readonly slot: number }
  | { readonly type: 'expression'; readonly expression: Typed };

export interface TypedQuery {
  readonly type: 'query';
  readonly base: TypedBase;
  readonly path: readonly Segment[];
}

/** Where a value goes; undefined for nowhere. */
export type TypedTarget = (TypedQuery & { readonly base: Exclude<TypedBase, { type: 'expression' }> }) | undefined;

export interface TypedClosure {
  /** Slots of the variables; undefined for one that is ignored. */
  readonly slots: readonly (number | undefined)[];
  readonly block: Typed;
}

export interface TypedCall {
  readonly type: 'call';
  readonly definition: FunctionDefinition;
  readonly arguments: ReadonlyMap<string, Typed>;
  readonly closure: TypedClosure | undefined;
  readonly site: CallSite;
  /** Absent for functions of the `compile` form. */
  readonly implementation: Implementation | undefined;
  readonly span: Span;
}

/** A checked expression; `constant` is its value when that is known at compile time. */
export type Typed = TypeInfo & { readonly constant: VrlValue | undefined } & (
    | { readonly type: 'constant'; readonly constant: VrlValue }
    | { readonly type: 'template'; readonly parts: readonly (string | { readonly slot: number })[] }
    | { readonly type: 'array'; readonly items: readonly Typed[] }
    | { readonly type: 'object'; readonly keys: readonly string[]; readonly values: readonly Typed[] }
    | { readonly type: 'block'; readonly body: readonly Typed[] }
    | { readonly type: 'if'; readonly predicate: Typed; readonly then: Typed; readonly otherwise: Typed | undefined }
    | { readonly type: 'binary'; readonly operator: BinaryOperator; readonly left: Typed; readonly right: Typed }
    | { readonly type: 'not'; readonly operand: Typed }
    | TypedQuery
    | TypedCall
    | {
        readonly type: 'assignment';
        readonly target: TypedTarget;
        readonly value: Typed;
      }
    | {
        readonly type: 'fallibleAssignment';
        readonly target: TypedTarget;
        readonly errorTarget: TypedTarget;
        readonly value: Typed;
        /** What the first target gets in case of an error. */
        readonly fallback: VrlValue;
      }
    | { readonly type: 'abort'; readonly message: Typed | undefined }
    | { readonly type: 'return'; readonly value: Typed }
  );
