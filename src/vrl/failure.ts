/**
 * Why an expression failed, as thrown inside the language. Not an Error on purpose: programs fail and recover (`??`)
 * once a record, and collecting a stack costs more than the whole program. The program's edge turns it into a
 * VrlRuntimeError. A message that costs something to write is given as a function: most failures are recovered from unread.
 */
export class Failure {
  readonly code: number;
  #message: string | (() => string);
  constructor(message: string | (() => string), code = 0) {
    this.#message = message;
    this.code = code;
  }

  get message(): string {
    if (typeof this.#message !== 'string') this.#message = this.#message();
    return this.#message;
  }

  /** The same failure, told by whom it was met. */
  within(prefix: string): Failure {
    const message = this.#message;
    return new Failure(typeof message === 'string' ? prefix + message : () => prefix + this.message, this.code);
  }
}

/**
 * Makes the failure of a function; `throw fail('unable to parse duration')` gives the reason that programs see.
 *
 * @param reason what went wrong, without the function's name (the call adds it)
 */
export function fail(reason: string | (() => string)): Failure {
  return new Failure(reason);
}
