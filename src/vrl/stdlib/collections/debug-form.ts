import { formatRfc3339 } from '../../time';
import { bytesOf } from '../../value/bytes';
import { sortedKeys } from '../../value/compare';
import { floatJson } from '../../value/float';
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
 * The form of a value that a few messages of the language show: the kind by its inner name with the value in it.
 *
 * @example debugForm(1) // 'Integer(1)'
 */
export function debugForm(value: VrlValue): string {
  switch (kindBitOf(value)) {
    case KindBit.string:
      return `Bytes(b"${escapeBytes(bytesOf(value as VrlString))}")`;
    case KindBit.integer:
      return `Integer(${value as number})`;
    case KindBit.float:
      return `Float(NotNan(${floatJson((value as VrlFloat).value)}))`;
    case KindBit.boolean:
      return `Boolean(${value as boolean})`;
    case KindBit.timestamp:
      return `Timestamp(${formatRfc3339(value as VrlTimestamp)})`;
    case KindBit.regex:
      return `Regex(ValueRegex(Regex(${JSON.stringify((value as VrlRegex).source)})))`;
    case KindBit.array:
      return `Array([${(value as VrlArray).map(debugForm).join(', ')}])`;
    case KindBit.object: {
      const object = value as VrlObject;
      const members = sortedKeys(object).map(
        (key) => `KeyString(${JSON.stringify(key)}): ${debugForm(object[key] as VrlValue)}`,
      );
      return `Object({${members.join(', ')}})`;
    }
    default:
      return 'Null';
  }
}

function escapeBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 0x22 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`;
    else if (byte === 0x0a) text += '\\n';
    else if (byte === 0x0d) text += '\\r';
    else if (byte === 0x09) text += '\\t';
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}
