import { fail } from '../../failure';
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
  const line = source.trim();
  if (line === '' || line.startsWith('#')) return undefined;
  const reader = new LineReader(line);
  const measurement = reader.name(', ');
  if (measurement === '') throw invalid('expected a measurement');
  const tags: [string, string][] = [];
  while (reader.take(',')) {
    const key = reader.name('=, ');
    if (key === '' || !reader.take('=')) throw invalid('expected a tag');
    const value = reader.name(', ');
    if (value === '') throw invalid('expected a tag value');
    tags.push([key, value]);
  }
  reader.blanks();
  const fields: [string, FieldValue][] = [];
  do {
    const key = reader.name('=, ');
    if (key === '' || !reader.take('=')) throw invalid('expected a field');
    fields.push([key, reader.value()]);
  } while (reader.take(','));
  reader.blanks();
  return { measurement, tags, fields, timestamp: reader.timestamp() };
}

class LineReader {
  readonly #line: string;
  #position = 0;

  constructor(line: string) {
    this.#line = line;
  }

  take(char: string): boolean {
    if (this.#line[this.#position] !== char) return false;
    this.#position++;
    return true;
  }

  /** At least one blank. */
  blanks(): void {
    if (this.#position < this.#line.length && this.#line[this.#position] !== ' ') throw invalid('expected a blank');
    while (this.take(' '));
  }

  /** A name up to one of some characters; a backslash makes them (and an equals sign) part of it. */
  name(ends: string): string {
    let name = '';
    while (this.#position < this.#line.length) {
      const char = this.#line[this.#position] as string;
      if (ends.includes(char)) break;
      const next = this.#line[this.#position + 1];
      if (char === '\\' && next !== undefined && ', ='.includes(next)) {
        name += next;
        this.#position += 2;
      } else {
        name += char;
        this.#position++;
      }
    }
    return name;
  }

  value(): FieldValue {
    if (this.take('"')) return this.#quoted();
    const start = this.#position;
    while (this.#position < this.#line.length && !', '.includes(this.#line[this.#position] as string)) this.#position++;
    const text = this.#line.slice(start, this.#position);
    const known = BOOLEANS.get(text);
    if (known !== undefined) return known;
    if (/^[+-]?[0-9]+i$/.test(text)) return integer(text.slice(0, -1));
    if (/^\+?[0-9]+u$/.test(text)) return integer(text.slice(0, -1));
    if (/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) return Number(text);
    throw invalid(`unable to parse field value '${text}'`);
  }

  #quoted(): string {
    let value = '';
    while (this.#position < this.#line.length) {
      const char = this.#line[this.#position] as string;
      this.#position++;
      if (char === '"') return value;
      const next = this.#line[this.#position];
      if (char === '\\' && (next === '"' || next === '\\')) {
        value += next;
        this.#position++;
      } else value += char;
    }
    throw invalid('string is never closed');
  }

  timestamp(): bigint | undefined {
    const text = this.#line.slice(this.#position);
    if (text === '') return undefined;
    if (!/^-?[0-9]+$/.test(text)) throw invalid('unable to parse timestamp');
    return integer(text);
  }
}

const BOOLEANS = new Map([
  ...['t', 'T', 'true', 'True', 'TRUE'].map((text) => [text, true] as const),
  ...['f', 'F', 'false', 'False', 'FALSE'].map((text) => [text, false] as const),
]);

function integer(text: string): bigint {
  // Digits beyond those of 64 bits make the conversion itself slow.
  const value = text.length > 20 ? undefined : BigInt(text.replace('+', ''));
  if (value === undefined || !fitsI64(value)) throw invalid(`integer '${text}' is out of range`);
  return value;
}

function invalid(reason: string) {
  return fail(`failed to parse InfluxDB line: ${reason}`);
}
