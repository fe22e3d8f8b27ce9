import { bytesOf } from '../../value/bytes';
import { sortedKeys } from '../../value/compare';
import { kindBitOf } from '../../value/kind-of';
import {
  KindBit,
  type VrlArray,
  type VrlFloat,
  type VrlObject,
  type VrlRegex,
  type VrlString,
  type VrlTimestamp,
  type VrlValue,
} from '../../value/value';

/**
 * A text that two values share exactly when they are strictly equal (1 and 1.0 are not), so that values can be keys of
 * a Map.
 */
export function identityOf(value: VrlValue): string {
  switch (kindBitOf(value)) {
    case KindBit.string:
      // Valid and invalid UTF-8 differ in their first letter; JSON quoting keeps the ends apart inside collections.
      return typeof value === 'string' ? JSON.stringify(value) : `x${bytesOf(value as VrlString).join()}`;
    case KindBit.float: {
      const number = (value as VrlFloat).value;
      return `f${number}`;
    }
    case KindBit.timestamp:
      return `t${(value as VrlTimestamp).epochNanos}`;
    case KindBit.regex:
      return `r${JSON.stringify((value as VrlRegex).source)}`;
    case KindBit.array:
      return `[${(value as VrlArray).map(identityOf).join()}]`;
    case KindBit.object: {
      const object = value as VrlObject;
      return `{${sortedKeys(object)
        .map((key) => `${JSON.stringify(key)}:${identityOf(object[key] as VrlValue)}`)
        .join()}}`;
    }
    default:
      return String(value);
  }
}
