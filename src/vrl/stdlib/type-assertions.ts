import {
  ARRAY,
  BOOLEAN,
  FLOAT,
  INTEGER,
  isWithin,
  OBJECT,
  restrict,
  STRING,
  TIMESTAMP,
  type Kind,
} from '../types/kind';
import { kindBitOf } from '../value/kind-of';
import { KindBit, VrlBytes, type VrlValue } from '../value/value';
import { wrongKind } from './bind';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { any } from './parameters';

/** Functions that give their argument back when it is of one kind, and fail otherwise. */
const ASSERTIONS: readonly (readonly [string, number, Kind])[] = [
  ['string', KindBit.string, STRING],
  ['int', KindBit.integer, INTEGER],
  ['float', KindBit.float, FLOAT],
  ['bool', KindBit.boolean, BOOLEAN],
  ['timestamp', KindBit.timestamp, TIMESTAMP],
  ['array', KindBit.array, ARRAY],
  ['object', KindBit.object, OBJECT],
];

/** Is the value sure to be of the kind? A value that there never is is. */
function isKnown(call: CallSite, bit: number): boolean {
  const kind = call.kind('value') as Kind;
  return kind.bits === 0 || isWithin(kind, bit);
}

const assertions = ASSERTIONS.map(([name, bit, kind]) =>
  define({
    name,
    params: [any('value')],
    // What is known of the members of a collection stays known.
    returns: (call) => {
      const known = restrict(call.kind('value') as Kind, bit);
      return known.bits === 0 ? kind : known;
    },
    fallible: (call) => !isKnown(call, bit),
    run: (value) => {
      if (kindBitOf(value) !== bit) return wrongKind(bit, value);
      return value;
    },
  }),
);

const TESTS: readonly (readonly [string, number])[] = [
  ['is_string', KindBit.string],
  ['is_integer', KindBit.integer],
  ['is_float', KindBit.float],
  ['is_boolean', KindBit.boolean],
  ['is_timestamp', KindBit.timestamp],
  ['is_regex', KindBit.regex],
  ['is_null', KindBit.null],
  ['is_array', KindBit.array],
  ['is_object', KindBit.object],
];

const tests = TESTS.map(([name, bit]) =>
  define({
    name,
    params: [any('value')],
    returns: BOOLEAN,
    fallible: false,
    run: (value) => kindBitOf(value) === bit,
  }),
);

const isEmpty = define({
  name: 'is_empty',
  params: [{ ...any('value'), kinds: KindBit.string | KindBit.object | KindBit.array }],
  returns: BOOLEAN,
  fallible: false,
  run: (value) => {
    if (typeof value === 'string') return value === '';
    if (Array.isArray(value)) return value.length === 0;
    return !(value instanceof VrlBytes) && Object.keys(value as object).length === 0;
  },
});

/** Null, a blank string or `-`. */
export function isNullishValue(value: VrlValue): boolean {
  return value === null || value === '-' || (typeof value === 'string' && BLANK.test(value));
}
const BLANK = /^\p{White_Space}*$/u;

const isNullish = define({
  name: 'is_nullish',
  params: [any('value')],
  returns: BOOLEAN,
  fallible: false,
  run: isNullishValue,
});

export const functions: readonly FunctionDefinition[] = [...assertions, ...tests, isEmpty, isNullish];
