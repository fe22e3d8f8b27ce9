import { KindBit, VrlScalar, type VrlValue } from './value';

/** Name of a value's kind as the language spells it. */
export type KindName = 'string' | 'integer' | 'float' | 'boolean' | 'timestamp' | 'regex' | 'null' | 'array' | 'object';

/** The {@link KindBit} of a value. */
export function kindBitOf(value: VrlValue): number {
  switch (typeof value) {
    case 'string':
      return KindBit.string;
    case 'number':
    case 'bigint':
      return KindBit.integer;
    case 'boolean':
      return KindBit.boolean;
    default:
      if (value === null) return KindBit.null;
      if (Array.isArray(value)) return KindBit.array;
      return value instanceof VrlScalar ? value.kind : KindBit.object;
  }
}

const NAME_BY_BIT = new Map<number, KindName>([
  [KindBit.string, 'string'],
  [KindBit.integer, 'integer'],
  [KindBit.float, 'float'],
  [KindBit.boolean, 'boolean'],
  [KindBit.timestamp, 'timestamp'],
  [KindBit.regex, 'regex'],
  [KindBit.null, 'null'],
  [KindBit.array, 'array'],
  [KindBit.object, 'object'],
]);

/**
 * Tells the kind of a value.
 *
 * @example kindOf(new VrlFloat(1)) // 'float'
 */
export function kindOf(value: VrlValue): KindName {
  return NAME_BY_BIT.get(kindBitOf(value)) as KindName;
}

/** Tells objects (string-keyed collections) from every other value. */
export function isObject(value: VrlValue): value is { [key: string]: VrlValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof VrlScalar);
}
