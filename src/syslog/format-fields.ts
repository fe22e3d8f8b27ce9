import type { RecordFields } from '../record';
import { DEFAULT_PRIORITY, MAX_PRIORITY } from './priority';

/** Fields of a record that becomes a message; undefined is the same as missing. */
export type FormattedFields = Readonly<Partial<RecordFields>>;

/** What is written for text that is missing: NILVALUE of RFC 5424 section 6. */
export const NIL = '-';

/** The PRI of a record: its `priority`, else its `facility` and `severity`, else user.notice. */
export function priorityOf(fields: FormattedFields, fallback = DEFAULT_PRIORITY): number {
  const priority = smallNumber(fields.priority, MAX_PRIORITY);
  if (priority !== undefined) return priority;
  const facility = smallNumber(fields.facility, MAX_PRIORITY >> 3);
  const severity = smallNumber(fields.severity, 7);
  if (facility === undefined && severity === undefined) return fallback;
  return ((facility ?? fallback >> 3) << 3) | (severity ?? fallback & 7);
}

function smallNumber(text: string | undefined, max: number): number | undefined {
  if (text === undefined || !/^\d{1,3}$/.test(text)) return undefined;
  const number = Number(text);
  return number <= max ? number : undefined;
}

const HEADER_TEXT = /^[!-~]*$/;

/** Text for a header: printable ASCII without spaces, at most `maxBytes` of it; other characters become `_`. "" becomes NIL. */
export function headerText(text: string | undefined, maxBytes: number): string {
  if (text === undefined || text === '') return NIL;
  const short = text.length > maxBytes ? text.slice(0, maxBytes) : text;
  return HEADER_TEXT.test(short) ? short : short.replace(/[^!-~]/g, '_');
}

/** The first field that a record has among several. */
export function firstField(fields: FormattedFields, ...names: readonly string[]): string {
  for (const name of names) {
    const value = fields[name];
    if (value !== undefined && value !== '') return value;
  }
  return '';
}
