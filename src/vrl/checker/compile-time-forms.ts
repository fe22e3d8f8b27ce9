import type { FunctionDefinition } from '../stdlib/definition';
import type { Call } from '../syntax/tree';
import { textOf } from '../value/bytes';
import type { VrlString } from '../value/value';
import type { BoundArgument } from './check-call';
import type { CheckContext } from './context';
import { errorAt } from './diagnostic';

/** Titles of the codes that error 610 wraps. */
export const FUNCTION_REFUSALS: ReadonlyMap<number, string> = new Map([
  [315, 'mutation of read-only value'],
  [400, 'unexpected expression type'],
  // The quotation mark is the language's own.
  [401, 'invalid enum variant"'],
  [402, 'this argument must be a static expression'],
  [403, 'invalid argument'],
  [420, 'missing function closure'],
]);

/** Checks arguments that must be written as a path, or be known at compile time. */
export function checkForms(
  context: CheckContext,
  node: Call,
  definition: FunctionDefinition,
  bound: readonly BoundArgument[],
): void {
  for (const { param, argument, typed } of bound) {
    const refuse = (code: number, reason: string): never =>
      context.stop(
        errorAt(610, `function compilation error: error[E${code}] ${FUNCTION_REFUSALS.get(code)}`, node, reason),
      );
    switch (param.compileTime) {
      case 'path': {
        const { value } = argument;
        // A whole variable is not a path: it cannot be absent.
        if (value.type !== 'query' || (value.base.type === 'variable' && value.path.length === 0))
          return refuse(400, `the argument "${param.keyword}" of ${node.name} must be a path`);
        const { base, path } = value;
        const removes = definition.removes === param.keyword && (base.type === 'event' || base.type === 'metadata');
        if (removes && context.options.readOnlyPaths.protects(base.type, path)) refuse(315, 'this path is read-only');
        break;
      }
      case 'array':
        if (argument.value.type !== 'array') refuse(400, `the argument "${param.keyword}" must be an array literal`);
        if (typed.constant === undefined)
          refuse(402, `the members of "${param.keyword}" must be known at compile time`);
        break;
      case 'static':
        if (typed.constant === undefined) refuse(402, `the argument "${param.keyword}" must be known at compile time`);
        break;
      case 'constant':
      case 'enum':
        if (typed.constant === undefined) refuse(400, `the argument "${param.keyword}" must be known at compile time`);
        break;
      default:
    }
    if (param.compileTime === 'enum' && param.allowed !== undefined) {
      const value = textOf(typed.constant as VrlString);
      if (!param.allowed.includes(value)) refuse(401, `"${value}" is none of: ${param.allowed.join(', ')}`);
    }
  }
}
