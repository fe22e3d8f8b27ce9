import { spend, STEPS_PER_COPIED_MEMBER } from '../limits';
import type { Segment } from '../syntax/tree';
import { isObject } from '../value/kind-of';
import { emptyObject, VrlScalar, type VrlObject, type VrlValue } from '../value/value';

/** The value at a path; undefined when the path is absent. */
export function getPath(root: VrlValue, path: readonly Segment[]): VrlValue | undefined {
  let current: VrlValue | undefined = root;
  for (let i = 0; i < path.length; i++) {
    const segment = path[i] as Segment;
    if (typeof current !== 'object' || current === null) return undefined;
    if (typeof segment === 'string') {
      if (Array.isArray(current) || current instanceof VrlScalar) return undefined;
      current = (current as VrlObject)[segment];
    } else {
      if (!Array.isArray(current)) return undefined;
      current = current[segment < 0 ? current.length + segment : segment];
    }
  }
  return current;
}

/**
 * Writes a value to a path inside containers that nobody else holds. Missing containers are made, values of another
 * kind on the way replaced.
 *
 * @returns the root, which is another one when it was no container of the needed kind
 */
export function setPath(root: VrlValue | undefined, path: readonly Segment[], value: VrlValue, depth = 0): VrlValue {
  const segment = path[depth];
  if (segment === undefined) return value;
  if (typeof segment === 'string') {
    const object = root !== undefined && isObject(root) ? root : emptyObject();
    object[segment] = depth + 1 === path.length ? value : setPath(object[segment], path, value, depth + 1);
    return object;
  }
  const array = Array.isArray(root) ? root : [];
  const index = makeRoom(array, segment);
  array[index] = depth + 1 === path.length ? value : setPath(array[index], path, value, depth + 1);
  return array;
}

/** Pads an array with null so that it has the index; gives the index counted from the start. */
function makeRoom(array: VrlValue[], segment: number): number {
  const index = segment < 0 ? array.length + segment : segment;
  if (index < 0) {
    spend(-index);
    const members = array.splice(0);
    for (let i = index; i < 0; i++) array.push(null);
    for (const member of members) array.push(member);
    return 0;
  }
  if (index > array.length) spend(index - array.length);
  while (array.length < index) array.push(null);
  return index;
}

/** What a removal took, and what is left of the root. */
export interface Removal {
  readonly removed: VrlValue | undefined;
  readonly root: VrlValue;
}

/**
 * Takes the value at a path out of containers that nobody else holds. The root itself leaves an empty collection or null.
 *
 * @param compact also take away parents that became empty
 */
export function removePath(root: VrlValue, path: readonly Segment[], compact: boolean): Removal {
  if (path.length === 0) {
    const rest = Array.isArray(root) ? [] : isObject(root) ? emptyObject() : null;
    return { removed: root, root: rest };
  }
  return { removed: removeFrom(root, path, 0, compact), root };
}

function removeFrom(
  container: VrlValue,
  path: readonly Segment[],
  depth: number,
  compact: boolean,
): VrlValue | undefined {
  const segment = path[depth] as Segment;
  const member = getPath(container, [segment]);
  if (member === undefined) return undefined;
  if (depth + 1 === path.length) {
    deleteMember(container, segment);
    return member;
  }
  const removed = removeFrom(member, path, depth + 1, compact);
  if (removed !== undefined && compact && isEmptyCollection(member)) deleteMember(container, segment);
  return removed;
}

function deleteMember(container: VrlValue, segment: Segment): void {
  if (typeof segment === 'string') delete (container as VrlObject)[segment];
  else (container as VrlValue[]).splice(segment, 1);
}

function isEmptyCollection(value: VrlValue): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

/** A copy that shares no container with the original. */
export function copyValue(value: VrlValue): VrlValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    spend(value.length * STEPS_PER_COPIED_MEMBER);
    const copy = new Array<VrlValue>(value.length);
    for (let i = 0; i < value.length; i++) copy[i] = copyValue(value[i] as VrlValue);
    return copy;
  }
  if (value instanceof VrlScalar) return value;
  const copy = emptyObject();
  let members = 0;
  for (const key in value) {
    copy[key] = copyValue((value as VrlObject)[key] as VrlValue);
    members++;
  }
  spend(members * STEPS_PER_COPIED_MEMBER);
  return copy;
}
