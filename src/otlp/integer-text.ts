const MAX_UINT64 = 2n ** 64n - 1n;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT32 = 4294967295;
const MIN_INT32 = -2147483648;
const MAX_INT32 = 2147483647;

/** An integer as we write it: no leading zeros, no minus zero; 20 digits hold any 64-bit integer. */
const CANONICAL_INTEGER = /^(?:0|-?[1-9]\d{0,19})$/;

/** True for the canonical decimal text of an unsigned 64-bit integer. */
export function isUint64Text(text: string): boolean {
  return isIntegerBetween(text, 0n, MAX_UINT64);
}

/** True for the canonical decimal text of a signed 64-bit integer. */
export function isInt64Text(text: string): boolean {
  return isIntegerBetween(text, MIN_INT64, MAX_INT64);
}

/** The unsigned 32-bit integer of a canonical decimal text, undefined for any other text. */
export function uint32OfText(text: string): number | undefined {
  return intOfText(text, 0, MAX_UINT32);
}

/** The signed 32-bit integer of a canonical decimal text, undefined for any other text. */
export function int32OfText(text: string): number | undefined {
  return intOfText(text, MIN_INT32, MAX_INT32);
}

function isIntegerBetween(text: string, min: bigint, max: bigint): boolean {
  if (!CANONICAL_INTEGER.test(text)) return false;
  const integer = BigInt(text);
  return integer >= min && integer <= max;
}

function intOfText(text: string, min: number, max: number): number | undefined {
  if (!CANONICAL_INTEGER.test(text)) return undefined;
  const integer = Number(text);
  return integer >= min && integer <= max ? integer : undefined;
}
