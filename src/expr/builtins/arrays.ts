import { compareValues } from '../compile/arithmetic';
import type { Frame } from '../compile/frame';
import { ARRAY, elementOf, mayBe, UNKNOWN, type StaticType } from '../types/static-type';
import { equalValues } from '../value/equality';
import { kindOf } from '../value/kind-of';
import { isArray, type ExprArray, type Value } from '../value/value';
import {
  argumentError,
  arrayAt,
  checkCount,
  define,
  integerAt,
  LIST,
  TEXT,
  valueError,
  WHOLE,
  wrongType,
  type Builtin,
} from './definition';
import { memberOrNil } from './general';

/** `first` and `last`: the element, or nil where there is none. */
function edge(name: string, index: number): Builtin {
  return {
    name,
    check: (args) => checkCount(args.length, 1, 1) ?? elementType(args[0] ?? UNKNOWN),
    call: ([list = null]) => memberOrNil(list, index),
  };
}

function elementType(type: StaticType): StaticType | string {
  return mayBe(type, 'array') ? elementOf(type) : wrongType(type);
}

function take(args: readonly Value[], frame: Frame, at: number): Value {
  const list = arrayAt(args, 0);
  const count = Number(integerAt(args, 1) ?? 0);
  if (count < 0) throw valueError('take', 'the count must not be negative', at);
  frame.chargeElements(Math.min(count, list.length), at);
  return list.slice(0, count);
}

function uniq(list: ExprArray, frame: Frame, at: number): Value {
  if (list.every((item) => item === null || typeof item !== 'object')) return [...new Set(list)];
  const kept: Value[] = [];
  for (const item of list) {
    frame.chargeSteps(kept.length, at);
    if (!kept.some((other) => equalValues(item, other, frame, at))) kept.push(item);
  }
  return kept;
}

function flatten(list: ExprArray, into: Value[], frame: Frame, at: number): Value[] {
  for (const item of list) {
    frame.chargeElements(1, at);
    if (isArray(item)) flatten(item, into, frame, at);
    else into.push(item);
  }
  return into;
}

const CONCAT: Builtin = {
  name: 'concat',
  check: (args) => {
    const wrong = args.find((type) => !mayBe(type, 'array'));
    return checkCount(args.length, 1, Infinity) ?? (wrong === undefined ? ARRAY : wrongType(wrong));
  },
  call: (args, frame, at) => {
    const result: Value[] = [];
    for (const list of args) {
      if (!isArray(list)) throw argumentError('concat', kindOf(list), at);
      frame.chargeElements(list.length, at);
      for (const item of list) result.push(item);
    }
    return result;
  },
};

/** Whether the order is descending. */
export function isDescending(name: string, order: Value | undefined, at: number): boolean {
  if (order === undefined || order === 'asc') return false;
  if (order === 'desc') return true;
  throw valueError(
    name,
    `the order must be asc or desc, not ${typeof order === 'string' ? JSON.stringify(order) : kindOf(order)}`,
    at,
  );
}

/** Ascending or descending order of two values, as `<` has it. */
export function compareInOrder(left: Value, right: Value, descending: boolean, at: number): number {
  const order = compareValues(left, right, '<', at);
  if (Number.isNaN(order)) return 0;
  return descending ? -order : order;
}

export const ARRAY_BUILTINS: readonly Builtin[] = [
  edge('first', 0),
  edge('last', -1),
  define('take', { parameters: [LIST, WHOLE], result: ([type = ARRAY]) => type }, take),
  define('reverse', { parameters: [LIST], result: ARRAY }, (args, frame, at) => {
    const list = arrayAt(args, 0);
    frame.chargeElements(list.length, at);
    return list.toReversed();
  }),
  define('uniq', { parameters: [LIST], result: ARRAY }, (args, frame, at) => uniq(arrayAt(args, 0), frame, at)),
  CONCAT,
  define('flatten', { parameters: [LIST], result: ARRAY }, (args, frame, at) =>
    flatten(arrayAt(args, 0), [], frame, at),
  ),
  define('sort', { parameters: [LIST, TEXT], optional: 1, result: ARRAY }, (args, frame, at) => {
    const list = arrayAt(args, 0);
    const descending = isDescending('sort', args[1], at);
    frame.chargeElements(list.length, at);
    return list.toSorted((left, right) => compareInOrder(left, right, descending, at));
  }),
];
