import { ExprRuntimeError } from '../errors';

/**
 * Runs an evaluation. Errors of the language get their place in the source, and nesting of values that is too deep to walk
 * becomes one.
 */
export function guarded<Result>(evaluate: () => Result, source: string, at: number): Result {
  try {
    return evaluate();
  } catch (error) {
    throw located(error, source, at);
  }
}

/** What an evaluation threw, with its place; an error of the language also where the stack was at its end. */
export function located(error: unknown, source: string, at: number): unknown {
  if (error instanceof ExprRuntimeError) return error.locate(source);
  if (!(error instanceof RangeError)) return error;
  return new ExprRuntimeError('too_deep', 'a value is nested too deeply', at).locate(source);
}
