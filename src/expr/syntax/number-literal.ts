import { showText } from './show';

const FLOAT = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/;
const INTEGER = /^(0x[0-9a-f]+|0o[0-7]+|0b[01]+|\d+)$/;
const MAX_INT64 = 2n ** 63n - 1n;

export type NumberLiteral =
  | { readonly kind: 'integer'; readonly value: number | bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Value of a number as written. A leading zero does not make it octal. */
export function parseNumber(written: string): NumberLiteral {
  const plain = written.replaceAll('_', '');
  const text = plain.toLowerCase();
  if (INTEGER.test(text)) {
    const value = BigInt(text);
    if (value > MAX_INT64) return { kind: 'invalid', reason: invalidInteger(text, plain, 'value out of range') };
    return { kind: 'integer', value: value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value };
  }
  if (FLOAT.test(text)) {
    const value = Number(text);
    if (!Number.isFinite(value)) return { kind: 'invalid', reason: invalidFloat(plain, 'value out of range') };
    return { kind: 'float', value };
  }
  const reason = /^0x|^0[bo][0-9]*$|^[0-9]+$/.test(text)
    ? invalidInteger(text, plain, SYNTAX)
    : invalidFloat(plain, SYNTAX);
  return { kind: 'invalid', reason };
}

const SYNTAX = 'invalid syntax';
const NAMES: ReadonlyMap<string, string> = new Map([
  ['0x', 'hex'],
  ['0o', 'octal'],
  ['0b', 'binary'],
]);

function invalidInteger(text: string, written: string, why: string): string {
  return `invalid ${NAMES.get(text.slice(0, 2)) ?? 'integer'} literal: strconv.ParseInt: parsing ${showText(written)}: ${why}`;
}

function invalidFloat(written: string, why: string): string {
  return `invalid float literal: strconv.ParseFloat: parsing ${showText(written)}: ${why}`;
}
