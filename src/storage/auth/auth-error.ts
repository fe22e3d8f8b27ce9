export type AuthErrorCode =
  | 'INVALID_NAME'
  | 'INVALID_PASSWORD'
  | 'INVALID_SCOPE'
  | 'INVALID_EXPIRY'
  | 'UNKNOWN_USER'
  | 'WRONG_PASSWORD'
  | 'LAST_ADMINISTRATOR'
  | 'TOO_MANY_TOKENS'
  | 'TOO_MANY_LOGINS'
  | 'INCOMPLETE_RESET'
  | 'INVALID_SECRET_KEY';

/** A refusal of the auth store; `code` says which, for programs, the message for people. Nothing was changed. */
export class AuthError extends Error {
  readonly code: AuthErrorCode;

  constructor(code: AuthErrorCode, message: string) {
    super(message);
    this.name = 'AuthError';
    this.code = code;
  }
}
