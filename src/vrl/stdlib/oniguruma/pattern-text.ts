import { OnigSyntaxError } from './tree';

/** Reads a pattern's characters one after the other. */
export class PatternText {
  readonly #text: string;
  position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.position >= this.#text.length;
  }

  /** The character at the position, or one some units further; empty at the end. */
  peek(ahead = 0): string {
    return this.#text[this.position + ahead] ?? '';
  }

  /** Takes a whole character (both halves of a pair). */
  next(): string {
    const codePoint = this.#text.codePointAt(this.position);
    if (codePoint === undefined) throw new OnigSyntaxError('end pattern at escape');
    const char = String.fromCodePoint(codePoint);
    this.position += char.length;
    return char;
  }

  /** Takes the text when it comes next. */
  take(text: string): boolean {
    if (!this.#text.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }

  /** Takes what a sticky expression matches here; undefined when it does not. */
  takeMatch(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.position;
    const match = sticky.exec(this.#text);
    if (match === null) return undefined;
    this.position += match[0].length;
    return match;
  }

  /** Takes everything up to a character, and that too. */
  takeThrough(end: string): string {
    const at = this.#text.indexOf(end, this.position);
    if (at === -1) throw new OnigSyntaxError(`end pattern without '${end}'`);
    const text = this.#text.slice(this.position, at);
    this.position = at + end.length;
    return text;
  }
}
