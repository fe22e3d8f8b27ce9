/** The fields that every record from OTLP has, in the order of their columns. */
export const BASE_FIELDS = [
  'body',
  'severity_number',
  'severity_text',
  'event_name',
  'time_unix_nano',
  'observed_time_unix_nano',
  'trace_id',
  'span_id',
  'flags',
  'dropped_attributes_count',
] as const;

/** Columns of the base fields; `BASE_FIELDS[BODY]` is `body`. */
export const BODY = 0;
export const SEVERITY_NUMBER = 1;
export const SEVERITY_TEXT = 2;
export const EVENT_NAME = 3;
export const TIME_UNIX_NANO = 4;
export const OBSERVED_TIME_UNIX_NANO = 5;
export const TRACE_ID = 6;
export const SPAN_ID = 7;
export const FLAGS = 8;
export const DROPPED_ATTRIBUTES_COUNT = 9;

export const BODY_FIELD = 'body';
export const SCOPE_NAME_FIELD = 'scope.name';
export const SCOPE_VERSION_FIELD = 'scope.version';

/** What stands before the key of an attribute in its field name, by the attribute's origin. */
export const RECORD_ATTRIBUTE_PREFIX = 'attr.';
export const RESOURCE_ATTRIBUTE_PREFIX = 'resource.';
export const SCOPE_ATTRIBUTE_PREFIX = 'scope.';
export const BODY_MEMBER_PREFIX = 'body.';
