import type { LocalZone } from './local-zone';

/** `Oct 11 22:14:15`, the stamp of RFC 3164 section 4.1.2. */
export const BSD_STAMP_BYTES = 15;

/** One slot for each last digit of the second, rounded up to a power of two. */
const SLOTS = 16;

/** A stamp without a year and what it means for messages that arrive in one hour from senders of one zone. */
export interface CachedStamp {
  readonly bytes: Uint8Array;
  hour: number;
  zone: LocalZone | undefined;
  /** Date and time as RFC 3339 has them. */
  dateTime: string;
  /** Offset of the zone, "" when it is not known or depends on more than the hour of arrival. */
  offset: string;
  /** Both together. */
  value: string;
}

/** The stamps converted last: those of busy senders repeat within the second. */
export class StampCache {
  readonly #slots: readonly CachedStamp[] = Array.from({ length: SLOTS }, () => ({
    bytes: new Uint8Array(BSD_STAMP_BYTES),
    hour: Number.NaN,
    zone: undefined,
    dateTime: '',
    offset: '',
    value: '',
  }));

  /** The stamp at `position`, if it is known; `hour` is the one of the arrival. */
  find(bytes: Uint8Array, position: number, end: number, hour: number, zone: LocalZone): CachedStamp | undefined {
    if (position + BSD_STAMP_BYTES > end) return undefined;
    const stamp = this.#slotOf(bytes, position);
    if (stamp.hour !== hour || stamp.zone !== zone) return undefined;
    const known = stamp.bytes;
    for (let i = 0; i < BSD_STAMP_BYTES; i++) if (bytes[position + i] !== known[i]) return undefined;
    return stamp;
  }

  /** Remembers the stamp at `position`. */
  put(bytes: Uint8Array, position: number, hour: number, zone: LocalZone, dateTime: string, offset: string): void {
    const stamp = this.#slotOf(bytes, position);
    for (let i = 0; i < BSD_STAMP_BYTES; i++) stamp.bytes[i] = bytes[position + i] as number;
    stamp.hour = hour;
    stamp.zone = zone;
    stamp.dateTime = dateTime;
    stamp.offset = offset;
    stamp.value = dateTime + offset;
  }

  #slotOf(bytes: Uint8Array, position: number): CachedStamp {
    return this.#slots[(bytes[position + BSD_STAMP_BYTES - 1] as number) % SLOTS] as CachedStamp;
  }
}
