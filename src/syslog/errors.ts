/** What a {@link SyslogError} is about. Malformed messages are never an error: they are stored whole. */
export type SyslogErrorCode = 'INVALID_TIMEZONE' | 'INVALID_OPTION';

/** A setting that the syslog room cannot work with. */
export class SyslogError extends Error {
  override readonly name = 'SyslogError';

  constructor(
    readonly code: SyslogErrorCode,
    message: string,
  ) {
    super(message);
  }
}
