export type Kind =
  | 'unknown'
  | 'nil'
  | 'bool'
  | 'int'
  | 'float'
  | 'string'
  | 'bytes'
  | 'array'
  | 'map'
  | 'time'
  | 'duration'
  | 'zone'
  | 'month'
  | 'weekday'
  | 'function';

/** What is known of a value before it exists. */
export interface StaticType {
  readonly kind: Kind;
  /** Of arrays: type of the elements. */
  readonly element?: StaticType;
  /** Of arrays: made of text alone (`split`), which some builtins tell apart. */
  readonly texts?: true;
  /** Of maps: keys may be of any kind, not text alone. */
  readonly anyKeys?: true;
  /** Of functions: how messages name the type, where that is not the usual one. */
  readonly signature?: string;
}

const simple = (kind: Kind): StaticType => Object.freeze({ kind });

export const UNKNOWN = simple('unknown');
export const NIL = simple('nil');
export const BOOL = simple('bool');
export const INT = simple('int');
export const FLOAT = simple('float');
export const STRING = simple('string');
export const BYTES = simple('bytes');
export const MAP = simple('map');
export const ANY_KEY_MAP: StaticType = Object.freeze({ kind: 'map', anyKeys: true });

/** A map from keys of any kind to arrays, which is what grouping makes. */
export function groupsOf(element: StaticType): StaticType {
  return Object.freeze({ kind: 'map', anyKeys: true, element: arrayOf(element) });
}
export const TIME = simple('time');
export const DURATION = simple('duration');
export const ZONE = simple('zone');
export const MONTH = simple('month');
export const WEEKDAY = simple('weekday');
export const FUNCTION = simple('function');

/** A function that messages name by its signature. */
export function functionOf(signature: string): StaticType {
  return Object.freeze({ kind: 'function', signature });
}

/** An array whose elements have the given type. */
export function arrayOf(element: StaticType): StaticType {
  return Object.freeze({ kind: 'array' as const, element });
}

export const ARRAY = arrayOf(UNKNOWN);
export const INT_ARRAY = arrayOf(INT);
export const STRING_ARRAY: StaticType = Object.freeze({ kind: 'array', element: STRING, texts: true });

/** Type of the elements of an array or of bytes; unknown for everything else. */
export function elementOf(type: StaticType): StaticType {
  return type.element ?? (type.kind === 'bytes' ? INT : UNKNOWN);
}

/** Whether two types are the same. */
export function sameType(left: StaticType, right: StaticType): boolean {
  return left.kind === right.kind && (left.kind !== 'array' || sameType(elementOf(left), elementOf(right)));
}

/** Whether the type has one of the kinds, or is unknown and so may have. */
export function mayBe(type: StaticType, ...kinds: readonly Kind[]): boolean {
  return type.kind === 'unknown' || kinds.includes(type.kind);
}

/** Names of kinds in messages, which are those of the reference implementation's own types. */
const KIND_NAMES: Readonly<Record<Kind, string>> = {
  unknown: 'unknown',
  nil: 'unknown',
  bool: 'bool',
  int: 'int',
  float: 'float64',
  string: 'string',
  bytes: '[]uint8',
  array: '[]interface {}',
  map: 'map[string]interface {}',
  time: 'time.Time',
  duration: 'time.Duration',
  zone: '*time.Location',
  month: 'time.Month',
  weekday: 'time.Weekday',
  function: 'func(...interface {}) (interface {}, error)',
};

/** How a type is named in messages. */
export function describeType(type: StaticType): string {
  if (type.signature !== undefined) return type.signature;
  if (type.anyKeys === true) return `map[interface {}]${type.element === undefined ? '' : '[]'}interface {}`;
  return type.texts === true ? '[]string' : KIND_NAMES[type.kind];
}

/** How the kind of a value is named in messages. */
export function describeKind(kind: Kind): string {
  return kind === 'nil' ? '<nil>' : KIND_NAMES[kind];
}

/** Type of a value that is one of the two: the other where one is nil, the common one, else unknown. */
export function unify(left: StaticType, right: StaticType): StaticType {
  if (left.kind === 'nil') return right;
  if (right.kind === 'nil') return left;
  if (sameType(left, right)) return left;
  return left.kind === 'array' && right.kind === 'array' ? ARRAY : UNKNOWN;
}
