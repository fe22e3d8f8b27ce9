import { ExprRuntimeError } from '../errors';

/** Runs an evaluation; nesting of values that is too deep to walk becomes an error of the language. */
export function guardStack<Result>(evaluate: () => Result, at: number): Result {
  try {
    return evaluate();
  } catch (error) {
    throw stackGuarded(error, at);
  }
}

/** What an evaluation threw, as an error of the language where the stack was at its end. */
export function stackGuarded(error: unknown, at: number): unknown {
  return error instanceof RangeError ? new ExprRuntimeError('too_deep', 'a value is nested too deeply', at) : error;
}
