import { checkStringLength, spend } from '../../limits';
import { isObject } from '../../value/kind-of';
import { emptyObject, type VrlArray, type VrlObject, type VrlValue } from '../../value/value';

/** One level out of nested objects, keys joined with the separator. Arrays, and objects under a key in `except`, stay whole. */
export function flattenObject(object: VrlObject, separator: string, except: ReadonlySet<string>): VrlObject {
  const flat = emptyObject();
  flattenInto(flat, object, '', separator, except);
  return flat;
}

function flattenInto(
  flat: VrlObject,
  object: VrlObject,
  prefix: string,
  separator: string,
  except: ReadonlySet<string>,
): void {
  const keys = Object.keys(object);
  spend(keys.length);
  for (const key of keys) {
    const path = prefix + key;
    // Joined keys grow with the depth, so that much nesting could take much memory.
    checkStringLength(path.length);
    const member = object[key] as VrlValue;
    if (isObject(member) && !except.has(key) && !except.has(path)) {
      flattenInto(flat, member, path + separator, separator, except);
    } else {
      flat[path] = member;
    }
  }
}

/** Elements of nested arrays in one array; objects stay. */
export function flattenArray(array: VrlArray): VrlArray {
  const flat: VrlArray = [];
  collect(flat, array);
  return flat;
}

function collect(flat: VrlArray, array: VrlArray): void {
  spend(array.length);
  for (const element of array) {
    if (Array.isArray(element)) collect(flat, element);
    else flat.push(element);
  }
}
