import { ExprCompileError } from '../errors';
import type { BinaryNode, BinaryOperator } from '../syntax/tree';
import { binaryType } from '../types/operator-types';
import { describeType, type StaticType } from '../types/static-type';
import { equalValues } from '../value/equality';
import { isArray, type Value } from '../value/value';
import { add, compareValues, divide, isInteger, multiply, power, remainder, subtract, toFloat } from './arithmetic';
import { constantOf, type Compiled, type Run } from './compiled';
import { mismatch } from './mismatch';
import { compileMatch } from './matching';
import { inConstantArray, inConstantRange, isIn, refuseName } from './membership';
import { compileRange } from './range';
import { compileTextSearch } from './text-search';

type Arithmetic = (left: Value, right: Value, at: number) => Value;

const ARITHMETIC: ReadonlyMap<BinaryOperator, Arithmetic> = new Map<BinaryOperator, Arithmetic>([
  ['+', add],
  ['-', subtract],
  ['*', multiply],
  ['/', divide],
  ['%', remainder],
  ['**', power],
]);

/** Compiles every binary operator but `and` and `or`. */
export function compileBinary(node: BinaryNode, left: Compiled, right: Compiled, source: string): Compiled {
  const { operator, at } = node;
  const type = binaryType(operator, left.type, right.type);
  if (type === undefined) {
    throw new ExprCompileError('operand_type', mismatch(node, left.type, right.type, source), source, at);
  }
  const arithmetic = ARITHMETIC.get(operator);
  if (arithmetic !== undefined) return compileArithmetic(node, arithmetic, left, right, type, source);
  switch (operator) {
    case '==':
    case '!=':
      return compileEquality(operator === '==', left, right, type, at);
    case '<':
      return { type, at, run: (frame) => compareValues(left.run(frame), right.run(frame), operator, at) < 0 };
    case '<=':
      return { type, at, run: (frame) => compareValues(left.run(frame), right.run(frame), operator, at) <= 0 };
    case '>':
      return { type, at, run: (frame) => compareValues(left.run(frame), right.run(frame), operator, at) > 0 };
    case '>=':
      return { type, at, run: (frame) => compareValues(left.run(frame), right.run(frame), operator, at) >= 0 };
    case 'in':
      return { type, at, run: compileIn(node, left, right, at) };
    case 'matches':
      return { type, at, run: compileMatch(left, right, source, at) };
    case '..':
      return { type, at, run: compileRange(left, right, at) };
    case '??':
      return { type, at, run: (frame) => left.run(frame) ?? right.run(frame) };
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return { type, at, run: compileTextSearch(operator, left.run, right.run, at) };
    default:
      throw new TypeError(`operator ${operator} has its own compiler`);
  }
}

function compileArithmetic(
  node: BinaryNode,
  operate: Arithmetic,
  left: Compiled,
  right: Compiled,
  type: StaticType,
  source: string,
): Compiled {
  const { operator, at } = node;
  if (operator === '%' && right.constant === 0) {
    throw new ExprCompileError('division_by_zero', 'integer divide by zero', source, at);
  }
  if (foldable(operator, left) && foldable(operator, right)) {
    return constantOf(operate(left.constant ?? null, right.constant ?? null, at), type, at);
  }
  if (operator === '+') return { type, at, run: addition(left.run, right.run, at) };
  return { type, at, run: (frame) => operate(left.run(frame), right.run(frame), at) };
}

/** Text is charged, since a loop could otherwise double it until memory ends. */
function addition(left: Run, right: Run, at: number): Run {
  return (frame) => {
    const sum = add(left(frame), right(frame), at);
    if (typeof sum === 'string') frame.chargeText(sum.length, at);
    return sum;
  };
}

function foldable(operator: BinaryOperator, operand: Compiled): boolean {
  const value = operand.constant;
  if (value === undefined) return false;
  return toFloat(value) !== undefined || (operator === '+' && typeof value === 'string');
}

function compileEquality(wanted: boolean, left: Compiled, right: Compiled, type: StaticType, at: number): Compiled {
  const [a, b] = [left.constant, right.constant];
  if (isScalar(a) && isScalar(b)) return constantOf(compareScalars(a, b) === wanted, type, at);
  // Text equals only the same text, so one comparison of references and contents decides.
  if (typeof b === 'string') {
    const run = left.run;
    return { type, at, run: wanted ? (frame) => run(frame) === b : (frame) => run(frame) !== b };
  }
  return { type, at, run: (frame) => equalValues(left.run(frame), right.run(frame), frame, at) === wanted };
}

/** Scalars make nothing that a meter would count. */
function compareScalars(left: Value, right: Value): boolean {
  if (left === right) return true;
  const [a, b] = [toFloat(left), toFloat(right)];
  return a !== undefined && a === b && !(isInteger(left) && isInteger(right));
}

function isScalar(value: Value | undefined): value is Value {
  return value !== undefined && (typeof value !== 'object' || toFloat(value) !== undefined);
}

function compileIn(node: BinaryNode, left: Compiled, right: Compiled, at: number): Run {
  if (left.type.kind === 'month' || left.type.kind === 'weekday') {
    const isRange = node.right.kind === 'binary' && [node.right.left, node.right.right].every(isLiteralInteger);
    const isList = node.right.kind === 'array' && node.right.elements.every(isLiteralInteger);
    if (isRange || (isList && node.right.elements.length > 0)) {
      return refuseName(left.run, describeType(left.type), isRange, at);
    }
  }
  if (right.constant !== undefined && isArray(right.constant)) return inConstantArray(left.run, right.constant, at);
  if (node.right.kind === 'binary' && node.right.operator === '..') {
    const [from, to] = [node.right.left, node.right.right].map(literalInteger);
    if (from !== undefined && to !== undefined) return inConstantRange(left.run, from, to);
  }
  return (frame) => isIn(frame, left.run(frame), right.run(frame), at);
}

function isLiteralInteger(node: BinaryNode['left']): boolean {
  return literalInteger(node) !== undefined;
}

function literalInteger(node: BinaryNode['left']): number | bigint | undefined {
  if (node.kind === 'integer') return node.value;
  if (
    node.kind === 'unary' &&
    node.operator === '-' &&
    node.operand.kind === 'integer' &&
    isInteger(node.operand.value)
  ) {
    return -node.operand.value;
  }
  return undefined;
}
