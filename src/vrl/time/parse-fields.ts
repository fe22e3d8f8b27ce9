import { MONTHS, WEEKDAYS } from './names';
import type { PatternItem } from './pattern';

/** Why a text is no timestamp, in the words that programs see. */
export type ParseProblem =
  | 'input is out of range'
  | 'no possible date and time matching input'
  | 'input is not enough for unique date and time'
  | 'input contains invalid characters'
  | 'premature end of input'
  | 'trailing input'
  | 'bad or unsupported format string';

/** What a text said, by the names of the fields. */
export interface Fields {
  year?: number;
  century?: number;
  yearOfCentury?: number;
  isoYear?: number;
  isoYearOfCentury?: number;
  quarter?: number;
  month?: number;
  day?: number;
  dayOfYear?: number;
  /** 0 is Sunday. */
  weekday?: number;
  weekFromSunday?: number;
  weekFromMonday?: number;
  isoWeek?: number;
  hour?: number;
  hour12?: number;
  afternoon?: boolean;
  minute?: number;
  second?: number;
  nanos?: number;
  /** Seconds since the Unix epoch. */
  epochSeconds?: number;
  /** Seconds east of UTC. */
  offset?: number;
}

type NumericField = Exclude<keyof Fields, 'afternoon'>;

/** Specifiers that are numbers: the field, the greatest number of digits, whether a sign is allowed, what to add. */
const NUMERIC = new Map<string, readonly [NumericField, number, boolean]>([
  ['Y', ['year', 4, true]],
  ['C', ['century', 2, false]],
  ['y', ['yearOfCentury', 2, false]],
  ['G', ['isoYear', 4, true]],
  ['g', ['isoYearOfCentury', 2, false]],
  ['q', ['quarter', 1, false]],
  ['m', ['month', 2, false]],
  ['d', ['day', 2, false]],
  ['e', ['day', 2, false]],
  ['w', ['weekday', 1, false]],
  ['u', ['weekday', 1, false]],
  ['U', ['weekFromSunday', 2, false]],
  ['W', ['weekFromMonday', 2, false]],
  ['V', ['isoWeek', 2, false]],
  ['j', ['dayOfYear', 3, false]],
  ['H', ['hour', 2, false]],
  ['k', ['hour', 2, false]],
  ['I', ['hour12', 2, false]],
  ['l', ['hour12', 2, false]],
  ['M', ['minute', 2, false]],
  ['S', ['second', 2, false]],
  ['f', ['nanos', 9, false]],
  ['s', ['epochSeconds', 20, false]],
]);

/** What a field may be at all; a text that says something else is refused where it says so. */
const RANGES: Readonly<Partial<Record<keyof Fields, readonly [number, number]>>> = {
  year: [-(2 ** 31), 2 ** 31 - 1],
  isoYear: [-(2 ** 31), 2 ** 31 - 1],
  quarter: [1, 4],
  month: [1, 12],
  day: [1, 31],
  dayOfYear: [1, 366],
  weekFromSunday: [0, 53],
  weekFromMonday: [0, 53],
  isoWeek: [1, 53],
  hour: [0, 23],
  hour12: [1, 12],
  minute: [0, 59],
  second: [0, 60],
};

const WHITE_SPACE = /\s/;

/** Reads a text by the parts of a pattern; the problem when it does not fit. */
export function parseFields(items: readonly PatternItem[], text: string): Fields | ParseProblem {
  const reader = new FieldReader(text);
  for (const item of items) {
    const problem = reader.read(item);
    if (problem !== undefined) return problem;
  }
  return reader.atEnd ? reader.fields : 'trailing input';
}

class FieldReader {
  readonly fields: Fields = {};
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  read(item: PatternItem): ParseProblem | undefined {
    if (item.type === 'space') {
      this.#skipSpace();
      return undefined;
    }
    if (item.type === 'literal') return this.#literal(item.text);
    const numeric = NUMERIC.get(item.name);
    if (numeric !== undefined) return this.#numeric(item.name, numeric[0], numeric[1], numeric[2]);
    return this.#fixed(item.name);
  }

  #skipSpace(): void {
    while (!this.atEnd && WHITE_SPACE.test(this.#text[this.#position] as string)) this.#position++;
  }

  #literal(expected: string): ParseProblem | undefined {
    if (this.#text.startsWith(expected, this.#position)) {
      this.#position += expected.length;
      return undefined;
    }
    return this.#text.length - this.#position < expected.length
      ? 'premature end of input'
      : 'input contains invalid characters';
  }

  /** Stores a field; a second, different value for it is a contradiction. */
  #set<K extends keyof Fields>(name: K, value: Fields[K]): ParseProblem | undefined {
    const range = RANGES[name];
    if (range !== undefined && typeof value === 'number' && (value < range[0] || value > range[1]))
      return 'input is out of range';
    if (this.fields[name] !== undefined && this.fields[name] !== value)
      return 'no possible date and time matching input';
    this.fields[name] = value;
    return undefined;
  }

  #numeric(name: string, field: NumericField, width: number, signed: boolean): ParseProblem | undefined {
    this.#skipSpace();
    const sign = signed ? this.#sign() : 1;
    const value = this.#digits(1, sign === 0 ? 20 : signed && this.#signTaken ? 20 : width);
    if (typeof value === 'string') return value;
    const number = value * (sign || 1);
    if (!Number.isSafeInteger(number)) return 'input is out of range';
    if (name === 'u') return number >= 1 && number <= 7 ? this.#set(field, number % 7) : 'input is out of range';
    if (name === 'w' && number > 6) return 'input is out of range';
    return this.#set(field, number + 0);
  }

  #signTaken = false;

  #sign(): number {
    const char = this.#text[this.#position];
    this.#signTaken = char === '-' || char === '+';
    if (this.#signTaken) this.#position++;
    return char === '-' ? -1 : 1;
  }

  #digits(least: number, most: number): number | ParseProblem {
    const start = this.#position;
    let end = start;
    let value = 0;
    while (end < this.#text.length && end - start < most) {
      const digit = this.#text.charCodeAt(end) - 48;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
      end++;
    }
    if (end - start < least)
      return end >= this.#text.length ? 'premature end of input' : 'input contains invalid characters';
    this.#position = end;
    return value;
  }

  #fixed(name: string): ParseProblem | undefined {
    switch (name) {
      case 'b':
      case 'B':
      case 'h':
        return this.#name(MONTHS, name === 'B', (index) => this.#set('month', index + 1));
      case 'a':
      case 'A':
        return this.#name(WEEKDAYS, name === 'A', (index) => this.#set('weekday', index));
      case 'p':
      case 'P':
        return this.#halfOfDay();
      case '.f':
      case '.3f':
      case '.6f':
      case '.9f':
        if (this.#text[this.#position] !== '.') return undefined;
        this.#position++;
        return this.#fraction();
      case '3f':
      case '6f':
      case '9f': {
        const width = Number(name[0]);
        const value = this.#digits(width, width);
        return typeof value === 'string' ? value : this.#set('nanos', value * 10 ** (9 - width));
      }
      case 'Z':
        while (!this.atEnd && !WHITE_SPACE.test(this.#text[this.#position] as string)) this.#position++;
        return undefined;
      case '+':
        return this.#rfc3339();
      default:
        return this.#offset(name === '#z', name === '#z');
    }
  }

  /** A name's first three letters; the whole name too where the pattern says so. */
  #name(
    names: readonly string[],
    whole: boolean,
    found: (index: number) => ParseProblem | undefined,
  ): ParseProblem | undefined {
    const short = this.#text.slice(this.#position, this.#position + 3).toLowerCase();
    if (short.length < 3) return 'premature end of input';
    const index = names.findIndex((name) => name.slice(0, 3).toLowerCase() === short);
    const name = names[index];
    if (name === undefined) return 'input contains invalid characters';
    const rest = this.#text.slice(this.#position + 3, this.#position + name.length).toLowerCase();
    this.#position += whole && rest === name.slice(3).toLowerCase() ? name.length : 3;
    return found(index);
  }

  #halfOfDay(): ParseProblem | undefined {
    const half = this.#text.slice(this.#position, this.#position + 2).toLowerCase();
    if (half.length < 2) return 'premature end of input';
    if (half !== 'am' && half !== 'pm') return 'input contains invalid characters';
    this.#position += 2;
    return this.#set('afternoon', half === 'pm');
  }

  /** Digits of a fraction behind its point; those beyond nanoseconds are dropped. */
  #fraction(): ParseProblem | undefined {
    const start = this.#position;
    const value = this.#digits(1, 9);
    if (typeof value === 'string') return value;
    const nanos = value * 10 ** (9 - (this.#position - start));
    while (!this.atEnd && /[0-9]/.test(this.#text[this.#position] as string)) this.#position++;
    return this.#set('nanos', nanos);
  }

  /** Hours and minutes east of UTC; `zulu` allows a Z in their place, `hoursAlone` the hours without minutes. */
  #offset(zulu: boolean, hoursAlone: boolean): ParseProblem | undefined {
    this.#skipSpace();
    const char = this.#text[this.#position];
    if (char === undefined) return 'premature end of input';
    if (zulu && (char === 'Z' || char === 'z')) {
      this.#position++;
      return this.#set('offset', 0);
    }
    const negative = char === '-' || char === '\u2212';
    if (!negative && char !== '+') return 'input contains invalid characters';
    this.#position++;
    const hours = this.#twoDigits();
    if (typeof hours === 'string') return hours;
    while (this.#position < this.#text.length && /[:\s]/.test(this.#text[this.#position] as string)) this.#position++;
    const minutes = hoursAlone && this.#text.length - this.#position === 0 ? 0 : this.#twoDigits();
    if (typeof minutes === 'string') return minutes;
    if (minutes > 59) return 'input is out of range';
    return this.#set('offset', (hours * 3600 + minutes * 60) * (negative ? -1 : 1) + 0);
  }

  #twoDigits(): number | ParseProblem {
    return this.#text.length - this.#position < 2 ? 'premature end of input' : this.#digits(2, 2);
  }

  /** Date, `T` or a blank, time, and the offset or the word UTC; less strict than RFC 3339 about widths and blanks. */
  #rfc3339(): ParseProblem | undefined {
    for (const [name, before] of DATE_PARTS) {
      const problem = this.#part(name, before);
      if (problem !== undefined) return problem;
    }
    const separator = this.#text[this.#position];
    if (separator === undefined) return 'premature end of input';
    if (separator !== 'T' && separator !== 't' && separator !== ' ') return 'input contains invalid characters';
    this.#position++;
    for (const [name, before] of TIME_PARTS) {
      const problem = this.#part(name, before);
      if (problem !== undefined) return problem;
    }
    const fraction = this.#fixed('.f');
    if (fraction !== undefined) return fraction;
    this.#skipSpace();
    if (this.#text.slice(this.#position, this.#position + 3).toUpperCase() === 'UTC') {
      this.#position += 3;
      return this.#set('offset', 0);
    }
    return this.#offset(true, false);
  }

  #part(name: string, before: string): ParseProblem | undefined {
    if (before !== '') {
      this.#skipSpace();
      const problem = this.#literal(before);
      if (problem !== undefined) return problem;
    }
    return this.read({ type: 'field', name, padding: undefined });
  }
}

/** The numbers of a date and of a time, with what stands before them. */
const DATE_PARTS = [
  ['Y', ''],
  ['m', '-'],
  ['d', '-'],
] as const;
const TIME_PARTS = [
  ['H', ''],
  ['M', ':'],
  ['S', ':'],
] as const;
