import { compareValues, isInteger, toFloat } from '../compile/arithmetic';
import type { Frame } from '../compile/frame';
import type { ExprRuntimeError } from '../errors';
import { describeKind, describeType, FLOAT, INT, UNKNOWN, type StaticType } from '../types/static-type';
import { parseFloatText } from '../value/float-text';
import { multiplyIntegers, parseInteger, truncateToInteger, wrap } from '../value/integer';
import { STEPS_PER_CONTAINER } from '../value/meter';
import { kindOf } from '../value/kind-of';
import { ExprCalendarName, ExprDuration, ExprFloat, isArray, type Value } from '../value/value';
import {
  argumentError,
  define,
  NUMBER,
  valueError,
  wrongType,
  type Builtin,
  type Parameter,
  type Signature,
} from './definition';

function numeric(name: string, result: Signature['result']): Signature {
  return { parameters: [NUMBER], result, refusal: (type) => wrongType(name, type) };
}

/** Kinds that are held as numbers, which is all that the check of a conversion asks for. */
const HELD_AS_NUMBER: Parameter = ['int', 'float', 'string', 'duration', 'month', 'weekday'];

/** A conversion, which words an argument by its type where that is known, else as the operation that it is. */
function converter(name: string, result: StaticType): Signature {
  return {
    parameters: [HELD_AS_NUMBER],
    result,
    refusal: (type) => wrongType(name, type),
    failure: (value) => conversionProblem(name, value),
  };
}

function rounder(name: string, round: (value: number) => number): Builtin {
  return define(name, numeric(name, FLOAT), ([value = null]) => {
    const number = toFloat(value) ?? 0;
    return new ExprFloat(isInteger(value) ? number : round(number));
  });
}

/** Half is rounded away from zero; values too large for a fraction stay as they are. */
function roundHalfAway(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

function absolute(value: Value): Value {
  if (isInteger(value)) return value < 0 ? multiplyIntegers(value, -1) : value;
  return value instanceof ExprFloat ? new ExprFloat(Math.abs(value.value)) : value;
}

function toInteger(value: Value, at: number): Value {
  // Text first: that is what the fields of records are.
  if (typeof value === 'string') {
    const parsed = parseInteger(value);
    if (parsed === undefined) throw conversionError('int', value, at);
    return parsed;
  }
  if (isInteger(value)) return value;
  if (value instanceof ExprFloat) return truncateToInteger(value.value);
  if (value instanceof ExprDuration) return wrap(value.nanoseconds);
  if (value instanceof ExprCalendarName) return value.number;
  throw conversionError('int', value, at);
}

function toFloatValue(value: Value, at: number): Value {
  const number = toFloat(value) ?? (typeof value === 'string' ? parseFloatText(value) : undefined);
  if (number === undefined) throw conversionError('float', value, at);
  return value instanceof ExprFloat ? value : new ExprFloat(number);
}

/** Longest part of a value that is shown in a message. */
const SHOWN_LENGTH = 40;

function conversionError(name: string, value: Value, at: number): ExprRuntimeError {
  return valueError(conversionProblem(name, value), at);
}

function conversionProblem(name: string, value: Value): string {
  const shown = typeof value === 'string' ? value.slice(0, SHOWN_LENGTH) : describeKind(kindOf(value));
  return `invalid operation: ${name}(${shown})`;
}

/** Kinds that count as numbers: a duration is its nanoseconds, a month its place in the year. */
const SUMMABLE: ReadonlySet<string> = new Set(['int', 'float', 'duration', 'month', 'weekday']);

function isSpecialNumber(value: Value): value is ExprDuration | ExprCalendarName {
  return value instanceof ExprDuration || value instanceof ExprCalendarName;
}

/** A builtin on numbers and arrays of numbers, nested as deep as may be. */
function aggregate(
  name: string,
  known: (args: readonly StaticType[]) => StaticType,
  run: (args: readonly Value[], frame: Frame, at: number) => Value,
): Builtin {
  return {
    name,
    check: (args) => {
      if (args.length === 0) return { message: `not enough arguments to call ${name}` };
      for (const type of args) {
        if (type.kind === 'unknown' || type.kind === 'array') return UNKNOWN;
        if (!SUMMABLE.has(type.kind)) return { message: wrongType(name, describeType(type)) };
      }
      return known(args);
    },
    call: run,
  };
}

/** The reference knows the type of the first argument only. */
function firstType([first = UNKNOWN]: readonly StaticType[]): StaticType {
  return first;
}

/** The extreme of the arguments; `better` tells whether the second replaces the first. */
function extreme(
  name: string,
  args: readonly Value[],
  frame: Frame,
  at: number,
  better: (held: Value, offered: Value, at: number) => boolean,
): Value {
  let held: Value = null;
  for (const argument of args) {
    if (isArray(argument)) {
      frame.chargeSteps(argument.length + STEPS_PER_CONTAINER, at);
      for (const item of argument) {
        const offered = extreme(name, [item], frame, at, better);
        if (toFloat(offered) === undefined) throw argumentError(name, offered, at);
        if (held === null || better(held, offered, at)) held = offered;
      }
    } else if (toFloat(argument) !== undefined || isSpecialNumber(argument)) {
      if (held === null || better(held, argument, at)) held = argument;
    } else if (args.length === 1) {
      return argument;
    } else {
      throw argumentError(name, argument, at);
    }
  }
  return held;
}

function less(left: Value, right: Value, at: number): boolean {
  return compareValues(left, right, '<', at) < 0;
}

function numberOf(value: Value): number | undefined {
  if (value instanceof ExprDuration) return Number(value.nanoseconds);
  return value instanceof ExprCalendarName ? value.number : toFloat(value);
}

/** All numbers in the arguments, in order. */
function flattenNumbers(name: string, args: readonly Value[], frame: Frame, at: number, into: number[] = []): number[] {
  frame.chargeElements(args.length, at);
  for (const argument of args) {
    const number = numberOf(argument);
    if (number !== undefined) into.push(number);
    else if (isArray(argument)) flattenNumbers(name, argument, frame, at, into);
    else throw argumentError(name, argument, at);
  }
  return into;
}

function mean(args: readonly Value[], frame: Frame, at: number): Value {
  const numbers = flattenNumbers('mean', args, frame, at);
  const total = numbers.reduce((sum, number) => sum + number, 0);
  return new ExprFloat(numbers.length === 0 ? 0 : total / numbers.length);
}

function median(args: readonly Value[], frame: Frame, at: number): Value {
  const numbers = flattenNumbers('median', args, frame, at).sort((left, right) => left - right);
  const middle = numbers.length >> 1;
  const upper = numbers[middle] ?? 0;
  return new ExprFloat(numbers.length % 2 === 1 ? upper : ((numbers[middle - 1] ?? 0) + upper) / 2);
}

export const NUMBER_BUILTINS: readonly Builtin[] = [
  define(
    'abs',
    numeric('abs', ([type = UNKNOWN]) => type),
    ([value = null]) => absolute(value),
  ),
  rounder('ceil', Math.ceil),
  rounder('floor', Math.floor),
  rounder('round', roundHalfAway),
  define('int', converter('int', INT), ([value = null], _frame, at) => toInteger(value, at)),
  define('float', converter('float', FLOAT), ([value = null], _frame, at) => toFloatValue(value, at)),
  aggregate('max', firstType, (args, frame, at) => extreme('max', args, frame, at, less)),
  aggregate('min', firstType, (args, frame, at) =>
    extreme('min', args, frame, at, (held, offered) => less(offered, held, at)),
  ),
  aggregate('mean', () => FLOAT, mean),
  aggregate('median', () => FLOAT, median),
];
