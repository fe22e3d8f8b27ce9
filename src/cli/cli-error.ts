/** A command cannot do what it was asked to; the message is for the person who asked. */
export class CliError extends Error {
  readonly code = 'CLI_ERROR';
  override readonly name = 'CliError';
}
