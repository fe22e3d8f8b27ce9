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
  /** Where the lines start; found when first asked for. */
  #lineStarts: number[] | undefined;

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

  /** Line and column of a position. */
  placeOf(position: number): Place {
    const starts = (this.#lineStarts ??= lineStartsOf(this.text));
    let line = 0;
    let beyond = starts.length;
    while (line + 1 < beyond) {
      const middle = (line + beyond) >> 1;
      if ((starts[middle] as number) <= position) line = middle;
      else beyond = middle;
    }
    const start = starts[line] as number;
    const end = (starts[line + 1] ?? this.text.length + 1) - 1;
    return { line: line + 1, column: position - start + 1, lineText: this.text.slice(start, end) };
  }

  /** UTF-8 offset of a UTF-16 position. */
  byteOffset(position: number): number {
    if (this.#checkpoints === undefined) return position;
    // A position right behind the text may lie one checkpoint beyond the last.
    const index = Math.min(Math.floor(position / CHECKPOINT_UNITS), this.#checkpoints.length - 1);
    return (this.#checkpoints[index] ?? 0) + utf8Length(this.text.slice(index * CHECKPOINT_UNITS, position));
  }
}

/** A place as people count: lines and columns (in characters) from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly lineText: string;
}

const CHECKPOINT_UNITS = 256;

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}
