/** A command cannot do what it was asked to; the message is for the person who asked. */
export class CliError extends Error {
  readonly code: string = 'CLI_ERROR';
  override readonly name: string = 'CliError';
}

/** A value on the command line or in the environment cannot be used. */
export class UsageError extends CliError {
  override readonly code = 'USAGE_ERROR';
  override readonly name = 'UsageError';
}

/** What the command is about is not there. */
export class NotFoundError extends CliError {
  override readonly code = 'NOT_FOUND';
  override readonly name = 'NotFoundError';
}

/** What the command is to make is there already. */
export class ConflictError extends CliError {
  override readonly code = 'CONFLICT';
  override readonly name = 'ConflictError';
}
