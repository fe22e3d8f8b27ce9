/** Where in the source an error was found. */
export interface SourcePosition {
  /** Offset in UTF-16 code units, from 0. */
  readonly offset: number;
  /** Line, from 1. */
  readonly line: number;
  /** Column in code points, from 1. */
  readonly column: number;
}

/** Line and column of an offset: lines end at `\n`. */
export function positionAt(source: string, offset: number): SourcePosition {
  const at = Math.max(0, Math.min(offset, source.length));
  let line = 1;
  let column = 1;
  for (const character of source.slice(0, at)) {
    if (character === '\n') {
      line++;
      column = 1;
    } else {
      column++;
    }
  }
  return { offset: at, line, column };
}

/** Longest line that is shown with an error: a source of one endless line would otherwise be told whole. */
const MAX_SHOWN_LINE = 1_000;

/**
 * The reason with its place and the line it is about, as the language shows errors:
 *
 *     unexpected token EOF (1:3)
 *      | 1 +
 *      | ..^
 */
export function describeAt(reason: string, source: string, position: SourcePosition): string {
  const line = source.split('\n', position.line)[position.line - 1] ?? '';
  if (line === '') return reason;
  const place = `${reason} (${position.line}:${position.column})`;
  if (line.length > MAX_SHOWN_LINE) return place;
  return `${place}\n | ${line.replaceAll('\t', ' ')}\n | ${'.'.repeat(position.column - 1)}^`;
}

abstract class ExprSourceError extends Error implements SourcePosition {
  readonly code: string;
  /** What is wrong, without the place. */
  readonly reason: string;
  readonly offset: number;
  readonly line: number;
  readonly column: number;

  /** @param whole Set where the error is about the whole of the source, so that the message shows no place in it. */
  constructor(code: string, reason: string, source: string, offset: number, whole = false) {
    const position = positionAt(source, offset);
    super(whole ? reason : describeAt(reason, source, position));
    this.code = code;
    this.reason = reason;
    this.offset = position.offset;
    this.line = position.line;
    this.column = position.column;
  }
}

/** The source is not an expression of the language. */
export class ExprSyntaxError extends ExprSourceError {
  override readonly name = 'ExprSyntaxError';
}

/** The source is well formed, but cannot be run: types that can never fit, unknown names, bad patterns. */
export class ExprCompileError extends ExprSourceError {
  override readonly name = 'ExprCompileError';
}

/** The evaluation failed on the values at hand. */
export class ExprRuntimeError extends Error {
  override readonly name = 'ExprRuntimeError';
  readonly code: string;
  /** What is wrong, without the place. */
  readonly reason: string;
  /** Offset of the failing part in the source, in UTF-16 code units. */
  readonly offset: number;
  /** The place in words; absent until the error is located. */
  line: number | undefined;
  column: number | undefined;

  constructor(code: string, reason: string, offset: number) {
    super(reason);
    this.code = code;
    this.reason = reason;
    this.offset = offset;
  }

  /** The same error with its place in the source, which the running parts of an expression do not know. */
  locate(source: string): this {
    if (this.line !== undefined) return this;
    const position = positionAt(source, this.offset);
    this.line = position.line;
    this.column = position.column;
    this.message = describeAt(this.reason, source, position);
    return this;
  }
}
