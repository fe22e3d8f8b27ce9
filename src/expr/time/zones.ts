import { ExprZone, UTC } from '../value/value';
import { daysOfDate, SECONDS_PER_DAY } from './calendar';

/** What a zone shows at an instant. */
export interface ZoneState {
  /** Seconds east of UTC. */
  readonly offset: number;
  readonly abbreviation: string;
}

/** Zones whose formatters are kept; making one takes tens of microseconds. */
const KEPT_ZONES = 50;

/** Locales that know the usual abbreviations of their part of the world. */
const ABBREVIATION_LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-NZ', 'en-IN', 'en-ZA'];

/** Abbreviations that no locale knows, by the zones where they are in use: for the standard time, for summer time. */
const ABBREVIATIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['America/Havana', ['CST', 'CDT']],
  ['America/St_Johns', ['NST', 'NDT']],
  ['Africa/Algiers', ['CET']],
  ['Africa/Cairo', ['EET', 'EEST']],
  ['Africa/Johannesburg', ['SAST']],
  ['Africa/Lagos', ['WAT']],
  ['Africa/Nairobi', ['EAT']],
  ['Africa/Tripoli', ['EET']],
  ['Africa/Tunis', ['CET']],
  ['Asia/Beirut', ['EET', 'EEST']],
  ['Asia/Calcutta', ['IST']],
  ['Asia/Dubai', ['+04']],
  ['Asia/Hong_Kong', ['HKT']],
  ['Asia/Jakarta', ['WIB']],
  ['Asia/Jayapura', ['WIT']],
  ['Asia/Jerusalem', ['IST', 'IDT']],
  ['Asia/Karachi', ['PKT']],
  ['Asia/Kolkata', ['IST']],
  ['Asia/Makassar', ['WITA']],
  ['Asia/Manila', ['PST']],
  ['Asia/Pyongyang', ['KST']],
  ['Asia/Seoul', ['KST']],
  ['Asia/Shanghai', ['CST']],
  ['Asia/Taipei', ['CST']],
  ['Asia/Tokyo', ['JST']],
  ['Europe/Kaliningrad', ['EET']],
  ['Europe/Minsk', ['+03']],
  ['Europe/Moscow', ['MSK']],
  ['Europe/Simferopol', ['MSK']],
  ['Pacific/Guam', ['ChST']],
]);

const ZONE_NAME = /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*)*$/;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** The zone of a name of the IANA database; "" and "UTC" are UTC, "Local" is the host's. Undefined when unknown. */
export function findZone(name: string): ExprZone | undefined {
  if (name === '' || name === 'UTC') return UTC;
  if (name === 'Local') return new ExprZone(new Intl.DateTimeFormat().resolvedOptions().timeZone);
  if (!ZONE_NAME.test(name)) return undefined;
  try {
    const { timeZone } = formatterOf(name).resolvedOptions();
    // The host takes a name in any case, the database does not.
    const misspelt = timeZone !== name && timeZone.toLowerCase() === name.toLowerCase();
    return misspelt ? undefined : new ExprZone(name);
  } catch {
    return undefined;
  }
}

function formatterOf(name: string): Intl.DateTimeFormat {
  const kept = formatters.get(name);
  if (kept !== undefined) return kept;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (formatters.size >= KEPT_ZONES) formatters.clear();
  formatters.set(name, made);
  return made;
}

/** Instants that the host's calendar reaches, in seconds. */
const MAX_HOST_SECONDS = 8.64e12;

/** Offset and abbreviation of a zone at an instant (seconds since 1970). */
export function zoneAt(zone: ExprZone, seconds: number): ZoneState {
  if (zone.offset !== undefined) return { offset: zone.offset, abbreviation: zone.name };
  const reachable = Math.max(-MAX_HOST_SECONDS, Math.min(MAX_HOST_SECONDS, seconds));
  const offset = offsetAt(zone.name, reachable);
  return { offset, abbreviation: abbreviationAt(zone.name, reachable, offset) };
}

function offsetAt(name: string, seconds: number): number {
  const parts = new Map(
    formatterOf(name)
      .formatToParts(seconds * 1000)
      .map((part) => [part.type, part.value]),
  );
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type) ?? 0);
  // Year 1 BC is the year 0.
  const year = parts.get('era') === 'BC' ? 1 - number('year') : number('year');
  const local =
    daysOfDate(year, number('month'), number('day')) * SECONDS_PER_DAY +
    number('hour') * 3600 +
    number('minute') * 60 +
    number('second');
  return local - seconds;
}

function abbreviationAt(name: string, seconds: number, offset: number): string {
  const known = ABBREVIATIONS.get(name);
  if (known !== undefined) return (isSummer(name, seconds, offset) ? known[1] : undefined) ?? known[0] ?? name;
  for (const locale of ABBREVIATION_LOCALES) {
    const shown = new Intl.DateTimeFormat(locale, { timeZone: name, timeZoneName: 'short' })
      .formatToParts(seconds * 1000)
      .find((part) => part.type === 'timeZoneName')?.value;
    if (shown !== undefined && /^[A-Z]{2,5}$/.test(shown)) return shown;
  }
  const minutes = Math.floor(Math.abs(offset) / 60);
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  const rest = minutes % 60 === 0 ? '' : String(minutes % 60).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${hours}${rest}`;
}

const HALF_YEAR_SECONDS = 182 * SECONDS_PER_DAY;

/** Whether clocks are ahead of what they show half a year before. */
function isSummer(name: string, seconds: number, offset: number): boolean {
  return offset > offsetAt(name, seconds - HALF_YEAR_SECONDS);
}

/** Whether a zone has its summer time at an instant (seconds since 1970). */
export function isSummerTime(zone: ExprZone, seconds: number): boolean {
  return zone.offset === undefined && isSummer(zone.name, seconds, offsetAt(zone.name, seconds));
}

/** Offset of the time that a zone calls by the name around a local time; undefined where it has no such name. */
export function offsetOfName(zone: ExprZone, name: string, localSeconds: number): number | undefined {
  const around = [0, HALF_YEAR_SECONDS, -HALF_YEAR_SECONDS].map((shift) => zoneAt(zone, localSeconds + shift));
  const named = around.filter(({ abbreviation }) => abbreviation === name);
  const exact = named.find(({ offset }) => zoneAt(zone, localSeconds - offset).abbreviation === name);
  return (exact ?? named[0])?.offset;
}

/** Instant (seconds since 1970) at which clocks of the zone show the local time given as if it were UTC. */
export function instantOfLocal(zone: ExprZone, localSeconds: number): number {
  if (zone.offset !== undefined) return localSeconds - zone.offset;
  const first = localSeconds - zoneAt(zone, localSeconds).offset;
  const second = localSeconds - zoneAt(zone, first).offset;
  return zoneAt(zone, second).offset === localSeconds - second ? second : first;
}
