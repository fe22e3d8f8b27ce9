import { fail } from '../failure';
import { ARRAY, arrayOf, BOOLEAN, INTEGER, OBJECT, objectOfKind, STRING } from '../types/kind';
import { byteLength, textOf } from '../value/bytes';
import { sortedKeys, valuesEqual } from '../value/compare';
import { isObject } from '../value/kind-of';
import {
  emptyObject,
  KindBit,
  VrlBytes,
  type VrlArray,
  type VrlObject,
  type VrlString,
  type VrlValue,
} from '../value/value';
import { compacted } from './collections/compact';
import { flattenArray, flattenObject } from './collections/flatten';
import { identityOf } from './collections/identity';
import { arrayOrElseObject, elementKind, objectShape } from './collections/kinds';
import { unflatten as unflattened } from './collections/unflatten';
import { debugForm } from './collections/debug-form';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { any, array, boolean, object, ofKinds, regex, text, withDefault } from './parameters';

const COLLECTION = KindBit.object | KindBit.array;

const compact = define({
  name: 'compact',
  params: [
    ofKinds<VrlArray | VrlObject>('value', COLLECTION),
    withDefault(boolean('recursive'), true),
    withDefault(boolean('null'), true),
    withDefault(boolean('string'), true),
    withDefault(boolean('object'), true),
    withDefault(boolean('array'), true),
    withDefault(boolean('nullish'), false),
  ],
  returns: arrayOrElseObject,
  fallible: false,
  run: (value, recursive, nulls, strings, objects, arrays, nullish) =>
    compacted(value, { recursive, null: nulls, string: strings, object: objects, array: arrays, nullish }),
});

/** Keys that stay unflattened, which are constants. */
function exceptions(call: CallSite): ReadonlySet<string> {
  const keys = (call.constant('except') as VrlArray | undefined) ?? [];
  if (!keys.every((key) => typeof key === 'string')) throw call.invalid('except', 'except must be an array of strings');
  return new Set(keys as string[]);
}

const flatten = define({
  name: 'flatten',
  params: [
    ofKinds<VrlArray | VrlObject>('value', COLLECTION),
    withDefault(text('separator'), '.'),
    withDefault(array('except', { compileTime: 'constant' }), []),
  ],
  returns: arrayOrElseObject,
  fallible: false,
  prepare: (call) => {
    const except = exceptions(call);
    return (value, separator) => (Array.isArray(value) ? flattenArray(value) : flattenObject(value, separator, except));
  },
});

const unflatten = define({
  name: 'unflatten',
  params: [object('value'), withDefault(text('separator'), '.'), withDefault(boolean('recursive'), true)],
  returns: OBJECT,
  fallible: false,
  run: unflattened,
});

const includes = define({
  name: 'includes',
  params: [array('value'), any('item')],
  returns: BOOLEAN,
  fallible: false,
  run: (value, item) => value.some((element) => valuesEqual(element, item)),
});

const keys = define({
  name: 'keys',
  params: [object('value')],
  returns: arrayOf(STRING),
  fallible: false,
  fresh: true,
  run: (value) => sortedKeys(value),
});

const values = define({
  name: 'values',
  params: [object('value')],
  returns: (call) => {
    const kind = elementKind(objectShape(call, 'value'));
    return kind.bits === 0 ? ARRAY : arrayOf(kind);
  },
  fallible: false,
  run: (value) => sortedKeys(value).map((key) => value[key] as VrlValue),
});

const length = define({
  name: 'length',
  params: [ofKinds<VrlString | VrlArray | VrlObject>('value', COLLECTION | KindBit.string)],
  returns: INTEGER,
  fallible: false,
  run: (value) => {
    if (Array.isArray(value)) return value.length;
    return isObject(value) ? Object.keys(value).length : byteLength(value);
  },
});

const strlen = define({
  name: 'strlen',
  params: [text('value')],
  returns: INTEGER,
  fallible: false,
  run: (value) => {
    let characters = value.length;
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit >= 0xd800 && unit <= 0xdbff) characters--;
    }
    return characters;
  },
});

const tally = define({
  name: 'tally',
  params: [array('value')],
  returns: objectOfKind(INTEGER),
  fallible: true,
  fresh: true,
  run: (value) => {
    const counts = emptyObject();
    for (const element of value) {
      if (typeof element !== 'string' && !(element instanceof VrlBytes)) {
        throw fail(`all values must be strings, found: ${debugForm(element)}`);
      }
      const key = textOf(element);
      counts[key] = ((counts[key] as number | undefined) ?? 0) + 1;
    }
    return counts;
  },
});

const tallyValue = define({
  name: 'tally_value',
  params: [array('array'), any('value')],
  returns: INTEGER,
  fallible: false,
  run: (elements, value) => {
    let count = 0;
    for (const element of elements) if (valuesEqual(element, value)) count++;
    return count;
  },
});

const unique = define({
  name: 'unique',
  params: [array('value')],
  returns: ARRAY,
  fallible: false,
  run: (value) => {
    const seen = new Set<string>();
    return value.filter((element) => {
      const identity = identityOf(element);
      if (seen.has(identity)) return false;
      seen.add(identity);
      return true;
    });
  },
});

const matchArray = define({
  name: 'match_array',
  params: [array('value'), regex('pattern'), withDefault(boolean('all'), false)],
  returns: BOOLEAN,
  fallible: false,
  run: (value, pattern, all) => {
    const matches = (element: VrlValue) =>
      (typeof element === 'string' || element instanceof VrlBytes) && pattern.test(textOf(element));
    return all ? value.every(matches) : value.some(matches);
  },
});

export const functions: readonly FunctionDefinition[] = [
  compact,
  flatten,
  unflatten,
  includes,
  keys,
  values,
  length,
  strlen,
  tally,
  tallyValue,
  unique,
  matchArray,
];
