import type { LogRecord } from '../record';
import type { AnyValue } from './any-value';
import { groupLogs, type Attributes, type OutgoingLog, type OutgoingResource, type OutgoingScope } from './log-groups';
import * as wire from './wire-fields';
import { WireWriter } from './wire-writer';

/**
 * Encodes records as a binary ExportLogsServiceRequest, grouped by resource and scope; see README.md for what goes
 * where. Attributes are strings. Decoding gives the fields of records from OTLP back as they were.
 *
 * @example encodeLogsProtobuf([{ timestamp: Date.now(), fields: { body: 'hi', 'resource.service.name': 'shop' } }]);
 */
export function encodeLogsProtobuf(records: Iterable<LogRecord>): Buffer {
  const writer = new WireWriter();
  const resources = groupLogs(records);
  for (let i = resources.length - 1; i >= 0; i--) writeResource(writer, resources[i] as OutgoingResource);
  return writer.finish();
}

// Everything below is written from its end to its start, see WireWriter.

function writeResource(writer: WireWriter, resource: OutgoingResource): void {
  const start = writer.written;
  for (let i = resource.scopes.length - 1; i >= 0; i--) writeScope(writer, resource.scopes[i] as OutgoingScope);
  if (resource.attributes.size > 0) {
    const mark = writer.written;
    writeAttributes(writer, wire.RESOURCE_ATTRIBUTES, resource.attributes);
    writer.closeMessage(wire.RESOURCE_LOGS_RESOURCE, mark);
  }
  writer.closeMessage(wire.RESOURCE_LOGS, start);
}

function writeScope(writer: WireWriter, scope: OutgoingScope): void {
  const start = writer.written;
  for (let i = scope.logs.length - 1; i >= 0; i--) writeLog(writer, scope.logs[i] as OutgoingLog);
  const mark = writer.written;
  writeAttributes(writer, wire.SCOPE_ATTRIBUTES, scope.attributes);
  if (scope.version !== '') writer.text(wire.SCOPE_VERSION, scope.version);
  if (scope.name !== '') writer.text(wire.SCOPE_NAME, scope.name);
  if (writer.written > mark) writer.closeMessage(wire.SCOPE_LOGS_SCOPE, mark);
  writer.closeMessage(wire.RESOURCE_LOGS_SCOPE_LOGS, start);
}

function writeLog(writer: WireWriter, log: OutgoingLog): void {
  const start = writer.written;
  if (log.eventName !== '') writer.text(wire.LOG_EVENT_NAME, log.eventName);
  if (log.observedTimeUnixNano !== '0') writer.fixed64(wire.LOG_OBSERVED_TIME, log.observedTimeUnixNano);
  if (log.spanId !== '') writer.hex(wire.LOG_SPAN_ID, log.spanId);
  if (log.traceId !== '') writer.hex(wire.LOG_TRACE_ID, log.traceId);
  if (log.flags !== 0) writer.fixed32(wire.LOG_FLAGS, log.flags);
  if (log.droppedAttributesCount !== 0) writer.uint32(wire.LOG_DROPPED_ATTRIBUTES_COUNT, log.droppedAttributesCount);
  writeAttributes(writer, wire.LOG_ATTRIBUTES, log.attributes);
  if (log.body.kind !== 'empty') {
    const mark = writer.written;
    writeValue(writer, log.body);
    writer.closeMessage(wire.LOG_BODY, mark);
  }
  if (log.severityText !== '') writer.text(wire.LOG_SEVERITY_TEXT, log.severityText);
  if (log.severityNumber !== 0) writer.int(wire.LOG_SEVERITY_NUMBER, log.severityNumber);
  if (log.timeUnixNano !== '0') writer.fixed64(wire.LOG_TIME, log.timeUnixNano);
  writer.closeMessage(wire.SCOPE_LOGS_LOG_RECORDS, start);
}

function writeAttributes(writer: WireWriter, tag: number, attributes: Attributes): void {
  const entries = [...attributes];
  for (let i = entries.length - 1; i >= 0; i--) {
    const [key, value] = entries[i] as [string, string];
    const start = writer.written;
    writer.text(wire.STRING_VALUE, value);
    writer.closeMessage(wire.VALUE, start);
    writer.text(wire.KEY, key);
    writer.closeMessage(tag, start);
  }
}

/** The member of an AnyValue; its nesting is bounded by whoever built it. */
function writeValue(writer: WireWriter, value: AnyValue): void {
  const start = writer.written;
  switch (value.kind) {
    case 'string':
      writer.text(wire.STRING_VALUE, value.text);
      break;
    case 'bool':
      writer.uint32(wire.BOOL_VALUE, value.value ? 1 : 0);
      break;
    case 'int':
      writer.int64(wire.INT_VALUE, value.text);
      break;
    case 'double':
      writer.double(wire.DOUBLE_VALUE, value.value);
      break;
    case 'array':
      for (let i = value.items.length - 1; i >= 0; i--) {
        const mark = writer.written;
        writeValue(writer, value.items[i] as AnyValue);
        writer.closeMessage(wire.LIST_VALUES, mark);
      }
      writer.closeMessage(wire.ARRAY_VALUE, start);
      break;
    case 'map':
      for (let i = value.entries.length - 1; i >= 0; i--) {
        const [key, member] = value.entries[i] as readonly [string, AnyValue];
        const mark = writer.written;
        writeValue(writer, member);
        writer.closeMessage(wire.VALUE, mark);
        writer.text(wire.KEY, key);
        writer.closeMessage(wire.LIST_VALUES, mark);
      }
      writer.closeMessage(wire.KVLIST_VALUE, start);
      break;
    case 'empty':
  }
}
