import type { Typed } from '../checker/typed';
import { Failure } from '../failure';
import { LimitExceeded } from '../limits';
import { AbortSignal, ReturnSignal } from '../runtime';
import type { Evaluate } from '../stdlib/compiled-call';
import type { VrlValue } from '../value/value';
import { attemptCall, type Attempt } from './compile-call';
import { compile, compileInOrder } from './compile-expression';
import { add, and, compare, divide, equal, mergeObjects, multiply, subtract } from './operators';
import { copyValue } from './paths';

type Binary = Extract<Typed, { type: 'binary' }>;

/** @param side how to compile the sides whose value is (part of) the operator's */
export function compileBinary(node: Binary, side: (node: Typed) => Evaluate): Evaluate {
  switch (node.operator) {
    case '??':
      return compileCoalesce(node, side);
    case '||':
      return compileOr(side(node.left), side(node.right));
    case '&&':
      return compileAnd(compile(node.left), compile(node.right));
    default: {
      const [left, right] = compileInOrder([node.left, node.right], node.operator === '|' ? side : compile) as [
        Evaluate,
        Evaluate,
      ];
      return compileStrict(node, left, right);
    }
  }
}

/** Operators that always evaluate both sides. */
function compileStrict(node: Binary, left: Evaluate, right: Evaluate): Evaluate {
  const { operator } = node;
  switch (operator) {
    case '+':
      return (runtime) => add(left(runtime), right(runtime));
    case '-':
      return (runtime) => subtract(left(runtime), right(runtime));
    case '*':
      return (runtime) => multiply(left(runtime), right(runtime));
    case '/':
      return (runtime) => divide(left(runtime), right(runtime));
    case '|':
      return (runtime) => mergeObjects(left(runtime), right(runtime));
    case '==':
    case '!=':
      return compileEquality(node, left, right);
    default: {
      const comparison = operator as '<' | '<=' | '>' | '>=';
      return (runtime) => compare(comparison, left(runtime), right(runtime));
    }
  }
}

function compileEquality(node: Binary, left: Evaluate, right: Evaluate): Evaluate {
  const wanted = node.operator === '==';
  const literal = node.right.constant;
  // Texts (and null, and booleans) have one form, so identity is equality.
  if (typeof literal === 'string' || typeof literal === 'boolean' || literal === null) {
    return wanted ? (runtime) => left(runtime) === literal : (runtime) => left(runtime) !== literal;
  }
  return (runtime) => equal(left(runtime), right(runtime)) === wanted;
}

function compileCoalesce(node: Binary, side: (node: Typed) => Evaluate): Evaluate {
  const left = compileAttempt(node.left, side);
  const right = side(node.right);
  return (runtime) => {
    const value = left(runtime);
    return value instanceof Failure ? right(runtime) : value;
  };
}

/**
 * An expression that programs recover from: its failure comes as a value, because throwing one costs microseconds.
 * Aborts come as failures too; they can be recovered from just the same.
 */
export function compileAttempt(node: Typed, side: (node: Typed) => Evaluate): Attempt {
  if (node.type === 'call') {
    // What side() adds to a call is a copy of a result that may be shared.
    return side === compile || node.definition.fresh === true ? attemptCall(node) : copied(attemptCall(node));
  }
  if (node.type === 'binary' && node.operator === '??') {
    const left = compileAttempt(node.left, side);
    const right = compileAttempt(node.right, side);
    return (runtime) => {
      const value = left(runtime);
      return value instanceof Failure ? right(runtime) : value;
    };
  }
  const evaluate = side(node);
  return (runtime) => {
    try {
      return evaluate(runtime);
    } catch (thrown) {
      return thrown instanceof Failure ? thrown : new Failure(recoverable(thrown));
    }
  };
}

function copied(attempt: Attempt): Attempt {
  return (runtime) => {
    const value = attempt(runtime);
    return value instanceof Failure ? value : copyValue(value);
  };
}

/** The message of what a program may recover from, `abort` and `return` included; everything else goes on. */
function recoverable(thrown: unknown): string {
  if (thrown instanceof ReturnSignal) return 'return';
  if (thrown instanceof LimitExceeded) throw thrown;
  return (thrown as { readonly message: string }).message;
}

function compileOr(left: Evaluate, right: Evaluate): Evaluate {
  return (runtime) => {
    const value = left(runtime);
    if (value !== null && value !== false) return value;
    try {
      return right(runtime);
    } catch (failure) {
      if (!(failure instanceof Failure) && !(failure instanceof AbortSignal)) throw failure;
      throw new Failure(`can't apply an OR to these types - ${failure.message}`, 310);
    }
  };
}

function compileAnd(left: Evaluate, right: Evaluate): Evaluate {
  return (runtime) => {
    const value: VrlValue = left(runtime);
    return value === null || value === false ? false : and(value, right(runtime));
  };
}
