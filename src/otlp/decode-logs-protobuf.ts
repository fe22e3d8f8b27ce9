import type { RecordBatch } from '../record';
import { DEFAULT_DECODE_LIMITS, type DecodeLimits } from './decode-limits';
import type { DecodeResult } from './decode-result';
import * as field from './field-names';
import { hexText } from './hex-text';
import { KeyColumns } from './key-columns';
import { uint64Text } from './number-text';
import { RecordColumns } from './record-columns';
import { Rejections } from './rejections';
import { severityText } from './severity';
import * as wire from './wire-fields';
import { WireReader, type FieldNames } from './wire-reader';
import { NO_VALUE, WireValues } from './wire-values';

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
  readonly #values: WireValues;
  readonly #rejections = new Rejections();
  /** Why every record of the present resource or scope is rejected, "" when they are not. */
  #resourceRejection = '';
  #scopeRejection = '';

  constructor(bytes: Uint8Array, batch: RecordBatch, limits: DecodeLimits) {
    this.#wire = new WireReader(bytes);
    this.#columns = new RecordColumns(batch, limits);
    this.#recordKeys = this.#keys(field.RECORD_ATTRIBUTE_PREFIX);
    this.#resourceKeys = this.#keys(field.RESOURCE_ATTRIBUTE_PREFIX);
    this.#scopeKeys = this.#keys(field.SCOPE_ATTRIBUTE_PREFIX);
    this.#values = new WireValues(this.#wire, this.#columns, limits.maxDepth);
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
      if (tag === wire.RESOURCE_ATTRIBUTES) this.#values.setAttribute(reader.delimitedEnd(end), this.#resourceKeys);
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
          if (scopeTag === wire.SCOPE_NAME) name = reader.text(scopeEnd);
          else if (scopeTag === wire.SCOPE_VERSION) version = reader.text(scopeEnd);
          else if (scopeTag === wire.SCOPE_ATTRIBUTES) {
            this.#values.setAttribute(reader.delimitedEnd(scopeEnd), this.#scopeKeys);
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
    const values = this.#values;
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
          this.#values.setAttribute(reader.delimitedEnd(end), this.#recordKeys);
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
          severity = reader.text(end);
          break;
        case wire.LOG_BODY:
          values.tag = NO_VALUE;
          values.find(reader.delimitedEnd(end));
          if (values.tag !== NO_VALUE) {
            bodyTag = values.tag;
            bodyStart = values.start;
            bodyEnd = values.end;
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
          eventName = reader.text(end);
          break;
        default:
          reader.skipUnknown(tag, end, wire.LOG_RECORD_FIELDS);
      }
    }
    const body = values.setBody(bodyTag, bodyStart, bodyEnd);
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

  #hex(end: number): string {
    const reader = this.#wire;
    const idEnd = reader.delimitedEnd(end);
    const text = hexText(reader.bytes, reader.pos, idEnd);
    reader.pos = idEnd;
    return text;
  }
}
