import type { VrlTimestamp } from '../../value/value';
import type { StructuredElement } from './structured-data';

/** What a syslog message says; undefined for what it leaves out. */
export interface SyslogMessage {
  readonly priority: number | undefined;
  readonly version: number | undefined;
  readonly timestamp: VrlTimestamp | undefined;
  readonly hostname: string | undefined;
  readonly appname: string | undefined;
  readonly procid: string | undefined;
  readonly msgid: string | undefined;
  readonly structuredData: readonly StructuredElement[];
  readonly message: string;
}

export const FACILITIES: readonly string[] =
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clockd local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  );
export const SEVERITIES: readonly string[] = 'emerg alert crit err warning notice info debug'.split(' ');

const MAX_PRIORITY = 255;

/**
 * Reads `<13>`; undefined, and nothing read, when there is none. Numbers above 191 have a severity but no facility.
 *
 * @returns the number and the position behind it
 */
export function readPriority(text: string): { readonly priority: number; readonly end: number } | undefined {
  if (text.charCodeAt(0) !== 0x3c) return undefined;
  let position = 1;
  let priority = 0;
  let digit = text.charCodeAt(position) - 0x30;
  while (digit >= 0 && digit <= 9) {
    priority = priority * 10 + digit;
    if (priority > MAX_PRIORITY) return undefined;
    digit = text.charCodeAt(++position) - 0x30;
  }
  if (position === 1 || text.charCodeAt(position) !== 0x3e) return undefined;
  return { priority, end: position + 1 };
}

/** Position of the first character at or after `from` that is neither blank nor tab. */
export function skipBlanks(text: string, from: number): number {
  let position = from;
  let unit = text.charCodeAt(position);
  while (unit === 0x20 || unit === 0x09) unit = text.charCodeAt(++position);
  return position;
}

/** The part of a message that a field `-` leaves out. */
export function orNil(field: string): string | undefined {
  return field === '-' ? undefined : field;
}
