export type ArgumentShape = 'value' | 'predicate';

export interface PredicateShape {
  readonly shape: readonly ArgumentShape[];
  /** How many of the arguments must be given. */
  readonly required: number;
}

const BOTH: PredicateShape = { shape: ['value', 'predicate'], required: 2 };
const OPTIONAL_PREDICATE: PredicateShape = { shape: ['value', 'predicate'], required: 1 };
const OPTIONAL_LAST: PredicateShape = { shape: ['value', 'predicate', 'value'], required: 2 };

/** Builtins that take a predicate, with their arguments in order. */
export const PREDICATE_BUILTINS: ReadonlyMap<string, PredicateShape> = new Map([
  ['all', BOTH],
  ['none', BOTH],
  ['any', BOTH],
  ['one', BOTH],
  ['filter', BOTH],
  ['map', BOTH],
  ['find', BOTH],
  ['findIndex', BOTH],
  ['findLast', BOTH],
  ['findLastIndex', BOTH],
  ['groupBy', BOTH],
  ['count', OPTIONAL_PREDICATE],
  ['sum', OPTIONAL_PREDICATE],
  ['sortBy', OPTIONAL_LAST],
  ['reduce', OPTIONAL_LAST],
]);

const FUNCTIONS = [
  'len type abs ceil floor round int float string',
  'trim trimPrefix trimSuffix upper lower split splitAfter replace repeat join indexOf lastIndexOf hasPrefix hasSuffix',
  'max min mean median toJSON fromJSON toBase64 fromBase64 now duration date timezone',
  'first last get take keys values toPairs fromPairs reverse uniq concat flatten sort',
  'bitand bitor bitxor bitnand bitshl bitshr bitushr bitnot',
];

/** Every name that is a builtin when called. */
export const BUILTIN_NAMES: ReadonlySet<string> = new Set([
  ...PREDICATE_BUILTINS.keys(),
  ...FUNCTIONS.flatMap((line) => line.split(' ')),
]);
