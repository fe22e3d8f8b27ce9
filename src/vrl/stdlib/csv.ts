import { fail } from '../failure';
import { arrayOf, STRING } from '../types/kind';
import { bytesOf, concatStrings, stringFromBytes } from '../value/bytes';
import { kindBitOf } from '../value/kind-of';
import { KindBit, type VrlString, type VrlValue } from '../value/value';
import { wrongKind } from './bind';
import { define, type FunctionDefinition } from './definition';
import { any, string, withDefault } from './parameters';

/** The delimiter as a byte, which it must be. */
function delimiterByte(delimiter: VrlString): number {
  const bytes = bytesOf(delimiter);
  const byte = bytes[0];
  if (byte === undefined || bytes.length !== 1) throw fail('delimiter must be a single character');
  return byte;
}

const parseCsv = define({
  name: 'parse_csv',
  params: [string('value'), withDefault(string('delimiter'), ',')],
  returns: arrayOf(STRING),
  fallible: true,
  fresh: true,
  run: (value, delimiter) => {
    const separator = String.fromCharCode(delimiterByte(delimiter));
    if (typeof value === 'string') return firstRecord(value, separator);
    const bytes = Array.from(value.bytes, (byte) => String.fromCharCode(byte)).join('');
    return firstRecord(bytes, separator).map((field) =>
      stringFromBytes(Uint8Array.from(field, (char) => char.charCodeAt(0))),
    );
  },
});

/** Fields of the first record that is not empty (RFC 4180, and lines may end in CR, LF or both). */
function firstRecord(text: string, separator: string): string[] {
  let position = 0;
  while (text[position] === '\n' || text[position] === '\r') position++;
  const fields: string[] = [];
  if (position === text.length) return fields;
  for (;;) {
    let field = '';
    if (text[position] === '"') {
      // Up to the closing quote, then as any other text up to the separator.
      let close = text.indexOf('"', ++position);
      while (close !== -1 && text[close + 1] === '"') {
        field += text.slice(position, close + 1);
        position = close + 2;
        close = text.indexOf('"', position);
      }
      field += text.slice(position, close === -1 ? text.length : close);
      position = close === -1 ? text.length : close + 1;
    }
    const start = position;
    while (position < text.length && text[position] !== separator) {
      if (text[position] === '\n' || text[position] === '\r') break;
      position++;
    }
    fields.push(field + text.slice(start, position));
    if (text[position] !== separator) return fields;
    position++;
  }
}

const encodeCsv = define({
  name: 'encode_csv',
  params: [any('value'), withDefault(string('delimiter'), ',')],
  returns: STRING,
  fallible: true,
  run: (value, delimiter) => {
    const separator = stringFromBytes(Uint8Array.of(delimiterByte(delimiter)));
    if (!Array.isArray(value)) throw wrongKind(KindBit.array, value);
    let record: VrlString = '';
    value.forEach((member, i) => {
      record = concatStrings(i === 0 ? record : concatStrings(record, separator), quoted(fieldOf(member), separator));
    });
    // A record of nothing would be an empty line, which readers skip.
    return record === '' ? '""' : record;
  },
});

function fieldOf(member: VrlValue): VrlString {
  if (kindBitOf(member) !== KindBit.string) throw wrongKind(KindBit.string, member);
  return member as VrlString;
}

const QUOTE = 0x22;

/** The field in quotes when it has a separator, a quote or a line break in it. */
function quoted(field: VrlString, separator: VrlString): VrlString {
  if (typeof field === 'string' && typeof separator === 'string') {
    if (!/["\r\n]/.test(field) && !field.includes(separator)) return field;
    return `"${field.replace(/"/g, '""')}"`;
  }
  const [byte] = bytesOf(separator);
  const bytes = Array.from(bytesOf(field));
  if (!bytes.some((b) => b === byte || b === QUOTE || b === 0x0a || b === 0x0d)) return field;
  return stringFromBytes(Uint8Array.from([QUOTE, ...bytes.flatMap((b) => (b === QUOTE ? [b, b] : [b])), QUOTE]));
}

export const functions: readonly FunctionDefinition[] = [parseCsv, encodeCsv];
