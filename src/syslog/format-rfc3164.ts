import type { RecordFields } from '../record';
import { firstField, headerText, NIL, priorityOf } from './format-fields';
import { LocalZone } from './local-zone';
import { padded } from './rfc3339';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const MILLISECONDS_PER_MINUTE = 60_000;
const MAX_HOSTNAME_BYTES = 255;
/** RFC 3164 section 4.1.3. */
const MAX_TAG_BYTES = 32;
const MAX_PROC_ID_BYTES = 64;

/** How a record becomes an old-style syslog message. */
export interface FormatRfc3164Options {
  /** Time for records whose `timestamp` is missing or no RFC 3339 time, milliseconds since the epoch. Default: now. */
  readonly timestamp?: number;
  /** PRI for records that have neither `priority` nor `facility` and `severity`. Default 13. */
  readonly priority?: number;
  /** Host for records without one. Default `-`. */
  readonly hostname?: string;
  /** IANA name or fixed offset in which the time is written; RFC 3164 means the local one. Default UTC. */
  readonly timezone?: string;
  /** `bsd` writes `Oct 11 22:14:15`, `rfc3339` the field as it is. Default `bsd`. */
  readonly time?: 'bsd' | 'rfc3339';
}

/**
 * Writes a record as an RFC 3164 message, `<PRI>time host tag[pid]: content`. Fields of RFC 5424 are taken where those of
 * RFC 3164 are missing (`app_name`, `message`).
 *
 * @returns the message without a frame; see {@link frameLineFeed}
 * @throws SyslogError `INVALID_TIMEZONE`
 *
 * @example
 * formatRfc3164({ priority: '34', timestamp: '2024-10-11T22:14:15Z', hostname: 'host', tag: 'su', content: 'failed' });
 * // '<34>Oct 11 22:14:15 host su: failed'
 */
export function formatRfc3164(fields: RecordFields, options: FormatRfc3164Options = {}): string {
  const priority = priorityOf(fields, options.priority);
  const instant = instantOf(fields.timestamp, options.timestamp);
  const zone = LocalZone.of(options.timezone ?? 'UTC');
  const time = options.time === 'rfc3339' ? rfc3339(fields.timestamp, instant) : bsdTime(instant, zone);
  const hostname = headerText(firstField(fields, 'hostname') || options.hostname, MAX_HOSTNAME_BYTES);
  const content = firstField(fields, 'content', 'message');
  const program = firstField(fields, 'tag', 'app_name');
  const procId = fields.proc_id ?? '';
  if (program === '' && procId === '') return `<${priority}>${time} ${hostname} ${content}`;
  const tag = tagText(program, MAX_TAG_BYTES);
  const pid = procId === '' ? '' : `[${tagText(procId, MAX_PROC_ID_BYTES)}]`;
  return `<${priority}>${time} ${hostname} ${tag}${pid}: ${content}`;
}

function instantOf(text: string | undefined, fallback: number | undefined): number {
  const instant = text === undefined || text === '' ? Number.NaN : Date.parse(text);
  return Number.isNaN(instant) ? (fallback ?? Date.now()) : instant;
}

function rfc3339(text: string | undefined, instant: number): string {
  return text !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text)
    ? text
    : new Date(instant).toISOString();
}

function bsdTime(instant: number, zone: LocalZone): string {
  const wallClock = new Date(instant + zone.offsetMinutesAt(instant) * MILLISECONDS_PER_MINUTE);
  const day = String(wallClock.getUTCDate()).padStart(2, ' ');
  const hours = padded(wallClock.getUTCHours());
  const minutes = padded(wallClock.getUTCMinutes());
  const seconds = padded(wallClock.getUTCSeconds());
  return `${MONTHS[wallClock.getUTCMonth()] as string} ${day} ${hours}:${minutes}:${seconds}`;
}

/** Text for tag or pid: what would end either becomes `_`. */
function tagText(text: string, maxBytes: number): string {
  return headerText(text === '' ? NIL : text, maxBytes).replace(/[:[\]]/g, '_');
}
