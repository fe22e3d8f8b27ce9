import { findLoop, type Loop } from '../builtins/predicates';
import { reflectedKind } from '../builtins/definition';
import { ExprRuntimeError } from '../errors';
import type { BuiltinNode, ExprNode } from '../syntax/tree';
import { BOOL, describeType, elementOf, INT, mayBe, UNKNOWN, type StaticType } from '../types/static-type';
import { isArray, type Value } from '../value/value';
import type { Compiled } from './compiled';
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
export function compilePredicateCall(node: BuiltinNode, compiler: Compiler): Compiled {
  const { name, at } = node;
  const loop = findLoop(name);
  const [listNode, predicateNode, extraNode] = node.arguments;
  if (loop === undefined || listNode === undefined) throw compiler.error('unknown_name', `unknown builtin ${name}`, at);
  const list = compiler.compile(listNode);
  if (!mayBe(list.type, 'array')) {
    const got = describeType(list.type);
    throw compiler.error('argument_type', `builtin ${name} takes only array (got ${got})`, listNode.at);
  }
  const predicate = predicateNode && compilePredicate(name, predicateNode, list.type, loop, compiler);
  const extra = extraNode && compiler.compile(extraNode);
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

/** The reference counts the elements of what it is given, whatever that is. */
function notAnArray(value: Value, at: number): ExprRuntimeError {
  const kind = reflectedKind(value);
  return new ExprRuntimeError(
    'argument_type',
    kind === 'invalid'
      ? 'reflect: call of reflect.Value.Len on zero Value'
      : `reflect: call of reflect.Value.Len on ${kind} Value`,
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
    const items = list.run(frame);
    if (!isArray(items)) throw notAnArray(items, at);
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
