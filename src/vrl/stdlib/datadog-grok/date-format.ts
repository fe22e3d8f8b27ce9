import {
  daysFromCivil,
  daysInMonth,
  instantsOf,
  fixedZone,
  SECONDS_PER_DAY,
  UTC,
  zoneNamed,
  type Zone,
} from '../../time';
import { RuleError } from './rule-error';

/** What one run of pattern letters reads. */
interface Token {
  readonly letter: string;
  readonly length: number;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Hours east of UTC of the zones that logs name by letters. */
const NAMED_ZONES = new Map([
  ['UTC', 0],
  ['GMT', 0],
  ['Z', 0],
  ['EST', -5],
  ['EDT', -4],
  ['CST', -6],
  ['CDT', -5],
  ['MST', -7],
  ['MDT', -6],
  ['PST', -8],
  ['PDT', -7],
  ['CET', 1],
  ['CEST', 2],
  ['BST', 1],
  ['JST', 9],
]);

/**
 * A format of dates in Java's letters, such as `dd/MMM/yyyy:HH:mm:ss Z`: text in single quotes stands for itself.
 *
 * @throws RuleError for letters that stand for nothing
 */
export class DateFormat {
  /** The pattern of texts that are of the format, without groups. */
  readonly pattern: string;
  readonly #tokens: readonly Token[];
  readonly #regex: RegExp;
  readonly #zone: Zone;

  constructor(format: string, zone: string | undefined) {
    const tokens: Token[] = [];
    let pattern = '';
    let groups = '';
    for (const match of format.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'/g)) {
      const letter = match[2];
      if (letter === undefined) {
        const text = match[1] === undefined ? match[0] : match[1] === '' ? "'" : match[1].replaceAll("''", "'");
        pattern += escapeRegex(text);
        groups += escapeRegex(text);
        continue;
      }
      const token = { letter, length: match[0].length };
      tokens.push(token);
      const part = tokenPattern(token);
      pattern += part;
      groups += `(${part})`;
    }
    this.pattern = pattern;
    this.#tokens = tokens;
    this.#regex = new RegExp(`^${groups}$`, 'i');
    this.#zone = zone === undefined ? UTC : zoneFor(zone);
  }

  /** Milliseconds since the Unix epoch; undefined for a text that is not of the format, or no date. */
  read(text: string): number | undefined {
    const match = this.#regex.exec(text);
    if (match === null) return undefined;
    const values = new DateFields();
    this.#tokens.forEach((token, i) => values.set(token, match[i + 1] as string));
    return values.instant(this.#zone);
  }
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function tokenPattern({ letter, length }: Token): string {
  switch (letter) {
    case 'y':
    case 'Y':
    case 'u':
      return length === 2 ? '[0-9]{2}' : length === 1 ? '[0-9]+' : `[0-9]{${length}}`;
    case 'M':
    case 'L':
      return length > 2 ? '[A-Za-z]+\\.?' : length === 2 ? '[0-9]{2}' : '[0-9]{1,2}';
    case 'E':
    case 'e':
      return '[A-Za-z]+\\.?';
    case 'a':
      return '[AaPp]\\.?[Mm]\\.?';
    case 'S':
    case 'n':
      return length === 1 ? '[0-9]+' : `[0-9]{${length}}`;
    case 'D':
      return '[0-9]{1,3}';
    case 'd':
    case 'H':
    case 'k':
    case 'K':
    case 'h':
    case 'm':
    case 's':
      return length > 1 ? '[0-9]{2}' : '[0-9]{1,2}';
    case 'Z':
    case 'X':
    case 'x':
      return '(?:Z|[+-][0-9]{2}:?(?:[0-9]{2})?)';
    case 'z':
    case 'V':
      return '[A-Za-z]+(?:/[A-Za-z_]+)*';
    default:
      throw new RuleError(`invalid arguments for the function 'date': unknown letter '${letter}'`);
  }
}

function zoneFor(name: string): Zone {
  const offset = offsetSeconds(name.replace(/^(?:UTC|GMT)(?=[+-])/, ''));
  if (offset !== undefined) return fixedZone(offset);
  const hours = NAMED_ZONES.get(name);
  if (hours !== undefined) return fixedZone(hours * 3600);
  const zone = zoneNamed(name);
  if (zone === undefined) throw new RuleError(`invalid arguments for the function 'date': unknown timezone '${name}'`);
  return zone;
}

/** Seconds of `+02`, `+0200`, `+02:00` or `+2`. */
function offsetSeconds(text: string): number | undefined {
  if (text === 'Z') return 0;
  const match = /^([+-])([0-9]{1,2}):?([0-9]{2})?$/.exec(text);
  if (match === null) return undefined;
  return (Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60) * (match[1] === '-' ? -1 : 1);
}

/** Collects what the letters of a format read. */
class DateFields {
  #year = 1970;
  #month = 1;
  #day = 1;
  #dayOfYear: number | undefined;
  #hour = 0;
  #afternoon: boolean | undefined;
  #seconds = 0;
  #milliseconds = 0;
  #zone: Zone | undefined;
  #valid = true;

  set({ letter, length }: Token, text: string): void {
    const value = Number(text);
    switch (letter) {
      case 'y':
      case 'Y':
      case 'u':
        this.#year = length === 2 ? value + (value < 70 ? 2000 : 1900) : value;
        break;
      case 'M':
      case 'L':
        this.#month = length > 2 ? MONTHS.indexOf(text.slice(0, 3).toLowerCase()) + 1 : value;
        break;
      case 'd':
        this.#day = value;
        break;
      case 'D':
        this.#dayOfYear = value;
        break;
      case 'H':
        this.#hour = value;
        break;
      case 'k':
        this.#hour = value % 24;
        break;
      case 'K':
      case 'h':
        this.#hour = value % 12;
        this.#afternoon ??= false;
        break;
      case 'a':
        this.#afternoon = /^p/i.test(text);
        break;
      case 'm':
        this.#seconds += value * 60;
        this.#valid &&= value < 60;
        break;
      case 's':
        this.#seconds += value;
        this.#valid &&= value <= 60;
        break;
      case 'S':
      case 'n':
        this.#milliseconds = Number(text.slice(0, 3).padEnd(3, '0'));
        break;
      case 'Z':
      case 'X':
      case 'x':
        this.#zone = fixedZone(offsetSeconds(text.toUpperCase()) ?? 0);
        break;
      case 'z':
      case 'V':
        this.#setZone(text);
    }
  }

  #setZone(name: string): void {
    const hours = NAMED_ZONES.get(name.toUpperCase());
    const zone = hours === undefined ? zoneNamed(name) : fixedZone(hours * 3600);
    if (zone === undefined) this.#valid = false;
    else this.#zone = zone;
  }

  instant(zone: Zone): number | undefined {
    if (!this.#valid || this.#month < 1 || this.#month > 12 || this.#hour > 23) return undefined;
    if (this.#day < 1 || this.#day > daysInMonth(this.#year, this.#month)) return undefined;
    const hour = this.#hour + (this.#afternoon === true ? 12 : 0);
    const days =
      this.#dayOfYear === undefined
        ? daysFromCivil(this.#year, this.#month, this.#day)
        : daysFromCivil(this.#year, 1, 1) + this.#dayOfYear - 1;
    const local = days * SECONDS_PER_DAY + hour * 3600 + this.#seconds;
    const [instant] = instantsOf(local, this.#zone ?? zone);
    return instant === undefined ? undefined : instant * 1000 + this.#milliseconds;
  }
}
