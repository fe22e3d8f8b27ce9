/** A pattern that is not of the language. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  /** Offset in the pattern, in UTF-16 code units. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} (at offset ${offset} of the pattern)`);
    this.offset = offset;
  }
}
