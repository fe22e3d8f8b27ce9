import { ExprRuntimeError } from '../errors';
import { equalValues } from '../value/equality';
import { ExprMap } from '../value/expr-map';
import { describeKind } from '../types/static-type';
import { kindOf } from '../value/kind-of';
import { ExprFloat, isArray, type ExprArray, type Value } from '../value/value';
import { findEntry } from './access';
import { isInteger } from './arithmetic';
import type { Run } from './compiled';
import type { Frame } from './frame';

/** `needle in haystack` on values that are only known now. */
export function isIn(frame: Frame, needle: Value, haystack: Value, at: number): boolean {
  if (haystack === null) return false;
  if (isArray(haystack)) frame.chargeSteps(haystack.length, at);
  if (isArray(haystack)) return haystack.some((item) => equalValues(item, needle, frame, at));
  if (haystack instanceof Uint8Array) {
    frame.chargeSteps(haystack.length, at);
    return haystack.some((byte) => equalValues(byte, needle, frame, at));
  }
  if (haystack instanceof ExprMap) return findEntry(haystack, needle, at) !== undefined;
  const kind = describeKind(kindOf(haystack));
  throw new ExprRuntimeError('operand_type', `operator "in" not defined on ${kind}`, at);
}

/** `needle in [...]` where the array is made of literals. */
export function inConstantArray(needle: Run, items: ExprArray, at: number): Run {
  if (items.length > 0 && items.every((item) => typeof item === 'string')) return inTexts(needle, new Set(items), at);
  const plain = new Set(items);
  return (frame) => {
    const value = needle(frame);
    if (plain.has(value)) return true;
    return typeof value === 'string' ? false : items.some((item) => equalValues(item, value, frame, at));
  };
}

/** Literal texts form a set of texts: nil counts as the empty text, other kinds cannot be looked up in it. */
function inTexts(needle: Run, texts: ReadonlySet<Value>, at: number): Run {
  return (frame) => {
    const value = needle(frame) ?? '';
    if (typeof value === 'string') return texts.has(value);
    const kind = describeKind(kindOf(value));
    const reason = `reflect.Value.MapIndex: value of type ${kind} is not assignable to type string`;
    throw new ExprRuntimeError('operand_type', reason, at);
  };
}

/**
 * `needle in [...]` and `needle in from..to` where the needle is known to be a month or a day of the week and the items
 * are literal integers: the reference holds these in a form that only takes plain integers.
 */
export function refuseName(needle: Run, name: string, range: boolean, at: number): Run {
  const reason = range
    ? `invalid operation: int <= ${name}`
    : `reflect.Value.MapIndex: value of type ${name} is not assignable to type int`;
  return (frame) => {
    needle(frame);
    throw new ExprRuntimeError('operand_type', reason, at);
  };
}

/** `needle in from..to` with literal bounds, without making the range. */
export function inConstantRange(needle: Run, from: number | bigint, to: number | bigint): Run {
  return (frame) => {
    const value = needle(frame);
    if (isInteger(value)) return value >= from && value <= to;
    if (!(value instanceof ExprFloat)) return false;
    return Number.isInteger(value.value) && value.value >= from && value.value <= to;
  };
}
