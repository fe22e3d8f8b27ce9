import type { LogRecord } from '../record';
import type { AnyValue } from './any-value';
import { groupLogs, type Attributes, type OutgoingLog, type OutgoingScope } from './log-groups';
import { doubleText } from './number-text';

/**
 * Encodes records as an ExportLogsServiceRequest in OTLP/JSON, the same message that encodeLogsProtobuf writes in
 * binary.
 *
 * @example encodeLogsJson([{ timestamp: Date.now(), fields: { body: 'hi' } }]);
 */
export function encodeLogsJson(records: Iterable<LogRecord>): string {
  const resourceLogs = groupLogs(records).map((resource) => ({
    resource: { attributes: attributeList(resource.attributes) },
    scopeLogs: resource.scopes.map((scope) => ({ scope: scopeMessage(scope), logRecords: scope.logs.map(logMessage) })),
  }));
  return JSON.stringify({ resourceLogs });
}

function scopeMessage(scope: OutgoingScope): object {
  return {
    // JSON.stringify leaves out what is undefined.
    name: scope.name || undefined,
    version: scope.version || undefined,
    attributes: scope.attributes.size === 0 ? undefined : attributeList(scope.attributes),
  };
}

function logMessage(log: OutgoingLog): object {
  return {
    timeUnixNano: log.timeUnixNano,
    observedTimeUnixNano: log.observedTimeUnixNano,
    severityNumber: log.severityNumber || undefined,
    severityText: log.severityText || undefined,
    eventName: log.eventName || undefined,
    body: log.body.kind === 'empty' ? undefined : valueMessage(log.body),
    attributes: attributeList(log.attributes),
    droppedAttributesCount: log.droppedAttributesCount || undefined,
    flags: log.flags || undefined,
    traceId: log.traceId || undefined,
    spanId: log.spanId || undefined,
  };
}

function attributeList(attributes: Attributes): object[] {
  const list: object[] = [];
  for (const [key, stringValue] of attributes) list.push({ key, value: { stringValue } });
  return list;
}

function valueMessage(value: AnyValue): object {
  switch (value.kind) {
    case 'string':
      return { stringValue: value.text };
    case 'bool':
      return { boolValue: value.value };
    case 'int':
      return { intValue: value.text };
    case 'double':
      // JSON.stringify would write 0 for minus zero.
      return { doubleValue: Object.is(value.value, -0) ? doubleText(value.value) : value.value };
    case 'array':
      return { arrayValue: { values: value.items.map(valueMessage) } };
    case 'map':
      return { kvlistValue: { values: value.entries.map(([key, member]) => ({ key, value: valueMessage(member) })) } };
    case 'empty':
      return {};
  }
}
