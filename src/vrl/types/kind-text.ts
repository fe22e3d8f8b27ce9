import { compareText } from '../value/compare';
import { KindBit } from '../value/value';
import type { Kind, Shape } from './kind';

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

/** Members of a collection that a message tells one by one. */
const MAX_TOLD_MEMBERS = 1_000;

/**
 * Kinds as messages name them: `string, integer or null`; `any` and `never` stand alone. A kind that is one collection
 * with nothing but known members is told member by member: `{ host: string, tags: [string, integer] }`.
 */
export function kindText(kind: Kind | number): string {
  const bits = typeof kind === 'number' ? kind : kind.bits;
  if (bits === 0) return 'never';
  // `undefined` is no value a reader could pass, so everything else is already "any".
  if ((bits | KindBit.undefined) === ALL_BITS) return 'any';
  if (typeof kind !== 'number' && kind.weight <= MAX_TOLD_MEMBERS) {
    if (bits === KindBit.object && isClosed(kind.object)) {
      const fields = [...kind.object.known].sort(([a], [b]) => compareText(a, b));
      return `{ ${fields.map(([field, member]) => `${fieldText(field)}: ${kindText(member)}`).join(', ')} }`;
    }
    if (bits === KindBit.array && isClosed(kind.array)) {
      const elements = [...kind.array.known].sort(([a], [b]) => a - b);
      return `[${elements.map(([, member]) => kindText(member)).join(', ')}]`;
    }
  }
  const names = NAMES.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name);
  const last = names.pop() as string;
  return names.length === 0 ? last : `${names.join(', ')} or ${last}`;
}

/** Are there members, and none but the known ones? */
function isClosed<K extends string | number>(shape: Shape<K> | null): shape is Shape<K> {
  return shape !== null && shape.known.size > 0 && shape.unknown.bits === 0;
}

const PLAIN_FIELD = /^(?![0-9]+$)[A-Za-z0-9_@]+$/;

/** A field's name in a message. */
export function fieldText(field: string): string {
  return PLAIN_FIELD.test(field) ? field : `"${field}"`;
}
