import type { Span } from './source';

/** A mistake in the program text; `code` is one of the language's diagnostic codes (200 to 211). */
export class VrlSyntaxError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly span: Span,
    /** What is wrong at the very place, for the source excerpt. */
    readonly label: string = message,
  ) {
    super(message);
    this.name = 'VrlSyntaxError';
  }
}
