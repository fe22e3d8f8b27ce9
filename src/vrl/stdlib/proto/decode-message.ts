import { Enum, MapField, Type, util, type Field } from 'protobufjs';
import { stringFromBytes, wellFormed } from '../../value/bytes';
import { wrapInteger } from '../../value/integer';
import { emptyObject, VrlFloat, type VrlObject, type VrlValue } from '../../value/value';

/** A 64-bit integer as the library has it. */
interface LongBits {
  readonly low: number;
  readonly high: number;
}

/**
 * Decodes a message: names of enum values, bytes as strings, keys of maps as text. Fields at their default are left out
 * unless the message tells them from absent ones.
 *
 * @throws Error of the library for bytes that are no such message
 */
export function decodeMessage(type: Type, bytes: Uint8Array): VrlObject {
  return messageValue(type, type.decode(bytes) as unknown as Members);
}

type Members = Readonly<Record<string, unknown>>;

function messageValue(type: Type, message: Members): VrlObject {
  const object = emptyObject();
  for (const field of type.fieldsArray) {
    if (!Object.hasOwn(message, field.name)) continue;
    const member = message[field.name];
    // The library gives every message its collections, empty when there was nothing.
    if (field instanceof MapField) {
      if (Object.keys(member as Members).length > 0) object[field.name] = mapValue(field, member as Members);
    } else if (field.repeated) {
      const items = member as readonly unknown[];
      if (items.length > 0) object[field.name] = items.map((item) => fieldValue(field, item));
    } else if (isPresent(field, member)) object[field.name] = fieldValue(field, member);
  }
  return object;
}

function isPresent(field: Field, member: unknown): boolean {
  if (field.resolvedType instanceof Type || field.hasPresence) return true;
  if (isLong(member)) return member.low !== 0 || member.high !== 0;
  if (member instanceof Uint8Array) return member.length > 0;
  return member !== 0 && member !== false && member !== '';
}

function mapValue(field: MapField, members: Members): VrlObject {
  const object = emptyObject();
  for (const key of Object.keys(members)) object[keyText(field, key)] = fieldValue(field, members[key]);
  return object;
}

const UNSIGNED_KEYS = new Set(['uint64', 'fixed64']);
const LONG_KEYS = new Set([...UNSIGNED_KEYS, 'int64', 'sint64', 'sfixed64']);

/** The library keeps keys of 64 bits as eight characters. */
function keyText(field: MapField, key: string): string {
  if (!LONG_KEYS.has(field.keyType) || key.length !== 8) return wellFormed(key);
  const bits = util.LongBits.fromHash(key);
  return String(longOf({ low: bits.lo, high: bits.hi }, UNSIGNED_KEYS.has(field.keyType)));
}

function longOf({ low, high }: LongBits, unsigned: boolean): bigint {
  const value = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  return unsigned ? value : BigInt.asIntN(64, value);
}

function isLong(value: unknown): value is LongBits {
  return typeof value === 'object' && value !== null && 'low' in value && 'high' in value;
}

function fieldValue(field: Field | MapField, value: unknown): VrlValue {
  const { resolvedType } = field;
  if (resolvedType instanceof Type) return messageValue(resolvedType, value as Members);
  if (resolvedType instanceof Enum) return resolvedType.valuesById[value as number] ?? (value as number);
  if (isLong(value)) return wrapInteger(longOf(value, false));
  if (value instanceof Uint8Array) return stringFromBytes(Uint8Array.from(value));
  if (typeof value === 'string') return wellFormed(value);
  if (typeof value === 'boolean') return value;
  const number = Number(value);
  if (field.type !== 'float' && field.type !== 'double') return number;
  // NaN, which the language does not have, is zero.
  return new VrlFloat(Number.isNaN(number) ? 0 : number);
}
