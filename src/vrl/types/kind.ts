import { KindBit } from '../value/value';

/**
 * A set of kinds with the known shapes of its objects and arrays. Immutable.
 *
 * `object` is set exactly when the object bit is, `array` likewise.
 */
export interface Kind {
  readonly bits: number;
  readonly object: Shape<string> | null;
  readonly array: Shape<number> | null;
  /** Number of kinds in it when written out; see {@link MAX_WEIGHT}. */
  readonly weight: number;
}

/**
 * Greatest weight of a kind; beyond it the members are not told apart any more. Kinds share their parts, so `x = [x, x]`
 * line after line would otherwise double what there is to look at.
 */
const MAX_WEIGHT = 2000;

/** What is known of a collection's members: by key or index, and of all others. */
export interface Shape<K extends string | number> {
  readonly known: ReadonlyMap<K, Kind>;
  /** Kind of any other member; {@link NEVER} when there is none. Recursive for {@link ANY} and {@link JSON_KIND}. */
  readonly unknown: Kind;
}

const ALL_BITS = 1023;
/** Kinds that are neither collections nor `undefined`. */
const SCALAR_BITS =
  KindBit.string | KindBit.integer | KindBit.float | KindBit.boolean | KindBit.timestamp | KindBit.regex | KindBit.null;
const JSON_BITS = KindBit.string | KindBit.integer | KindBit.float | KindBit.boolean | KindBit.null;

/** A kind of plain bits without collections. */
function scalar(bits: number): Kind {
  return Object.freeze({ bits, object: null, array: null, weight: 1 });
}

/** The recursive kind of values made of `bits`, arrays and objects at any depth. */
function recursive(bits: number): Kind {
  const kind = {
    bits: bits | KindBit.array | KindBit.object,
    object: null as Shape<string> | null,
    array: null as Shape<number> | null,
    weight: 1,
  };
  kind.object = { known: new Map(), unknown: kind };
  kind.array = { known: new Map(), unknown: kind };
  return Object.freeze(kind);
}

/** The kind of some bits and shapes (which are dropped where they have no bit, or are too large to keep). */
function compose(bits: number, object: Shape<string> | null, array: Shape<number> | null): Kind {
  if ((bits & (KindBit.object | KindBit.array)) === 0) return scalar(bits);
  const ownObject = (bits & KindBit.object) === 0 ? null : object;
  const ownArray = (bits & KindBit.array) === 0 ? null : array;
  const weight = 1 + weightOf(ownObject) + weightOf(ownArray);
  if (weight <= MAX_WEIGHT) return { bits, object: ownObject, array: ownArray, weight };
  return { bits, object: ownObject && ANY.object, array: ownArray && ANY.array, weight: 1 };
}

function weightOf(shape: Shape<string> | Shape<number> | null): number {
  if (shape === null) return 0;
  let weight = shape.unknown.weight;
  for (const member of shape.known.values()) weight += member.weight;
  return weight;
}

export const NEVER = scalar(0);
export const STRING = scalar(KindBit.string);
export const INTEGER = scalar(KindBit.integer);
export const FLOAT = scalar(KindBit.float);
export const BOOLEAN = scalar(KindBit.boolean);
export const TIMESTAMP = scalar(KindBit.timestamp);
export const REGEX = scalar(KindBit.regex);
export const NULL = scalar(KindBit.null);
export const UNDEFINED = scalar(KindBit.undefined);
export const NUMBER = scalar(KindBit.integer | KindBit.float);

/** Every value, `undefined` included. */
export const ANY = recursive(SCALAR_BITS | KindBit.undefined);
/** What JSON text can hold. */
export const JSON_KIND = recursive(JSON_BITS);

/** What was parsed from JSON text: any of its kinds. A member of it is of {@link JSON_KIND}. */
export const PARSED_JSON: Kind = Object.freeze({
  bits: JSON_BITS | KindBit.array | KindBit.object,
  object: { known: new Map(), unknown: JSON_KIND },
  array: { known: new Map(), unknown: JSON_KIND },
  weight: 3,
});

const NO_KNOWN: ReadonlyMap<never, Kind> = new Map<never, Kind>();

/** Arrays with the given element kind (anything by default); `known` says more about the elements at some indexes. */
export function arrayOf(unknown: Kind = ANY, known: ReadonlyMap<number, Kind> = NO_KNOWN): Kind {
  return compose(KindBit.array, null, { known, unknown });
}

/** Objects with the given kind of members (anything by default). */
export function objectOfKind(unknown: Kind = ANY, known: ReadonlyMap<string, Kind> = NO_KNOWN): Kind {
  return compose(KindBit.object, { known, unknown }, null);
}

/**
 * Objects with exactly (or, with `rest`, at least) the given members.
 *
 * @example shapeOf({ host: union(STRING, NULL), status: INTEGER })
 */
export function shapeOf(members: Readonly<Record<string, Kind>>, rest: Kind = NEVER): Kind {
  return objectOfKind(rest, new Map(Object.entries(members)));
}

export const ARRAY = arrayOf();
export const OBJECT = objectOfKind();

/** The kind that has every value of both. */
export function union(a: Kind, b: Kind): Kind {
  if (a === b || b.bits === 0) return a;
  if (a.bits === 0) return b;
  if (a === ANY || b === ANY) return ANY;
  const bits = a.bits | b.bits;
  if ((bits & (KindBit.array | KindBit.object)) === 0) return scalar(bits);
  return compose(bits, unionShapes(a.object, b.object), unionShapes(a.array, b.array));
}

/** The union of any number of kinds. */
export function unionOf(...kinds: readonly Kind[]): Kind {
  let result = NEVER;
  for (const kind of kinds) result = union(result, kind);
  return result;
}

function unionShapes<K extends string | number>(a: Shape<K> | null, b: Shape<K> | null): Shape<K> | null {
  if (a === null || a === b) return b;
  if (b === null) return a;
  const known = new Map<K, Kind>();
  const unknown = union(a.unknown, b.unknown);
  const absent = union(unknown, UNDEFINED);
  const setOneSided = (key: K, kind: Kind, other: Shape<K>): void => {
    const either = union(kind, absentIn(other));
    // What is said of any member need not be said of one.
    if (other.unknown.bits === 0 || !contains(either, absent)) known.set(key, either);
  };
  for (const [key, kind] of a.known) {
    const other = b.known.get(key);
    if (other === undefined) setOneSided(key, kind, b);
    else known.set(key, union(kind, other));
  }
  for (const [key, kind] of b.known) {
    if (!a.known.has(key)) setOneSided(key, kind, a);
  }
  return { known, unknown };
}

/** What a member that the shape does not list may be. */
function absentIn<K extends string | number>(shape: Shape<K>): Kind {
  return union(shape.unknown, UNDEFINED);
}

/** True when every value of `inner` is in `outer`. */
export function contains(outer: Kind, inner: Kind): boolean {
  if (outer === inner || outer === ANY) return true;
  if ((inner.bits & ~outer.bits) !== 0) return false;
  return shapeContains(outer.object, inner.object) && shapeContains(outer.array, inner.array);
}

function shapeContains<K extends string | number>(outer: Shape<K> | null, inner: Shape<K> | null): boolean {
  if (inner === null || outer === inner) return true;
  if (outer === null) return false;
  if (inner.unknown !== outer.unknown && !contains(outer.unknown, inner.unknown)) return false;
  for (const [key, kind] of inner.known) {
    if (!contains(outer.known.get(key) ?? absentIn(outer), kind)) return false;
  }
  for (const [key, kind] of outer.known) {
    if (!inner.known.has(key) && !contains(kind, absentIn(inner))) return false;
  }
  return true;
}

/** True when the kind holds nothing but kinds of `bits` (and does hold something). */
export function isWithin(kind: Kind, bits: number): boolean {
  return kind.bits !== 0 && (kind.bits & ~bits) === 0;
}

/** True when some value of the kind has one of `bits`. */
export function mayBe(kind: Kind, bits: number): boolean {
  return (kind.bits & bits) !== 0;
}

/** The kind without the given bits (and their shapes). */
export function without(kind: Kind, bits: number): Kind {
  return restrict(kind, ~bits);
}

/** The part of the kind that lies in the given bits. */
export function restrict(kind: Kind, bits: number): Kind {
  const rest = kind.bits & bits & ALL_BITS;
  if (rest === kind.bits) return kind;
  return compose(rest, kind.object, kind.array);
}

/** The plain kind of some bits: collections hold anything. */
export function kindOfBits(bits: number): Kind {
  const plain = bits & ALL_BITS;
  if (plain === ALL_BITS) return ANY;
  return compose(plain, ANY.object, ANY.array);
}

/** `undefined` read as a value is null. */
export function undefinedToNull(kind: Kind): Kind {
  return mayBe(kind, KindBit.undefined) ? union(without(kind, KindBit.undefined), NULL) : kind;
}

/** What a member of a collection may be, whichever it is; {@link NEVER} for collections known to be empty. */
export function anyMember(shape: Shape<string> | Shape<number>): Kind {
  let kind = shape.unknown;
  for (const member of shape.known.values()) kind = union(kind, member);
  return kind;
}
