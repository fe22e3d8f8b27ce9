import { daysFromCivil, SECONDS_PER_DAY } from './civil';

/** A timezone: what to add to UTC at some instant. */
export interface Zone {
  /** IANA name. */
  readonly name: string;
  /** Seconds east of UTC at an instant (seconds since the Unix epoch). */
  offsetAt(epochSeconds: number): number;
}

export const UTC: Zone = { name: 'UTC', offsetAt: () => 0 };

/** A zone with one offset for all time. */
export function fixedZone(offsetSeconds: number): Zone {
  return { name: '', offsetAt: () => offsetSeconds };
}

/** What IANA names look like; the engine also takes bare offsets, and names in any case, which the language does not. */
const IANA_NAME = /^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)*$/;

const zones = new Map<string, Zone>([['UTC', UTC]]);

/**
 * The zone of an IANA name, or of "local" (the machine's); undefined when there is none of that name.
 *
 * @example zoneNamed('Europe/Paris')?.offsetAt(0) // 3600
 */
export function zoneNamed(name: string): Zone | undefined {
  const known = zones.get(name);
  if (known !== undefined) return known;
  if (name === 'local' || name === '') return zoneNamed(localZoneName());
  if (!IANA_NAME.test(name)) return undefined;
  try {
    const zone = new IanaZone(name);
    zones.set(name, zone);
    return zone;
  } catch {
    return undefined;
  }
}

/** IANA name of the machine's zone. */
export function localZoneName(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/**
 * Instants that a wall clock reading stands for in a zone: one, none (skipped by a change to summer time) or two
 * (repeated by the change back), earliest first.
 *
 * @param localSeconds the reading as if it were UTC, in seconds since the Unix epoch
 */
export function instantsOf(localSeconds: number, zone: Zone): number[] {
  const instants: number[] = [];
  // No zone is further from UTC than a day, so both candidates' offsets are among these.
  for (const offset of [zone.offsetAt(localSeconds - SECONDS_PER_DAY), zone.offsetAt(localSeconds + SECONDS_PER_DAY)]) {
    const instant = localSeconds - offset;
    if (zone.offsetAt(instant) === offset && !instants.includes(instant)) instants.push(instant);
  }
  return instants.sort((a, b) => a - b);
}

/** Span that is looked up at once: zones do not change twice within it. */
const SPAN_SECONDS = 7 * SECONDS_PER_DAY;
/** Spans kept for a zone; some 80 years, a few hundred kilobytes at most. */
const MAX_CACHED_SPANS = 4096;
/** Range of instants that the engine's dates have. */
const MAX_INSTANT = 8_640_000_000_000;

interface Span {
  readonly before: number;
  readonly changeAt: number;
  readonly after: number;
}

/** A zone of the engine's database. Asking it takes microseconds, so the answers of a week are kept. */
class IanaZone implements Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #spans = new Map<number, Span>();

  constructor(readonly name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  offsetAt(epochSeconds: number): number {
    const instant = Math.min(Math.max(Math.floor(epochSeconds), -MAX_INSTANT), MAX_INSTANT);
    const index = Math.floor(instant / SPAN_SECONDS);
    let span = this.#spans.get(index);
    if (span === undefined) {
      if (this.#spans.size >= MAX_CACHED_SPANS) this.#spans.clear();
      span = this.#lookUp(index * SPAN_SECONDS);
      this.#spans.set(index, span);
    }
    return instant < span.changeAt ? span.before : span.after;
  }

  #lookUp(start: number): Span {
    let low = start;
    let high = start + SPAN_SECONDS;
    const before = this.#ask(low);
    const after = this.#ask(high);
    if (before === after) return { before, changeAt: high, after };
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#ask(middle) === before) low = middle;
      else high = middle;
    }
    return { before, changeAt: high, after };
  }

  #ask(epochSeconds: number): number {
    const instant = Math.min(Math.max(epochSeconds, -MAX_INSTANT), MAX_INSTANT);
    const parts = new Map(this.#format.formatToParts(instant * 1000).map((part) => [part.type, part.value]));
    const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
    const year = parts.get('era') === 'BC' ? 1 - number('year') : number('year');
    const days = daysFromCivil(year, number('month'), number('day'));
    return days * SECONDS_PER_DAY + number('hour') * 3600 + number('minute') * 60 + number('second') - instant;
  }
}
