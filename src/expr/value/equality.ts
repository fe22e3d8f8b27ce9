import { ExprMap } from './expr-map';
import { STEPS_PER_CONTAINER, type Meter } from './meter';
import {
  ExprCalendarName,
  ExprDuration,
  ExprFloat,
  ExprTime,
  ExprZone,
  isArray,
  type ExprArray,
  type Value,
} from './value';

/**
 * `==` of the language: numbers by value whatever their kind, times by instant, arrays element by element with these
 * same rules, everything else by {@link deepEqual}. Values of different kinds are never equal. Elements of arrays and
 * maps are charged to the meter, since one array may stand in many places of another.
 */
export function equalValues(left: Value, right: Value, meter: Meter, at: number): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' && typeof right !== 'object') return false;
  if (left === null || right === null) return false;
  if (left instanceof ExprFloat) return left.value === asNumber(right);
  if (right instanceof ExprFloat) return asNumber(left) === right.value;
  if (isArray(left)) return isArray(right) && equalArrays(left, right, equalValues, meter, at);
  return deepEqual(left, right, meter, at);
}

/** Equality without any conversion of numbers: inside maps, `1` and `1.0` differ. */
function deepEqual(left: Value, right: Value, meter: Meter, at: number): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (left instanceof ExprFloat) return right instanceof ExprFloat && left.value === right.value;
  if (left instanceof ExprTime) return right instanceof ExprTime && left.nanoseconds === right.nanoseconds;
  if (left instanceof ExprDuration) return right instanceof ExprDuration && left.nanoseconds === right.nanoseconds;
  if (left instanceof ExprZone)
    return right instanceof ExprZone && left.name === right.name && left.offset === right.offset;
  if (left instanceof ExprCalendarName) return isSameName(left, right);
  if (left instanceof Uint8Array) return right instanceof Uint8Array && equalBytes(left, right, meter, at);
  if (isArray(left)) return isArray(right) && equalArrays(left, right, deepEqual, meter, at);
  return left instanceof ExprMap && right instanceof ExprMap && equalMaps(left, right, meter, at);
}

function isSameName(left: ExprCalendarName, right: Value): boolean {
  return right instanceof ExprCalendarName && left.kind === right.kind && left.number === right.number;
}

function equalArrays(
  left: ExprArray,
  right: ExprArray,
  equal: (left: Value, right: Value, meter: Meter, at: number) => boolean,
  meter: Meter,
  at: number,
): boolean {
  if (left.length !== right.length) return false;
  meter.chargeSteps(left.length + STEPS_PER_CONTAINER, at);
  return left.every((item, index) => equal(item, right[index] ?? null, meter, at));
}

function equalBytes(left: Uint8Array, right: Uint8Array, meter: Meter, at: number): boolean {
  if (left.length !== right.length) return false;
  meter.chargeSteps(left.length >> 4, at);
  return left.every((byte, index) => byte === right[index]);
}

function equalMaps(left: ExprMap, right: ExprMap, meter: Meter, at: number): boolean {
  if (left.size !== right.size) return false;
  meter.chargeSteps(left.size + STEPS_PER_CONTAINER, at);
  for (const { key, value } of left.entries()) {
    const other = right.get(key);
    if (other === undefined || !deepEqual(value, other, meter, at)) return false;
  }
  return true;
}

function asNumber(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return value instanceof ExprFloat ? value.value : undefined;
}
