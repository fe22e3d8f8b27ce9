import { isWhiteSpace } from '../text/white-space';
import { emptyObject, VrlFloat, type VrlArray, type VrlObject, type VrlValue } from '../../value/value';

/** What is wrong with a text; not an Error, so that it stays cheap. */
export class RubyHashError {
  constructor(readonly message: string) {}
}

/** Collections within collections. */
const MAX_NESTING = 128;

/**
 * Reads a hash as Ruby shows it: `{ "a" => 1, :b => [nil, true], c: { d: "x" } }`. Numbers are floats, symbols text.
 *
 * @throws RubyHashError
 */
export function readRubyHash(text: string): VrlObject {
  const reader = new RubyReader(text);
  const hash = reader.document();
  return hash;
}

class RubyReader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): VrlObject {
    this.#skipSpace();
    if (!this.#take('{')) throw this.#expected("'{'");
    const hash = this.#hash(1);
    this.#skipSpace();
    if (this.#position < this.#text.length) throw new RubyHashError('could not parse whole line successfully');
    return hash;
  }

  #hash(nesting: number): VrlObject {
    this.#check(nesting);
    const hash = emptyObject();
    this.#skipSpace();
    while (!this.#take('}')) {
      const key = this.#key();
      this.#skipSpace();
      if (!this.#take('=>') && !this.#take(':')) throw this.#expected("'=>' or ':'");
      hash[key] = this.#value(nesting);
      this.#skipSpace();
      if (this.#take(',')) this.#skipSpace();
      else if (this.#text[this.#position] !== '}') throw this.#expected("',' or '}'");
    }
    return hash;
  }

  #array(nesting: number): VrlArray {
    this.#check(nesting);
    const array: VrlArray = [];
    this.#skipSpace();
    while (!this.#take(']')) {
      array.push(this.#value(nesting));
      this.#skipSpace();
      if (this.#take(',')) this.#skipSpace();
      else if (this.#text[this.#position] !== ']') throw this.#expected("',' or ']'");
    }
    return array;
  }

  #key(): string {
    this.#take(':');
    const quoted = this.#quoted();
    if (quoted !== undefined) return quoted;
    const word = this.#match(/[\p{Alphabetic}\p{N}_]+/uy);
    if (word === undefined) throw this.#expected('a key');
    return word;
  }

  #value(nesting: number): VrlValue {
    this.#skipSpace();
    if (this.#take('{')) return this.#hash(nesting + 1);
    if (this.#take('[')) return this.#array(nesting + 1);
    const quoted = this.#quoted();
    if (quoted !== undefined) return quoted;
    if (this.#take(':')) return this.#quoted() ?? this.#match(/[\p{Alphabetic}\p{N}_]+/uy) ?? this.#fail('a symbol');
    const number = this.#match(/[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y);
    if (number !== undefined) return new VrlFloat(Number(number));
    if (this.#take('nil')) return null;
    if (this.#take('true')) return true;
    if (this.#take('false')) return false;
    throw this.#expected('a value');
  }

  /** Text in double or single quotes, where a backslash takes the meaning from the next character. */
  #quoted(): string | undefined {
    const quote = this.#text[this.#position];
    if (quote !== '"' && quote !== "'") return undefined;
    let end = this.#position + 1;
    while (this.#text[end] !== quote) {
      if (end >= this.#text.length) throw this.#expected('a closing quote');
      end += this.#text[end] === '\\' ? 2 : 1;
    }
    const raw = this.#text.slice(this.#position + 1, end);
    this.#position = end + 1;
    return raw;
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
    while (isWhiteSpace(this.#text.charCodeAt(this.#position))) this.#position++;
  }

  #check(nesting: number): void {
    if (nesting > MAX_NESTING) throw new RubyHashError('nesting limit reached');
  }

  #fail(what: string): never {
    throw this.#expected(what);
  }

  #expected(what: string): RubyHashError {
    const found = this.#text[this.#position];
    return new RubyHashError(
      `expected ${what} at position ${this.#position}, ${found === undefined ? 'got the end of input' : `got '${found}'`}`,
    );
  }
}
