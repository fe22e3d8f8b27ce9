import { fail, Failure } from '../failure';
import { FLOAT } from '../types/kind';
import { VrlFloat } from '../value/value';
import { define, type FunctionDefinition } from './definition';
import { oneOf, text, withDefault } from './parameters';
import { byteSize } from './units/byte-size';
import { floatFromDecimal, readDecimal, scaleDecimal, type Decimal } from './units/decimal';
import { quantityAt } from './units/quantity';

/** Units of time in seconds. */
const DURATION_UNITS: ReadonlyMap<string, Decimal> = new Map([
  ['ns', { mantissa: 1n, scale: 9 }],
  ['us', { mantissa: 1n, scale: 6 }],
  ['µs', { mantissa: 1n, scale: 6 }],
  ['ms', { mantissa: 1n, scale: 3 }],
  ['cs', { mantissa: 1n, scale: 2 }],
  ['ds', { mantissa: 1n, scale: 1 }],
  ['s', { mantissa: 1n, scale: 0 }],
  ['m', { mantissa: 60n, scale: 0 }],
  ['h', { mantissa: 3_600n, scale: 0 }],
  ['d', { mantissa: 86_400n, scale: 0 }],
  ['w', { mantissa: 604_800n, scale: 0 }],
]);

/** Longest name of a unit of time, in characters. */
const DURATION_UNIT_LENGTH = 2;

const parseDuration = define({
  name: 'parse_duration',
  params: [text('value'), text('unit')],
  returns: FLOAT,
  fallible: true,
  run: (value, unitName) => {
    const target = DURATION_UNITS.get(unitName);
    if (target === undefined) throw fail(`unknown unit format: '${unitName}'`);
    let sum = 0;
    let position = 0;
    while (position < value.length) {
      const quantity = quantityAt(value, position, DURATION_UNIT_LENGTH);
      if (quantity === undefined) throw fail(`unable to parse duration: '${value.slice(position)}'`);
      const unit = DURATION_UNITS.get(quantity.unit);
      if (unit === undefined) throw fail(`unknown duration unit: '${quantity.unit}'`);
      const scaled = scaleDecimal(readDecimal(quantity.number), unit, target);
      if (scaled === undefined) throw fail(`unable to format duration: '${quantity.number}'`);
      sum += floatFromDecimal(scaled);
      position = quantity.end;
    }
    return new VrlFloat(sum);
  },
});

const ONE: Decimal = { mantissa: 1n, scale: 0 };

const PREFIXES = ['K', 'M', 'G', 'T', 'P', 'E'];

/** Units of size: to the base 2 the names with and without an i mean the same. */
const BINARY_UNITS: ReadonlyMap<string, bigint> = new Map([
  ['B', 1n],
  ...PREFIXES.flatMap((prefix, i): [string, bigint][] => {
    const size = 1024n ** BigInt(i + 1);
    return [
      [`${prefix}iB`, size],
      [`${prefix}B`, size],
    ];
  }),
]);
const DECIMAL_UNITS: ReadonlyMap<string, bigint> = new Map([
  ['B', 1n],
  ...PREFIXES.map((prefix, i): [string, bigint] => [`${prefix === 'K' ? 'k' : prefix}B`, 1000n ** BigInt(i + 1)]),
]);

const parseBytes = define({
  name: 'parse_bytes',
  params: [text('value'), text('unit'), withDefault(oneOf('base', ['2', '10']), '2')],
  returns: FLOAT,
  fallible: true,
  run: (value, unitName, base) => {
    const units = base === '2' ? BINARY_UNITS : DECIMAL_UNITS;
    const target = units.get(unitName);
    if (target === undefined) throw fail(`unknown unit format: '${unitName}'`);
    const size = byteSize(value, base === '2' ? 1024n : 1000n);
    if (size instanceof Failure) return size;
    const scaled = scaleDecimal({ mantissa: size, scale: 0 }, ONE, { mantissa: target, scale: 0 }) ?? ONE;
    return new VrlFloat(floatFromDecimal(scaled));
  },
});

export const functions: readonly FunctionDefinition[] = [parseDuration, parseBytes];
