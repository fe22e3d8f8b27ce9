import { Failure, fail } from '../failure';
import { compileRegex, RegexSyntaxError, renderRegexError } from '../regex';
import { BOOLEAN, FLOAT, INTEGER, mayBe, REGEX, STRING, type Kind } from '../types/kind';
import { textOf } from '../value/bytes';
import { fitsI64, integerFromFloat, parseDecimalInteger } from '../value/integer';
import { quotedText } from '../value/quoted-text';
import { valueKindText } from '../types/value-kind-text';
import { displayText } from '../value/text-forms';
import { KindBit, VrlBytes, VrlFloat, VrlTimestamp, type VrlInteger, type VrlValue } from '../value/value';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { any, text } from './parameters';

const CONTAINERS_AND_REGEX = KindBit.array | KindBit.object | KindBit.regex;

/** May the value be of a kind that cannot be converted for sure? One that there never is counts as any. */
function valueMayBe(bits: number): (call: CallSite) => boolean {
  return (call) => {
    const kind = call.kind('value') as Kind;
    return kind.bits === 0 || mayBe(kind, bits);
  };
}

/** The failure of a value that cannot be made another kind. */
export function uncoercible(value: VrlValue, target: string): Failure {
  return fail(() => `unable to coerce ${valueKindText(value)} into ${target}`);
}

const toString = define({
  name: 'to_string',
  params: [any('value')],
  returns: STRING,
  fallible: valueMayBe(CONTAINERS_AND_REGEX),
  run: (value) => {
    const shown = displayText(value);
    if (shown === undefined) return uncoercible(value, 'string');
    return shown;
  },
});

const toInt = define({
  name: 'to_int',
  params: [any('value')],
  returns: INTEGER,
  fallible: valueMayBe(CONTAINERS_AND_REGEX | KindBit.string),
  run: (value) => {
    if (typeof value === 'number' || typeof value === 'bigint') return value;
    if (typeof value === 'string') return integerFromText(value);
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (value === null) return 0;
    if (value instanceof VrlFloat) return integerFromFloat(value.value);
    if (value instanceof VrlTimestamp) return value.seconds;
    if (value instanceof VrlBytes) return integerFromText(textOf(value));
    return uncoercible(value, 'integer');
  },
});

/** Reads a plain decimal integer, in the words of Rust's parser when it is none. */
function integerFromText(digits: string): VrlInteger | Failure {
  const value = parseDecimalInteger(digits);
  if (value === undefined) return fail(`Invalid integer ${quotedText(digits)}: ${integerProblem(digits)}`);
  return value;
}

function integerProblem(digits: string): string {
  if (digits === '') return 'cannot parse integer from empty string';
  if (!/^[+-]?[0-9]+$/.test(digits)) return 'invalid digit found in string';
  return `number too ${digits.startsWith('-') ? 'small' : 'large'} to fit in target type`;
}

const toFloat = define({
  name: 'to_float',
  params: [any('value')],
  returns: FLOAT,
  fallible: valueMayBe(CONTAINERS_AND_REGEX | KindBit.string),
  run: (value) => {
    if (value instanceof VrlFloat) return value;
    if (typeof value === 'number' || typeof value === 'bigint') return new VrlFloat(Number(value));
    if (typeof value === 'string') return readFloat(value);
    if (typeof value === 'boolean') return new VrlFloat(value ? 1 : 0);
    if (value === null) return new VrlFloat(0);
    if (value instanceof VrlTimestamp) return floatFromTimestamp(value);
    if (value instanceof VrlBytes) return readFloat(textOf(value));
    return uncoercible(value, 'float');
  },
});

/** Seconds with their fraction, of an instant that 64 bits of nanoseconds reach. */
function floatFromTimestamp({ epochNanos }: VrlTimestamp): VrlFloat | Failure {
  if (!fitsI64(epochNanos)) return fail("can't convert out of range timestamp");
  return new VrlFloat(Number(epochNanos) / 1_000_000_000);
}

const FLOAT_TEXT = /^[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf|infinity|nan)$/i;

/** Reads a float as Rust does: digits with point and exponent, `inf`, `infinity`; `nan` is an error. */
function readFloat(digits: string): VrlFloat | Failure {
  const name = /^([+-]?)inf/i.exec(digits);
  if (FLOAT_TEXT.test(digits)) {
    const value = name === null ? Number(digits) : name[1] === '-' ? -Infinity : Infinity;
    if (!Number.isNaN(value)) return new VrlFloat(value);
    return fail(`NaN number not supported ${quotedText(digits)}`);
  }
  const problem = digits === '' ? 'cannot parse float from empty string' : 'invalid float literal';
  return fail(`Invalid floating point number ${quotedText(digits)}: ${problem}`);
}

/** Like to_float on a string. @throws Failure */
export function floatFromText(digits: string): VrlFloat {
  const value = readFloat(digits);
  if (value instanceof Failure) throw value;
  return value;
}

const BOOLEAN_TEXTS = new Map([
  ['true', true],
  ['t', true],
  ['yes', true],
  ['y', true],
  ['false', false],
  ['f', false],
  ['no', false],
  ['n', false],
]);

const toBool = define({
  name: 'to_bool',
  params: [any('value')],
  returns: BOOLEAN,
  fallible: valueMayBe(CONTAINERS_AND_REGEX | KindBit.string | KindBit.timestamp),
  run: (value) => {
    if (typeof value === 'boolean') return value;
    if (typeof value === 'string') return booleanFromText(value);
    if (typeof value === 'number' || typeof value === 'bigint') return value !== 0;
    if (value === null) return false;
    if (value instanceof VrlFloat) return value.value !== 0;
    if (value instanceof VrlBytes) return booleanFromText(textOf(value));
    return uncoercible(value, 'boolean');
  },
});

function booleanFromText(word: string): boolean | Failure {
  const known = BOOLEAN_TEXTS.get(word.toLowerCase());
  if (known !== undefined) return known;
  const integer = parseDecimalInteger(word);
  if (integer === undefined) return fail(`Invalid boolean value ${quotedText(word)}`);
  return integer !== 0;
}

const toRegex = define({
  name: 'to_regex',
  params: [text('value')],
  returns: REGEX,
  fallible: true,
  run: (pattern) => {
    try {
      return compileRegex(pattern);
    } catch (error) {
      if (!(error instanceof RegexSyntaxError)) throw error;
      return fail(`could not create regex: ${renderRegexError(pattern, error)}`);
    }
  },
});

export const functions: readonly FunctionDefinition[] = [toString, toInt, toFloat, toBool, toRegex];
