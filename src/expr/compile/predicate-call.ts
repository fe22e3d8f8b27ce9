import { findLoop, type Loop } from '../builtins/predicates';
import { reflectedKind } from '../builtins/definition';
import { ExprRuntimeError } from '../errors';
import type { ArrayNode, BuiltinNode, ExprNode } from '../syntax/tree';
import { BOOL, describeType, elementOf, INT, mayBe, UNKNOWN, type StaticType } from '../types/static-type';
import { ExprMap } from '../value/expr-map';
import { encodeUtf8, utf8Length } from '../value/utf8';
import { ExprFloat, isArray, type ExprArray, type Value } from '../value/value';
import { add } from './arithmetic';
import type { Compiled, Run } from './compiled';
import type { Compiler } from './compiler';
import type { Frame } from './frame';
import type { SlotVariable } from './scope';

/** Builtins in whose predicate `#index` stands for the element's position. */
const INDEXED: ReadonlySet<string> = new Set(['map', 'reduce']);

interface Predicate {
  readonly type: StaticType;
  readonly run: (frame: Frame) => Value;
  readonly element: SlotVariable;
  readonly index: SlotVariable | undefined;
  readonly accumulator: SlotVariable | undefined;
}

/** A call of a builtin that runs a predicate on the elements of an array. */
export function compilePredicateCall(node: BuiltinNode, compiler: Compiler, loop = findLoop(node.name)): Compiled {
  const { name, at } = node;
  const [listNode, predicateNode, extraNode] = node.arguments;
  if (loop === undefined || listNode === undefined) throw compiler.error('unknown_name', `unknown builtin ${name}`, at);
  const list = compiler.compile(listNode);
  if (!mayBe(list.type, 'array', 'bytes')) {
    const got = describeType(list.type);
    throw compiler.error('argument_type', `builtin ${name} takes only array (got ${got})`, listNode.at);
  }
  const predicate = predicateNode && compilePredicate(name, predicateNode, list.type, loop, compiler);
  const extra = extraNode && compiler.compile(extraNode);
  if (name === 'sum' && predicate === undefined && listNode.kind === 'array' && isSummedInPairs(listNode, compiler)) {
    return { type: elementOf(list.type), at, run: sumInPairs(list.run, at) };
  }
  const type = loop.result(list.type, predicate?.type ?? elementOf(list.type));
  return { type, at, run: runner(loop, list, predicate, extra, at) };
}

function compilePredicate(name: string, node: ExprNode, list: StaticType, loop: Loop, compiler: Compiler): Predicate {
  const body = node.kind === 'predicate' ? node.body : node;
  const { scope } = compiler;
  const element = scope.slot(elementOf(list));
  const index = INDEXED.has(name) ? scope.slot(INT) : undefined;
  const accumulator = name === 'reduce' ? scope.slot(UNKNOWN) : undefined;
  scope.enter({ element, index, accumulator });
  const compiled = compiler.compile(body);
  scope.leave();
  if (compiled.type.kind === 'nil') {
    const inputs = name === 'reduce' ? 'two' : 'one';
    throw compiler.error('predicate', `predicate should has ${inputs} input and one output param`, node.at);
  }
  if (loop.condition && !mayBe(compiled.type, BOOL.kind)) {
    const got = describeType(compiled.type);
    throw compiler.error('not_boolean', `predicate should return boolean (got ${got})`, node.at);
  }
  return { type: compiled.type, run: compiled.run, element, index, accumulator };
}

/** `filter(...)[0]`, `first(filter(...))` and their like for the last element stop at the one element that is asked for. */
export function compileFilterEdge(
  node: ExprNode,
  call: ExprNode,
  loop: Loop,
  compiler: Compiler,
): Compiled | undefined {
  if (call.kind !== 'builtin' || call.name !== 'filter') return undefined;
  return compilePredicateCall({ ...call, at: node.at }, compiler, loop);
}

/** Whether the array is not made of literals alone: then its sum is that of its elements, with no zero to begin with. */
function isSummedInPairs({ elements }: ArrayNode, compiler: Compiler): boolean {
  return elements.length > 1 && !elements.every((element) => isScalarLiteral(compiler.compile(element).constant));
}

function isScalarLiteral(value: Value | undefined): boolean {
  return value instanceof ExprFloat || (value !== undefined && typeof value !== 'object');
}

/** `a + (b + c)`, so that text is summed, too. */
function sumInPairs(list: Run, at: number): Run {
  return (frame) => {
    const items = list(frame);
    if (!isArray(items)) throw notAnArray(items, at);
    let total = items.at(-1) ?? null;
    for (let index = items.length - 2; index >= 0; index--) {
      total = add(items[index] ?? null, total, at);
      if (typeof total === 'string') frame.chargeText(total.length, at);
    }
    return total;
  };
}

/** What a loop goes through: the items of an array, the bytes of a text or of bytes. */
function itemsOf(value: Value, frame: Frame, at: number): ExprArray {
  if (isArray(value)) return value;
  if (typeof value === 'string') {
    frame.chargeElements(utf8Length(value), at);
    return Array.from(encodeUtf8(value));
  }
  if (value instanceof Uint8Array) {
    frame.chargeElements(value.length, at);
    return Array.from(value);
  }
  if (value instanceof ExprMap && value.size === 0) return [];
  throw notAnArray(value, at);
}

/** The reference counts the elements of what it is given, whatever that is, and then reads them by their index. */
function notAnArray(value: Value, at: number): ExprRuntimeError {
  const kind = reflectedKind(value);
  const method = kind === 'map' ? 'Index' : 'Len';
  return new ExprRuntimeError(
    'argument_type',
    `reflect: call of reflect.Value.${method} on ${kind === 'invalid' ? 'zero' : kind} Value`,
    at,
  );
}

function runner(
  loop: Loop,
  list: Compiled,
  predicate: Predicate | undefined,
  extra: Compiled | undefined,
  at: number,
): Compiled['run'] {
  return (frame) => {
    const items = itemsOf(list.run(frame), frame, at);
    const evaluate = (index: number, accumulated: Value): Value => {
      const item = items[index] ?? null;
      frame.chargeSteps(1, at);
      if (predicate === undefined) return item;
      frame.slots[predicate.element.slot] = item;
      if (predicate.index !== undefined) frame.slots[predicate.index.slot] = index;
      if (predicate.accumulator !== undefined) frame.slots[predicate.accumulator.slot] = accumulated;
      return predicate.run(frame);
    };
    return loop.run({ items, evaluate, extra: extra?.run(frame), frame, at });
  };
}
