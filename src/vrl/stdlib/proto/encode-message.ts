import { Enum, MapField, Type, type Field } from 'protobufjs';
import { fail } from '../../failure';
import { formatRfc3339 } from '../../time';
import { bytesOf, textOf } from '../../value/bytes';
import { floatText } from '../../value/float';
import { isObject, kindBitOf, kindOf } from '../../value/kind-of';
import {
  KindBit,
  VrlBytes,
  VrlFloat,
  VrlRegex,
  VrlTimestamp,
  type VrlObject,
  type VrlString,
  type VrlValue,
} from '../../value/value';

/** Messages within messages. */
const MAX_NESTING = 100;

/** What a value is encoded with. */
interface Options {
  /** Makes text of numbers, booleans and timestamps where a string is wanted. */
  readonly lossyStrings: boolean;
}

/**
 * Encodes an object as a message. Members that the type does not know are left out, and so are nulls.
 *
 * @throws Failure for a value that its field cannot hold
 */
export function encodeMessage(type: Type, value: VrlValue, options: Options): Uint8Array {
  if (!isObject(value)) throw fail(`Cannot encode \`${kindOf(value)}\` into protobuf message`);
  const writer = type.encode(messageOf(type, value, options, 1) as never);
  return writer.finish();
}

type Members = Record<string, unknown>;

function messageOf(type: Type, object: VrlObject, options: Options, nesting: number): Members {
  if (nesting > MAX_NESTING) throw fail('the value is nested too deep');
  const message = Object.create(null) as Members;
  for (const field of type.fieldsArray) {
    const value = object[field.name];
    if (value === undefined || value === null) continue;
    message[field.name] = explained(field.name, () => memberOf(field, value, options, nesting));
  }
  return message;
}

/** Names the field in what went wrong. */
function explained<T>(name: string, convert: () => T): T {
  try {
    return convert();
  } catch (error) {
    const reason = (error as { readonly message?: unknown }).message;
    throw fail(`Error converting ${name} field: ${String(reason)}`);
  }
}

function memberOf(field: Field, value: VrlValue, options: Options, nesting: number): unknown {
  if (field instanceof MapField) {
    if (!isObject(value)) throw unfit(value, 'map');
    const members = Object.create(null) as Members;
    for (const key of Object.keys(value)) members[key] = itemOf(field, value[key] as VrlValue, options, nesting);
    return members;
  }
  if (!field.repeated) return itemOf(field, value, options, nesting);
  if (!Array.isArray(value)) throw unfit(value, `repeated ${field.type}`);
  return value.map((item) => itemOf(field, item, options, nesting));
}

function itemOf(field: Field, value: VrlValue, options: Options, nesting: number): unknown {
  const { resolvedType } = field;
  if (resolvedType instanceof Enum) return enumNumber(resolvedType, value);
  if (resolvedType instanceof Type) {
    if (value instanceof VrlTimestamp && resolvedType.fullName === '.google.protobuf.Timestamp') {
      return { seconds: bitsOf(BigInt(value.seconds)), nanos: value.nanos };
    }
    if (isObject(value)) return messageOf(resolvedType, value, options, nesting + 1);
    throw unfit(value, 'message');
  }
  switch (field.type) {
    case 'string':
      return textFor(value, options);
    case 'bytes':
      if (kindBitOf(value) === KindBit.string) return bytesOf(value as VrlString);
      if (value instanceof VrlRegex) return bytesOf(value.source);
      break;
    case 'bool':
      if (typeof value === 'boolean') return value;
      break;
    case 'float':
    case 'double':
      if (value instanceof VrlFloat) return value.value;
      if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
      break;
    default: {
      const integer = value instanceof VrlTimestamp ? value.epochNanos / 1000n : value;
      if (typeof integer !== 'number' && typeof integer !== 'bigint') break;
      return field.type.endsWith('64') ? bitsOf(BigInt(integer)) : Number(BigInt.asIntN(32, BigInt(integer)));
    }
  }
  throw unfit(value, field.type);
}

/** A 64-bit integer in the library's form. */
function bitsOf(value: bigint): { low: number; high: number; unsigned: boolean } {
  return {
    low: Number(BigInt.asIntN(32, value)),
    high: Number(BigInt.asIntN(32, value >> 32n)),
    unsigned: false,
  };
}

function enumNumber(type: Enum, value: VrlValue): number {
  if (typeof value === 'number') return value;
  if (kindBitOf(value) !== KindBit.string) throw unfit(value, 'enum');
  const name = textOf(value as VrlString);
  const wanted = name.toLowerCase();
  for (const [known, number] of Object.entries(type.values)) {
    if (known.toLowerCase() === wanted) return number;
  }
  throw fail(`Enum \`${type.fullName.slice(1)}\` has no value that matches string '${name}'`);
}

function textFor(value: VrlValue, options: Options): string {
  if (typeof value === 'string') return value;
  if (value instanceof VrlBytes) return textOf(value);
  if (value instanceof VrlRegex) return value.source;
  if (options.lossyStrings) {
    if (value instanceof VrlFloat) return floatText(value.value);
    if (value instanceof VrlTimestamp) return formatRfc3339(value);
    if (value !== null && typeof value !== 'object') return String(value);
  }
  throw unfit(value, 'string');
}

function unfit(value: VrlValue, type: string) {
  return fail(`Cannot encode \`${kindOf(value)}\` into protobuf \`${type}\``);
}
