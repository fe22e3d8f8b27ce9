import type { RecordBatch } from '../record';
import { DEFAULT_DECODE_LIMITS, type DecodeLimits } from './decode-limits';
import type { DecodeResult } from './decode-result';
import * as field from './field-names';
import type { FieldNode } from './field-node';
import { hexText } from './hex-text';
import { KeyColumns } from './key-columns';
import { doubleText, int64Text, uint64Text } from './number-text';
import { RecordColumns } from './record-columns';
import { Rejections } from './rejections';
import { severityText } from './severity';
import { utf8Text } from './utf8-text';
import * as wire from './wire-fields';
import { WireReader, type FieldNames } from './wire-reader';

/** Tag of a value that has no member: an empty AnyValue. */
const NO_VALUE = 0;
/** Lengths below take one byte on the wire. */
const MIN_TWO_BYTE_VARINT = 0x80;

/**
 * Decodes a binary ExportLogsServiceRequest (or LogsData) and appends its records to a batch, see README.md for the
 * fields. Text that is not UTF-8 gets U+FFFD in place of the bad bytes; unknown fields are skipped.
 *
 * @param arrival timestamp of the records, milliseconds since the Unix epoch
 * @returns how many records were added, and how many were rejected because they are beyond a limit
 * @throws OtlpDecodeError when the bytes are not such a message; the batch is then as it was
 *
 * @example
 * const batch = new RecordBatch();
 * const { records, rejected } = decodeLogsProtobuf(body, Date.now(), batch);
 */
export function decodeLogsProtobuf(
  bytes: Uint8Array,
  arrival: number,
  batch: RecordBatch,
  limits: Partial<DecodeLimits> = {},
): DecodeResult {
  return new ProtobufLogsDecoder(bytes, batch, { ...DEFAULT_DECODE_LIMITS, ...limits }).decode(arrival);
}

/** Goes over a message once, from the wire straight into columns: no object is made for a record or an attribute. */
class ProtobufLogsDecoder {
  readonly #wire: WireReader;
  readonly #columns: RecordColumns;
  readonly #recordKeys: KeyColumns;
  readonly #resourceKeys: KeyColumns;
  readonly #scopeKeys: KeyColumns;
  readonly #maxDepth: number;
  readonly #rejections = new Rejections();
  /** Why every record of the present resource or scope is rejected, "" when they are not. */
  #resourceRejection = '';
  #scopeRejection = '';
  /** The AnyValue found last: tag of its member and where that member's content is. */
  #valueTag = NO_VALUE;
  #valueStart = 0;
  #valueEnd = 0;

  constructor(bytes: Uint8Array, batch: RecordBatch, limits: DecodeLimits) {
    this.#wire = new WireReader(bytes);
    this.#columns = new RecordColumns(batch, limits);
    this.#recordKeys = this.#keys(field.RECORD_ATTRIBUTE_PREFIX);
    this.#resourceKeys = this.#keys(field.RESOURCE_ATTRIBUTE_PREFIX);
    this.#scopeKeys = this.#keys(field.SCOPE_ATTRIBUTE_PREFIX);
    this.#maxDepth = limits.maxDepth;
  }

  decode(arrival: number): DecodeResult {
    const reader = this.#wire;
    const end = reader.bytes.length;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === wire.RESOURCE_LOGS) {
        this.#resourceLogs(reader.delimitedEnd(end));
        this.#rejections.resource++;
      } else {
        reader.skipUnknown(tag, end, wire.REQUEST_FIELDS);
      }
    }
    this.#columns.moveToBatch(arrival);
    const { count, firstError } = this.#rejections;
    return { records: this.#columns.rows, rejected: count, firstError };
  }

  #keys(prefix: string): KeyColumns {
    return new KeyColumns(this.#wire.bytes, this.#wire.view, this.#columns, prefix);
  }

  #resourceLogs(end: number): void {
    const reader = this.#wire;
    const columns = this.#columns;
    const start = reader.pos;
    // Fields may come in any order, so the resource is looked for before the records that belong to it.
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === wire.RESOURCE_LOGS_RESOURCE) this.#resource(reader.delimitedEnd(end));
      else if (tag === wire.RESOURCE_LOGS_SCOPE_LOGS) reader.skip(tag, end);
      else this.#skipSchemaUrl(tag, end, wire.RESOURCE_LOGS_FIELDS);
    }
    this.#resourceRejection = columns.rejection;
    const shared = columns.takeShared();
    const firstRow = columns.rows;
    this.#rejections.scope = 0;
    reader.pos = start;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === wire.RESOURCE_LOGS_SCOPE_LOGS) {
        this.#scopeLogs(reader.delimitedEnd(end));
        this.#rejections.scope++;
      } else {
        reader.skip(tag, end);
      }
    }
    columns.share(shared, firstRow);
  }

  #resource(end: number): void {
    const reader = this.#wire;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === wire.RESOURCE_ATTRIBUTES) this.#attribute(reader.delimitedEnd(end), this.#resourceKeys);
      else reader.skipUnknown(tag, end, wire.RESOURCE_FIELDS);
    }
  }

  #scopeLogs(end: number): void {
    const reader = this.#wire;
    const columns = this.#columns;
    const start = reader.pos;
    let name = '';
    let version = '';
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === wire.SCOPE_LOGS_LOG_RECORDS) {
        reader.skip(tag, end);
      } else if (tag === wire.SCOPE_LOGS_SCOPE) {
        const scopeEnd = reader.delimitedEnd(end);
        while (reader.pos < scopeEnd) {
          const scopeTag = reader.tag(scopeEnd);
          if (scopeTag === wire.SCOPE_NAME) name = this.#text(scopeEnd);
          else if (scopeTag === wire.SCOPE_VERSION) version = this.#text(scopeEnd);
          else if (scopeTag === wire.SCOPE_ATTRIBUTES) {
            this.#attribute(reader.delimitedEnd(scopeEnd), this.#scopeKeys);
          } else reader.skipUnknown(scopeTag, scopeEnd, wire.SCOPE_FIELDS);
        }
      } else {
        this.#skipSchemaUrl(tag, end, wire.SCOPE_LOGS_FIELDS);
      }
    }
    // After the attributes: the scope's own name counts more than an attribute called so.
    if (name !== '') columns.setByName(field.SCOPE_NAME_FIELD, name);
    if (version !== '') columns.setByName(field.SCOPE_VERSION_FIELD, version);
    this.#scopeRejection = this.#resourceRejection || columns.rejection;
    const shared = columns.takeShared();
    const firstRow = columns.rows;
    this.#rejections.record = 0;
    reader.pos = start;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === wire.SCOPE_LOGS_LOG_RECORDS) {
        this.#logRecord(reader.delimitedEnd(end));
        this.#rejections.record++;
      } else {
        reader.skip(tag, end);
      }
    }
    columns.share(shared, firstRow);
  }

  /** Schema URLs are known, so checked, but no field of a record. */
  #skipSchemaUrl(tag: number, end: number, known: FieldNames): void {
    if (tag === wire.SCHEMA_URL) this.#wire.skip(tag, end);
    else this.#wire.skipUnknown(tag, end, known);
  }

  #logRecord(end: number): void {
    const reader = this.#wire;
    const columns = this.#columns;
    let time = '0';
    let observedTime = '0';
    let severityNumber = 0;
    let severity = '';
    let eventName = '';
    let traceId = '';
    let spanId = '';
    let flags = 0;
    let droppedAttributes = 0;
    let bodyTag = NO_VALUE;
    let bodyStart = 0;
    let bodyEnd = 0;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      switch (tag) {
        case wire.LOG_ATTRIBUTES:
          this.#attribute(reader.delimitedEnd(end), this.#recordKeys);
          break;
        case wire.LOG_TIME:
          reader.fixed64(end);
          time = uint64Text(reader.high, reader.low);
          break;
        case wire.LOG_OBSERVED_TIME:
          reader.fixed64(end);
          observedTime = uint64Text(reader.high, reader.low);
          break;
        case wire.LOG_SEVERITY_NUMBER:
          severityNumber = reader.uint32(end) | 0;
          break;
        case wire.LOG_SEVERITY_TEXT:
          severity = this.#text(end);
          break;
        case wire.LOG_BODY:
          this.#valueTag = NO_VALUE;
          this.#anyValue(reader.delimitedEnd(end));
          if (this.#valueTag !== NO_VALUE) {
            bodyTag = this.#valueTag;
            bodyStart = this.#valueStart;
            bodyEnd = this.#valueEnd;
          }
          break;
        case wire.LOG_DROPPED_ATTRIBUTES_COUNT:
          droppedAttributes = reader.uint32(end);
          break;
        case wire.LOG_FLAGS:
          flags = reader.fixed32(end);
          break;
        case wire.LOG_TRACE_ID:
          traceId = this.#hex(end);
          break;
        case wire.LOG_SPAN_ID:
          spanId = this.#hex(end);
          break;
        case wire.LOG_EVENT_NAME:
          eventName = this.#text(end);
          break;
        default:
          reader.skipUnknown(tag, end, wire.LOG_RECORD_FIELDS);
      }
    }
    const body = isNested(bodyTag)
      ? this.#nested(columns.node(field.BODY_FIELD), bodyTag, bodyStart, bodyEnd, 1, true)
      : this.#scalarText(bodyTag, bodyStart, bodyEnd);
    reader.pos = end;
    if (this.#scopeRejection !== '') columns.reject(this.#scopeRejection);
    columns.rejectBeyondMaxRecords();
    if (columns.rejection !== '') {
      this.#rejections.add(columns.rejection);
      columns.dropRow();
      return;
    }
    columns.setBase(field.BODY, body);
    columns.setBase(field.SEVERITY_NUMBER, String(severityNumber));
    columns.setBase(field.SEVERITY_TEXT, severity === '' ? severityText(severityNumber) : severity);
    columns.setBase(field.EVENT_NAME, eventName);
    columns.setBase(field.TIME_UNIX_NANO, time);
    columns.setBase(field.OBSERVED_TIME_UNIX_NANO, observedTime);
    columns.setBase(field.TRACE_ID, traceId);
    columns.setBase(field.SPAN_ID, spanId);
    columns.setBase(field.FLAGS, String(flags));
    columns.setBase(field.DROPPED_ATTRIBUTES_COUNT, String(droppedAttributes));
    columns.finishRow();
  }

  /** Sets the field or fields of one KeyValue. */
  #attribute(end: number, keys: KeyColumns): void {
    const reader = this.#wire;
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
    this.#valueTag = NO_VALUE;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === wire.KEY) {
        keyEnd = reader.delimitedEnd(end);
        keyStart = reader.pos;
        reader.pos = keyEnd;
      } else if (tag === wire.VALUE) {
        this.#anyValue(reader.delimitedEnd(end));
      } else {
        reader.skipUnknown(tag, end, wire.KEY_VALUE_FIELDS);
      }
    }
    const tag = this.#valueTag;
    if (isNested(tag)) {
      this.#nested(
        this.#columns.node(keys.fieldName(keyStart, keyEnd)),
        tag,
        this.#valueStart,
        this.#valueEnd,
        1,
        false,
      );
    } else {
      this.#columns.set(keys.column(keyStart, keyEnd), this.#scalarText(tag, this.#valueStart, this.#valueEnd));
    }
    reader.pos = end;
  }

  /**
   * Finds the member of an AnyValue, the last one when it has several (they are a oneof). One without a member leaves
   * what was found before, as a message that comes in several parts asks for.
   */
  #anyValue(end: number): void {
    const reader = this.#wire;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      switch (tag) {
        case wire.STRING_VALUE:
        case wire.BYTES_VALUE:
        case wire.ARRAY_VALUE:
        case wire.KVLIST_VALUE: {
          const valueEnd = reader.delimitedEnd(end);
          this.#valueStart = reader.pos;
          reader.pos = valueEnd;
          break;
        }
        case wire.BOOL_VALUE:
        case wire.INT_VALUE:
        case wire.DOUBLE_VALUE:
          this.#valueStart = reader.pos;
          reader.skip(tag, end);
          break;
        default:
          reader.skipUnknown(tag, end, wire.ANY_VALUE_FIELDS);
          continue;
      }
      this.#valueTag = tag;
      this.#valueEnd = reader.pos;
    }
  }

  #scalarText(tag: number, start: number, end: number): string {
    const reader = this.#wire;
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
    const reader = this.#wire;
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
      this.#valueTag = NO_VALUE;
      const key = isMap ? this.#keyValue(memberEnd) : String(index);
      if (!isMap) this.#anyValue(memberEnd);
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
    const tag = this.#valueTag;
    if (isNested(tag)) return this.#nested(node, tag, this.#valueStart, this.#valueEnd, depth + 1, asJson);
    const text = this.#scalarText(tag, this.#valueStart, this.#valueEnd);
    this.#columns.setNode(node, text);
    return asJson ? jsonOfScalar(tag, text) : '';
  }

  /** Reads a KeyValue inside a map: returns its key and leaves its value as the one found last. */
  #keyValue(end: number): string {
    const reader = this.#wire;
    let key = '';
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === wire.KEY) key = this.#text(end);
      else if (tag === wire.VALUE) this.#anyValue(reader.delimitedEnd(end));
      else reader.skipUnknown(tag, end, wire.KEY_VALUE_FIELDS);
    }
    return key;
  }

  #text(end: number): string {
    const reader = this.#wire;
    const textEnd = reader.delimitedEnd(end);
    const text = utf8Text(reader.bytes, reader.pos, textEnd);
    reader.pos = textEnd;
    return text;
  }

  #hex(end: number): string {
    const reader = this.#wire;
    const idEnd = reader.delimitedEnd(end);
    const text = hexText(reader.bytes, reader.pos, idEnd);
    reader.pos = idEnd;
    return text;
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
