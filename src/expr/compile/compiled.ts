import type { StaticType } from '../types/static-type';
import type { Value } from '../value/value';
import type { Frame } from './frame';

/** A part of an expression, ready to run. */
export type Run = (frame: Frame) => Value;

export interface Compiled {
  readonly type: StaticType;
  readonly run: Run;
  /** Offset in the source, for errors. */
  readonly at: number;
  /** The value, where it is a literal or folded from literals; null is the value nil. */
  readonly constant?: Value;
}

/** A compiled literal. */
export function constantOf(value: Value, type: StaticType, at: number): Compiled {
  return { type, run: () => value, at, constant: value };
}
