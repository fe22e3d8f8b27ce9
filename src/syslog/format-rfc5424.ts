import { firstField, headerText, NIL, priorityOf, type FormattedFields } from './format-fields';
import { isRfc3339 } from './rfc3339';
import { MAX_SD_NAME_BYTES } from './structured-data';

// Lengths of RFC 5424 section 6, in bytes.
const MAX_HOSTNAME_BYTES = 255;
const MAX_APP_NAME_BYTES = 48;
const MAX_PROC_ID_BYTES = 128;
const MAX_MSG_ID_BYTES = 32;
const MAX_SD_NAME = 32;

const PARAMETER_PREFIX = 'sd.';

/** A field that {@link formatRfc5424} looks at, besides those of structured data. */
export type Rfc5424Field =
  | ('priority' | 'facility' | 'severity' | 'timestamp' | 'hostname' | 'app_name' | 'tag')
  | ('proc_id' | 'msg_id' | 'structured_data' | 'message' | 'content');

const BYTE_ORDER_MARK = '\ufeff';

/** How a record becomes a syslog message. */
export interface FormatRfc5424Options {
  /** Time for records without a `timestamp` of their own, milliseconds since the epoch. Default: NIL is written. */
  readonly timestamp?: number;
  /** PRI for records that have neither `priority` nor `facility` and `severity`. Default 13. */
  readonly priority?: number;
  /** Host for records without one. Default NIL. */
  readonly hostname?: string;
  /** Application for records without one. Default NIL. */
  readonly appName?: string;
  /** Puts a byte order mark before the message, as RFC 5424 section 6.4 wants for UTF-8. Many receivers show it. Default false. */
  readonly bom?: boolean;
  /** False when the caller knows that there are no fields `sd.<id>.<name>`: looking for them takes time. Default true. */
  readonly parameters?: boolean;
  /** Elements behind the record's own structured data, as {@link formatElement} writes them. */
  readonly extraData?: string;
}

/**
 * Writes a record as an RFC 5424 message. Fields of RFC 3164 are taken where those of RFC 5424 are missing (`tag`,
 * `content`). `structured_data` is written as it is when it follows the grammar; otherwise, or when there is none, the
 * fields `sd.<id>.<name>` are, so a pipeline that changes these removes `structured_data`. Characters that a header field
 * cannot hold become `_`, and fractions of a second beyond microseconds are cut.
 *
 * @returns the message without a frame; see {@link frameOctetCounted}
 *
 * @example
 * formatRfc5424({ priority: '34', hostname: 'host', app_name: 'su', message: 'failed' });
 * // '<34>1 - host su - - - failed'
 */
export function formatRfc5424(fields: FormattedFields, options: FormatRfc5424Options = {}): string {
  const priority = priorityOf(fields, options.priority);
  const timestamp = timestampOf(fields.timestamp, options.timestamp);
  const hostname = headerText(firstField(fields, 'hostname') || options.hostname, MAX_HOSTNAME_BYTES);
  const appName = headerText(firstField(fields, 'app_name', 'tag') || options.appName, MAX_APP_NAME_BYTES);
  const procId = headerText(fields.proc_id, MAX_PROC_ID_BYTES);
  const msgId = headerText(fields.msg_id, MAX_MSG_ID_BYTES);
  const own = structuredDataOf(fields, options.parameters ?? true);
  const data = options.extraData ? (own === NIL ? '' : own) + options.extraData : own;
  const message = firstField(fields, 'message', 'content');
  const head = `<${priority}>1 ${timestamp} ${hostname} ${appName} ${procId} ${msgId} ${data}`;
  if (message === '') return head;
  return options.bom === true ? `${head} ${BYTE_ORDER_MARK}${message}` : `${head} ${message}`;
}

/** Longest time of RFC 3339 without an offset that has no more fraction digits than RFC 5424 allows. */
const MICROSECONDS_LENGTH = '2003-10-11T22:14:15.123456Z'.length;
/** Room for a time that is looked at; no longer one is a time. */
const timeBytes = Buffer.alloc(64);

function timestampOf(text: string | undefined, fallback: number | undefined): string {
  if (text !== undefined && text.length < timeBytes.length) {
    const end = timeBytes.write(text);
    if (end === text.length && isRfc3339(timeBytes, 0, end)) {
      // RFC 5424 section 6.2.3 allows six fraction digits and no leap second.
      if (text.length <= MICROSECONDS_LENGTH && !text.includes(':60')) return text;
      return text.replace(/(\.\d{6})\d+/, '$1').replace(/:60(?=[.Z+-])/, ':59');
    }
  }
  return fallback === undefined ? NIL : new Date(fallback).toISOString();
}

function structuredDataOf(fields: FormattedFields, parameters: boolean): string {
  const raw = fields.structured_data;
  if (raw !== undefined && raw !== '' && isStructuredData(raw)) return raw;
  if (!parameters) return NIL;
  const elements = new Map<string, string>();
  for (const field of Object.keys(fields)) {
    if (!field.startsWith(PARAMETER_PREFIX)) continue;
    // The id may have dots (enterprise numbers do), a name hardly ever.
    const dot = field.lastIndexOf('.');
    if (dot <= PARAMETER_PREFIX.length) continue;
    const id = parameterName(field.slice(PARAMETER_PREFIX.length, dot));
    const name = parameterName(field.slice(dot + 1));
    const parameter = ` ${name}="${escapeParameter(fields[field] as string)}"`;
    elements.set(id, (elements.get(id) ?? '') + parameter);
  }
  let data = '';
  for (const [id, parameters] of elements) data += `[${id}${parameters}]`;
  return data === '' ? NIL : data;
}

const SD_NAME = `[!#-<>-\\\\^-~]{1,${MAX_SD_NAME_BYTES}}`;
const SD_PATTERN = new RegExp(`^(?:\\[${SD_NAME}(?: ${SD_NAME}="(?:[^"\\\\\\]]|\\\\[^])*")*\\])+$`);

/** True for text that follows the grammar of STRUCTURED-DATA (RFC 5424 section 6.3), longer names allowed. */
export function isStructuredData(text: string): boolean {
  return SD_PATTERN.test(text);
}

/**
 * Writes one element of structured data, `[id name="value" ...]` (RFC 5424 section 6.3).
 *
 * @throws RangeError for an id or a name that {@link isParameterName} refuses
 */
export function formatElement(id: string, parameters: Iterable<readonly [name: string, value: string]>): string {
  let element = `[${requireName(id)}`;
  for (const [name, value] of parameters) element += ` ${requireName(name)}="${escapeParameter(value)}"`;
  return `${element}]`;
}

/** Whether a text can stand as the id of an element or the name of a parameter as it is (SD-NAME). */
export function isParameterName(text: string): boolean {
  return text !== '' && parameterName(text) === text;
}

function requireName(text: string): string {
  if (!isParameterName(text)) throw new RangeError(`${JSON.stringify(text)} is no name of structured data`);
  return text;
}

function parameterName(name: string): string {
  return headerText(name, MAX_SD_NAME).replace(/[="\]]/g, '_');
}

function escapeParameter(value: string): string {
  return value.replace(/["\\\]]/g, '\\$&');
}
