import type { RecordId } from '../log-store';

/** Digits of the arrival time in an id: the peer's form, wide enough for any date. */
const TIME_DIGITS = 20;

const RECORD_ID = /^entry:(.*):(\d{20}):([0-9a-f]{8})-([0-9a-f]{4})-4000-8000-000000000000$/s;

/**
 * The text form of a record's id, `entry:<stream>:<ms, 20 digits>:<uuid>`: the id of a watch event and the cursor of a
 * query. The uuid (version 4 in shape, RFC 9562 section 5.4) holds the sequence number in its first 48 bits.
 */
export function formatRecordId(stream: string, id: RecordId): string {
  const hex = id.sequence.toString(16).padStart(12, '0');
  const time = String(id.timestamp).padStart(TIME_DIGITS, '0');
  return `entry:${stream}:${time}:${hex.slice(0, 8)}-${hex.slice(8, 12)}-4000-8000-000000000000`;
}

/** Reads {@link formatRecordId}'s text; undefined when it is none. */
export function parseRecordId(text: string): (RecordId & { readonly stream: string }) | undefined {
  const match = RECORD_ID.exec(text);
  if (match === null) return undefined;
  const [, stream = '', time = '', high = '', low = ''] = match;
  return { stream, timestamp: Number(time), sequence: Number.parseInt(high + low, 16) };
}
