import { kindBitOf } from '../value/kind-of';
import { KindBit, type VrlArray, type VrlObject, type VrlValue } from '../value/value';
import { arrayOf, kindOfBits, NEVER, objectOfKind, type Kind } from './kind';

/** The exact kind of a value: collections are known member by member. */
export function kindOfValue(value: VrlValue): Kind {
  const bit = kindBitOf(value);
  if (bit === KindBit.array) {
    return arrayOf(NEVER, new Map((value as VrlArray).map((member, index) => [index, kindOfValue(member)])));
  }
  if (bit === KindBit.object) {
    const object = value as VrlObject;
    return objectOfKind(NEVER, new Map(Object.keys(object).map((key) => [key, kindOfValue(object[key] as VrlValue)])));
  }
  return kindOfBits(bit);
}
