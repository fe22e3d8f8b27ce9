import { fail } from '../failure';
import { FLOAT } from '../types/kind';
import { VrlFloat } from '../value/value';
import { define, type FunctionDefinition } from './definition';
import { oneOf, text, withDefault } from './parameters';
import { quantityAt, scaleDecimal } from './units/quantity';

/** Units of time in nanoseconds. */
const DURATION_UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['ms', 1_000_000n],
  ['cs', 10_000_000n],
  ['ds', 100_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['d', 86_400_000_000_000n],
  ['w', 604_800_000_000_000n],
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
      sum += scaleDecimal(quantity.number, unit, target);
      position = quantity.end;
    }
    return new VrlFloat(sum);
  },
});

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

/** Longest name of a unit of size, in characters. */
const SIZE_UNIT_LENGTH = 3;

const parseBytes = define({
  name: 'parse_bytes',
  params: [text('value'), text('unit'), withDefault(oneOf('base', ['2', '10']), '2')],
  returns: FLOAT,
  fallible: true,
  run: (value, unitName, base) => {
    const units = base === '2' ? BINARY_UNITS : DECIMAL_UNITS;
    const target = units.get(unitName);
    if (target === undefined) throw fail(`unknown unit format: '${unitName}'`);
    const quantity = quantityAt(value, 0, SIZE_UNIT_LENGTH);
    if (
      quantity === undefined ||
      quantity.start !== 0 ||
      quantity.end !== value.length ||
      quantity.unit.includes('µ')
    ) {
      throw fail(`unable to parse bytes: '${value}'`);
    }
    const unit = units.get(quantity.unit);
    if (unit === undefined) throw fail(`unknown bytes unit: '${quantity.unit}'`);
    return new VrlFloat(scaleDecimal(quantity.number, unit, target));
  },
});

export const functions: readonly FunctionDefinition[] = [parseDuration, parseBytes];
