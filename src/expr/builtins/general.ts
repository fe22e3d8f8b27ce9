import { findEntry, memberOf } from '../compile/access';
import { ExprRuntimeError } from '../errors';
import { elementOf, INT, mayBe, STRING, UNKNOWN, describeType } from '../types/static-type';
import { ExprMap } from '../value/expr-map';
import { formatValue } from '../value/format';
import { kindOf } from '../value/kind-of';
import { isArray, type Value } from '../value/value';
import { ANYTHING, checkCount, define, wrongType, type Builtin, type Signature } from './definition';

const TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  ['time', 'time.Time'],
  ['duration', 'time.Duration'],
  ['zone', 'time.Location'],
  ['month', 'time.Month'],
  ['weekday', 'time.Weekday'],
  ['bytes', 'array'],
  ['function', 'func'],
]);

function lengthOf(value: Value): number {
  if (typeof value === 'string') return codePoints(value);
  if (value instanceof ExprMap) return value.size;
  return isArray(value) || value instanceof Uint8Array ? value.length : 0;
}

function codePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length - 1; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(at + 1);
    if (next >= 0xdc00 && next <= 0xdfff) {
      count--;
      at++;
    }
  }
  return count;
}

/** A member, or nil where the base has none. A key that the base cannot have fails, as with the operator `[]`. */
function memberOrNil(base: Value, key: Value, at: number): Value {
  if (base instanceof ExprMap) return findEntry(base, key, at) ?? null;
  if (!isArray(base) && typeof base !== 'string' && !(base instanceof Uint8Array)) return null;
  try {
    return memberOf(base, key, at);
  } catch (error) {
    if (error instanceof ExprRuntimeError && error.code === 'index_out_of_range') return null;
    throw error;
  }
}

const GET: Builtin = {
  name: 'get',
  check: (args) => {
    const problem = checkCount(args.length, 2, 2);
    if (problem !== undefined) return problem;
    const [base = UNKNOWN, key = UNKNOWN] = args;
    const [type, property] = [describeType(base), describeType(key)];
    if (base.kind === 'unknown') return UNKNOWN;
    if (base.kind === 'array' || base.kind === 'bytes') {
      if (!mayBe(key, 'int')) return { message: `non-integer slice index ${property}`, argument: 1 };
      return base.kind === 'array' ? elementOf(base) : INT;
    }
    if (base.kind !== 'map') return { message: `type ${type} does not support indexing`, argument: 0 };
    if (base.anyKeys !== true && !mayBe(key, 'string')) {
      return { message: `cannot use ${property} to get an element from ${type}`, argument: 1 };
    }
    return base.element ?? UNKNOWN;
  },
  call: ([base = null, key = null], _frame, at) => memberOrNil(base, key, at),
};

const LEN: Signature = {
  parameters: [['string', 'array', 'map', 'bytes']],
  result: INT,
  refusal: (type) => wrongType('len', type),
};

export const GENERAL_BUILTINS: readonly Builtin[] = [
  define('len', LEN, ([value = null], frame, at) => {
    if (typeof value === 'string') frame.chargeSteps(value.length >> 4, at);
    return lengthOf(value);
  }),
  define('type', { parameters: [ANYTHING], result: STRING }, ([value = null]) => {
    const kind = kindOf(value);
    return TYPE_NAMES.get(kind) ?? kind;
  }),
  define('string', { parameters: [ANYTHING], result: STRING }, ([value = null], frame, at) =>
    formatValue(value, frame, at),
  ),
  GET,
];
