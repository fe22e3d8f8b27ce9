import { isObject, kindOf } from './kind-of';
import { sortedKeys } from './compare';
import type { VrlValue } from './value';

/** A longer text tells nobody more, and it goes into the record of the failure; the kind's name stands for it. */
const MAX_SHAPE_UNITS = 16_384;

/** Names that need no quotes in a shape: those that a path takes bare. */
const BARE_NAME = /^(?!\d+$)[A-Za-z0-9_@]+$/;

/**
 * Kind of a value as messages about values name it: collections that hold something show what they hold.
 *
 * @example shapeText(fromJson('{"a": [1, "x"]}')) // '{ a: [integer, string] }'
 */
export function shapeText(value: VrlValue): string {
  return shape(value, MAX_SHAPE_UNITS) ?? kindOf(value);
}

/** A member's name as the language shows it: in quotes where a path would need them. */
export function fieldText(name: string): string {
  return BARE_NAME.test(name) ? name : `"${name}"`;
}

/** The text, or undefined when it is longer than the room there is. */
function shape(value: VrlValue, room: number): string | undefined {
  if (Array.isArray(value) && value.length > 0) return listed(value, '[', ']', room, (item) => ['', item]);
  if (!isObject(value)) return kindOf(value);
  const names = sortedKeys(value);
  if (names.length === 0) return 'object';
  const member = (name: string) => [`${fieldText(name)}: `, value[name] as VrlValue] as const;
  return listed(names, '{ ', ' }', room, member);
}

function listed<T>(
  items: readonly T[],
  open: string,
  close: string,
  room: number,
  member: (item: T) => readonly [label: string, value: VrlValue],
): string | undefined {
  let text = open;
  for (const item of items) {
    const [label, value] = member(item);
    const shown = shape(value, room - text.length);
    if (shown === undefined || text.length > room) return undefined;
    text += text === open ? label + shown : `, ${label}${shown}`;
  }
  return text + close;
}
