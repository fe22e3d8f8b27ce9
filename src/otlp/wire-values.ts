import type { FieldNode } from './field-node';
import { BODY_FIELD } from './field-names';
import type { KeyColumns } from './key-columns';
import { doubleText, int64Text } from './number-text';
import type { RecordColumns } from './record-columns';
import { utf8Text } from './utf8-text';
import * as wire from './wire-fields';
import type { WireReader } from './wire-reader';

/** Tag of a value that has no member: an empty AnyValue. */
export const NO_VALUE = 0;
/** Lengths below take one byte on the wire. */
const MIN_TWO_BYTE_VARINT = 0x80;

/** Reads attributes and other values from the wire and sets their fields in the row under construction. */
export class WireValues {
  /** The AnyValue found last: tag of its member, and where that member's content is. */
  tag = NO_VALUE;
  start = 0;
  end = 0;
  readonly #reader: WireReader;
  readonly #columns: RecordColumns;
  readonly #maxDepth: number;

  constructor(reader: WireReader, columns: RecordColumns, maxDepth: number) {
    this.#reader = reader;
    this.#columns = columns;
    this.#maxDepth = maxDepth;
  }

  /** Sets the field or fields of one KeyValue. */
  setAttribute(end: number, keys: KeyColumns): void {
    const reader = this.#reader;
    const bytes = reader.bytes;
    // Nearly all attributes are a key and then a string, short enough for lengths of one byte: those are read without
    // the loops (bench/otlp-decode.js). Every length has to end exactly where its message does.
    const start = reader.pos;
    const plainKey = start + 2;
    if (end - start < MIN_TWO_BYTE_VARINT && plainKey <= end && bytes[start] === wire.KEY) {
      const value = plainKey + (bytes[start + 1] as number);
      const text = value + 4;
      if (
        text <= end &&
        bytes[value] === wire.VALUE &&
        bytes[value + 1] === end - value - 2 &&
        bytes[value + 2] === wire.STRING_VALUE &&
        bytes[value + 3] === end - text
      ) {
        this.#columns.set(keys.column(plainKey, value), utf8Text(bytes, text, end));
        reader.pos = end;
        return;
      }
    }
    let keyStart = 0;
    let keyEnd = 0;
    this.tag = NO_VALUE;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === wire.KEY) {
        keyEnd = reader.delimitedEnd(end);
        keyStart = reader.pos;
        reader.pos = keyEnd;
      } else if (tag === wire.VALUE) {
        this.find(reader.delimitedEnd(end));
      } else {
        reader.skipUnknown(tag, end, wire.KEY_VALUE_FIELDS);
      }
    }
    const tag = this.tag;
    if (isNested(tag)) {
      this.#nested(this.#columns.node(keys.fieldName(keyStart, keyEnd)), tag, this.start, this.end, 1, false);
    } else {
      this.#columns.set(keys.column(keyStart, keyEnd), this.#scalarText(tag, this.start, this.end));
    }
    reader.pos = end;
  }

  /** Sets the members of a body that has any; returns the text of the `body` field. */
  setBody(tag: number, start: number, end: number): string {
    return isNested(tag)
      ? this.#nested(this.#columns.node(BODY_FIELD), tag, start, end, 1, true)
      : this.#scalarText(tag, start, end);
  }

  /**
   * Finds the member of an AnyValue, the last one when it has several (they are a oneof). One without a member leaves
   * what was found before, as a message that comes in several parts asks for.
   */
  find(end: number): void {
    const reader = this.#reader;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      switch (tag) {
        case wire.STRING_VALUE:
        case wire.BYTES_VALUE:
        case wire.ARRAY_VALUE:
        case wire.KVLIST_VALUE: {
          const valueEnd = reader.delimitedEnd(end);
          this.start = reader.pos;
          reader.pos = valueEnd;
          break;
        }
        case wire.BOOL_VALUE:
        case wire.INT_VALUE:
        case wire.DOUBLE_VALUE:
          this.start = reader.pos;
          reader.skip(tag, end);
          break;
        default:
          reader.skipUnknown(tag, end, wire.ANY_VALUE_FIELDS);
          continue;
      }
      this.tag = tag;
      this.end = reader.pos;
    }
  }

  #scalarText(tag: number, start: number, end: number): string {
    const reader = this.#reader;
    switch (tag) {
      case wire.STRING_VALUE:
        return utf8Text(reader.bytes, start, end);
      case wire.INT_VALUE:
        reader.pos = start;
        reader.varint(end);
        return int64Text(reader.high, reader.low);
      case wire.BOOL_VALUE:
        reader.pos = start;
        reader.varint(end);
        return reader.low !== 0 || reader.high !== 0 ? 'true' : 'false';
      case wire.DOUBLE_VALUE:
        reader.pos = start;
        return doubleText(reader.double(end));
      case wire.BYTES_VALUE:
        return reader.bytes.toString('base64', start, end);
      default:
        return '';
    }
  }

  /**
   * Sets a field for every scalar inside an array or map, which are the members of `node`.
   *
   * @param depth levels of nesting with this one
   * @returns the whole value as JSON text when `asJson`, else ""
   */
  #nested(node: FieldNode, tag: number, start: number, end: number, depth: number, asJson: boolean): string {
    if (depth > this.#maxDepth) {
      this.#columns.reject(`value nested deeper than ${this.#maxDepth} levels`);
      return '';
    }
    const reader = this.#reader;
    const isMap = tag === wire.KVLIST_VALUE;
    const parts: string[] = [];
    let index = 0;
    reader.pos = start;
    while (reader.pos < end) {
      const listTag = reader.tag(end);
      if (listTag !== wire.LIST_VALUES) {
        reader.skipUnknown(listTag, end, wire.LIST_FIELDS);
        continue;
      }
      const memberEnd = reader.delimitedEnd(end);
      this.tag = NO_VALUE;
      const key = isMap ? this.#keyValue(memberEnd) : String(index);
      if (!isMap) this.find(memberEnd);
      const member = this.#member(this.#columns.memberNode(node, key), depth, asJson);
      if (asJson) parts.push(isMap ? `${JSON.stringify(key)}:${member}` : member);
      index++;
      reader.pos = memberEnd;
    }
    if (!asJson) return '';
    return isMap ? `{${parts.join(',')}}` : `[${parts.join(',')}]`;
  }

  /** Sets the field or fields of the value found last, which is a member of a nested value. */
  #member(node: FieldNode, depth: number, asJson: boolean): string {
    const tag = this.tag;
    if (isNested(tag)) return this.#nested(node, tag, this.start, this.end, depth + 1, asJson);
    const text = this.#scalarText(tag, this.start, this.end);
    this.#columns.setNode(node, text);
    return asJson ? jsonOfScalar(tag, text) : '';
  }

  /** Reads a KeyValue inside a map: returns its key and leaves its value as the one found last. */
  #keyValue(end: number): string {
    const reader = this.#reader;
    let key = '';
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === wire.KEY) key = reader.text(end);
      else if (tag === wire.VALUE) this.find(reader.delimitedEnd(end));
      else reader.skipUnknown(tag, end, wire.KEY_VALUE_FIELDS);
    }
    return key;
  }
}

function isNested(tag: number): boolean {
  return tag === wire.ARRAY_VALUE || tag === wire.KVLIST_VALUE;
}

function jsonOfScalar(tag: number, text: string): string {
  switch (tag) {
    case wire.BOOL_VALUE:
    case wire.INT_VALUE:
      return text;
    case wire.DOUBLE_VALUE:
      return Number.isFinite(Number(text)) ? text : JSON.stringify(text);
    case NO_VALUE:
      return 'null';
    default:
      return JSON.stringify(text);
  }
}
