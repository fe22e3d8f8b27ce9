import type { CallSite } from './definition';
import type { Kind } from '../types/kind';
import type { ReturnSignal, Runtime } from '../runtime';
import type { Segment } from '../syntax/tree';
import type { VrlValue } from '../value/value';

/** A compiled expression: evaluates against one run's state. */
export type Evaluate = (runtime: Runtime) => VrlValue;

/** A place that a path argument names. */
export interface PathAccess {
  /** The steps from the root. */
  readonly path: readonly Segment[];
  /** The event, metadata, variable or other value that the path starts from. */
  root(runtime: Runtime): VrlValue;
  /** The value there, or undefined when the path is absent. */
  get(runtime: Runtime): VrlValue | undefined;
  /** Takes the value out; undefined when there was none. */
  remove(runtime: Runtime, compact: boolean): VrlValue | undefined;
}

/** A compiled closure. */
export interface CompiledClosure {
  /** Runs the block with its variables set. A `return` inside comes out as a thrown signal. */
  call(runtime: Runtime, first: VrlValue, second: VrlValue): VrlValue;
  /** Is what was thrown a `return`? Its `value` is the returned one. */
  isReturn(signal: unknown): signal is ReturnSignal;
}

/** A call site with its arguments compiled, for functions of the `compile` form. */
export interface CompiledCall extends CallSite {
  /** The argument as a function; undefined when it is left out. Kinds are already checked. */
  argument(keyword: string): Evaluate | undefined;
  /** The argument of compile-time form `path`. */
  path(keyword: string): PathAccess;
  readonly closure: CompiledClosure | undefined;
  /** The checker's view of an argument, `undefined` included; for type_def. */
  fullType(keyword: string): { readonly kind: Kind; readonly fallible: boolean };
}
