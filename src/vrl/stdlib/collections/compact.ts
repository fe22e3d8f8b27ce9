import { isObject, kindBitOf } from '../../value/kind-of';
import { emptyObject, KindBit, VrlBytes, type VrlArray, type VrlObject, type VrlValue } from '../../value/value';
import { trimWhiteSpace } from '../text/white-space';

/** What counts as empty. */
export interface Emptiness {
  readonly recursive: boolean;
  readonly null: boolean;
  readonly string: boolean;
  readonly object: boolean;
  readonly array: boolean;
  /** Blank strings and "-" too. */
  readonly nullish: boolean;
}

/** A copy without the empty members; members are compacted first, so that one that becomes empty goes too. */
export function compacted<T extends VrlArray | VrlObject>(value: T, emptiness: Emptiness): VrlArray | VrlObject {
  if (Array.isArray(value)) {
    const rest: VrlArray = [];
    for (const member of value) {
      const kept = compactMember(member, emptiness);
      if (!isEmpty(kept, emptiness)) rest.push(kept);
    }
    return rest;
  }
  const rest = emptyObject();
  for (const key of Object.keys(value)) {
    const kept = compactMember((value as VrlObject)[key] as VrlValue, emptiness);
    if (!isEmpty(kept, emptiness)) rest[key] = kept;
  }
  return rest;
}

function compactMember(member: VrlValue, emptiness: Emptiness): VrlValue {
  return emptiness.recursive && (Array.isArray(member) || isObject(member)) ? compacted(member, emptiness) : member;
}

function isEmpty(value: VrlValue, emptiness: Emptiness): boolean {
  switch (kindBitOf(value)) {
    case KindBit.null:
      return emptiness.null || emptiness.nullish;
    case KindBit.string:
      // Bytes that are no text are neither empty nor blank.
      if (value instanceof VrlBytes) return false;
      return (emptiness.string && value === '') || (emptiness.nullish && isBlank(value as string));
    case KindBit.array:
      return emptiness.array && (value as VrlArray).length === 0;
    case KindBit.object:
      return emptiness.object && Object.keys(value as VrlObject).length === 0;
    default:
      return false;
  }
}

function isBlank(text: string): boolean {
  return text === '-' || trimWhiteSpace(text) === '';
}
