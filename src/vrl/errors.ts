import type { VrlValue } from './value/value';

/** One remark of the compiler; `start` and `end` are UTF-8 byte offsets into the program text. */
export interface Diagnostic {
  readonly code: number;
  readonly message: string;
  readonly severity: 'error' | 'warning';
  readonly start: number;
  readonly end: number;
  /** What is wrong at which place; the first one is at `start`. */
  readonly labels: readonly { readonly message: string; readonly start: number; readonly end: number }[];
  /** Advice. */
  readonly notes: readonly string[];
}

/** A program that does not compile. The message is the rendered report with excerpts of the source. */
export class VrlCompileError extends Error {
  readonly code = 'VRL_COMPILE';
  constructor(
    report: string,
    readonly diagnostics: readonly Diagnostic[],
  ) {
    super(report);
    this.name = 'VrlCompileError';
  }
}

/** A program that failed on an event; the message is the language's own. */
export class VrlRuntimeError extends Error {
  readonly code = 'VRL_RUNTIME';
  constructor(
    message: string,
    /** The event as the program left it. */
    readonly event: VrlValue,
  ) {
    super(message);
    this.name = 'VrlRuntimeError';
  }
}

/** A program that ended itself with `abort`; the message is the abort's, or `aborted`. */
export class VrlAbort extends Error {
  readonly code = 'VRL_ABORT';
  constructor(
    message: string,
    /** The event as the program left it. */
    readonly event: VrlValue,
  ) {
    super(message);
    this.name = 'VrlAbort';
  }
}
