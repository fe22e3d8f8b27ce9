import { memberOf } from '../compile/access';
import { compareValues } from '../compile/arithmetic';
import { ExprRuntimeError } from '../errors';
import { notOfType } from '../compile/logic';
import type { Frame } from '../compile/frame';
import { ARRAY, describeType, elementOf, mayBe, UNKNOWN, type StaticType } from '../types/static-type';
import { equalValues } from '../value/equality';
import { isArray, type ExprArray, type Value } from '../value/value';
import {
  ANYTHING,
  arrayAt,
  checkCount,
  define,
  integerAt,
  LIST,
  reflectedKind,
  TEXT,
  valueError,
  WHOLE,
  type ArgumentProblem,
  type Builtin,
  type Signature,
} from './definition';

/** `first` and `last`: the element, or nil where there is none. */
function edge(name: string, index: number): Builtin {
  return {
    name,
    check: (args) => checkCount(args.length, 1, 1) ?? elementType(name, args[0] ?? UNKNOWN),
    call: ([list = null]) => elementAt(list, index),
  };
}

/** The element, or nil where the operator `[]` would fail. */
function elementAt(list: Value, index: number): Value {
  try {
    return memberOf(list, index, 0);
  } catch (error) {
    if (error instanceof ExprRuntimeError) return null;
    throw error;
  }
}

function elementType(name: string, type: StaticType): StaticType | ArgumentProblem {
  if (mayBe(type, 'array', 'bytes')) return elementOf(type);
  return { message: `cannot get ${name} element from ${describeType(type)}` };
}

/** How a builtin on arrays words anything else: by its type where that is known, else by the kind of the value. */
function words(verb: string): Pick<Signature, 'refusal' | 'failure'> {
  return { refusal: (type) => `cannot ${verb} ${type}`, failure: (value) => `cannot ${verb} ${reflectedKind(value)}` };
}

const TAKE: Signature = {
  parameters: [LIST, WHOLE],
  result: ([type = ARRAY]) => type,
  refusal: (type, argument) => (argument === 0 ? `cannot take from ${type}` : `cannot take ${type} elements`),
  failure: (value, argument) =>
    argument === 0 ? `cannot take from ${reflectedKind(value)}` : `cannot take ${reflectedKind(value)} elements`,
};

/** In the order in which the reference tries them. */
const SORT_FORMS = [
  ['[]interface {}', 'string'],
  ['[]int', 'string'],
  ['[]float64', 'string'],
  ['[]string', 'string'],
  ['[]interface {}'],
  ['[]float64'],
  ['[]string'],
  ['[]int'],
];

function take(args: readonly Value[], frame: Frame, at: number): Value {
  const list = arrayAt(args, 0);
  const count = Number(integerAt(args, 1) ?? 0);
  if (count < 0) throw valueError('reflect.Value.Slice: slice index out of bounds', at);
  frame.chargeElements(Math.min(count, list.length), at);
  const [whole] = args;
  return whole instanceof Uint8Array ? whole.slice(0, count) : list.slice(0, count);
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
    const wrong = args.find((type) => !mayBe(type, ...LIST));
    const problem = checkCount(args.length, 1, Infinity);
    if (problem !== undefined) return problem;
    return wrong === undefined ? ARRAY : { message: `cannot concat ${describeType(wrong)}` };
  },
  call: (args, frame, at) => {
    const result: Value[] = [];
    for (const [index, argument] of args.entries()) {
      const list = argument instanceof Uint8Array ? arrayAt(args, index) : argument;
      if (!isArray(list)) throw new ExprRuntimeError('argument_type', `cannot concat ${reflectedKind(list)}`, at);
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
  if (typeof order !== 'string') throw notOfType('argument_value', order, 'string', at);
  const reason = name === 'sort' ? `invalid order ${order}, expected asc or desc` : 'unknown order, use asc or desc';
  throw valueError(reason, at);
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
  define('take', TAKE, take),
  define('reverse', { parameters: [LIST], result: ARRAY, ...words('reverse') }, (args, frame, at) => {
    const list = arrayAt(args, 0);
    frame.chargeElements(list.length, at);
    return list.toReversed();
  }),
  define('uniq', { parameters: [LIST], result: ARRAY, ...words('uniq') }, (args, frame, at) =>
    uniq(arrayAt(args, 0), frame, at),
  ),
  CONCAT,
  define('flatten', { parameters: [LIST], result: ARRAY, ...words('flatten') }, (args, frame, at) =>
    flatten(arrayAt(args, 0), [], frame, at),
  ),
  // What turns out to be no array sorts to an empty one.
  define('sort', { parameters: [ANYTHING, TEXT], optional: 1, result: ARRAY, forms: SORT_FORMS }, (args, frame, at) => {
    const list = arrayAt(args, 0);
    const descending = isDescending('sort', args[1], at);
    frame.chargeElements(list.length, at);
    return list.toSorted((left, right) => compareInOrder(left, right, descending, at));
  }),
];
