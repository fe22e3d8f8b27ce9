import { escapeControls, logfmtKey, logfmtValue } from './output/logfmt';
import { printable } from './printable';
import type { StoredRecord } from './stored-record';

/** How records are printed, one line each. */
export const RECORD_FORMATS = ['logfmt', 'json', 'text'] as const;
export type RecordFormat = (typeof RECORD_FORMATS)[number];

/**
 * One record as one line without the line end.
 *
 * @param format - `logfmt`: `@timestamp` and then all fields by name; `json`: as the API has it; `text`: time, host,
 *   program and message, for reading
 */
export function formatRecord(record: StoredRecord, format: RecordFormat): string {
  if (format === 'json') return escapeControls(JSON.stringify({ timestamp: record.timestamp, fields: record.fields }));
  if (format === 'logfmt') return `@timestamp=${logfmtValue(record.timestamp)}${formatFields(record)}`;
  return formatText(record);
}

/** Fields that hold the message, by input: syslog RFC 5424, RFC 3164 and plain text, OTLP, then common habits. */
const MESSAGE_FIELDS = ['message', 'content', 'body', 'msg', 'log'];
const HOST_FIELDS = ['hostname', 'resource.host.name', 'host'];
const PROGRAM_FIELDS = ['app_name', 'tag', 'resource.service.name', 'service'];

function formatText(record: StoredRecord): string {
  const message = firstField(record, MESSAGE_FIELDS);
  const host = firstField(record, HOST_FIELDS);
  const program = firstField(record, PROGRAM_FIELDS);
  const parts = [record.timestamp];
  if (host !== '') parts.push(host);
  if (program !== '') parts.push(`${program}:`);
  return printable(parts.join(' ')) + (message === '' ? formatFields(record) : ` ${printable(message)}`);
}

function firstField(record: StoredRecord, names: readonly string[]): string {
  for (const name of names) {
    const value = Object.hasOwn(record.fields, name) ? record.fields[name] : undefined;
    if (value !== undefined && value !== '') return value;
  }
  return '';
}

function formatFields(record: StoredRecord): string {
  let text = '';
  for (const name of Object.keys(record.fields).sort()) {
    text += ` ${logfmtKey(name)}=${logfmtValue(record.fields[name] ?? '')}`;
  }
  return text;
}
