/** A pattern that is not of the language. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  /** Offset in the pattern, in UTF-16 code units. */
  readonly offset: number;

  /** `part` is the piece of the pattern that is wrong. */
  constructor(reason: string, part: string, offset: number) {
    super(`${reason}: \`${part}\``);
    this.offset = offset;
  }
}
