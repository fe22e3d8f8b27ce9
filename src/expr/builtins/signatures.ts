import { FUNCTION, functionOf, type StaticType } from '../types/static-type';

const ITEMS = '[]interface {}';
const CONDITION = `${ITEMS}, func(interface {}) bool`;

/** Signatures by which the reference names builtins that are not called; the others have none of their own. */
const SIGNATURES: Readonly<Record<string, string>> = {
  'all none any one': `(${CONDITION}) bool`,
  filter: `(${CONDITION}) ${ITEMS}`,
  map: `(${ITEMS}, func(interface {}) interface {}) ${ITEMS}`,
  'find findLast': `(${CONDITION}) interface {}`,
  'findIndex findLastIndex count sum': `(${CONDITION}) int`,
  groupBy: `(${ITEMS}, func(interface {}) interface {}) map[interface {}]${ITEMS}`,
  sortBy: `(${CONDITION}, string) ${ITEMS}`,
  reduce: `(${ITEMS}, func(interface {}, interface {}) interface {}, interface {}) interface {}`,
  'type string toJSON': '(interface {}) string',
  fromJSON: '(string) interface {}',
  'trim upper lower toBase64 fromBase64': '(string) string',
  'trimPrefix trimSuffix': '(string, string) string',
  'split splitAfter': '(string, string) []string',
  replace: '(string, string, string, int) string',
  repeat: '(string, int) string',
  join: '([]string, string) string',
  'indexOf lastIndexOf': '(string, string) int',
  'hasPrefix hasSuffix': '(string, string) bool',
  duration: '(string) (time.Duration, error)',
  timezone: '(string) (*time.Location, error)',
  sort: `(${ITEMS}, string) ${ITEMS}`,
  'bitand bitor bitxor bitnand bitshl bitshr bitushr': '(int, int) int',
  bitnot: '(int) int',
};

const TYPES: ReadonlyMap<string, StaticType> = new Map(
  Object.entries(SIGNATURES).flatMap(([names, signature]) =>
    names.split(' ').map((name) => [name, functionOf(`func${signature}`)] as const),
  ),
);

/** Type of the name of a builtin where it is not called. */
export function builtinType(name: string): StaticType {
  return TYPES.get(name) ?? FUNCTION;
}
