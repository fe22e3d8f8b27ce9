import { VrlAbort, VrlCompileError, VrlRuntimeError } from '../../vrl';
import { ApiError } from '../errors/api-error';

/** What the peer's clients look for when a script is at fault; the HTTP status is 400. */
const SCRIPT_FAILED = 422;

/**
 * Does something with a script; what is wrong with the script becomes an answer with the compiler's report.
 * @param key where the script is in the body
 * @throws ApiError 400
 */
export function withScript<Result>(key: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof VrlCompileError) {
      const messages = error.diagnostics.map(
        ({ start, end, message }) => `${key}: bytes ${start} to ${end}: ${message}`,
      );
      throw scriptError(error, { body: messages });
    }
    if (error instanceof VrlRuntimeError || error instanceof VrlAbort) {
      throw scriptError(error, { body: [`${key}: ${error.message}`] });
    }
    throw error;
  }
}

function scriptError(cause: Error, context: { readonly body: readonly string[] }): ApiError {
  return new ApiError('INVALID_ARGUMENT', cause.message, { context, detailCode: SCRIPT_FAILED, cause });
}
