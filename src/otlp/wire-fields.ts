import { DELIMITED, FIXED32, FIXED64, VARINT, type FieldNames } from './wire-reader';

/*
 * Fields of the OTLP messages (opentelemetry-proto 1.x, logs/v1, common/v1, resource/v1, collector/logs/v1).
 * A tag is the field number times 8 plus the wire type.
 */

/** ExportLogsServiceRequest and LogsData, which look the same. */
export const REQUEST_FIELDS: FieldNames = [undefined, 'resource_logs'];
export const RESOURCE_LOGS = (1 << 3) | DELIMITED;

export const RESOURCE_LOGS_FIELDS: FieldNames = [undefined, 'resource', 'scope_logs', 'schema_url'];
export const RESOURCE_LOGS_RESOURCE = (1 << 3) | DELIMITED;
export const RESOURCE_LOGS_SCOPE_LOGS = (2 << 3) | DELIMITED;

export const RESOURCE_FIELDS: FieldNames = [undefined, 'attributes'];
export const RESOURCE_ATTRIBUTES = (1 << 3) | DELIMITED;

/** Field 3 of both ResourceLogs and ScopeLogs. */
export const SCHEMA_URL = (3 << 3) | DELIMITED;

export const SCOPE_LOGS_FIELDS: FieldNames = [undefined, 'scope', 'log_records', 'schema_url'];
export const SCOPE_LOGS_SCOPE = (1 << 3) | DELIMITED;
export const SCOPE_LOGS_LOG_RECORDS = (2 << 3) | DELIMITED;

export const SCOPE_FIELDS: FieldNames = [undefined, 'name', 'version', 'attributes'];
export const SCOPE_NAME = (1 << 3) | DELIMITED;
export const SCOPE_VERSION = (2 << 3) | DELIMITED;
export const SCOPE_ATTRIBUTES = (3 << 3) | DELIMITED;

export const LOG_RECORD_FIELDS: FieldNames = [
  undefined,
  'time_unix_nano',
  'severity_number',
  'severity_text',
  undefined,
  'body',
  'attributes',
  'dropped_attributes_count',
  'flags',
  'trace_id',
  'span_id',
  'observed_time_unix_nano',
  'event_name',
];
export const LOG_TIME = (1 << 3) | FIXED64;
export const LOG_SEVERITY_NUMBER = (2 << 3) | VARINT;
export const LOG_SEVERITY_TEXT = (3 << 3) | DELIMITED;
export const LOG_BODY = (5 << 3) | DELIMITED;
export const LOG_ATTRIBUTES = (6 << 3) | DELIMITED;
export const LOG_DROPPED_ATTRIBUTES_COUNT = (7 << 3) | VARINT;
export const LOG_FLAGS = (8 << 3) | FIXED32;
export const LOG_TRACE_ID = (9 << 3) | DELIMITED;
export const LOG_SPAN_ID = (10 << 3) | DELIMITED;
export const LOG_OBSERVED_TIME = (11 << 3) | FIXED64;
export const LOG_EVENT_NAME = (12 << 3) | DELIMITED;

export const KEY_VALUE_FIELDS: FieldNames = [undefined, 'key', 'value'];
export const KEY = (1 << 3) | DELIMITED;
export const VALUE = (2 << 3) | DELIMITED;

export const ANY_VALUE_FIELDS: FieldNames = [
  undefined,
  'string_value',
  'bool_value',
  'int_value',
  'double_value',
  'array_value',
  'kvlist_value',
  'bytes_value',
];
export const STRING_VALUE = (1 << 3) | DELIMITED;
export const BOOL_VALUE = (2 << 3) | VARINT;
export const INT_VALUE = (3 << 3) | VARINT;
export const DOUBLE_VALUE = (4 << 3) | FIXED64;
export const ARRAY_VALUE = (5 << 3) | DELIMITED;
export const KVLIST_VALUE = (6 << 3) | DELIMITED;
export const BYTES_VALUE = (7 << 3) | DELIMITED;

/** ArrayValue and KeyValueList. */
export const LIST_FIELDS: FieldNames = [undefined, 'values'];
export const LIST_VALUES = (1 << 3) | DELIMITED;

/** ExportLogsServiceResponse. */
export const RESPONSE_FIELDS: FieldNames = [undefined, 'partial_success'];
export const PARTIAL_SUCCESS = (1 << 3) | DELIMITED;

export const PARTIAL_SUCCESS_FIELDS: FieldNames = [undefined, 'rejected_log_records', 'error_message'];
export const REJECTED_LOG_RECORDS = (1 << 3) | VARINT;
export const ERROR_MESSAGE = (2 << 3) | DELIMITED;

/** google.rpc.Status and what its details hold: google.protobuf.Any, google.rpc.RetryInfo, google.protobuf.Duration. */
export const STATUS_FIELDS: FieldNames = [undefined, undefined, 'message'];
export const STATUS_CODE = (1 << 3) | VARINT;
export const STATUS_MESSAGE = (2 << 3) | DELIMITED;
export const STATUS_DETAILS = (3 << 3) | DELIMITED;
export const ANY_TYPE_URL = (1 << 3) | DELIMITED;
export const ANY_VALUE = (2 << 3) | DELIMITED;
export const RETRY_DELAY = (1 << 3) | DELIMITED;
export const DURATION_SECONDS = (1 << 3) | VARINT;
export const DURATION_NANOS = (2 << 3) | VARINT;
