import { fail, type Failure } from '../../failure';
import { emptyObject, type VrlObject, type VrlValue } from '../../value/value';
import { traceText, type Step } from '../text/parse-trace';
import { isWhiteSpace } from '../text/white-space';

/** How pairs are written. */
export interface PairSyntax {
  readonly keyValueDelimiter: string;
  readonly fieldDelimiter: string;
  /** Blanks around the delimiter between key and value do not count. */
  readonly lenient: boolean;
  /** A key alone is allowed, and true. */
  readonly standaloneKeys: boolean;
}

const BACKSLASH = 0x5c;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BLANK = 0x20;
const TAB = 0x09;

/**
 * Reads a line of pairs; values of a repeated key become an array.
 *
 * A quoted key or value counts as quoted only when a delimiter (or the end) follows the closing quote; else the quotes
 * are part of it.
 *
 * @throws Failure when part of the line is no pair
 * @example readPairs('a=1 b="x y"', LOGFMT) // { a: '1', b: 'x y' }
 */
export function readPairs(line: string, syntax: PairSyntax): VrlObject {
  return new PairReader(line, syntax).read();
}

class PairReader {
  readonly #line: string;
  readonly #syntax: PairSyntax;
  readonly #pairs: VrlObject = emptyObject();
  #position = 0;
  /** Where the key of the pair at hand starts, and where a delimiter was looked for behind it; -1 before that. */
  #keyStart = 0;
  #delimiterStart = -1;
  // The next delimiters at or after some position are remembered, so that no text is searched twice.
  #nextKeyValue = -1;
  #nextField = -1;
  /** End of the text before #nextKeyValue without white space, for #nextKeyValue of that moment. */
  #trimmedEnd = -1;
  #trimmedFor = -1;

  constructor(line: string, syntax: PairSyntax) {
    this.#line = line;
    this.#syntax = syntax;
  }

  read(): VrlObject {
    if (!this.#pair()) throw this.#refused();
    for (;;) {
      const before = this.#position;
      const next = this.#fieldDelimiterEnd(before);
      if (next === -1 || next === before) break;
      this.#position = next;
      if (!this.#pair()) {
        this.#position = before;
        break;
      }
    }
    for (let i = this.#position; i < this.#line.length; i++) {
      if (!isWhiteSpace(this.#line.charCodeAt(i))) throw fail('could not parse whole line successfully');
    }
    return this.#pairs;
  }

  #pair(): boolean {
    const { keyValueDelimiter, lenient, standaloneKeys } = this.#syntax;
    this.#position = this.#skipBlanks(this.#position);
    this.#keyStart = this.#position;
    this.#delimiterStart = -1;
    const key = this.#key();
    if (key === undefined || key === '') return standaloneKeys && this.#keyWithDelimiter();
    const delimiter = lenient ? this.#skipBlanks(this.#position) : this.#position;
    if (!this.#line.startsWith(keyValueDelimiter, delimiter)) {
      this.#delimiterStart = delimiter;
      if (!standaloneKeys) return false;
      this.#value();
      this.#add(key, true);
      return true;
    }
    this.#position = delimiter + keyValueDelimiter.length;
    if (lenient) this.#position = this.#skipBlanks(this.#position);
    this.#add(key, this.#value());
    return true;
  }

  /** The line has no pair: no key, or no delimiter behind it. */
  #refused(): Failure {
    if (this.#delimiterStart === -1) return fail(traceText(this.#line, [[this.#keyStart, 'Verify']]));
    const steps: Step[] = [
      [this.#delimiterStart, 'Tag'],
      [this.#delimiterStart, 'ManyMN'],
    ];
    return fail(traceText(this.#line, steps));
  }

  /** A word that starts with the delimiter between key and value is a key alone. */
  #keyWithDelimiter(): boolean {
    const word = this.#untilFieldDelimiter();
    if (word === '') return false;
    this.#add(word, true);
    return true;
  }

  #add(key: string, value: VrlValue): void {
    const existing = this.#pairs[key];
    // A key alone says nothing of a key that has values.
    if (existing !== undefined && value === true) return;
    if (existing === undefined || existing === true) this.#pairs[key] = value;
    else if (Array.isArray(existing)) existing.push(value);
    else this.#pairs[key] = [existing, value];
  }

  #key(): string | undefined {
    const quoted = this.#quoted(this.#syntax.keyValueDelimiter);
    if (quoted !== undefined) return quoted;
    if (!this.#syntax.standaloneKeys) return this.#untilKeyValueDelimiter();
    if (!this.#fieldEndsFirst()) return this.#untilKeyValueDelimiter();
    return this.#quoted(this.#syntax.fieldDelimiter) ?? this.#untilFieldDelimiter();
  }

  #value(): string {
    return this.#quoted(this.#syntax.fieldDelimiter) ?? this.#untilFieldDelimiter();
  }

  #keyValueDelimiterAt(): number {
    if (this.#nextKeyValue < this.#position) {
      const found = this.#line.indexOf(this.#syntax.keyValueDelimiter, this.#position);
      this.#nextKeyValue = found === -1 ? this.#line.length : found;
    }
    return this.#nextKeyValue;
  }

  #fieldDelimiterAt(): number {
    if (this.#nextField < this.#position) {
      const found = this.#line.indexOf(this.#syntax.fieldDelimiter, this.#position);
      this.#nextField = found === -1 ? this.#line.length : found;
    }
    return this.#nextField;
  }

  /** Is there a field delimiter inside the text that reaches to the next key-value delimiter? */
  #fieldEndsFirst(): boolean {
    const end = this.#keyValueDelimiterAt();
    const field = this.#fieldDelimiterAt();
    if (field >= end) return false;
    if (this.#trimmedFor !== end) {
      this.#trimmedFor = end;
      this.#trimmedEnd = end;
      while (this.#trimmedEnd > this.#position && isWhiteSpace(this.#line.charCodeAt(this.#trimmedEnd - 1))) {
        this.#trimmedEnd--;
      }
    }
    return field + this.#syntax.fieldDelimiter.length <= this.#trimmedEnd;
  }

  #untilKeyValueDelimiter(): string {
    return this.#textUntil(this.#keyValueDelimiterAt());
  }

  #untilFieldDelimiter(): string {
    return this.#textUntil(this.#fieldDelimiterAt());
  }

  #textUntil(end: number): string {
    let from = this.#position;
    let to = end;
    this.#position = end;
    while (from < to && isWhiteSpace(this.#line.charCodeAt(from))) from++;
    while (to > from && isWhiteSpace(this.#line.charCodeAt(to - 1))) to--;
    return this.#line.slice(from, to);
  }

  /** Text in quotes that the terminator follows; undefined, and nothing read, when there is none. */
  #quoted(terminator: string): string | undefined {
    const line = this.#line;
    const quote = line.charCodeAt(this.#position);
    if (quote !== DOUBLE_QUOTE && quote !== SINGLE_QUOTE) return undefined;
    const start = this.#position + 1;
    let end = start;
    let unit = line.charCodeAt(end);
    while (unit !== quote) {
      if (unit !== unit) return undefined;
      end += unit === BACKSLASH ? 2 : 1;
      unit = line.charCodeAt(end);
    }
    const after = end + 1;
    if (!this.#endsAt(after, terminator)) return undefined;
    this.#position = after;
    return withoutEscapes(line.slice(start, end));
  }

  #endsAt(position: number, terminator: string): boolean {
    if (this.#skipBlanks(position) >= this.#line.length) return true;
    if (terminator === ' ') return this.#line.charCodeAt(position) === BLANK;
    return this.#line.startsWith(terminator, this.#skipSpaces(position));
  }

  /** Position behind the field delimiter at a position, -1 when there is none. */
  #fieldDelimiterEnd(position: number): number {
    const delimiter = this.#syntax.fieldDelimiter;
    const spacesEnd = this.#skipSpaces(position);
    if (delimiter === ' ') return spacesEnd === position ? -1 : spacesEnd;
    return this.#line.startsWith(delimiter, spacesEnd) ? spacesEnd + delimiter.length : -1;
  }

  #skipSpaces(from: number): number {
    let position = from;
    while (this.#line.charCodeAt(position) === BLANK) position++;
    return position;
  }

  #skipBlanks(from: number): number {
    let position = from;
    let unit = this.#line.charCodeAt(position);
    while (unit === BLANK || unit === TAB) unit = this.#line.charCodeAt(++position);
    return position;
  }
}

/** Replaces the three escapes that the encoder writes; any other backslash stands for itself. */
function withoutEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
