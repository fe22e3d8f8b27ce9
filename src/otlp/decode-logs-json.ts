import type { RecordBatch } from '../record';
import { DEFAULT_DECODE_LIMITS, type DecodeLimits } from './decode-limits';
import type { DecodeResult } from './decode-result';
import * as field from './field-names';
import type { FieldNode } from './field-node';
import { JsonReader, type JsonObject } from './json-reader';
import { doubleText } from './number-text';
import { parseJson } from './parse-json';
import { NO_COLUMN, RecordColumns } from './record-columns';
import { Rejections } from './rejections';
import { severityNumberOfEnumName, severityText } from './severity';

/**
 * Decodes an ExportLogsServiceRequest (or LogsData) in OTLP/JSON and appends its records to a batch: the same records
 * that {@link decodeLogsProtobuf} makes of the same logs.
 *
 * Keys may be lowerCamelCase, as OTLP says, or the fields' original names; unknown ones are ignored. 64-bit integers
 * may be numbers or texts and keep all their digits. Severity may be a number or an enum name.
 *
 * @param input text, or its UTF-8 bytes
 * @param arrival timestamp of the records, milliseconds since the Unix epoch
 * @returns how many records were added, and how many were rejected because they are beyond a limit
 * @throws OtlpDecodeError with the path of the wrong value; the batch is then as it was
 *
 * @example
 * const batch = new RecordBatch();
 * decodeLogsJson('{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"hi"}}]}]}]}', Date.now(), batch);
 * batch.field(0, 'body'); // 'hi'
 */
export function decodeLogsJson(
  input: string | Uint8Array,
  arrival: number,
  batch: RecordBatch,
  limits: Partial<DecodeLimits> = {},
): DecodeResult {
  const message = parseJson(input);
  return new JsonLogsDecoder(batch, { ...DEFAULT_DECODE_LIMITS, ...limits }).decode(message, arrival);
}

/** How a scalar stands in JSON text: as a string, as it is, or as null. */
const QUOTED = 0;
const BARE = 1;
const NULL = 2;

const EMPTY_VALUE: JsonObject = Object.freeze(Object.create(null) as JsonObject);

class JsonLogsDecoder {
  readonly #reader = new JsonReader();
  readonly #columns: RecordColumns;
  readonly #maxDepth: number;
  readonly #rejections = new Rejections();
  /** Columns by attribute key, so that the names of fields are put together once a request. */
  readonly #recordKeys = new Map<string, number>();
  readonly #resourceKeys = new Map<string, number>();
  readonly #scopeKeys = new Map<string, number>();
  #resourceRejection = '';
  #scopeRejection = '';
  /** Form of the scalar read last. */
  #scalarForm = QUOTED;

  constructor(batch: RecordBatch, limits: DecodeLimits) {
    this.#columns = new RecordColumns(batch, limits);
    this.#maxDepth = limits.maxDepth;
  }

  decode(message: unknown, arrival: number): DecodeResult {
    const reader = this.#reader;
    const request = reader.object(message);
    reader.enter('resourceLogs');
    const list = reader.list(request.resourceLogs ?? request.resource_logs) ?? [];
    reader.enter(0);
    for (let i = 0; i < list.length; i++) {
      reader.moveTo(i);
      this.#rejections.resource = i;
      this.#resourceLogs(reader.object(list[i]));
    }
    this.#columns.moveToBatch(arrival);
    const { count, firstError } = this.#rejections;
    return { records: this.#columns.rows, rejected: count, firstError };
  }

  #resourceLogs(resourceLogs: JsonObject): void {
    const reader = this.#reader;
    const columns = this.#columns;
    const resource = this.#optionalObject(resourceLogs.resource, 'resource');
    if (resource !== undefined) {
      reader.enter('resource');
      this.#attributes(resource.attributes, field.RESOURCE_ATTRIBUTE_PREFIX, this.#resourceKeys);
      reader.leave();
    }
    this.#resourceRejection = columns.rejection;
    const shared = columns.takeShared();
    const firstRow = columns.rows;
    reader.enter('scopeLogs');
    const list = reader.list(resourceLogs.scopeLogs ?? resourceLogs.scope_logs) ?? [];
    reader.enter(0);
    for (let i = 0; i < list.length; i++) {
      reader.moveTo(i);
      this.#rejections.scope = i;
      this.#scopeLogs(reader.object(list[i]));
    }
    reader.depth -= 2;
    columns.share(shared, firstRow);
  }

  #scopeLogs(scopeLogs: JsonObject): void {
    const reader = this.#reader;
    const columns = this.#columns;
    const scope = this.#optionalObject(scopeLogs.scope, 'scope');
    if (scope !== undefined) {
      reader.enter('scope');
      this.#attributes(scope.attributes, field.SCOPE_ATTRIBUTE_PREFIX, this.#scopeKeys);
      const name = reader.text(scope.name, 'name');
      const version = reader.text(scope.version, 'version');
      // After the attributes: the scope's own name counts more than an attribute called so.
      if (name !== '') columns.setByName(field.SCOPE_NAME_FIELD, name);
      if (version !== '') columns.setByName(field.SCOPE_VERSION_FIELD, version);
      reader.leave();
    }
    this.#scopeRejection = this.#resourceRejection || columns.rejection;
    const shared = columns.takeShared();
    const firstRow = columns.rows;
    reader.enter('logRecords');
    const list = reader.list(scopeLogs.logRecords ?? scopeLogs.log_records) ?? [];
    reader.enter(0);
    for (let i = 0; i < list.length; i++) {
      reader.moveTo(i);
      this.#rejections.record = i;
      this.#logRecord(reader.object(list[i]));
    }
    reader.depth -= 2;
    columns.share(shared, firstRow);
  }

  #optionalObject(value: unknown, name: string): JsonObject | undefined {
    if (value === undefined || value === null) return undefined;
    this.#reader.enter(name);
    const object = this.#reader.object(value);
    this.#reader.leave();
    return object;
  }

  #logRecord(record: JsonObject): void {
    const reader = this.#reader;
    const columns = this.#columns;
    const severityNumber = this.#severityNumber(record.severityNumber ?? record.severity_number);
    const severity = reader.text(record.severityText ?? record.severity_text, 'severityText');
    const eventName = reader.text(record.eventName ?? record.event_name, 'eventName');
    const time = reader.uint64(record.timeUnixNano ?? record.time_unix_nano, 'timeUnixNano');
    const observedTime = reader.uint64(
      record.observedTimeUnixNano ?? record.observed_time_unix_nano,
      'observedTimeUnixNano',
    );
    const traceId = reader.hex(record.traceId ?? record.trace_id, 'traceId');
    const spanId = reader.hex(record.spanId ?? record.span_id, 'spanId');
    const flags = reader.uint32(record.flags, 'flags');
    const droppedAttributes = reader.uint32(
      record.droppedAttributesCount ?? record.dropped_attributes_count,
      'droppedAttributesCount',
    );
    this.#attributes(record.attributes, field.RECORD_ATTRIBUTE_PREFIX, this.#recordKeys);
    const body = this.#body(record.body);
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

  #severityNumber(value: unknown): number {
    if (typeof value !== 'string') return this.#reader.int32(value, 'severityNumber');
    return severityNumberOfEnumName(value) ?? this.#reader.int32(value, 'severityNumber');
  }

  #body(value: unknown): string {
    if (value === undefined || value === null) return '';
    const reader = this.#reader;
    reader.enter('body');
    const body = reader.object(value);
    const text = this.#scalarText(body) ?? this.#nested(this.#columns.node(field.BODY_FIELD), body, 1, true);
    reader.leave();
    return text;
  }

  /** Sets the fields of a list of KeyValues. */
  #attributes(value: unknown, prefix: string, keys: Map<string, number>): void {
    if (value === undefined || value === null) return;
    const reader = this.#reader;
    const columns = this.#columns;
    reader.enter('attributes');
    const list = reader.list(value) ?? [];
    reader.enter(0);
    for (let i = 0; i < list.length; i++) {
      reader.moveTo(i);
      const keyValue = reader.object(list[i]);
      const key = reader.text(keyValue.key, 'key');
      reader.enter('value');
      const value = this.#anyValue(keyValue.value);
      const text = this.#scalarText(value);
      if (text === undefined) this.#nested(columns.node(prefix + key), value, 1, false);
      else columns.set(this.#attributeColumn(key, prefix, keys), text);
      reader.leave();
    }
    reader.depth -= 2;
  }

  #attributeColumn(key: string, prefix: string, keys: Map<string, number>): number {
    const known = keys.get(key);
    if (known !== undefined) return known;
    const column = this.#columns.columnIndex(prefix + key);
    // A key without a column has to be refused again for the next record.
    if (column !== NO_COLUMN) keys.set(key, column);
    return column;
  }

  /** An AnyValue; one that is absent is an empty one. */
  #anyValue(value: unknown): JsonObject {
    return value === undefined || value === null ? EMPTY_VALUE : this.#reader.object(value);
  }

  /** A scalar AnyValue as text, undefined when it is an array or map. */
  #scalarText(value: JsonObject): string | undefined {
    this.#scalarForm = QUOTED;
    return typeof value.stringValue === 'string' ? value.stringValue : this.#rarerScalarText(value);
  }

  #rarerScalarText(value: JsonObject): string | undefined {
    const reader = this.#reader;
    const string = value.stringValue ?? value.string_value ?? undefined;
    if (string !== undefined) return reader.text(string, 'stringValue');
    const bytes = value.bytesValue ?? value.bytes_value ?? undefined;
    if (bytes !== undefined) return reader.base64(bytes, 'bytesValue');
    this.#scalarForm = BARE;
    const integer = value.intValue ?? value.int_value ?? undefined;
    if (integer !== undefined) return reader.int64(integer, 'intValue');
    const boolean = value.boolValue ?? value.bool_value ?? undefined;
    if (boolean !== undefined) return reader.boolean(boolean, 'boolValue') ? 'true' : 'false';
    const double = value.doubleValue ?? value.double_value ?? undefined;
    if (double !== undefined) {
      const number = reader.double(double, 'doubleValue');
      if (!Number.isFinite(number)) this.#scalarForm = QUOTED;
      return doubleText(number);
    }
    if (hasMember(value.arrayValue ?? value.array_value ?? value.kvlistValue ?? value.kvlist_value)) return undefined;
    this.#scalarForm = NULL;
    return '';
  }

  /**
   * Sets a field for every scalar inside an array or map, which are the members of `node`.
   *
   * @param depth levels of nesting with this one
   * @returns the whole value as JSON text when `asJson`, else ""
   */
  #nested(node: FieldNode, value: JsonObject, depth: number, asJson: boolean): string {
    if (depth > this.#maxDepth) {
      this.#columns.reject(`value nested deeper than ${this.#maxDepth} levels`);
      return '';
    }
    const reader = this.#reader;
    const array = value.arrayValue ?? value.array_value ?? undefined;
    const isMap = array === undefined;
    reader.enter(isMap ? 'kvlistValue' : 'arrayValue');
    const holder = reader.object(isMap ? (value.kvlistValue ?? value.kvlist_value) : array);
    reader.enter('values');
    const list = reader.list(holder.values) ?? [];
    reader.enter(0);
    const parts: string[] = [];
    for (let i = 0; i < list.length; i++) {
      reader.moveTo(i);
      const part = isMap
        ? this.#mapEntry(node, list[i], depth, asJson)
        : this.#member(this.#columns.memberNode(node, String(i)), list[i], depth, asJson);
      if (asJson) parts.push(part);
    }
    reader.depth -= 3;
    if (!asJson) return '';
    return isMap ? `{${parts.join(',')}}` : `[${parts.join(',')}]`;
  }

  #mapEntry(node: FieldNode, entry: unknown, depth: number, asJson: boolean): string {
    const reader = this.#reader;
    const keyValue = reader.object(entry);
    const key = reader.text(keyValue.key, 'key');
    reader.enter('value');
    const member = this.#member(this.#columns.memberNode(node, key), keyValue.value, depth, asJson);
    reader.leave();
    return asJson ? `${JSON.stringify(key)}:${member}` : '';
  }

  /** Sets the field or fields of one member of a nested value. */
  #member(node: FieldNode, member: unknown, depth: number, asJson: boolean): string {
    const value = this.#anyValue(member);
    const text = this.#scalarText(value);
    if (text === undefined) return this.#nested(node, value, depth + 1, asJson);
    this.#columns.setNode(node, text);
    if (!asJson) return '';
    if (this.#scalarForm === QUOTED) return JSON.stringify(text);
    return this.#scalarForm === BARE ? text : 'null';
  }
}

function hasMember(value: unknown): boolean {
  return value !== undefined && value !== null;
}
