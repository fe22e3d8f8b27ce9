import type { LogRecord, RecordFields } from '../record';
import { frameOf, type SyslogFrame } from './frame';
import { MessageScanner } from './message-scanner';
import { facilityText, priorityText, severityText } from './priority';
import { SyslogSender } from './sender';

/** Where a message came from and how to read its time. */
export interface ParseOptions {
  /** `ip:port` or `[ipv6]:port` of the sender; its address is the hostname of a message that names none. Default "". */
  readonly client?: string;
  /** Name in the sender's TLS certificate. Default "". */
  readonly tlsPeer?: string;
  /** Time of arrival in milliseconds since the epoch; it also decides the year of stamps without one. Default: now. */
  readonly arrival?: number | Date;
  /** IANA name or fixed offset (`+02:00`) of stamps without a zone. Default UTC. */
  readonly timezone?: string;
}

/** The range of a Date (ECMAScript, time values). */
const MAX_DATE_MILLISECONDS = 8.64e15;

const scanner = new MessageScanner();
let lastSender = new SyslogSender('');

/**
 * Parses one syslog message, RFC 5424 or RFC 3164 and what the field sends under that name.
 *
 * Nothing is ever rejected: a message that no format matches is kept whole in `content`, and `parse_error` says why.
 *
 * @param message one message without its frame; trailing LF, CR and NUL are ignored
 * @returns the record: `timestamp` is the arrival, the event's own time is the field `timestamp`
 * @throws SyslogError `INVALID_TIMEZONE`
 *
 * @example
 * parse('<34>1 2003-10-11T22:14:15.003Z host su - ID47 - failed', { client: '192.0.2.7:514' }).fields.app_name; // 'su'
 */
export function parse(message: Uint8Array | string, options: ParseOptions = {}): LogRecord {
  const timestamp = arrivalOf(options.arrival);
  const sender = senderOf(options);
  const frame = frameOf(message);
  scanner.scan(frame, timestamp, sender);
  const fields = fieldsOf(frame, sender);
  scanner.release();
  return { timestamp, fields };
}

function arrivalOf(arrival: number | Date | undefined): number {
  const milliseconds = arrival === undefined ? Date.now() : Number(arrival);
  // Beyond what a Date can hold there is no text for it.
  return Math.abs(milliseconds) <= MAX_DATE_MILLISECONDS ? milliseconds : Date.now();
}

/** Callers parse many messages of one sender: the last one is kept. */
function senderOf(options: ParseOptions): SyslogSender {
  const client = options.client ?? '';
  const tlsPeer = options.tlsPeer ?? '';
  const timezone = options.timezone ?? 'UTC';
  if (lastSender.client !== client || lastSender.tlsPeer !== tlsPeer || lastSender.zone.name !== timezone) {
    lastSender = new SyslogSender(client, tlsPeer, timezone);
  }
  return lastSender;
}

/**
 * A field map whose chain of prototypes is empty. Unlike an object made by `Object.create(null)` it keeps V8's fast
 * layout, which makes filling it many times quicker; no name is inherited by either.
 */
const FieldMap = function () {} as unknown as { new (): RecordFields; prototype: object };
FieldMap.prototype = Object.create(null) as object;

function fieldsOf(frame: SyslogFrame, sender: SyslogSender): RecordFields {
  const { message } = scanner;
  const fields = new FieldMap();
  fields.timestamp = message.timestamp;
  fields.hostname = message.hostname;
  if (message.structured) {
    fields.app_name = message.program;
    fields.proc_id = message.procId;
    fields.msg_id = message.msgId;
    fields.structured_data = message.structuredData;
    fields.message = message.message;
    fields.version = message.version;
  } else {
    fields.tag = message.program;
    fields.proc_id = message.procId;
    fields.content = message.message;
  }
  fields.priority = priorityText(message.priority);
  fields.facility = facilityText(message.priority);
  fields.severity = severityText(message.priority);
  fields.client = sender.client;
  fields.tls_peer = sender.tlsPeer;
  for (let i = 0; i < message.parameterCount; i++) {
    fields[message.parameterNames[i] as string] = message.parameterValues[i] as string;
  }
  if (message.parseError !== '') fields.parse_error = message.parseError;
  if (frame.invalidUtf8) {
    fields.invalid_utf8 = 'true';
    fields.raw_base64 = frame.bytes.toString('base64', frame.start, frame.end);
  }
  return fields;
}
