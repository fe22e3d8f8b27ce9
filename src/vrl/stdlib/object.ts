import { fail } from '../failure';
import { ANY, arrayOf, INTEGER, NEVER, OBJECT, objectOfKind, shapeOf, STRING, union, type Kind } from '../types/kind';
import { textOf } from '../value/bytes';
import { sortedKeys } from '../value/compare';
import { isObject } from '../value/kind-of';
import { emptyObject, KindBit, objectOf, VrlBytes, type VrlArray, type VrlObject, type VrlValue } from '../value/value';
import { checkArgument, wrongKind } from './bind';
import { elementKind, mergedKind, objectShape } from './collections/kinds';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { array, boolean, object, ofKinds, optional, withDefault } from './parameters';

const merge = define({
  name: 'merge',
  params: [object('to'), object('from'), withDefault(boolean('deep'), false)],
  returns: (call) => {
    const shallow = !call.has('deep') || call.constant('deep') === false;
    return mergedKind(objectShape(call, 'to'), objectShape(call, 'from'), !shallow);
  },
  fallible: false,
  run: (to, from, deep) => merged(to, from, deep),
});

/** The members of both; where both have one, that of `from`, or with `deep` both objects' members. */
function merged(to: VrlObject, from: VrlObject, deep: boolean): VrlObject {
  const result = emptyObject();
  for (const key of Object.keys(to)) result[key] = to[key] as VrlValue;
  for (const key of Object.keys(from)) {
    const under = result[key];
    const over = from[key] as VrlValue;
    const both = deep && under !== undefined && isObject(under) && isObject(over);
    result[key] = both ? merged(under, over, true) : over;
  }
  return result;
}

const COLLECTION = KindBit.object | KindBit.array;

/** Kind of one entry: a text key for objects, an index for arrays. */
function entryKind(call: CallSite): Kind {
  const value = call.kind('value') ?? ANY;
  const key = union(value.object === null ? NEVER : STRING, value.array === null ? NEVER : INTEGER);
  const inObject = value.object === null ? NEVER : elementKind(value.object);
  const inArray = value.array === null ? NEVER : elementKind(value.array);
  return shapeOf({ key, value: union(inObject, inArray) });
}

const toEntries = define({
  name: 'to_entries',
  params: [ofKinds<VrlArray | VrlObject>('value', COLLECTION)],
  returns: (call) => arrayOf(entryKind(call)),
  fallible: false,
  run: (value) =>
    Array.isArray(value)
      ? value.map((element, index) => entry(index, element))
      : sortedKeys(value).map((key) => entry(key, value[key] as VrlValue)),
});

function entry(key: VrlValue, value: VrlValue): VrlObject {
  return objectOf([
    ['key', key],
    ['value', value],
  ]);
}

const KEY_NAMES = ['key', 'Key', 'name', 'Name'];
const NOT_A_KEY = 'object keys must be strings';
const ENTRY = object('value');

const fromEntries = define({
  name: 'from_entries',
  params: [array('value')],
  returns: OBJECT,
  fallible: false,
  run: (entries) => {
    const result = emptyObject();
    for (const one of entries) {
      checkArgument(ENTRY, one);
      const members = one as VrlObject;
      const name = KEY_NAMES.find((candidate) => (members[candidate] ?? false) !== false);
      const key = name === undefined ? null : (members[name] as VrlValue);
      // A value of null is a value, so `??` would not do.
      const value = members['value'] === undefined ? members['Value'] : members['value'];
      result[keyText(key)] = value === undefined ? null : value;
    }
    return result;
  },
});

function keyText(key: VrlValue): string {
  if (typeof key === 'string') return key;
  if (key instanceof VrlBytes) return textOf(key);
  throw fail(NOT_A_KEY);
}

const objectFromArray = define({
  name: 'object_from_array',
  params: [array('values'), optional(array('keys'))],
  returns: objectOfKind(ANY),
  fallible: false,
  run: (values, keys) => {
    const result = emptyObject();
    if (keys === undefined) {
      for (const pair of values) addPair(result, pair);
      return result;
    }
    const members = Math.min(keys.length, values.length);
    for (let i = 0; i < members; i++) add(result, keys[i] as VrlValue, values[i] as VrlValue);
    return result;
  },
});

function addPair(result: VrlObject, pair: VrlValue): void {
  if (!Array.isArray(pair)) throw wrongKind(KindBit.array, pair);
  const [key, value] = pair;
  if (key === undefined) throw fail('array value too short');
  add(result, key, value === undefined ? null : value);
}

/** Adds a member; one with a null key is left out. */
function add(result: VrlObject, key: VrlValue, value: VrlValue): void {
  if (key !== null) result[keyText(key)] = value;
}

export const functions: readonly FunctionDefinition[] = [merge, toEntries, fromEntries, objectFromArray];
