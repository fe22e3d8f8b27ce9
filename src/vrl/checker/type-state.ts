import { NEVER, OBJECT, union, type Kind } from '../types/kind';
import { valuesEqual } from '../value/compare';
import { Variables, type VariableInfo } from './variables';

/**
 * What is known at a point of the program. Changed in place; `copy` before a part that may not run. Every copy is used
 * up once: by `become`, `merge`, `leaveBlock`, `forgetConstantsSince` of another state, or by `release`.
 */
export class TypeState {
  event: Kind = OBJECT;
  metadata: Kind = OBJECT;
  #variables = new Variables();

  get variables(): Variables {
    return this.#variables;
  }

  copy(): TypeState {
    const state = new TypeState();
    state.event = this.event;
    state.metadata = this.metadata;
    state.#variables = this.#variables.copy();
    return state;
  }

  /** Gives up a copy that was not needed. */
  release(): void {
    this.#variables.release();
  }

  /** Takes over another state whole. */
  become(other: TypeState): void {
    this.event = other.event;
    this.metadata = other.metadata;
    this.#variables.release();
    this.#variables = other.#variables;
  }

  /** Makes this the state of either one: kinds united, constants kept where both agree. */
  merge(other: TypeState): void {
    this.event = union(this.event, other.event);
    this.metadata = union(this.metadata, other.metadata);
    this.#compareWith(other, (name, info, there) => {
      // A variable that only one of the states has keeps its kind, but may not have got its value.
      const merged = there === undefined ? { kind: info.kind, constant: undefined } : mergeVariables(info, there);
      this.#variables.set(name, merged);
    });
  }

  /** Forgets the constants that variables got since an earlier state, of which the program may not have got through. */
  forgetConstantsSince(earlier: TypeState): void {
    this.#compareWith(earlier, (name, info) => this.#variables.set(name, { kind: info.kind, constant: undefined }));
  }

  /** Forgets the variables that a block brought up since the state before it; changes to others stay. */
  leaveBlock(outer: TypeState): void {
    this.#compareWith(outer, (name, _, there) => {
      if (there === undefined) this.#variables.delete(name);
    });
  }

  /** Forgets the constants of some variables. */
  forgetConstants(names: ReadonlySet<string>): void {
    for (const name of names) {
      const info = this.#variables.get(name);
      if (info?.constant !== undefined) this.#variables.set(name, { kind: info.kind, constant: undefined });
    }
  }

  /** Looks at the variables of which another state knows something else (or nothing), and uses that state up. */
  #compareWith(
    other: TypeState,
    differs: (name: string, info: VariableInfo, there: VariableInfo | undefined) => void,
  ): void {
    if (!this.#variables.sharesWith(other.#variables)) {
      for (const name of this.#variables.names) {
        const info = this.#variables.get(name) as VariableInfo;
        const there = other.#variables.get(name);
        if (there !== info) differs(name, info, there);
      }
    }
    other.release();
  }
}

function mergeVariables(a: VariableInfo, b: VariableInfo): VariableInfo {
  const same = a.constant !== undefined && b.constant !== undefined && valuesEqual(a.constant, b.constant);
  return { kind: union(a.kind, b.kind), constant: same ? a.constant : undefined };
}

/** The type of an expression. */
export interface TypeInfo {
  readonly kind: Kind;
  readonly fallible: boolean;
  /** Kinds given to `return` inside. */
  readonly returns: Kind;
}

export function infallible(kind: Kind): TypeInfo {
  return { kind, fallible: false, returns: NEVER };
}
