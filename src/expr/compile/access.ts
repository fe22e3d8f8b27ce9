import { ExprCompileError, ExprRuntimeError } from '../errors';
import type { MemberNode, SliceNode } from '../syntax/tree';
import { describeKind, describeType, elementOf, INT, mayBe, UNKNOWN, type StaticType } from '../types/static-type';
import { ExprMap, isComparable } from '../value/expr-map';
import { formatPlain } from '../value/format';
import { kindOf } from '../value/kind-of';
import { utf8ByteAt, utf8Length, utf8Slice } from '../value/utf8';
import { ExprFloat, ExprZone, isArray, type Value } from '../value/value';
import { truncateToInteger } from '../value/integer';
import { isInteger } from './arithmetic';
import type { Compiled, Run } from './compiled';

/** What an optional member gives for a nil base, until the chain around it turns it into nil. */
export const SKIPPED: Value = new ExprZone('skipped');

/** `target[property]` and `target.property`. */
export function compileMember(node: MemberNode, target: Compiled, property: Compiled, source: string): Compiled {
  const { at } = node;
  const type = memberType(node, target.type, property.type, source);
  const { run: base } = target;
  const { run: key } = property;
  const { optional } = node;
  return {
    type,
    at,
    run: (frame) => {
      const value = base(frame);
      if (value === SKIPPED || (optional && value === null)) return SKIPPED;
      return memberOf(value, key(frame), at);
    },
  };
}

function memberType(node: MemberNode, target: StaticType, property: StaticType, source: string): StaticType {
  const fail = (message: string, at: number): never => {
    throw new ExprCompileError('member_type', message, source, at);
  };
  const type = describeType(target);
  switch (target.kind) {
    case 'unknown':
      return UNKNOWN;
    case 'map':
      if (target.anyKeys !== true && !mayBe(property, 'string')) {
        return fail(`cannot use ${describeType(property)} to get an element from ${type}`, node.property.at);
      }
      return target.element ?? UNKNOWN;
    case 'array':
    case 'bytes':
      if (!mayBe(property, 'int')) {
        const got = describeType(property);
        return fail(`array elements can only be selected using an integer (got ${got})`, node.property.at);
      }
      return target.kind === 'bytes' ? INT : elementOf(target);
    default: {
      const named = node.property.kind === 'string' ? node.property.value : undefined;
      if (target.kind === 'nil' && named !== undefined) return fail(`type nil has no field ${named}`, node.at);
      if (named !== undefined) return fail(`type ${type} has no field ${named}`, node.at);
      return fail(`type ${type}[${describeType(property)}] is undefined`, node.at);
    }
  }
}

/** Reads a member of a value that is only known now. */
export function memberOf(target: Value, key: Value, at: number): Value {
  if (target instanceof ExprMap) return findEntry(target, key, at) ?? target.absent;
  if (!isArray(target) && typeof target !== 'string' && !(target instanceof Uint8Array)) {
    throw notReadable(target, key, at);
  }
  const index = indexOf(key);
  if (index === undefined) throw conversionFailed(key, at);
  const length = lengthOf(target);
  const from = index < 0 ? length + index : index;
  if (from < 0 || from >= length) {
    throw new ExprRuntimeError('index_out_of_range', `index out of range: ${from} (array length is ${length})`, at);
  }
  if (typeof target === 'string') return utf8ByteAt(target, from) ?? 0;
  return target[from] ?? null;
}

/**
 * The value under a key, or undefined where the map has no such key. Nil stands for the least key, which is the empty
 * text where keys are text.
 *
 * @throws ExprRuntimeError where the key is of a kind that the map's keys cannot be.
 */
export function findEntry(map: ExprMap, key: Value, at: number): Value | undefined {
  if (typeof key === 'string' || map.anyKeys) {
    if (isComparable(key)) return map.get(key);
    const kind = describeKind(kindOf(key));
    throw new ExprRuntimeError('map_key', `runtime error: hash of unhashable type ${kind}`, at);
  }
  if (key === null) return map.get('');
  const kind = describeKind(kindOf(key));
  const reason = `reflect.Value.MapIndex: value of type ${kind} is not assignable to type string`;
  throw new ExprRuntimeError('map_key', reason, at);
}

function notReadable(target: Value, key: Value, at: number): ExprRuntimeError {
  const name = formatPlain(key);
  return new ExprRuntimeError('member_type', `cannot fetch ${name} from ${describeKind(kindOf(target))}`, at);
}

function conversionFailed(key: Value, at: number): ExprRuntimeError {
  return new ExprRuntimeError('member_type', `invalid operation: int(${describeKind(kindOf(key))})`, at);
}

/** The number as an index: floats are truncated. */
export function indexOf(key: Value): number | undefined {
  if (isInteger(key)) return Number(key);
  return key instanceof ExprFloat ? Number(truncateToInteger(key.value)) : undefined;
}

function lengthOf(target: readonly Value[] | Uint8Array | string): number {
  return typeof target === 'string' ? utf8Length(target) : target.length;
}

/** `target[from:to]` of an array, text (by bytes) or bytes: bounds are clamped, negative ones count from the end. */
export function compileSlice(
  node: SliceNode,
  target: Compiled,
  from: Compiled | undefined,
  to: Compiled | undefined,
  source: string,
): Compiled {
  if (!mayBe(target.type, 'array', 'string', 'bytes')) {
    throw new ExprCompileError('slice_type', `cannot slice ${describeType(target.type)}`, source, node.at);
  }
  for (const bound of [from, to]) {
    if (bound !== undefined && !mayBe(bound.type, 'int')) {
      throw new ExprCompileError('slice_type', `non-integer slice index ${describeType(bound.type)}`, source, bound.at);
    }
  }
  return { type: target.type, at: node.at, run: slicer(target.run, from, to, node.at) };
}

function slicer(target: Run, from: Compiled | undefined, to: Compiled | undefined, at: number): Run {
  return (frame) => {
    const value = target(frame);
    if (value === SKIPPED) return SKIPPED;
    if (to === undefined && !hasLength(value)) {
      throw new ExprRuntimeError('slice_type', `invalid argument for len (type ${describeKind(kindOf(value))})`, at);
    }
    const high = to?.run(frame);
    const low = from?.run(frame);
    if (!isArray(value) && typeof value !== 'string' && !(value instanceof Uint8Array)) {
      throw new ExprRuntimeError('slice_type', `cannot slice ${formatPlain(low ?? 0)}`, at);
    }
    const start = from === undefined || low === undefined ? 0 : boundOf(low, at);
    const end = to === undefined || high === undefined ? Infinity : boundOf(high, at);
    const length = lengthOf(value);
    const until = Math.min(length, Math.max(0, end < 0 ? length + end : end));
    const since = Math.min(until, Math.max(0, start < 0 ? length + start : start));
    if (typeof value === 'string') {
      frame.chargeText(until - since, at);
      return utf8Slice(value, since, until);
    }
    frame.chargeElements(until - since, at);
    return value.slice(since, until);
  };
}

function hasLength(value: Value): boolean {
  return typeof value === 'string' || value instanceof ExprMap || value instanceof Uint8Array || isArray(value);
}

function boundOf(value: Value, at: number): number {
  const bound = indexOf(value);
  if (bound === undefined) throw conversionFailed(value, at);
  return bound;
}
