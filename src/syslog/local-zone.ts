import { SyslogError } from './errors';

const MILLISECONDS_PER_MINUTE = 60_000;
const MILLISECONDS_PER_HOUR = 3_600_000;
const MILLISECONDS_PER_DAY = 86_400_000;

/** Clock changes fall on quarters of an hour, so one answer holds for a whole quarter. */
const SLOT_MILLISECONDS = 15 * MILLISECONDS_PER_MINUTE;

/** Quarters kept per zone: 42 days of them; hostile stamps from all centuries only empty the cache. */
const MAX_CACHED_SLOTS = 4096;

/** The offsets that a wall clock reading may stand for; they differ only in the hour that a clock change repeats. */
interface SlotOffsets {
  /** Minutes east of UTC of the first reading. */
  readonly first: number;
  /** Minutes east of UTC of the second reading. */
  readonly second: number;
}

/**
 * A time zone that turns wall clock readings into offsets from UTC.
 *
 * A reading that a clock change skips gets the offset before the change, so it is an instant right after it. A reading
 * that occurs twice is the one within an hour of the message's arrival; when neither or both are, the first.
 */
export class LocalZone {
  static readonly #known = new Map<string, LocalZone>();

  readonly #format: Intl.DateTimeFormat | undefined;
  readonly #fixedOffset: number;
  readonly #slots = new Map<number, SlotOffsets>();
  readonly #instantSlots = new Map<number, number>();

  private constructor(readonly name: string) {
    const fixed = fixedOffset(name);
    this.#fixedOffset = fixed ?? 0;
    this.#format = fixed === undefined ? zoneFormat(name) : undefined;
  }

  /**
   * The zone of an IANA name (`Europe/Berlin`), `UTC`, or a fixed offset (`+02:00`).
   * @throws SyslogError `INVALID_TIMEZONE`
   */
  static of(name: string): LocalZone {
    let zone = LocalZone.#known.get(name);
    if (zone === undefined) {
      zone = new LocalZone(name);
      LocalZone.#known.set(name, zone);
    }
    return zone;
  }

  /**
   * Minutes east of UTC of a wall clock reading.
   *
   * @param wallClock the reading as milliseconds since the epoch, as if it were UTC
   * @param arrival time of arrival, milliseconds since the epoch
   */
  offsetMinutes(wallClock: number, arrival: number): number {
    if (this.#format === undefined) return this.#fixedOffset;
    const offsets = this.#offsets(wallClock, this.#format);
    if (offsets.first === offsets.second) return offsets.first;
    const afterFirst = Math.abs(wallClock - offsets.first * MILLISECONDS_PER_MINUTE - arrival);
    const afterSecond = Math.abs(wallClock - offsets.second * MILLISECONDS_PER_MINUTE - arrival);
    return afterSecond < afterFirst && afterSecond <= MILLISECONDS_PER_HOUR ? offsets.second : offsets.first;
  }

  /** Minutes east of UTC that the zone has at an instant, milliseconds since the epoch. */
  offsetMinutesAt(instant: number): number {
    if (this.#format === undefined) return this.#fixedOffset;
    const slot = Math.floor(instant / SLOT_MILLISECONDS);
    let offset = this.#instantSlots.get(slot);
    if (offset === undefined) {
      offset = offsetAt(this.#format, slot * SLOT_MILLISECONDS);
      if (this.#instantSlots.size >= MAX_CACHED_SLOTS) this.#instantSlots.clear();
      this.#instantSlots.set(slot, offset);
    }
    return offset;
  }

  /** True for a wall clock reading that a clock change repeats. */
  isAmbiguous(wallClock: number): boolean {
    if (this.#format === undefined) return false;
    const offsets = this.#offsets(wallClock, this.#format);
    return offsets.first !== offsets.second;
  }

  #offsets(wallClock: number, format: Intl.DateTimeFormat): SlotOffsets {
    const slot = Math.floor(wallClock / SLOT_MILLISECONDS);
    let offsets = this.#slots.get(slot);
    if (offsets === undefined) {
      offsets = this.#readSlot(slot * SLOT_MILLISECONDS, format);
      if (this.#slots.size >= MAX_CACHED_SLOTS) this.#slots.clear();
      this.#slots.set(slot, offsets);
    }
    return offsets;
  }

  #readSlot(wallClock: number, format: Intl.DateTimeFormat): SlotOffsets {
    const before = offsetAt(format, wallClock - MILLISECONDS_PER_DAY);
    const after = offsetAt(format, wallClock + MILLISECONDS_PER_DAY);
    if (before === after) return { first: before, second: before };
    const beforeHolds = offsetAt(format, wallClock - before * MILLISECONDS_PER_MINUTE) === before;
    const afterHolds = offsetAt(format, wallClock - after * MILLISECONDS_PER_MINUTE) === after;
    if (beforeHolds && afterHolds) return { first: before, second: after };
    const only = afterHolds ? after : before;
    return { first: only, second: only };
  }
}

function fixedOffset(name: string): number | undefined {
  if (name === 'UTC' || name === 'Z') return 0;
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(name);
  if (match === null) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  if (Number(match[2]) > 23 || Number(match[3]) > 59) throw invalidTimezone(name);
  return match[1] === '-' ? -minutes : minutes;
}

function zoneFormat(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw invalidTimezone(name);
  }
}

function invalidTimezone(name: string): SyslogError {
  return new SyslogError(
    'INVALID_TIMEZONE',
    `unknown time zone ${JSON.stringify(name)}: expected an IANA name such as "Europe/Berlin", "UTC" or an offset such as "+02:00"`,
  );
}

/** Minutes east of UTC that a zone has at an instant, rounded (the seconds of local mean time have no RFC 3339 form). */
function offsetAt(format: Intl.DateTimeFormat, instant: number): number {
  const parts = new Map<string, string>();
  for (const part of format.formatToParts(instant)) parts.set(part.type, part.value);
  const part = (type: string): number => Number(parts.get(type));
  const wallClock = new Date(0);
  wallClock.setUTCFullYear(parts.get('era') === 'BC' ? 1 - part('year') : part('year'), part('month') - 1, part('day'));
  wallClock.setUTCHours(part('hour'), part('minute'), part('second'));
  const whole = Math.floor(instant / 1000) * 1000;
  return Math.round((wallClock.getTime() - whole) / MILLISECONDS_PER_MINUTE);
}
