import { ExprMap } from './expr-map';
import { ExprCalendarName, ExprDuration, ExprFloat, ExprFunction, ExprTime, isArray, type Value } from './value';
import type { Kind } from '../types/static-type';

/** Kind of a value at run time. */
export function kindOf(value: Value): Exclude<Kind, 'unknown'> {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'string':
      return 'string';
    case 'number':
    case 'bigint':
      return 'int';
  }
  if (value === null) return 'nil';
  if (value instanceof ExprFloat) return 'float';
  if (isArray(value)) return 'array';
  if (value instanceof ExprMap) return 'map';
  if (value instanceof ExprTime) return 'time';
  if (value instanceof ExprDuration) return 'duration';
  if (value instanceof ExprCalendarName) return value.kind;
  if (value instanceof Uint8Array) return 'bytes';
  return value instanceof ExprFunction ? 'function' : 'zone';
}
