import { utf8Length } from '../value/bytes';

/** A range of the program text, in UTF-16 positions; the end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The range from the start of one span to the end of another. */
export function spanning(first: Span, last: Span): Span {
  return { start: first.start, end: last.end };
}

/** Program text with its positions: UTF-16 inside the compiler, UTF-8 bytes for everyone else. */
export class Source {
  readonly text: string;
  /** Byte offsets of every 256th position; none for ASCII, where both are the same. */
  readonly #checkpoints: number[] | undefined;

  constructor(text: string) {
    this.text = text;
    if (/^[\x00-\x7f]*$/.test(text)) return;
    this.#checkpoints = [];
    let bytes = 0;
    for (let i = 0; i < text.length; i += CHECKPOINT_UNITS) {
      this.#checkpoints.push(bytes);
      bytes += utf8Length(text.slice(i, i + CHECKPOINT_UNITS));
    }
  }

  /** UTF-8 offset of a UTF-16 position. */
  byteOffset(position: number): number {
    if (this.#checkpoints === undefined) return position;
    // A position right behind the text may lie one checkpoint beyond the last.
    const index = Math.min(Math.floor(position / CHECKPOINT_UNITS), this.#checkpoints.length - 1);
    return (this.#checkpoints[index] ?? 0) + utf8Length(this.text.slice(index * CHECKPOINT_UNITS, position));
  }
}

const CHECKPOINT_UNITS = 256;
