import { Failure } from '../failure';
import { checkStringLength, spendOn, UNITS_PER_STEP_SHIFT } from '../limits';
import { concatStrings, stringFromBytes, textOf } from '../value/bytes';
import { compareStrings, compareTimestamps, valuesEqual } from '../value/compare';
import { addIntegers, multiplyIntegers, saturateToSafe, subtractIntegers } from '../value/integer';
import { isObject } from '../value/kind-of';
import { valueKindText } from '../types/value-kind-text';
import {
  emptyObject,
  VrlBytes,
  VrlFloat,
  VrlTimestamp,
  type VrlInteger,
  type VrlObject,
  type VrlString,
  type VrlValue,
} from '../value/value';

function isInteger(value: VrlValue): value is VrlInteger {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isString(value: VrlValue): value is VrlString {
  return typeof value === 'string' || value instanceof VrlBytes;
}

/** A number as a float; undefined for what is no number. */
function floatOperand(value: VrlValue): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof VrlFloat) return value.value;
  return typeof value === 'bigint' ? Number(value) : undefined;
}

function floatResult(value: number): VrlFloat {
  if (Number.isNaN(value)) throw new Failure('operation would produce NaN', 307);
  return new VrlFloat(value);
}

export function add(left: VrlValue, right: VrlValue): VrlValue {
  if (typeof left === 'string' && typeof right === 'string') {
    checkStringLength(left.length + right.length);
    spendOn(right, UNITS_PER_STEP_SHIFT);
    return left + right;
  }
  if (isInteger(left) && isInteger(right)) return addIntegers(left, right);
  const a = floatOperand(left);
  const b = floatOperand(right);
  if (a !== undefined && b !== undefined) return floatResult(a + b);
  if (isString(left) && right === null) return left;
  if (left === null && isString(right)) return right;
  if (isString(left) && isString(right)) return concatStrings(left, right);
  throw new Failure(() => `can't add type ${valueKindText(right)} to ${valueKindText(left)}`, 308);
}

export function subtract(left: VrlValue, right: VrlValue): VrlValue {
  if (isInteger(left) && isInteger(right)) return subtractIntegers(left, right);
  const a = floatOperand(left);
  const b = floatOperand(right);
  if (a !== undefined && b !== undefined) return floatResult(a - b);
  throw new Failure(() => `can't subtract type ${valueKindText(right)} from ${valueKindText(left)}`, 309);
}

export function multiply(left: VrlValue, right: VrlValue): VrlValue {
  if (isInteger(left) && isInteger(right)) return multiplyIntegers(left, right);
  const a = floatOperand(left);
  const b = floatOperand(right);
  if (a !== undefined && b !== undefined) return floatResult(a * b);
  if (isString(left) && isInteger(right)) return repeat(left, right);
  if (isInteger(left) && isString(right)) return repeat(right, left);
  throw new Failure(() => `can't multiply type ${valueKindText(left)} by ${valueKindText(right)}`, 304);
}

function repeat(value: VrlString, times: VrlInteger): VrlString {
  const count = Math.max(saturateToSafe(times), 0);
  const text = typeof value === 'string' ? value : textOf(value);
  checkStringLength(text.length * count);
  if (typeof value === 'string') {
    const repeated = value.repeat(count);
    spendOn(repeated, UNITS_PER_STEP_SHIFT);
    return repeated;
  }
  const { bytes } = value;
  checkStringLength(bytes.length * count);
  const repeated = new Uint8Array(bytes.length * count);
  for (let i = 0; i < count; i++) repeated.set(bytes, i * bytes.length);
  return stringFromBytes(repeated);
}

export function divide(left: VrlValue, right: VrlValue): VrlValue {
  const a = floatOperand(left);
  const b = floatOperand(right);
  // A divisor of zero is told first, whatever it should divide.
  if (b === 0) throw new Failure("can't divide by zero", 306);
  if (a === undefined || b === undefined) {
    throw new Failure(() => `can't divide type ${valueKindText(left)} by ${valueKindText(right)}`, 305);
  }
  return floatResult(a / b);
}

/** `==`: numbers by their value whatever their kind, everything else strictly. */
export function equal(left: VrlValue, right: VrlValue): boolean {
  spendOn(left, UNITS_PER_STEP_SHIFT);
  if (left === right) return true;
  if (left instanceof VrlFloat ? isInteger(right) : right instanceof VrlFloat && isInteger(left)) {
    return floatOperand(left) === floatOperand(right);
  }
  return valuesEqual(left, right);
}

export type Comparison = '<' | '<=' | '>' | '>=';

export function compare(operator: Comparison, left: VrlValue, right: VrlValue): boolean {
  if (typeof left === 'number' && typeof right === 'number') return holds(operator, left - right);
  if (isInteger(left) && isInteger(right)) return holds(operator, left < right ? -1 : left > right ? 1 : 0);
  const a = floatOperand(left);
  if (a !== undefined) {
    const b = floatOperand(right);
    if (b === undefined) throw incomparable(operator, left, right);
    return holds(operator, a < b ? -1 : a > b ? 1 : 0);
  }
  if (isString(left)) {
    if (!isString(right)) throw new Failure(() => `expected string, got ${valueKindText(right)}`, 300);
    spendOn(left, UNITS_PER_STEP_SHIFT);
    return holds(operator, compareStrings(left, right));
  }
  if (left instanceof VrlTimestamp) {
    if (!(right instanceof VrlTimestamp))
      throw new Failure(() => `expected timestamp, got ${valueKindText(right)}`, 300);
    return holds(operator, compareTimestamps(left, right));
  }
  throw incomparable(operator, left, right);
}

function holds(operator: Comparison, order: number): boolean {
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}

function incomparable(operator: Comparison, left: VrlValue, right: VrlValue): Failure {
  // These texts are the language's own, odd as they are.
  if (operator === '>')
    return new Failure(
      () => `can't calculate remainder of type ${valueKindText(left)} and ${valueKindText(right)}`,
      303,
    );
  return new Failure(() => `can't compare ${valueKindText(left)} >= ${valueKindText(right)}`, 314);
}

/** `&&` once both sides are known; the left side is neither null nor false. */
export function and(left: VrlValue, right: VrlValue): boolean {
  if (left === true) {
    if (right === null) return false;
    if (typeof right === 'boolean') return right;
  }
  throw new Failure(() => `can't apply an AND to types ${valueKindText(left)} and ${valueKindText(right)}`, 311);
}

/** `|`: a new object with the members of both, the right side's where both have one. */
export function mergeObjects(left: VrlValue, right: VrlValue): VrlObject {
  if (!isObject(left) || !isObject(right))
    throw new Failure(() => `can't merge type ${valueKindText(right)} into ${valueKindText(left)}`);
  spendOn(left, UNITS_PER_STEP_SHIFT);
  const merged = emptyObject();
  for (const key in left) merged[key] = left[key] as VrlValue;
  for (const key in right) merged[key] = right[key] as VrlValue;
  return merged;
}
