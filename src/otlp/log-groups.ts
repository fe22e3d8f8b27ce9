import type { LogRecord } from '../record';
import { EMPTY_VALUE, type AnyValue } from './any-value';
import {
  BODY_FIELD,
  BODY_MEMBER_PREFIX,
  RECORD_ATTRIBUTE_PREFIX,
  RESOURCE_ATTRIBUTE_PREFIX,
  SCOPE_ATTRIBUTE_PREFIX,
  SCOPE_NAME_FIELD,
  SCOPE_VERSION_FIELD,
} from './field-names';
import { int32OfText, isUint64Text, uint32OfText } from './integer-text';
import { severityNumberOfEnumName, severityNumberOfSyslog } from './severity';
import { parseStructuredBody, structuredBodyFields } from './structured-body';

/** Attributes by key. */
export type Attributes = ReadonlyMap<string, string>;

/** One log record on its way out, in the terms of OTLP's LogRecord. */
export interface OutgoingLog {
  timeUnixNano: string;
  observedTimeUnixNano: string;
  severityNumber: number;
  severityText: string;
  eventName: string;
  body: AnyValue;
  readonly attributes: Map<string, string>;
  flags: number;
  droppedAttributesCount: number;
  /** Hex. */
  traceId: string;
  spanId: string;
}

export interface OutgoingScope {
  readonly name: string;
  readonly version: string;
  readonly attributes: Attributes;
  readonly logs: OutgoingLog[];
}

export interface OutgoingResource {
  readonly attributes: Attributes;
  readonly scopes: OutgoingScope[];
}

/** Fields that hold the message of records from other sources, the first present one counts. */
const MESSAGE_FIELDS = [BODY_FIELD, 'message', 'content'];
const SYSLOG_SEVERITY_FIELD = 'severity';
/** Ids of the sizes OTLP defines; other receivers refuse a whole request for one id of another size. */
const TRACE_ID = /^[0-9a-fA-F]{32}$/;
const SPAN_ID = /^[0-9a-fA-F]{16}$/;
/** Stands before a field's name where its own name as key is taken by an attribute. */
const TAKEN_KEY_PREFIX = 'record.';
const NANOS_PER_MILLISECOND = 1_000_000n;
/** Last millisecond (in the year 2554) whose nanoseconds fit OTLP's times. */
const MAX_MILLISECONDS = 18_446_744_073_709;

/** Sorts records into the resources and scopes that their fields name, each in the order of its first record. */
export function groupLogs(records: Iterable<LogRecord>): OutgoingResource[] {
  const resources: OutgoingResource[] = [];
  const resourceByKey = new Map<string, OutgoingResource>();
  const scopeByKey = new Map<OutgoingResource, Map<string, OutgoingScope>>();
  let resource: OutgoingResource | undefined;
  let scope: OutgoingScope | undefined;
  for (const record of records) {
    const parts = takeApart(record);
    // Records come in runs of one resource and scope; comparing is much cheaper than making keys.
    if (resource === undefined || !sameAttributes(resource.attributes, parts.resource)) {
      resource = findOrAdd(resourceByKey, attributesKey(parts.resource), resources, {
        attributes: parts.resource,
        scopes: [],
      });
      scope = undefined;
    }
    if (scope === undefined || !sameScope(scope, parts)) {
      const { scopeName: name, scopeVersion: version, scope: attributes } = parts;
      let scopes = scopeByKey.get(resource);
      if (scopes === undefined) scopeByKey.set(resource, (scopes = new Map()));
      const key = JSON.stringify([name, version]) + attributesKey(attributes);
      scope = findOrAdd(scopes, key, resource.scopes, { name, version, attributes, logs: [] });
    }
    scope.logs.push(parts.log);
  }
  return resources;
}

function findOrAdd<T>(known: Map<string, T>, key: string, list: T[], added: T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  known.set(key, added);
  list.push(added);
  return added;
}

function sameScope(scope: OutgoingScope, parts: Parts): boolean {
  return (
    scope.name === parts.scopeName &&
    scope.version === parts.scopeVersion &&
    sameAttributes(scope.attributes, parts.scope)
  );
}

function sameAttributes(a: Attributes, b: Attributes): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    if (b.get(key) !== value) return false;
  }
  return true;
}

/** The same text for the same attributes in whatever order; JSON keeps keys and values apart. */
function attributesKey(attributes: Attributes): string {
  return JSON.stringify([...attributes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Parts {
  readonly resource: Map<string, string>;
  readonly scope: Map<string, string>;
  scopeName: string;
  scopeVersion: string;
  readonly log: OutgoingLog;
}

function takeApart(record: LogRecord): Parts {
  const arrival = nanosOf(record.timestamp);
  const log: OutgoingLog = {
    timeUnixNano: arrival,
    observedTimeUnixNano: arrival,
    severityNumber: 0,
    severityText: '',
    eventName: '',
    body: EMPTY_VALUE,
    attributes: new Map(),
    flags: 0,
    droppedAttributesCount: 0,
    traceId: '',
    spanId: '',
  };
  const parts: Parts = { resource: new Map(), scope: new Map(), scopeName: '', scopeVersion: '', log };
  const { fields } = record;
  const bodyFields = setBody(log, fields);
  const others: string[] = [];
  for (const name of Object.keys(fields)) {
    const value = fields[name] as string;
    if (name.startsWith(RECORD_ATTRIBUTE_PREFIX)) {
      log.attributes.set(name.slice(RECORD_ATTRIBUTE_PREFIX.length), value);
    } else if (name.startsWith(RESOURCE_ATTRIBUTE_PREFIX)) {
      parts.resource.set(name.slice(RESOURCE_ATTRIBUTE_PREFIX.length), value);
    } else if (name.startsWith(SCOPE_ATTRIBUTE_PREFIX)) {
      setScopeField(parts, name, value);
    } else if (!isInBody(name, value, bodyFields) && !setBaseField(log, name, value)) {
      others.push(name);
    }
  }
  for (const name of others) log.attributes.set(freeKey(log.attributes, name), fields[name] as string);
  if (fields.severity_number === undefined) {
    log.severityNumber = severityNumberOfSyslog(fields[SYSLOG_SEVERITY_FIELD] ?? '') ?? 0;
  }
  return parts;
}

/** Decimal nanoseconds of a time in milliseconds. */
function nanosOf(milliseconds: number): string {
  if (!(milliseconds > 0)) return '0';
  return String(BigInt(Math.trunc(Math.min(milliseconds, MAX_MILLISECONDS))) * NANOS_PER_MILLISECOND);
}

/** Sets the body and returns the fields that it holds, with their values. */
function setBody(log: OutgoingLog, fields: Readonly<Record<string, string>>): Map<string, string> {
  const name = MESSAGE_FIELDS.find((field) => fields[field] !== undefined);
  if (name === undefined) return new Map();
  const text = fields[name] as string;
  const structured = name === BODY_FIELD && mayBeStructured(text, fields) ? parseStructuredBody(text) : undefined;
  if (structured !== undefined) {
    log.body = structured;
    return structuredBodyFields(structured).set(name, text);
  }
  if (text !== '') log.body = { kind: 'string', text };
  return new Map([[name, text]]);
}

function mayBeStructured(text: string, fields: Readonly<Record<string, string>>): boolean {
  if (text[0] !== '{' && text[0] !== '[') return false;
  return Object.keys(fields).some((name) => name.startsWith(BODY_MEMBER_PREFIX));
}

/** A member that was changed after decoding is no longer in the body: it goes out as an attribute. */
function isInBody(name: string, value: string, bodyFields: ReadonlyMap<string, string>): boolean {
  return bodyFields.get(name) === value;
}

function setScopeField(parts: Parts, name: string, value: string): void {
  // An empty name or version is the same as none on the wire, so such a field can only stay as an attribute.
  if (name === SCOPE_NAME_FIELD && value !== '') parts.scopeName = value;
  else if (name === SCOPE_VERSION_FIELD && value !== '') parts.scopeVersion = value;
  else parts.scope.set(name.slice(SCOPE_ATTRIBUTE_PREFIX.length), value);
}

/** Sets one of the fields that OTLP has a place for; false when it is another, or its value does not fit there. */
function setBaseField(log: OutgoingLog, name: string, value: string): boolean {
  switch (name) {
    case 'severity_number': {
      const number = severityNumberOfEnumName(value) ?? int32OfText(value);
      if (number !== undefined) log.severityNumber = number;
      return number !== undefined;
    }
    case 'severity_text':
      log.severityText = value;
      return true;
    case 'event_name':
      log.eventName = value;
      return true;
    case 'time_unix_nano':
      if (!isUint64Text(value)) return false;
      log.timeUnixNano = value;
      return true;
    case 'observed_time_unix_nano':
      if (!isUint64Text(value)) return false;
      log.observedTimeUnixNano = value;
      return true;
    case 'trace_id':
      if (TRACE_ID.test(value)) log.traceId = value.toLowerCase();
      return value === '' || log.traceId !== '';
    case 'span_id':
      if (SPAN_ID.test(value)) log.spanId = value.toLowerCase();
      return value === '' || log.spanId !== '';
    case 'flags': {
      const flags = uint32OfText(value);
      log.flags = flags ?? 0;
      return flags !== undefined;
    }
    case 'dropped_attributes_count': {
      const count = uint32OfText(value);
      log.droppedAttributesCount = count ?? 0;
      return count !== undefined;
    }
    default:
      return false;
  }
}

function freeKey(attributes: Attributes, name: string): string {
  let key = name;
  while (attributes.has(key)) key = TAKEN_KEY_PREFIX + key;
  return key;
}
