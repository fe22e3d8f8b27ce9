import { add } from '../compile/arithmetic';
import type { Frame } from '../compile/frame';
import { truth } from '../compile/logic';
import { ExprRuntimeError } from '../errors';
import { ARRAY, arrayOf, BOOL, describeKind, elementOf, groupsOf, INT, type StaticType } from '../types/static-type';
import { ExprMap, isComparable } from '../value/expr-map';
import { kindOf } from '../value/kind-of';
import type { ExprArray, Value } from '../value/value';
import { compareInOrder, isDescending } from './arrays';
import { valueError } from './definition';

/** One run of a predicate builtin. */
export interface LoopRun {
  readonly items: ExprArray;
  /** Value of the predicate for an element; the element itself where there is no predicate. */
  readonly evaluate: (index: number, accumulated: Value) => Value;
  /** Value of the argument behind the predicate; undefined where it is left out. */
  readonly extra: Value | undefined;
  readonly frame: Frame;
  readonly at: number;
}

/** What a predicate builtin does with the elements of its array. */
export interface Loop {
  /** Whether the predicate has to be a bool. */
  readonly condition: boolean;
  result(list: StaticType, predicate: StaticType): StaticType;
  run(run: LoopRun): Value;
}

/** Index of the first element in the given order of which the predicate holds; -1 when there is none. */
function search({ items, evaluate, at }: LoopRun, backwards: boolean): number {
  for (let step = 0; step < items.length; step++) {
    const index = backwards ? items.length - 1 - step : step;
    if (truth(evaluate(index, null), at)) return index;
  }
  return -1;
}

function countHolding({ items, evaluate, at }: LoopRun, limit = Infinity): number {
  let count = 0;
  for (let index = 0; index < items.length && count < limit; index++) {
    if (truth(evaluate(index, null), at)) count++;
  }
  return count;
}

function everyHolds({ items, evaluate, at }: LoopRun): boolean {
  for (let index = 0; index < items.length; index++) {
    if (!truth(evaluate(index, null), at)) return false;
  }
  return true;
}

function filter({ items, evaluate, frame, at }: LoopRun): Value {
  const kept = items.filter((_item, index) => truth(evaluate(index, null), at));
  frame.chargeElements(kept.length, at);
  return kept;
}

function map({ items, evaluate, frame, at }: LoopRun): Value {
  frame.chargeElements(items.length, at);
  return items.map((_item, index) => evaluate(index, null));
}

function sum({ items, evaluate, at }: LoopRun): Value {
  let total: Value = 0;
  for (let index = 0; index < items.length; index++) total = add(total, evaluate(index, null), at);
  return total;
}

function groupBy({ items, evaluate, frame, at }: LoopRun): Value {
  frame.chargeElements(items.length, at);
  const positions = new ExprMap(null, true);
  const groups: { readonly key: Value; readonly members: Value[] }[] = [];
  for (const [index, item] of items.entries()) {
    const key = evaluate(index, null);
    if (!isComparable(key)) throw valueError(`runtime error: hash of unhashable type ${describeKind(kindOf(key))}`, at);
    const position = positions.get(key);
    if (position === undefined) {
      positions.set(key, groups.length);
      groups.push({ key, members: [item] });
    } else {
      groups[Number(position)]?.members.push(item);
    }
  }
  const result = new ExprMap(null, true);
  for (const { key, members } of groups) result.set(key, members);
  return result;
}

function sortBy({ items, evaluate, extra, frame, at }: LoopRun): Value {
  const descending = isDescending('sortBy', extra, at);
  frame.chargeElements(items.length, at);
  const keyed = items.map((item, index) => ({ item, key: evaluate(index, null) }));
  keyed.sort((left, right) => compareInOrder(left.key, right.key, descending, at));
  return keyed.map(({ item }) => item);
}

function reduce({ items, evaluate, extra, at }: LoopRun): Value {
  if (extra === undefined && items.length === 0) throw valueError('reduce of empty array with no initial value', at);
  let accumulated = extra ?? items[0] ?? null;
  for (let index = extra === undefined ? 1 : 0; index < items.length; index++)
    accumulated = evaluate(index, accumulated);
  return accumulated;
}

function finder(backwards: boolean): Loop {
  return {
    condition: true,
    result: elementOf,
    run: (run) => run.items[search(run, backwards)] ?? null,
  };
}

function indexFinder(backwards: boolean): Loop {
  return {
    condition: true,
    result: () => INT,
    run: (run) => {
      const index = search(run, backwards);
      return index < 0 ? null : index;
    },
  };
}

/** `filter(...)[0]` and `filter(...)[-1]`, for which the reference has words of its own where nothing is kept. */
function keptAt(backwards: boolean): Loop {
  return {
    condition: true,
    result: elementOf,
    run: (run) => {
      const index = search(run, backwards);
      if (index < 0) throw new ExprRuntimeError('index_out_of_range', 'reflect: slice index out of range', run.at);
      return run.items[index] ?? null;
    },
  };
}

/** `count` where nothing beyond so many matters, as in `count(...) > 2`: it stops there. */
export function countUpTo(limit: number): Loop {
  return { condition: true, result: () => INT, run: (run) => countHolding(run, limit) };
}

/** What gives the first and the last element that a filter keeps. */
export const KEPT = { first: keptAt(false), last: keptAt(true) };
/** As {@link KEPT}, nil where there is none. */
export const KEPT_OR_NIL = { first: finder(false), last: finder(true) };

const LOOPS: ReadonlyMap<string, Loop> = new Map<string, Loop>([
  ['all', { condition: true, result: () => BOOL, run: everyHolds }],
  ['any', { condition: true, result: () => BOOL, run: (run) => search(run, false) >= 0 }],
  ['none', { condition: true, result: () => BOOL, run: (run) => search(run, false) < 0 }],
  ['one', { condition: true, result: () => BOOL, run: (run) => countHolding(run) === 1 }],
  ['count', countUpTo(Infinity)],
  ['filter', { condition: true, result: (list) => arrayOf(elementOf(list)), run: filter }],
  ['map', { condition: false, result: (_list, predicate) => arrayOf(predicate), run: map }],
  ['find', finder(false)],
  ['findLast', finder(true)],
  ['findIndex', indexFinder(false)],
  ['findLastIndex', indexFinder(true)],
  ['sum', { condition: false, result: (_list, predicate) => predicate, run: sum }],
  ['groupBy', { condition: false, result: (list) => groupsOf(elementOf(list)), run: groupBy }],
  ['sortBy', { condition: false, result: () => ARRAY, run: sortBy }],
  ['reduce', { condition: false, result: (_list, predicate) => predicate, run: reduce }],
]);

/** The builtin with a predicate of a name. */
export function findLoop(name: string): Loop | undefined {
  return LOOPS.get(name);
}
