import type { Segment } from '../syntax/tree';
import { KindBit } from '../value/value';
import {
  anyMember,
  arrayOf,
  mayBe,
  NEVER,
  NULL,
  objectOfKind,
  UNDEFINED,
  undefinedToNull,
  union,
  without,
  type Kind,
  type Shape,
} from './kind';

/** What reading a path gives; `undefined` among it where the path may be absent. */
export function kindAt(kind: Kind, path: readonly Segment[]): Kind {
  let current = kind;
  for (const segment of path) current = memberKind(current, segment);
  return current;
}

function memberKind(kind: Kind, segment: Segment): Kind {
  if (kind.bits === 0) return NEVER;
  const bit = typeof segment === 'string' ? KindBit.object : KindBit.array;
  const shape = typeof segment === 'string' ? kind.object : kind.array;
  if (shape === null) return UNDEFINED;
  const member =
    typeof segment === 'number' && segment < 0 && kind.array !== null
      ? fromEnd(kind.array, segment)
      : ((shape.known as ReadonlyMap<Segment, Kind>).get(segment) ?? union(shape.unknown, UNDEFINED));
  // Stepping into a value of another kind gives nothing.
  return kind.bits === bit ? member : union(member, UNDEFINED);
}

/** Length of an array that has no elements but the known ones; undefined when there may be others. */
function exactLength(shape: Shape<number>): number | undefined {
  if (shape.unknown.bits !== 0) return undefined;
  let length = 0;
  for (const [index, kind] of shape.known) {
    if ((kind.bits & KindBit.undefined) !== 0) return undefined;
    length = Math.max(length, index + 1);
  }
  return length;
}

/** How many elements at the start are there in any case. */
function leastLength(shape: Shape<number>): number {
  let length = 0;
  while (shape.known.has(length) && !mayBe(shape.known.get(length) as Kind, KindBit.undefined)) length++;
  return length;
}

function fromEnd(shape: Shape<number>, index: number): Kind {
  const length = exactLength(shape);
  if (length === undefined) {
    const any = anyMember(shape);
    return -index <= leastLength(shape) ? without(any, KindBit.undefined) : union(any, UNDEFINED);
  }
  return shape.known.get(length + index) ?? UNDEFINED;
}

/** Index of the first segment whose parent can be no object (or array); undefined when all can. */
export function firstBadSegment(kind: Kind, path: readonly Segment[]): number | undefined {
  let current = kind;
  for (let i = 0; i < path.length; i++) {
    const needed = typeof path[i] === 'string' ? KindBit.object : KindBit.array;
    if ((current.bits & needed) === 0 && current.bits !== 0) return i;
    current = memberKind(current, path[i] as Segment);
  }
  return undefined;
}

/** The kind after an assignment to a path: the parents become containers, the path exactly `value`. */
export function kindWith(kind: Kind, path: readonly Segment[], value: Kind): Kind {
  if (value.bits === 0) return kind;
  const [segment, ...rest] = path;
  if (segment === undefined) return undefinedToNull(value);
  const inner = kindWith(without(memberKind(kind, segment), KindBit.undefined), rest, value);
  if (typeof segment === 'string') {
    const known = new Map(kind.object?.known).set(segment, inner);
    return objectOfKind(kind.object?.unknown ?? NEVER, known);
  }
  const shape: Shape<number> = kind.array ?? { known: new Map(), unknown: NEVER };
  return segment < 0 ? withFromEnd(shape, segment, inner) : withIndex(shape, segment, inner);
}

function withIndex(shape: Shape<number>, index: number, value: Kind): Kind {
  const known = new Map(shape.known);
  const padding = union(undefinedToNull(shape.unknown), NULL);
  if (index > MAX_KNOWN_PADDING) return arrayOf(union(padding, value), known);
  // Writing behind the end pads with null.
  for (let i = 0; i < index && !shape.known.has(index); i++) if (!known.has(i)) known.set(i, padding);
  return arrayOf(shape.unknown, known.set(index, value));
}

/** Positions that are told apart; beyond a handful one kind for all says enough. */
const MAX_KNOWN_PADDING = 64;

function withFromEnd(shape: Shape<number>, index: number, value: Kind): Kind {
  const length = exactLength(shape);
  if (length === undefined || -index > MAX_KNOWN_PADDING) {
    // Any position may be the one, and padding behind the first may shift all others. But so many there are then.
    const any = union(undefinedToNull(anyMember(shape)), value);
    const padded = union(any, NULL);
    const known = new Map<number, Kind>([[0, any]]);
    for (let i = 1; i < Math.min(-index, MAX_KNOWN_PADDING); i++) known.set(i, padded);
    return arrayOf(union(shape.unknown, -index > MAX_KNOWN_PADDING ? padded : any), known);
  }
  const position = length + index;
  if (position >= 0) return arrayOf(NEVER, new Map(shape.known).set(position, value));
  const known = new Map<number, Kind>([[0, value]]);
  for (let i = 1; i < -position; i++) known.set(i, NULL);
  for (const [i, kind] of shape.known) known.set(i - position, kind);
  return arrayOf(NEVER, known);
}

/** Does a removal take parents along that became empty? */
type Compaction = 'yes' | 'no' | 'maybe';

/** The kind after `del` of a path. */
export function kindWithout(kind: Kind, path: readonly Segment[], compact: Compaction): Kind {
  if (compact === 'maybe') return union(kindWithout(kind, path, 'yes'), kindWithout(kind, path, 'no'));
  const [segment, ...rest] = path;
  if (segment === undefined) return emptied(kind);
  const others = without(kind, typeof segment === 'string' ? KindBit.object : KindBit.array);
  const ownKind = typeof segment === 'string' ? objectPart(kind) : arrayPart(kind);
  if (ownKind === undefined) return kind;
  if (rest.length === 0) return union(others, withoutMember(ownKind, segment));
  const member = memberKind(ownKind, segment);
  const left = kindWithout(member, rest, compact);
  // Nothing that could be removed, nothing that could become empty.
  if (left === member) return kind;
  const emptiness = emptinessOf(left);
  const kept = withMember(ownKind, segment, left);
  if (compact === 'no' || emptiness === 'never') return union(others, kept);
  const removed = withoutMember(ownKind, segment);
  return union(others, emptiness === 'always' ? removed : union(kept, removed));
}

function objectPart({ object }: Kind): Kind | undefined {
  return object === null ? undefined : objectOfKind(object.unknown, object.known);
}

function arrayPart({ array }: Kind): Kind | undefined {
  return array === null ? undefined : arrayOf(array.unknown, array.known);
}

function withoutMember(kind: Kind, segment: Segment): Kind {
  if (typeof segment === 'number') return kind.array === null ? kind : withoutIndex(kind.array, segment);
  if (kind.object === null) return kind;
  // What is not known any more may be there as far as the other fields tell.
  const known = new Map(kind.object.known);
  known.delete(segment);
  return objectOfKind(kind.object.unknown, known);
}

/** The kind with another kind of a member; of arrays only where it is certain which one it is. */
function withMember(kind: Kind, segment: Segment, member: Kind): Kind {
  if (typeof segment === 'string') {
    return kind.object === null ? kind : objectOfKind(kind.object.unknown, withField(kind.object, segment, member));
  }
  if (kind.array === null) return kind;
  const length = exactLength(kind.array);
  if (length === undefined) return arrayOf(union(anyMember(kind.array), member));
  const position = segment < 0 ? length + segment : segment;
  if (!kind.array.known.has(position)) return kind;
  return arrayOf(kind.array.unknown, new Map(kind.array.known).set(position, member));
}

function withField(shape: Shape<string>, field: string, member: Kind): Map<string, Kind> {
  const known = new Map(shape.known);
  // Of fields that are not known the shape says enough.
  return known.has(field) || shape.unknown.bits === 0 ? known.set(field, member) : known;
}

/** Is a collection of the kind empty? Other values count as never empty. */
function emptinessOf(kind: Kind): 'always' | 'never' | 'maybe' {
  const mayBeEmpty = [kind.object, kind.array].some(
    (shape) => shape !== null && [...shape.known.values()].every((member) => mayBe(member, KindBit.undefined)),
  );
  if (!mayBeEmpty) return 'never';
  const isOne = kind.bits === KindBit.object || kind.bits === KindBit.array;
  const shape = kind.object ?? kind.array;
  return isOne && shape?.known.size === 0 && shape.unknown.bits === 0 ? 'always' : 'maybe';
}

function withoutIndex(shape: Shape<number>, index: number): Kind {
  const length = exactLength(shape);
  if (length === undefined) return arrayOf(anyMember(shape));
  const position = index < 0 ? length + index : index;
  if (position < 0 || position >= length) return arrayOf(shape.unknown, shape.known);
  const known = new Map<number, Kind>();
  for (const [i, kind] of shape.known) {
    if (i !== position) known.set(i > position ? i - 1 : i, kind);
  }
  return arrayOf(NEVER, known);
}

/** A deleted root: collections stay, emptied, everything else becomes null. */
function emptied(kind: Kind): Kind {
  let result = NEVER;
  if (kind.object !== null) result = union(result, objectOfKind(NEVER));
  if (kind.array !== null) result = union(result, arrayOf(NEVER));
  return without(kind, KindBit.object | KindBit.array).bits === 0 ? result : union(result, NULL);
}
