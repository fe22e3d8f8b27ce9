import type { BinaryOperator, UnaryOperator } from '../syntax/tree';
import {
  BOOL,
  DURATION,
  elementOf,
  FLOAT,
  INT,
  INT_ARRAY,
  STRING,
  TIME,
  UNKNOWN,
  type Kind,
  type StaticType,
} from './static-type';

/** Type of `operator operand`; undefined when the operand can never fit. */
export function unaryType(operator: UnaryOperator, operand: StaticType): StaticType | undefined {
  if (operator === 'not') return operand.kind === 'bool' || operand.kind === 'unknown' ? BOOL : undefined;
  return isNumber(operand) || operand.kind === 'unknown' ? operand : undefined;
}

/** Type of `left operator right`; undefined when the operands can never fit. */
export function binaryType(operator: BinaryOperator, left: StaticType, right: StaticType): StaticType | undefined {
  switch (operator) {
    case 'and':
    case 'or':
      return fits(left, right, 'bool') ? BOOL : undefined;
    case '==':
    case '!=':
      return comparable(left, right) ? BOOL : undefined;
    case '<':
    case '<=':
    case '>':
    case '>=':
      return ordered(left, right) ? BOOL : undefined;
    case 'in':
      return membership(left, right) ? BOOL : undefined;
    case 'matches':
      return fitsEach(left, ['string', 'bytes'], right, ['string']) ? BOOL : undefined;
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return fits(left, right, 'string') ? BOOL : undefined;
    case '..':
      return fits(left, right, 'int') ? INT_ARRAY : undefined;
    case '+':
      return sum(left, right);
    case '-':
      return difference(left, right);
    case '*':
      return product(left, right);
    case '/':
    case '**':
      return fits(left, right, 'int', 'float') ? FLOAT : undefined;
    case '%':
      return fits(left, right, 'int') ? INT : undefined;
    case '??':
      return coalesce(left, right);
  }
}

/** Kinds whose values are held as an int, which is all that the check of `==` asks for. */
const HELD_AS_INT: ReadonlySet<Kind> = new Set<Kind>(['int', 'month', 'weekday']);

/** Whether `==` may compare the two: equal kinds, numbers, and anything with nil or unknown. */
export function comparable(left: StaticType, right: StaticType): boolean {
  if (left.kind === right.kind) return true;
  if (HELD_AS_INT.has(left.kind) && HELD_AS_INT.has(right.kind)) return true;
  if (isNumber(left) && isNumber(right)) return true;
  return [left, right].some((side) => side.kind === 'nil' || side.kind === 'unknown');
}

function isNumber(type: StaticType): boolean {
  return type.kind === 'int' || type.kind === 'float';
}

/** Both sides have one of the kinds, or are unknown. */
function fits(left: StaticType, right: StaticType, ...kinds: Kind[]): boolean {
  return fitsEach(left, kinds, right, kinds);
}

function fitsEach(
  left: StaticType,
  leftKinds: readonly Kind[],
  right: StaticType,
  rightKinds: readonly Kind[],
): boolean {
  return (
    (left.kind === 'unknown' || leftKinds.includes(left.kind)) &&
    (right.kind === 'unknown' || rightKinds.includes(right.kind))
  );
}

function ordered(left: StaticType, right: StaticType): boolean {
  return (
    fits(left, right, 'int', 'float') ||
    fits(left, right, 'string') ||
    fits(left, right, 'time') ||
    fits(left, right, 'duration')
  );
}

function membership(left: StaticType, right: StaticType): boolean {
  switch (right.kind) {
    case 'unknown':
      return true;
    case 'map':
      return right.anyKeys === true || left.kind === 'unknown' || left.kind === 'string';
    case 'array':
    case 'bytes':
      return comparable(left, elementOf(right));
    case 'string':
      return left.kind === 'unknown';
    default:
      return false;
  }
}

function arithmetic(left: StaticType, right: StaticType): StaticType | undefined {
  if (!isNumber(left) || !isNumber(right)) return undefined;
  return left.kind === 'int' && right.kind === 'int' ? INT : FLOAT;
}

function sum(left: StaticType, right: StaticType): StaticType | undefined {
  const number = arithmetic(left, right);
  if (number !== undefined) return number;
  if (left.kind === 'string' && right.kind === 'string') return STRING;
  if (left.kind === 'time' && right.kind === 'duration') return TIME;
  if (left.kind === 'duration' && right.kind === 'time') return TIME;
  if (left.kind === 'duration' && right.kind === 'duration') return DURATION;
  return oneUnknown(left, right, 'int', 'float', 'string', 'time', 'duration');
}

function difference(left: StaticType, right: StaticType): StaticType | undefined {
  const number = arithmetic(left, right);
  if (number !== undefined) return number;
  if (left.kind === 'time' && right.kind === 'time') return DURATION;
  if (left.kind === 'time' && right.kind === 'duration') return TIME;
  if (left.kind === 'duration' && right.kind === 'duration') return DURATION;
  return oneUnknown(left, right, 'int', 'float', 'time', 'duration');
}

function product(left: StaticType, right: StaticType): StaticType | undefined {
  const number = arithmetic(left, right);
  if (number !== undefined) return number;
  const durations = [left, right].filter((side) => side.kind === 'duration').length;
  const numbers = [left, right].filter(isNumber).length;
  if (durations === 2 || (durations === 1 && numbers === 1)) return DURATION;
  return oneUnknown(left, right, 'int', 'float', 'duration');
}

/** Unknown, where at least one side is unknown and the other may take part. */
function oneUnknown(left: StaticType, right: StaticType, ...kinds: Kind[]): StaticType | undefined {
  const some = left.kind === 'unknown' || right.kind === 'unknown';
  return some && fits(left, right, ...kinds) ? UNKNOWN : undefined;
}

function coalesce(left: StaticType, right: StaticType): StaticType {
  if (left.kind === 'nil') return right;
  if (right.kind === 'nil') return left;
  return left.kind === right.kind && left.anyKeys === right.anyKeys ? left : UNKNOWN;
}

/** Whether two types are of one kind as array literals see it, where nil is as little known as the unknown. */
export function sameKind(left: StaticType, right: StaticType): boolean {
  const [a, b] = [left.kind, right.kind].map((kind) => (kind === 'nil' ? 'unknown' : kind));
  return a === b;
}
