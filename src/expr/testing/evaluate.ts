import { compileExpr } from '../expression';

/** Value of an expression in an environment where missing names are nil. */
export function evaluate(source: string, env: Record<string, unknown> = {}): unknown {
  return compileExpr(source, { allowUndefined: true }).evaluate(env);
}

/** What the evaluation gives, or the class and code of its error: `ExprRuntimeError:operand_type`. */
export function outcome(source: string, env: Record<string, unknown> = {}): unknown {
  try {
    return evaluate(source, env);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return `${error.name}:${String(error.code)}`;
    throw error;
  }
}

export const COMPILE_TYPE = 'ExprCompileError:operand_type';
export const RUN_TYPE = 'ExprRuntimeError:operand_type';
export const COMPILE_ARGUMENT = 'ExprCompileError:argument_type';
export const RUN_ARGUMENT = 'ExprRuntimeError:argument_type';
export const RUN_VALUE = 'ExprRuntimeError:argument_value';
export const BUDGET = 'ExprRuntimeError:memory_budget';
