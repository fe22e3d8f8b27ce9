import { spend } from '../../limits';
import { isObject } from '../../value/kind-of';
import { emptyObject, type VrlObject, type VrlValue } from '../../value/value';

/** Levels that keys are taken apart into; what is left of a longer key stays one key, so that no input nests without end. */
const MAX_LEVELS = 128;

/**
 * Nested objects out of keys that are joined with a separator. Where a plain value and longer keys share a name, the
 * longer keys win. Objects inside arrays stay as they are.
 *
 * @param recursive takes apart the keys of nested objects too
 */
export function unflatten(object: VrlObject, separator: string, recursive: boolean): VrlObject {
  // Nothing can be joined by nothing.
  if (separator === '') return object;
  return grouped(
    Object.keys(object).map((key) => [key, object[key] as VrlValue]),
    separator,
    recursive,
    0,
  );
}

type Entry = readonly [key: string, value: VrlValue];

interface Group {
  /** The value under exactly this name. */
  plain: VrlValue | undefined;
  readonly longer: Entry[];
}

function grouped(entries: readonly Entry[], separator: string, recursive: boolean, level: number): VrlObject {
  spend(entries.length);
  const groups = new Map<string, Group>();
  for (const [key, value] of entries) {
    const cut = level < MAX_LEVELS ? key.indexOf(separator) : -1;
    const name = cut === -1 ? key : key.slice(0, cut);
    let group = groups.get(name);
    if (group === undefined) groups.set(name, (group = { plain: undefined, longer: [] }));
    if (cut === -1) group.plain = value;
    else group.longer.push([key.slice(cut + separator.length), value]);
  }
  const object = emptyObject();
  for (const [name, { plain, longer }] of groups) {
    if (longer.length > 0) object[name] = grouped(longer, separator, recursive, level + 1);
    else if (plain !== undefined)
      object[name] = recursive && isObject(plain) ? nested(plain, separator, level + 1) : plain;
  }
  return object;
}

function nested(object: VrlObject, separator: string, level: number): VrlObject {
  return grouped(
    Object.keys(object).map((key) => [key, object[key] as VrlValue]),
    separator,
    true,
    level,
  );
}
