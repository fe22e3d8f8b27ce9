import { fail } from '../failure';
import { FLOAT, INTEGER } from '../types/kind';
import { fitsI64, normalizeInteger } from '../value/integer';
import { debugText } from '../value/text-forms';
import type { VrlInteger } from '../value/value';
import { floatFromText } from './coerce';
import { define, type FunctionDefinition } from './definition';
import { count, optional, text } from './parameters';

const parseInt64 = define({
  name: 'parse_int',
  params: [text('value'), optional(count('base'))],
  returns: INTEGER,
  fallible: true,
  run: (value, base) => {
    if (base !== undefined) {
      if (base < 2 || base > 36)
        throw fail(`invalid base ${debugText(value)}: must be be between 2 and 36 (inclusive)`);
      return integerInBase(value, base);
    }
    if (value === '') throw fail('value is empty');
    if (value[0] !== '0') return integerInBase(value, 10);
    switch (value[1]) {
      case 'b':
        return integerInBase(value.slice(2), 2);
      case 'o':
        return integerInBase(value.slice(2), 8);
      case 'x':
        return integerInBase(value.slice(2), 16);
      default:
        return integerInBase(value, 8);
    }
  },
});

/** Reads digits with an optional sign, in the words of Rust's parser when that fails. */
function integerInBase(value: string, base: number): VrlInteger {
  if (value === '') throw fail('could not parse integer: cannot parse integer from empty string');
  const negative = value[0] === '-';
  const start = negative || value[0] === '+' ? 1 : 0;
  if (start === value.length) throw invalidDigit();
  let small = 0;
  let large: bigint | undefined;
  for (let i = start; i < value.length; i++) {
    const digit = digitValue(value.charCodeAt(i));
    if (digit >= base) throw invalidDigit();
    if (large === undefined) {
      const next = small * base + digit;
      if (Number.isSafeInteger(next)) {
        small = next;
        continue;
      }
      large = BigInt(small);
    }
    large = large * BigInt(base) + BigInt(digit);
    if (!fitsI64(negative ? -large : large)) {
      throw fail(`could not parse integer: number too ${negative ? 'small' : 'large'} to fit in target type`);
    }
  }
  if (large !== undefined) return normalizeInteger(negative ? -large : large);
  return negative ? -small + 0 : small;
}

function invalidDigit() {
  return fail('could not parse integer: invalid digit found in string');
}

/** The value of 0-9, a-z and A-Z; Infinity for anything else. */
function digitValue(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  if (unit >= 0x61 && unit <= 0x7a) return unit - 0x61 + 10;
  if (unit >= 0x41 && unit <= 0x5a) return unit - 0x41 + 10;
  return Infinity;
}

const parseFloat64 = define({
  name: 'parse_float',
  params: [text('value')],
  returns: FLOAT,
  fallible: true,
  run: (value) => floatFromText(value),
});

export const functions: readonly FunctionDefinition[] = [parseInt64, parseFloat64];
