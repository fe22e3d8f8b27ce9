import { ARRAY, MAP } from '../types/static-type';
import type { Frame } from '../compile/frame';
import { ExprMap } from '../value/expr-map';
import { isArray, type Value } from '../value/value';
import { arrayAt, define, LIST, valueError, type Builtin, type Parameter } from './definition';

const MAPPING: Parameter = ['map'];

/** A builtin that makes an array of a map's entries. */
function lister(name: string, list: (key: Value, value: Value) => Value): Builtin {
  return define(name, { parameters: [MAPPING], result: ARRAY }, ([map = null], frame, at) => {
    if (!(map instanceof ExprMap)) return [];
    const items: Value[] = [];
    for (const { key, value } of map.entries()) {
      frame.chargeElements(1, at);
      items.push(list(key, value));
    }
    return items;
  });
}

function fromPairs(pairs: readonly Value[], frame: Frame, at: number): ExprMap {
  frame.chargeElements(pairs.length, at);
  const map = new ExprMap();
  for (const pair of pairs) {
    if (!isArray(pair) || pair.length !== 2) throw valueError('fromPairs', 'every element must be a pair', at);
    const [key = null, value = null] = pair;
    if (typeof key !== 'string') throw valueError('fromPairs', 'every key must be a string', at);
    map.set(key, value);
  }
  return map;
}

export const MAP_BUILTINS: readonly Builtin[] = [
  lister('keys', (key) => key),
  lister('values', (_key, value) => value),
  lister('toPairs', (key, value) => [key, value]),
  define('fromPairs', { parameters: [LIST], result: MAP }, (args, frame, at) => fromPairs(arrayAt(args, 0), frame, at)),
];
