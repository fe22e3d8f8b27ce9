/** What a whole-number key counts. */
export type Unit = 'bytes' | 'milliseconds' | 'seconds' | 'count';

const KIB = 1024;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

const BYTE_SUFFIXES: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KiB', KIB],
  ['MiB', KIB ** 2],
  ['GiB', KIB ** 3],
]);

/** In milliseconds. */
const TIME_SUFFIXES: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', SECOND],
  ['m', MINUTE],
  ['h', 60 * MINUTE],
  ['d', 24 * 60 * MINUTE],
]);

interface UnitRule {
  readonly suffixes: ReadonlyMap<string, number>;
  /** How much of the suffixes' base one unit is. */
  readonly scale: number;
  readonly hint: string;
}

const UNITS: Readonly<Record<Unit, UnitRule>> = {
  bytes: { suffixes: BYTE_SUFFIXES, scale: 1, hint: ' of bytes (or with B, KiB, MiB, GiB)' },
  milliseconds: { suffixes: TIME_SUFFIXES, scale: 1, hint: ' of milliseconds (or with ms, s, m, h, d)' },
  seconds: { suffixes: TIME_SUFFIXES, scale: SECOND, hint: ' of seconds (or with s, m, h, d)' },
  count: { suffixes: new Map(), scale: 1, hint: '' },
};

/** How a whole number of the unit may be written, for messages and the reference. */
export function quantityHint(unit: Unit): string {
  return `whole number${UNITS[unit].hint}`;
}

/**
 * Reads a whole number, with or without a suffix of its unit.
 *
 * @param input - a number, or text such as `16MiB` or `90 s`
 * @returns the quantity in `unit`, undefined when the input is no whole number of it
 *
 * @example
 * parseQuantity('2m', 'seconds'); // 120
 * parseQuantity(4096, 'bytes'); // 4096
 * parseQuantity('1ms', 'seconds'); // undefined
 */
export function parseQuantity(input: unknown, unit: Unit): number | undefined {
  if (typeof input === 'number') return Number.isSafeInteger(input) ? input : undefined;
  if (typeof input !== 'string') return undefined;
  const match = /^(-?\d+) ?([A-Za-z]*)$/.exec(input);
  if (match === null) return undefined;
  const [, digits, suffix] = match;
  const rule = UNITS[unit];
  const factor = suffix === '' ? rule.scale : rule.suffixes.get(suffix ?? '');
  if (factor === undefined) return undefined;
  const value = (Number(digits) * factor) / rule.scale;
  return Number.isSafeInteger(value) ? value : undefined;
}
