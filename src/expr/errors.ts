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

abstract class ExprSourceError extends Error implements SourcePosition {
  readonly code: string;
  readonly offset: number;
  readonly line: number;
  readonly column: number;

  constructor(code: string, message: string, source: string, offset: number) {
    const position = positionAt(source, offset);
    super(`${message} (line ${position.line}, column ${position.column})`);
    this.code = code;
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
  /** Offset of the failing part in the source, in UTF-16 code units. */
  readonly offset: number;

  constructor(code: string, message: string, offset: number) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}
