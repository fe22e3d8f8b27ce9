import { stringFromBytes, wellFormed } from './bytes';
import { normalizeInteger, wrapInteger, fitsI64 } from './integer';
import { emptyObject, VrlFloat, VrlScalar, VrlTimestamp, type VrlValue } from './value';

/** Nesting that no record needs and every stack survives. */
const MAX_DEPTH = 512;

/**
 * Makes a value of plain JavaScript data: whole numbers become integers, other numbers floats (NaN null), dates
 * timestamps, Uint8Arrays strings, undefined null. Values of the language stay as they are.
 *
 * @throws RangeError for nesting beyond 512 levels and bigints beyond 64 bits
 */
export function fromJs(value: unknown, depth = 0): VrlValue {
  if (depth > MAX_DEPTH) throw new RangeError(`value is nested deeper than ${MAX_DEPTH} levels`);
  switch (typeof value) {
    case 'string':
      return wellFormed(value);
    case 'boolean':
      return value;
    case 'number':
      if (Number.isInteger(value) && !Object.is(value, -0)) {
        return Number.isSafeInteger(value)
          ? value
          : fitsI64(BigInt(value))
            ? wrapInteger(BigInt(value))
            : new VrlFloat(value);
      }
      return Number.isNaN(value) ? null : new VrlFloat(value);
    case 'bigint':
      if (!fitsI64(value)) throw new RangeError('integer does not fit 64 bits');
      return normalizeInteger(value);
    case 'object':
      break;
    default:
      return null;
  }
  if (value === null) return null;
  if (value instanceof VrlScalar) return value as VrlValue;
  if (Array.isArray(value)) return value.map((member) => fromJs(member, depth + 1));
  if (value instanceof Date) return VrlTimestamp.fromEpochMs(value.getTime());
  if (value instanceof Uint8Array) return stringFromBytes(value);
  const object = emptyObject();
  for (const key of Object.keys(value))
    object[wellFormed(key)] = fromJs((value as Record<string, unknown>)[key], depth + 1);
  return object;
}
