import { spend } from '../limits';
import type { Segment } from '../syntax/tree';
import { ARRAY, arrayOf, NEVER, undefinedToNull, type Kind } from '../types/kind';
import { isObject } from '../value/kind-of';
import { emptyObject, KindBit, type VrlValue } from '../value/value';
import { wrongKind } from './bind';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { array } from './parameters';

/** The root once an element, with the element in place of the array. */
function unnestedKind(call: CallSite): Kind {
  const elements = (call.kind('path') ?? ARRAY).array;
  if (elements === null) return ARRAY;
  const known = new Map([...elements.known].map(([index, kind]) => [index, call.rootWith('path', kind)]));
  const { unknown } = elements;
  return arrayOf(unknown.bits === 0 ? NEVER : call.rootWith('path', undefinedToNull(unknown)), known);
}

const unnest = define({
  name: 'unnest',
  params: [array('path', { compileTime: 'path' })],
  returns: unnestedKind,
  fallible: false,
  compile: (call) => {
    const place = call.path('path');
    return (runtime) => {
      const elements = place.get(runtime) ?? null;
      if (!Array.isArray(elements)) throw wrongKind(KindBit.array, elements);
      const root = place.root(runtime);
      return elements.map((element) => withReplaced(root, place.path, 0, element));
    };
  },
});

/** The root with another value at a path that exists; what the path does not touch is shared with the original. */
function withReplaced(value: VrlValue, path: readonly Segment[], depth: number, replacement: VrlValue): VrlValue {
  const segment = path[depth];
  if (segment === undefined) return replacement;
  if (typeof segment === 'number') {
    if (!Array.isArray(value)) return value;
    spend(value.length);
    const index = segment < 0 ? value.length + segment : segment;
    return value.with(index, withReplaced(value[index] as VrlValue, path, depth + 1, replacement));
  }
  if (!isObject(value)) return value;
  const copy = emptyObject();
  const keys = Object.keys(value);
  spend(keys.length);
  for (const key of keys) copy[key] = value[key] as VrlValue;
  copy[segment] = withReplaced(value[segment] as VrlValue, path, depth + 1, replacement);
  return copy;
}

export const functions: readonly FunctionDefinition[] = [unnest];
