/**
 * Why an expression failed, as thrown inside the language. Not an Error on purpose: programs fail and recover (`??`)
 * once a record, and collecting a stack costs more than the whole program. The program's edge turns it into a
 * VrlRuntimeError.
 */
export class Failure {
  readonly code: number;
  readonly message: string;
  constructor(message: string, code = 0) {
    this.message = message;
    this.code = code;
  }
}

/**
 * Makes the failure of a function; `throw fail('unable to parse duration')` gives the reason that programs see.
 *
 * @param reason what went wrong, without the function's name (the call adds it)
 */
export function fail(reason: string): Failure {
  return new Failure(reason);
}
