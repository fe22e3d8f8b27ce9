import { compareText } from '../value/compare';
import { isObject, kindOf } from '../value/kind-of';
import type { VrlValue } from '../value/value';
import { fieldText } from './kind-text';

/** Members that a message tells one by one; a larger collection is only named. */
const MAX_TOLD_MEMBERS = 1_000;

/** Units of a key that count as much as a member, as a power of two. */
const KEY_UNITS_SHIFT = 5;

/**
 * The kind of a value as failures name it: collections by the kinds of their members.
 *
 * @example valueKindText(['a', [1]]) // '[string, [integer]]'
 */
export function valueKindText(value: VrlValue): string {
  return tell(value, { left: MAX_TOLD_MEMBERS }) ?? kindOf(value);
}

/** Undefined when there is too much to tell. */
function tell(value: VrlValue, members: { left: number }): string | undefined {
  if (Array.isArray(value)) {
    const kinds = tellAll(value, members);
    return kinds === undefined ? undefined : kinds.length === 0 ? 'array' : `[${kinds.join(', ')}]`;
  }
  if (!isObject(value)) return kindOf(value);
  const keys = Object.keys(value).sort(compareText);
  for (const key of keys) members.left -= key.length >> KEY_UNITS_SHIFT;
  const kinds = tellAll(
    keys.map((key) => value[key] as VrlValue),
    members,
  );
  if (kinds === undefined) return undefined;
  return keys.length === 0 ? 'object' : `{ ${keys.map((key, i) => `${fieldText(key)}: ${kinds[i]}`).join(', ')} }`;
}

function tellAll(values: readonly VrlValue[], members: { left: number }): string[] | undefined {
  members.left -= values.length;
  if (members.left < 0) return undefined;
  const kinds: string[] = [];
  for (const value of values) {
    const kind = tell(value, members);
    if (kind === undefined) return undefined;
    kinds.push(kind);
  }
  return kinds;
}
