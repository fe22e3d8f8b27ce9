import {
  anyMember,
  ARRAY,
  arrayOf,
  isWithin,
  kindOfBits,
  mayBe,
  NEVER,
  OBJECT,
  objectOfKind,
  union,
  unionOf,
  UNDEFINED,
  without,
  type Kind,
  type Shape,
} from '../../types/kind';
import { KindBit } from '../../value/value';
import type { CallSite } from '../definition';

const EMPTY: Shape<number> = { known: new Map(), unknown: NEVER };

/** Shape of an argument's arrays; anything when it is not known to be an array. */
export function arrayShape(call: CallSite, keyword: string): Shape<number> {
  return (call.kind(keyword) ?? ARRAY).array ?? ARRAY.array ?? EMPTY;
}

/** Shape of an argument's objects; anything when it is not known to be an object. */
export function objectShape(call: CallSite, keyword: string): Shape<string> {
  return (call.kind(keyword) ?? OBJECT).object ?? OBJECT.object ?? { known: new Map(), unknown: NEVER };
}

/** What an element of the array may be, when there is one. */
export function elementKind(shape: Shape<number> | Shape<string>): Kind {
  return without(anyMember(shape), KindBit.undefined);
}

/** Number of elements when it is the same for every array of the shape. */
function exactLength(shape: Shape<number>): number | undefined {
  if (shape.unknown.bits !== 0) return undefined;
  for (const kind of shape.known.values()) {
    if (mayBe(kind, KindBit.undefined)) return undefined;
  }
  return shape.known.size;
}

/** Kind of one array with another behind it. */
export function appendedKind(head: Shape<number>, tail: Shape<number>): Kind {
  const known = new Map(head.known);
  const length = exactLength(head);
  if (length !== undefined) {
    for (const [index, kind] of tail.known) known.set(length + index, kind);
    return arrayOf(tail.unknown, known);
  }
  const element = elementKind(tail);
  for (const [index, kind] of known) {
    if (mayBe(kind, KindBit.undefined)) known.set(index, union(kind, element));
  }
  return arrayOf(union(head.unknown, element), known);
}

/** Kind of an array without its last element. */
export function poppedKind(shape: Shape<number>): Kind {
  const length = exactLength(shape);
  const known = new Map(shape.known);
  if (length !== undefined) {
    known.delete(length - 1);
    return arrayOf(NEVER, known);
  }
  for (const [index, kind] of known) known.set(index, union(kind, UNDEFINED));
  return arrayOf(shape.unknown, known);
}

/** Kind of an object with another's members over its own. */
export function mergedKind(under: Shape<string>, over: Shape<string>, deep: boolean): Kind {
  const known = new Map<string, Kind>();
  for (const key of new Set([...under.known.keys(), ...over.known.keys()])) {
    known.set(key, mergedMember(memberOf(under, key), memberOf(over, key), deep));
  }
  return objectOfKind(union(under.unknown, over.unknown), known);
}

function memberOf(shape: Shape<string>, key: string): Kind {
  return shape.known.get(key) ?? union(shape.unknown, UNDEFINED);
}

function mergedMember(under: Kind, over: Kind, deep: boolean): Kind {
  const present = without(over, KindBit.undefined);
  // Where nothing lies over it, the member stays.
  const kept = mayBe(over, KindBit.undefined) ? under : NEVER;
  if (!deep || under.object === null || present.object === null) return unionOf(present, kept);
  if (under.object === over.object) return unionOf(present, under);
  const both = mergedKind(under.object, present.object, true);
  return isWithin(under, KindBit.object)
    ? unionOf(without(present, KindBit.object), both, kept)
    : unionOf(present, both, kept);
}

/** Objects stay objects and arrays arrays, but nothing is known of their members. */
export function sameCollection(call: CallSite): Kind {
  const bits = KindBit.object | KindBit.array;
  return kindOfBits((call.kind('value')?.bits ?? bits) & bits);
}

/** Arrays stay arrays; what may be an object is taken for one, so that programs can go on with it as such. */
export function arrayOrElseObject(call: CallSite): Kind {
  return call.kind('value')?.bits === KindBit.array ? ARRAY : OBJECT;
}
