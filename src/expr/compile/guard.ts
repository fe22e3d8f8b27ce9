import { ExprRuntimeError } from '../errors';

/** Runs an evaluation; nesting of values that is too deep to walk becomes an error of the language. */
export function guardStack<Result>(evaluate: () => Result, at: number): Result {
  try {
    return evaluate();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ExprRuntimeError('too_deep', 'a value is nested too deeply', at);
  }
}
