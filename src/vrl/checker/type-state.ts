import { NEVER, OBJECT, union, type Kind } from '../types/kind';
import { valuesEqual } from '../value/compare';
import type { VrlValue } from '../value/value';

/** What is known of a variable. */
export interface VariableInfo {
  readonly kind: Kind;
  /** Its value, when the last assignment was of a compile-time constant. */
  readonly constant: VrlValue | undefined;
}

/** What is known at a point of the program. Changed in place; `copy` before a part that may not run. */
export class TypeState {
  event: Kind = OBJECT;
  metadata: Kind = OBJECT;
  variables = new Map<string, VariableInfo>();

  copy(): TypeState {
    const state = new TypeState();
    state.event = this.event;
    state.metadata = this.metadata;
    state.variables = new Map(this.variables);
    return state;
  }

  /** Takes over another state whole. */
  become(other: TypeState): void {
    this.event = other.event;
    this.metadata = other.metadata;
    this.variables = new Map(other.variables);
  }

  /** Makes this the state of either one: kinds united, constants kept where both agree. */
  merge(other: TypeState): void {
    this.event = union(this.event, other.event);
    this.metadata = union(this.metadata, other.metadata);
    for (const [name, info] of this.variables) {
      const there = other.variables.get(name);
      if (there !== undefined && there !== info) this.variables.set(name, mergeVariables(info, there));
    }
  }

  /** Forgets the constants that variables got since an earlier state, of which the program may not have got through. */
  forgetConstantsSince(earlier: TypeState): void {
    for (const [name, info] of this.variables) {
      if (info.constant !== undefined && earlier.variables.get(name)?.constant !== info.constant) {
        this.variables.set(name, { kind: info.kind, constant: undefined });
      }
    }
  }

  /** Forgets the constants of some variables. */
  forgetConstants(names: ReadonlySet<string>): void {
    for (const name of names) {
      const info = this.variables.get(name);
      if (info?.constant !== undefined) this.variables.set(name, { kind: info.kind, constant: undefined });
    }
  }

  /** Forgets the variables that a block brought up; changes to others stay. */
  leaveBlock(outer: ReadonlyMap<string, VariableInfo>): void {
    for (const name of this.variables.keys()) {
      if (!outer.has(name)) this.variables.delete(name);
    }
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
