import { RegexSyntaxError } from './regex-syntax-error';

/** Reads a pattern character by character (whole code points). */
export class PatternReader {
  readonly #pattern: string;
  #position = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  /** Offset of the next character, in UTF-16 units. */
  get position(): number {
    return this.#position;
  }

  get atEnd(): boolean {
    return this.#position >= this.#pattern.length;
  }

  /** The next character without taking it; empty at the end. */
  peek(): string {
    return this.atEnd ? '' : String.fromCodePoint(this.#pattern.codePointAt(this.#position) as number);
  }

  /** Takes the next character; empty at the end. */
  next(): string {
    const char = this.peek();
    this.#position += char.length;
    return char;
  }

  startsWith(text: string): boolean {
    return this.#pattern.startsWith(text, this.#position);
  }

  /** Takes the text if it comes next. */
  take(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.#position += text.length;
    return true;
  }

  /** Takes characters as long as each matches. */
  takeWhile(pattern: RegExp): string {
    const start = this.#position;
    while (!this.atEnd && pattern.test(this.peek())) this.next();
    return this.#pattern.slice(start, this.#position);
  }

  /** Goes back to a former position. */
  reset(position: number): void {
    this.#position = position;
  }

  /** Skips what the `x` flag makes insignificant: white space and comments. */
  skipExtended(): void {
    for (;;) {
      const next = this.peek();
      if (next === '#') this.takeWhile(/[^\n]/);
      else if (next !== '' && /\p{White_Space}/u.test(next)) this.next();
      else return;
    }
  }

  error(message: string, position = this.#position): RegexSyntaxError {
    return new RegexSyntaxError(message, position);
  }
}
