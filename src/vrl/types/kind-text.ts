import { KindBit } from '../value/value';
import type { Kind } from './kind';

const NAMES: readonly (readonly [number, string])[] = [
  [KindBit.string, 'string'],
  [KindBit.integer, 'integer'],
  [KindBit.float, 'float'],
  [KindBit.boolean, 'boolean'],
  [KindBit.timestamp, 'timestamp'],
  [KindBit.regex, 'regex'],
  [KindBit.null, 'null'],
  [KindBit.undefined, 'undefined'],
  [KindBit.array, 'array'],
  [KindBit.object, 'object'],
];

const ALL_BITS = 1023;

/** Kinds as messages name them: `string, integer or null`; `any` and `never` stand alone. */
export function kindText(kind: Kind | number): string {
  const bits = typeof kind === 'number' ? kind : kind.bits;
  if (bits === 0) return 'never';
  // `undefined` is no value a reader could pass, so everything else is already "any".
  if ((bits | KindBit.undefined) === ALL_BITS) return 'any';
  const names = NAMES.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name);
  const last = names.pop() as string;
  return names.length === 0 ? last : `${names.join(', ')} or ${last}`;
}
