/** A pattern that is not valid (or not supported); `position` is a UTF-16 offset into it. */
export class RegexSyntaxError extends Error {
  readonly code = 'REGEX_SYNTAX';
  constructor(
    message: string,
    readonly position: number,
  ) {
    super(message);
    this.name = 'RegexSyntaxError';
  }
}
