import { ExprRuntimeError } from '../errors';
import { MAX_DEPTH, MEMORY_BUDGET } from '../limits';
import { ExprMap } from './expr-map';
import { formatPlain } from './format';
import { wrap } from './integer';
import {
  ExprCalendarName,
  ExprDuration,
  ExprFloat,
  ExprFunction,
  ExprTime,
  ExprZone,
  isArray,
  type Value,
} from './value';

const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/**
 * A value of the host as one of the language: whole numbers and bigints are integers, other numbers floats, null and
 * undefined nil, a Date a time, a Uint8Array bytes, plain objects and Maps with text keys maps, functions functions.
 *
 * @throws ExprRuntimeError for values of other kinds, bigints beyond 64 bits and nesting without end.
 */
export function importValue(value: unknown, at: number, depth = 0): Value {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return importNumber(value);
    case 'bigint':
      if (BigInt.asIntN(64, value) !== value) throw hostError('an integer does not fit into 64 bits', at);
      return wrap(value);
    case 'undefined':
      return null;
    case 'function':
      return importFunction(value as HostFunction);
    case 'object':
      return value === null ? null : importObject(value, at, depth);
    default:
      throw hostError(`a ${typeof value} is no value of the language`, at);
  }
}

type HostFunction = (...args: unknown[]) => unknown;

function importNumber(value: number): Value {
  if (Number.isSafeInteger(value)) return value + 0;
  if (Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63) return BigInt(value);
  return new ExprFloat(value);
}

function importFunction(call: HostFunction): Value {
  return new ExprFunction((args, at) => {
    const exported = args.map((argument) => exportValue(argument, at));
    return importValue(callHost(call, exported, at), at);
  });
}

/** What a function of the host throws is an error of the evaluation, in its own words. */
function callHost(call: HostFunction, args: readonly unknown[], at: number): unknown {
  try {
    return call(...args);
  } catch (error) {
    if (error instanceof ExprRuntimeError) throw error;
    const failure = new ExprRuntimeError('function_failed', error instanceof Error ? error.message : String(error), at);
    failure.cause = error;
    throw failure;
  }
}

function importObject(value: object, at: number, depth: number): Value {
  if (depth >= MAX_DEPTH) throw hostError('a value of the environment is nested too deeply', at);
  if (Array.isArray(value)) return value.map((item: unknown) => importValue(item, at, depth + 1));
  if (value instanceof Date) return importDate(value, at);
  if (value instanceof Uint8Array) return value;
  if (
    value instanceof ExprFloat ||
    value instanceof ExprDuration ||
    value instanceof ExprTime ||
    value instanceof ExprZone ||
    value instanceof ExprCalendarName
  ) {
    return value;
  }
  if (value instanceof ExprMap) return value;
  const map = new ExprMap(null, value instanceof Map && [...value.keys()].some((key) => typeof key !== 'string'));
  for (const [key, member] of value instanceof Map ? (value as Map<unknown, unknown>) : Object.entries(value)) {
    map.set(typeof key === 'string' ? key : importValue(key, at, depth + 1), importValue(member, at, depth + 1));
  }
  return map;
}

function importDate(date: Date, at: number): Value {
  const milliseconds = date.getTime();
  if (Number.isNaN(milliseconds)) throw hostError('a Date is invalid', at);
  return new ExprTime(BigInt(milliseconds) * NANOSECONDS_PER_MILLISECOND);
}

/**
 * A value of the language for the host. Integers within ±(2^53-1) and floats are numbers, larger integers bigints, nil is
 * null, a time a Date (whole milliseconds), bytes a Uint8Array, a map a plain object, a month and a day of the week
 * their number; a duration, a zone and a function
 * stay what they are.
 *
 * @throws ExprRuntimeError when writing the value out would take more elements than the language's budget.
 */
export function exportValue(value: Value, at: number): unknown {
  return new Exporter(at).export(value);
}

class Exporter {
  readonly #at: number;
  #left = MEMORY_BUDGET;

  constructor(at: number) {
    this.#at = at;
  }

  export(value: Value): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof ExprFloat) return value.value;
    if (value instanceof ExprCalendarName) return value.number;
    if (value instanceof ExprTime) return new Date(Number(floorDivide(value.nanoseconds, NANOSECONDS_PER_MILLISECOND)));
    // One array may stand in many places of another, so that writing all of them out never ends.
    if (--this.#left < 0) throw new ExprRuntimeError('memory_budget', 'memory budget exceeded', this.#at);
    if (isArray(value)) return value.map((item) => this.export(item));
    return value instanceof ExprMap ? this.#map(value) : value;
  }

  #map(map: ExprMap): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const { key, value } of map.entries()) {
      // Defined, not assigned: a key such as __proto__ is a key like any other.
      Object.defineProperty(result, keyText(key), {
        value: this.export(value),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return result;
  }
}

/** Text, integers, bools and nil as they are written, other keys as they are shown. */
function keyText(key: Value): string {
  return typeof key === 'object' && key !== null ? formatPlain(key) : String(key);
}

function floorDivide(value: bigint, unit: bigint): bigint {
  return (value - (((value % unit) + unit) % unit)) / unit;
}

function hostError(message: string, at: number): ExprRuntimeError {
  return new ExprRuntimeError('environment_value', message, at);
}
