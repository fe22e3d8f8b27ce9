import { ANY_KEY_MAP, ARRAY, describeKind } from '../types/static-type';
import type { Frame } from '../compile/frame';
import { kindOf } from '../value/kind-of';
import { formatPlain, formatValue } from '../value/format';
import { ExprMap, isComparable } from '../value/expr-map';
import { isArray, type Value } from '../value/value';
import {
  arrayAt,
  define,
  LIST,
  reflectedKind,
  valueError,
  type Builtin,
  type Parameter,
  type Signature,
} from './definition';

const MAPPING: Parameter = ['map'];

function words(before: string, behind: string): Pick<Signature, 'refusal' | 'failure'> {
  const word = (type: string): string => `cannot ${before} ${type}${behind}`;
  return { refusal: word, failure: (value) => word(reflectedKind(value)) };
}

/** A builtin that makes an array of a map's entries. */
function lister(name: string, verb: string, list: (key: Value, value: Value) => Value): Builtin {
  return define(
    name,
    { parameters: [MAPPING], result: ARRAY, ...words(verb, name === 'toPairs' ? ' to pairs' : '') },
    ([map = null], frame, at) => {
      if (!(map instanceof ExprMap)) return [];
      const items: Value[] = [];
      for (const { key, value } of map.entries()) {
        frame.chargeElements(1, at);
        items.push(list(key, value));
      }
      return items;
    },
  );
}

function fromPairs(pairs: readonly Value[], frame: Frame, at: number): ExprMap {
  frame.chargeElements(pairs.length, at);
  const map = new ExprMap(null, true);
  for (const pair of pairs) {
    if (!isArray(pair)) throw valueError(`invalid pair ${formatPlain(pair)}`, at);
    if (pair.length !== 2) throw valueError(`invalid pair length ${formatValue(pair, frame, at)}`, at);
    const [key = null, value = null] = pair;
    if (!isComparable(key)) throw valueError(`runtime error: hash of unhashable type ${describeKind(kindOf(key))}`, at);
    map.set(key, value);
  }
  return map;
}

export const MAP_BUILTINS: readonly Builtin[] = [
  lister('keys', 'get keys from', (key) => key),
  lister('values', 'get values from', (_key, value) => value),
  lister('toPairs', 'transform', (key, value) => [key, value]),
  define(
    'fromPairs',
    {
      parameters: [LIST],
      result: ANY_KEY_MAP,
      ...words('transform', ' from pairs'),
      // Here the reference shows the value itself.
      failure: (value) => `cannot transform ${typeof value === 'string' ? value : reflectedKind(value)} from pairs`,
    },
    (args, frame, at) => fromPairs(arrayAt(args, 0), frame, at),
  ),
];
