import { copyValue, getPath, removePath, setPath } from '../compiler/paths';
import { fail } from '../failure';
import type { Evaluate } from './compiled-call';
import { saturateToSafe } from '../value/integer';
import { valueKindText } from '../types/value-kind-text';
import { textOf } from '../value/bytes';
import { KindBit, VrlBytes, type VrlArray, type VrlValue } from '../value/value';
import type { Segment } from '../syntax/tree';
import { MAX_INDEX } from '../syntax/parse-operand';
import { ANY, BOOLEAN, undefinedToNull } from '../types/kind';
import { sameCollection } from './collections/kinds';
import { define, type FunctionDefinition } from './definition';
import { any, array, boolean, ofKinds, withDefault } from './parameters';

const COLLECTION = KindBit.object | KindBit.array;

/** A path given as an array of strings and integers. */
function dynamicPath(segments: VrlArray): Segment[] {
  return segments.map((segment) => {
    if (typeof segment === 'string') return segment;
    if (segment instanceof VrlBytes) return textOf(segment);
    if (typeof segment !== 'number' && typeof segment !== 'bigint') {
      throw fail(`path segment must be either string or integer, not ${valueKindText(segment)}`);
    }
    const index = saturateToSafe(segment);
    if (Math.abs(index) > MAX_INDEX) throw fail(`path index ${index} is out of range`);
    return index;
  });
}

const get = define({
  name: 'get',
  params: [ofKinds('value', COLLECTION, { lenient: true }), array('path')],
  returns: ANY,
  fallible: true,
  run: (value, path) => getPath(value, dynamicPath(path)) ?? null,
});

const set = define({
  name: 'set',
  params: [ofKinds('value', COLLECTION, { lenient: true }), array('path'), any('data')],
  returns: sameCollection,
  fallible: true,
  fresh: true,
  run: (value, path, data) => setPath(copyValue(value), dynamicPath(path), copyValue(data)),
});

const remove = define({
  name: 'remove',
  params: [ofKinds('value', COLLECTION, { lenient: true }), array('path'), withDefault(boolean('compact'), false)],
  returns: sameCollection,
  fallible: true,
  fresh: true,
  run: (value, path, compact) => removePath(copyValue(value), dynamicPath(path), compact).root,
});

const del = define({
  name: 'del',
  params: [any('target', { compileTime: 'path' }), withDefault(boolean('compact'), false)],
  returns: (call) => undefinedToNull(call.kind('target') ?? ANY),
  fallible: false,
  pure: false,
  fresh: true,
  removes: 'target',
  compile: (call): Evaluate => {
    const target = call.path('target');
    const compact = call.argument('compact') ?? (() => false);
    return (runtime): VrlValue => target.remove(runtime, compact(runtime) === true) ?? null;
  },
});

const exists = define({
  name: 'exists',
  params: [any('field', { compileTime: 'path' })],
  returns: BOOLEAN,
  fallible: false,
  compile: (call): Evaluate => {
    const field = call.path('field');
    return (runtime) => field.get(runtime) !== undefined;
  },
});

export const functions: readonly FunctionDefinition[] = [get, set, remove, del, exists];
