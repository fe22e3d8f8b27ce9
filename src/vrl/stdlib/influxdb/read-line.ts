import { fail, type Failure } from '../../failure';
import { fitsI64 } from '../../value/integer';

/** A field's value: numbers, integers, booleans or text. */
export type FieldValue = number | bigint | boolean | string;

/** One line of the line protocol. */
export interface Point {
  readonly measurement: string;
  readonly tags: readonly (readonly [string, string])[];
  readonly fields: readonly (readonly [string, FieldValue])[];
  /** Nanoseconds since the Unix epoch. */
  readonly timestamp: bigint | undefined;
}

/**
 * Reads a line of InfluxDB's line protocol: `measurement,tag=value field=value timestamp`.
 *
 * @returns undefined for empty lines and comments
 * @throws Failure
 */
export function readLine(source: string): Point | undefined {
  const line = source.replace(/^[ \t]+/, '');
  if (line === '' || line.startsWith('#')) return undefined;
  const reader = new LineReader(line);
  const measurement = reader.name(MEASUREMENT);
  if (measurement === '') throw invalid('Invalid measurement was provided');
  const tags: [string, string][] = [];
  for (let tag = reader.tag(); tag !== undefined; tag = reader.tag()) tags.push(tag);
  if (tags.length === 0 && reader.take(',')) throw invalid('Tag Set Malformed');
  if (!reader.blanks()) throw invalid('A generic parsing error occurred: TakeWhile1');
  const fields = reader.fields();
  if (fields.length === 0) throw invalid('No fields were provided');
  const timestamp = reader.timestamp();
  if (reader.rest !== '') throw invalid(`Could not parse entire line. Found trailing content: '${reader.rest}'`);
  return { measurement, tags, fields, timestamp };
}

/** What ends a name, and what a backslash before it makes part of the name. */
interface NameSyntax {
  readonly ends: string;
  readonly escapable: string;
}

const MEASUREMENT: NameSyntax = { ends: ', \t\n', escapable: ', ' };
const KEY: NameSyntax = { ends: '= \t\n', escapable: ',= ' };
const TAG_VALUE: NameSyntax = { ends: ', \t\n', escapable: ',= ' };

const INTEGER = /(-?[0-9]+)i/y;
const UNSIGNED = /([0-9]+)u/y;
const FLOAT = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const BOOLEAN = /TRUE|True|true|T|t|FALSE|False|false|F|f/y;
const QUOTED = /"([^"\\]*(?:\\[^][^"\\]*)*)"/y;
const TIMESTAMP = / +(-?[0-9]+) */y;

class LineReader {
  readonly #line: string;
  #position = 0;

  constructor(line: string) {
    this.#line = line;
  }

  get rest(): string {
    return this.#line.slice(this.#position);
  }

  take(char: string): boolean {
    if (this.#line[this.#position] !== char) return false;
    this.#position++;
    return true;
  }

  /** At least one blank. */
  blanks(): boolean {
    const start = this.#position;
    while (this.take(' '));
    return this.#position > start;
  }

  /** A name, empty when there is none. A backslash before what cannot be escaped is part of it. */
  name({ ends, escapable }: NameSyntax): string {
    const line = this.#line;
    let name = '';
    while (this.#position < line.length) {
      const char = line[this.#position] as string;
      if (ends.includes(char)) break;
      const next = char === '\\' ? (line[this.#position + 1] ?? '') : '';
      name += next !== '' && escapable.includes(next) ? next : char + next;
      this.#position += 1 + next.length;
      if (name.endsWith('\\') && !this.#goesOn(ends)) {
        throw invalid('Measurements, tag keys and values, and field keys may not end with a backslash');
      }
    }
    return name;
  }

  #goesOn(ends: string): boolean {
    const next = this.#line[this.#position];
    return next !== undefined && !ends.includes(next);
  }

  /** A tag with the comma before it; undefined, and nothing read, when there is none. */
  tag(): [string, string] | undefined {
    const start = this.#position;
    if (this.take(',')) {
      const key = this.name(KEY);
      if (key !== '' && this.take('=')) {
        const value = this.name(TAG_VALUE);
        if (value !== '') return [key, value];
      }
    }
    this.#position = start;
    return undefined;
  }

  fields(): [string, FieldValue][] {
    const fields: [string, FieldValue][] = [];
    for (let field = this.#field(); field !== undefined; field = this.#field()) {
      fields.push(field);
      const end = this.#position;
      if (!this.take(',')) break;
      // A comma behind the first field counts as read even when no field follows it.
      const start = fields.length === 1 ? this.#position : end;
      const next = this.#position;
      if (this.#field() === undefined) {
        this.#position = start;
        break;
      }
      this.#position = next;
    }
    return fields;
  }

  #field(): [string, FieldValue] | undefined {
    const start = this.#position;
    const key = this.name(KEY);
    const value = key !== '' && this.take('=') ? this.#value() : undefined;
    if (value !== undefined) return [key, value];
    this.#position = start;
    return undefined;
  }

  #value(): FieldValue | undefined {
    const signed = this.#match(INTEGER)?.[1];
    if (signed !== undefined) {
      const integer = toInteger(signed);
      if (integer === undefined || !fitsI64(integer)) throw invalid(`Unable to parse integer value '${signed}'`);
      return integer;
    }
    const unsigned = this.#match(UNSIGNED)?.[1];
    if (unsigned !== undefined) {
      const integer = toInteger(unsigned);
      if (integer === undefined || integer > MAX_UNSIGNED) {
        throw invalid(`Unable to parse unsigned integer value '${unsigned}'`);
      }
      return integer;
    }
    const float = this.#match(FLOAT)?.[0];
    if (float !== undefined) return Number(float);
    const boolean = this.#match(BOOLEAN)?.[0];
    if (boolean !== undefined) return boolean.toLowerCase().startsWith('t');
    return this.#match(QUOTED)?.[1];
  }

  timestamp(): bigint | undefined {
    const digits = this.#match(TIMESTAMP)?.[1];
    if (digits === undefined) return undefined;
    const nanos = toInteger(digits);
    if (nanos === undefined || !fitsI64(nanos)) throw invalid(`Unable to parse timestamp value '${digits}'`);
    return nanos;
  }

  #match(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.#position;
    const match = sticky.exec(this.#line);
    if (match !== null) this.#position = sticky.lastIndex;
    return match;
  }
}

const MAX_UNSIGNED = 2n ** 64n - 1n;

/** Leading zeros aside, no integer of 64 bits has more digits than this; more would make the conversion itself slow. */
const MAX_DIGITS = 20;

function toInteger(text: string): bigint | undefined {
  const digits = text.replace(/^(-?)0+(?=[0-9])/, '$1');
  return digits.length > MAX_DIGITS ? undefined : BigInt(digits);
}

function invalid(reason: string): Failure {
  return fail(`InfluxDB line protocol parsing error: ${reason}`);
}
