import { fail, type Failure } from '../../failure';
import { traceText, type Step } from '../text/parse-trace';
import { isWhiteSpace } from '../text/white-space';
import { emptyObject, VrlFloat, type VrlArray, type VrlObject, type VrlValue } from '../../value/value';

/** Collections within collections. */
const MAX_NESTING = 128;

/** Names and numbers in the text that may be read as it stands, in one go. */
const WORD = /[A-Za-z0-9_]+/y;
const NUMBER = /[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;
/** What a number cannot go on with: an exponent without digits. */
const BROKEN_EXPONENT = /[eE](?![+-]?[0-9])/y;

/**
 * Reads a hash as Ruby shows it: `{ "a" => 1, :b => [nil, true], c: { d: "x" } }`. Numbers are floats, symbols text.
 *
 * @returns the failure when it is none, with what was wanted where
 */
export function readRubyHash(text: string): VrlObject | Failure {
  const reader = new RubyReader(text);
  const hash = reader.document();
  return hash ?? fail(reader.problem());
}

/**
 * A part that cannot be read is undefined. As long as nothing was written down about it ({@link RubyReader.problem}),
 * it may just not be there: a list ends before it. Otherwise the whole is refused.
 */
class RubyReader {
  readonly #text: string;
  #position = 0;
  #steps: Step[] = [];
  #limit: string | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  document(): VrlObject | undefined {
    if (this.#text[0] !== '{') {
      this.#refuse([0, { expected: '{' }], [0, 'map']);
      return undefined;
    }
    const hash = this.#hash(1);
    if (hash === undefined) return undefined;
    while (isWhiteSpace(this.#text.charCodeAt(this.#position))) this.#position++;
    if (this.#position === this.#text.length) return hash;
    this.#limit = 'could not parse whole line successfully';
    return undefined;
  }

  problem(): string {
    return this.#limit ?? traceText(this.#text, this.#steps);
  }

  #refuse(...steps: Step[]): void {
    this.#steps.push(...steps);
  }

  get #isRefused(): boolean {
    return this.#steps.length > 0 || this.#limit !== undefined;
  }

  #hash(nesting: number): VrlObject | undefined {
    const start = this.#position++;
    const hash = emptyObject();
    const isRead = this.#list(nesting, '}', () => {
      const key = this.#key();
      if (key === undefined) return false;
      this.#skipSpace();
      if (!this.#take(':') && !this.#take('=>')) {
        this.#refuse([this.#position, 'Tag'], [this.#position, 'Alt']);
        return false;
      }
      const value = this.#value(nesting);
      if (value !== undefined) hash[key] = value;
      return value !== undefined;
    });
    if (isRead) return hash;
    this.#refuse([start, 'map']);
    return undefined;
  }

  #array(nesting: number): VrlArray | undefined {
    const start = this.#position++;
    const array: VrlArray = [];
    const isRead = this.#list(nesting, ']', () => {
      const value = this.#value(nesting);
      if (value !== undefined) array.push(value);
      return value !== undefined;
    });
    if (isRead) return array;
    this.#refuse([start, 'array']);
    return undefined;
  }

  /** Reads members and the closing bracket; false when that is not all that there is. */
  #list(nesting: number, closing: string, member: () => boolean): boolean {
    if (nesting > MAX_NESTING) {
      this.#limit = 'nesting limit reached';
      return false;
    }
    let end = this.#position;
    this.#skipSpace();
    while (member()) {
      end = this.#position;
      this.#skipSpace();
      if (!this.#take(',')) break;
      this.#skipSpace();
    }
    if (this.#isRefused) return false;
    this.#position = end;
    this.#skipSpace();
    if (this.#take(closing)) return true;
    this.#refuse([this.#position, { expected: closing }]);
    return false;
  }

  #key(): string | undefined {
    return this.#take(':') || !this.#atQuote() ? this.#symbol() : this.#quoted();
  }

  #symbol(): string | undefined {
    return this.#atQuote() ? this.#quoted() : this.#match(WORD);
  }

  #value(nesting: number): VrlValue | undefined {
    this.#skipSpace();
    const start = this.#position;
    const first = this.#text[start];
    if (first === '{') return this.#hash(nesting + 1);
    if (first === '[') return this.#array(nesting + 1);
    if (this.#atQuote()) {
      const quoted = this.#quoted();
      if (quoted === undefined) this.#refuse([start, 'bytes']);
      return quoted;
    }
    if (this.#take(':')) return this.#symbol();
    const number = this.#match(NUMBER);
    if (number !== undefined) {
      if (this.#match(BROKEN_EXPONENT) === undefined) return new VrlFloat(Number(number));
      this.#refuse([start, 'Float']);
      return undefined;
    }
    if (this.#take('nil')) return null;
    if (this.#take('true')) return true;
    return this.#take('false') ? false : undefined;
  }

  #atQuote(): boolean {
    const char = this.#text[this.#position];
    return char === '"' || char === "'";
  }

  /** Text in double or single quotes, where a backslash takes the meaning from the next character. */
  #quoted(): string | undefined {
    const text = this.#text;
    const start = this.#position;
    const quote = text[start] as string;
    let end = start + 1;
    while (end < text.length && text[end] !== quote) end += text[end] === '\\' ? 2 : 1;
    if (end < text.length) {
      this.#position = end + 1;
      return text.slice(start + 1, end);
    }
    // With nothing behind the last backslash no text was read at all.
    this.#refuse([end > text.length ? start + 1 : end, { expected: quote }], [start, 'string']);
    return undefined;
  }

  #match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.#position;
    const found = sticky.exec(this.#text)?.[0];
    this.#position += found?.length ?? 0;
    return found;
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#position)) return false;
    this.#position += token.length;
    return true;
  }

  #skipSpace(): void {
    while (' \t\r\n'.includes(this.#text[this.#position] ?? 'x')) this.#position++;
  }
}
