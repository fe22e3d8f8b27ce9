const FLOAT = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/;
const INTEGER = /^(0x[0-9a-f]+|0o[0-7]+|0b[01]+|\d+)$/;
const MAX_INT64 = 2n ** 63n - 1n;

export type NumberLiteral =
  | { readonly kind: 'integer'; readonly value: number | bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Value of a number as written. A leading zero does not make it octal. */
export function parseNumber(written: string): NumberLiteral {
  const text = written.replaceAll('_', '').toLowerCase();
  if (INTEGER.test(text)) {
    const value = BigInt(text);
    if (value > MAX_INT64) return { kind: 'invalid', reason: 'the integer does not fit into 64 bits' };
    return { kind: 'integer', value: value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value };
  }
  if (FLOAT.test(text)) {
    const value = Number(text);
    if (!Number.isFinite(value)) return { kind: 'invalid', reason: 'the number does not fit into 64 bits' };
    return { kind: 'float', value };
  }
  return { kind: 'invalid', reason: 'this is not a number' };
}
