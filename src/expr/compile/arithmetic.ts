import { ExprRuntimeError } from '../errors';
import { compareText } from '../value/text-order';
import {
  addIntegers,
  multiplyIntegers,
  remainderOfIntegers,
  subtractIntegers,
  truncateToInteger,
} from '../value/integer';
import { describeKind } from '../types/static-type';
import { kindOf } from '../value/kind-of';
import { raise } from '../value/power';
import { ExprDuration, ExprFloat, ExprTime, type ExprInteger, type Value } from '../value/value';

/** Whether the value is an integer. */
export function isInteger(value: Value): value is ExprInteger {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** The number as a float; undefined for everything that is no number. */
export function toFloat(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return value instanceof ExprFloat ? value.value : undefined;
}

/** The error of an operator whose operands do not fit. */
export function operandError(operator: string, left: Value, right: Value, at: number): ExprRuntimeError {
  return new ExprRuntimeError(
    'operand_type',
    `invalid operation: ${describeKind(kindOf(left))} ${operator} ${describeKind(kindOf(right))}`,
    at,
  );
}

/** `left + right`. */
export function add(left: Value, right: Value, at: number): Value {
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  if (isInteger(left) && isInteger(right)) return addIntegers(left, right);
  if (left instanceof ExprTime && right instanceof ExprDuration) return shift(left, right.nanoseconds);
  if (left instanceof ExprDuration) {
    if (right instanceof ExprTime) return shift(right, left.nanoseconds);
    if (right instanceof ExprDuration) return new ExprDuration(left.nanoseconds + right.nanoseconds);
  }
  const [a, b] = [toFloat(left), toFloat(right)];
  if (a === undefined || b === undefined) throw operandError('+', left, right, at);
  return new ExprFloat(a + b);
}

/** `left - right`. */
export function subtract(left: Value, right: Value, at: number): Value {
  if (isInteger(left) && isInteger(right)) return subtractIntegers(left, right);
  if (left instanceof ExprTime) {
    if (right instanceof ExprDuration) return shift(left, -right.nanoseconds);
    if (right instanceof ExprTime) return ExprDuration.clamped(left.nanoseconds - right.nanoseconds);
  }
  if (left instanceof ExprDuration && right instanceof ExprDuration) {
    return new ExprDuration(left.nanoseconds - right.nanoseconds);
  }
  const [a, b] = [toFloat(left), toFloat(right)];
  if (a === undefined || b === undefined) throw operandError('-', left, right, at);
  return new ExprFloat(a - b);
}

/** `left * right`. */
export function multiply(left: Value, right: Value, at: number): Value {
  if (isInteger(left) && isInteger(right)) return multiplyIntegers(left, right);
  if (left instanceof ExprDuration || right instanceof ExprDuration) return multiplyDuration(left, right, at);
  const [a, b] = [toFloat(left), toFloat(right)];
  if (a === undefined || b === undefined) throw operandError('*', left, right, at);
  return new ExprFloat(a * b);
}

function multiplyDuration(left: Value, right: Value, at: number): Value {
  const [a, b] = [factor(left), factor(right)];
  if (a === undefined || b === undefined) throw operandError('*', left, right, at);
  if (typeof a === 'bigint' && typeof b === 'bigint') return new ExprDuration(a * b);
  return new ExprDuration(BigInt(truncateToInteger(Number(a) * Number(b))));
}

function factor(value: Value): bigint | number | undefined {
  if (value instanceof ExprDuration) return value.nanoseconds;
  if (isInteger(value)) return BigInt(value);
  return value instanceof ExprFloat ? value.value : undefined;
}

/** `left / right`: always a float. */
export function divide(left: Value, right: Value, at: number): Value {
  const [a, b] = [toFloat(left), toFloat(right)];
  if (a === undefined || b === undefined) throw operandError('/', left, right, at);
  return new ExprFloat(a / b);
}

/** `left % right`: integers only. */
export function remainder(left: Value, right: Value, at: number): Value {
  if (!isInteger(left) || !isInteger(right)) throw operandError('%', left, right, at);
  if (right === 0) throw new ExprRuntimeError('division_by_zero', 'runtime error: integer divide by zero', at);
  return remainderOfIntegers(left, right);
}

/** `left ** right`: always a float. One to any power is one, also where IEEE's pow of the host says NaN. */
export function power(left: Value, right: Value, at: number): Value {
  const [a, b] = [toFloat(left), toFloat(right)];
  if (a === undefined || b === undefined) throw notANumber(a === undefined ? left : right, at);
  if (a === 1 || (a === -1 && Math.abs(b) === Infinity)) return new ExprFloat(1);
  return new ExprFloat(raise(a, b));
}

/** `-operand`. */
export function negate(operand: Value, at: number): Value {
  if (isInteger(operand)) return subtractIntegers(0, operand);
  if (operand instanceof ExprFloat) return new ExprFloat(-operand.value);
  throw new ExprRuntimeError('operand_type', `invalid operation: - ${describeKind(kindOf(operand))}`, at);
}

/** `+operand`. */
export function identityOf(operand: Value): Value {
  return operand;
}

function notANumber(value: Value, at: number): ExprRuntimeError {
  return new ExprRuntimeError('operand_type', `invalid operation: float(${describeKind(kindOf(value))})`, at);
}

/** Negative, zero or positive as `left` is less than, equal to or greater than `right`; NaN when neither holds. */
export function compareValues(left: Value, right: Value, operator: string, at: number): number {
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  if (isInteger(left) && isInteger(right)) return left < right ? -1 : left > right ? 1 : 0;
  if (left instanceof ExprTime && right instanceof ExprTime) return sign(left.nanoseconds, right.nanoseconds);
  if (left instanceof ExprDuration && right instanceof ExprDuration) return sign(left.nanoseconds, right.nanoseconds);
  const [a, b] = [toFloat(left), toFloat(right)];
  if (a === undefined || b === undefined) throw operandError(operator, left, right, at);
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : NaN;
}

function sign(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function shift(time: ExprTime, nanoseconds: bigint): ExprTime {
  return new ExprTime(time.nanoseconds + nanoseconds, time.zone);
}
