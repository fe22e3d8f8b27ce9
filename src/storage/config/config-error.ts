export type ConfigErrorCode =
  'INVALID_NAME' | 'INVALID_SYSTEM_CONFIGURATION' | 'REVISION_MISMATCH' | 'WRONG_SECRET_KEY';

/** A refusal of the config store; `code` says which, for programs, the message for people. Nothing was changed. */
export class ConfigError extends Error {
  readonly code: ConfigErrorCode;

  constructor(code: ConfigErrorCode, message: string) {
    super(message);
    this.name = 'ConfigError';
    this.code = code;
  }
}
