import { fail } from '../failure';
import { FLOAT, INTEGER, isWithin, NUMBER, STRING, type Kind } from '../types/kind';
import { valueKindText } from '../types/value-kind-text';
import { floatText } from '../value/float';
import { kindBitOf } from '../value/kind-of';
import { KindBit, VrlFloat, type VrlInteger, type VrlValue } from '../value/value';
import { wrapInteger } from '../value/integer';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { count, integer, number, optional, text, withDefault } from './parameters';

type VrlNumber = VrlInteger | VrlFloat;

/** Functions that keep the kind of their number: integer gives integer, float gives float. */
function sameNumber(call: CallSite): Kind {
  const kind = call.kind('value') ?? NUMBER;
  if (isWithin(kind, KindBit.integer)) return INTEGER;
  return isWithin(kind, KindBit.float) ? FLOAT : NUMBER;
}

const abs = define({
  name: 'abs',
  params: [number('value')],
  returns: sameNumber,
  fallible: false,
  run: (value) => {
    if (value instanceof VrlFloat) return new VrlFloat(Math.abs(value.value));
    if (typeof value === 'number') return Math.abs(value);
    return wrapInteger(value < 0n ? -value : value);
  },
});

/** Applies a rounding to a float at some decimal place. */
function roundAt(value: VrlNumber, precision: number, rounding: (x: number) => number): VrlValue {
  if (!(value instanceof VrlFloat)) return value;
  const multiplier = 10 ** precision;
  const result = rounding(value.value * multiplier) / multiplier;
  // A precision beyond what floats reach leaves no number: that is 0 in the language.
  return new VrlFloat(Number.isNaN(result) ? 0 : result);
}

/** Rounds half away from zero; Math.round would take -2.5 to -2. */
function roundHalfAway(x: number): number {
  const whole = Math.trunc(x);
  return Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : whole;
}

const ROUNDINGS: readonly (readonly [string, (x: number) => number])[] = [
  ['ceil', Math.ceil],
  ['floor', Math.floor],
  ['round', roundHalfAway],
];

const roundings = ROUNDINGS.map(([name, rounding]) =>
  define({
    name,
    params: [number('value'), withDefault(count('precision'), 0)],
    returns: sameNumber,
    fallible: false,
    run: (value, precision) => roundAt(value, precision, rounding),
  }),
);

const mod = define({
  name: 'mod',
  params: [number('value', { lenient: true }), number('modulus', { lenient: true })],
  returns: (call) => {
    const value = call.kind('value') ?? NUMBER;
    const modulus = call.kind('modulus') ?? NUMBER;
    if (isWithin(value, KindBit.float) || isWithin(modulus, KindBit.float)) return FLOAT;
    return isWithin(value, KindBit.integer) && isWithin(modulus, KindBit.integer) ? INTEGER : NUMBER;
  },
  fallible: (call) => {
    const modulus = call.constant('modulus');
    const value = call.constant('value');
    if (value instanceof VrlFloat && !Number.isFinite(value.value)) return true;
    if (modulus instanceof VrlFloat) return modulus.value === 0;
    return modulus === undefined || modulus === 0;
  },
  run: (value, modulus) => {
    if (isZero(modulus)) throw fail("can't divide by zero");
    if (!isNumber(value) || !isNumber(modulus)) {
      const [left, right] = [valueKindText(value), valueKindText(modulus)];
      return fail(`can't calculate remainder of type ${left} and ${right}`);
    }
    if (value instanceof VrlFloat || modulus instanceof VrlFloat) {
      const rest = asFloat(value) % asFloat(modulus);
      if (Number.isNaN(rest)) throw fail('operation would produce NaN');
      return new VrlFloat(rest);
    }
    // Adding 0 turns -0 (of -4 % 2), which no integer is, into 0.
    if (typeof value === 'number' && typeof modulus === 'number') return (value % modulus) + 0;
    return wrapInteger(BigInt(value) % BigInt(modulus));
  },
});

function isZero(value: VrlValue): boolean {
  return value === 0 || (value instanceof VrlFloat && value.value === 0);
}

function isNumber(value: VrlValue): value is VrlNumber {
  return (kindBitOf(value) & (KindBit.integer | KindBit.float)) !== 0;
}

function asFloat(value: VrlNumber): number {
  return value instanceof VrlFloat ? value.value : Number(value);
}

const formatInt = define({
  name: 'format_int',
  params: [integer('value'), withDefault(integer('base'), 10)],
  returns: STRING,
  fallible: true,
  run: (value, base) => {
    if (base < 2 || base > 36) throw fail(`invalid base ${base}: must be be between 2 and 36 (inclusive)`);
    return value.toString(Number(base));
  },
});

const formatNumber = define({
  name: 'format_number',
  params: [
    number('value'),
    optional(count('scale')),
    withDefault(text('decimal_separator'), '.'),
    optional(text('grouping_separator')),
  ],
  returns: STRING,
  fallible: false,
  run: (value, scale, decimalSeparator, groupingSeparator) => {
    const plain = value instanceof VrlFloat ? floatText(value.value) : String(value);
    const [whole, fraction = ''] = plain.split('.') as [string, string?];
    const digits = scale === undefined ? fraction : fraction.slice(0, Math.max(scale, 0)).padEnd(scale, '0');
    const integral = groupingSeparator === undefined ? whole : groupThousands(whole, groupingSeparator);
    return digits === '' ? integral : integral + decimalSeparator + digits;
  },
});

/** Puts a separator every three characters from the right; a minus sign counts as a character. */
function groupThousands(whole: string, separator: string): string {
  const head = whole.length % 3;
  const groups = head === 0 ? [] : [whole.slice(0, head)];
  for (let i = head; i < whole.length; i += 3) groups.push(whole.slice(i, i + 3));
  return groups.join(separator);
}

export const functions: readonly FunctionDefinition[] = [abs, ...roundings, mod, formatInt, formatNumber];
