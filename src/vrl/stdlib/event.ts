import type { Runtime } from '../runtime';
import { NULL, STRING, union } from '../types/kind';
import { textOf } from '../value/bytes';
import type { VrlString } from '../value/value';
import type { CompiledCall } from './compiled-call';
import { define, type FunctionDefinition } from './definition';
import { any, text } from './parameters';

/** Where a host keeps the secrets of the event that a program runs on. */
export interface Secrets {
  get(key: string): string | undefined;
  set(key: string, secret: string): void;
  delete(key: string): void;
}

/** Without a host secrets live as long as the run. */
function secretsOfRuns(): (runtime: Runtime) => Secrets {
  const byRun = new WeakMap<Runtime, Map<string, string>>();
  return (runtime) => {
    let secrets = byRun.get(runtime);
    if (secrets === undefined) byRun.set(runtime, (secrets = new Map()));
    return secrets;
  };
}

/** The argument's text at run time. */
function textArgument(call: CompiledCall, keyword: string): (runtime: Runtime) => string {
  const evaluate = call.argument(keyword);
  return (runtime) => (evaluate === undefined ? '' : textOf(evaluate(runtime) as VrlString));
}

/**
 * The functions for what goes with an event besides its fields.
 *
 * @param secretsOf the secrets for a run; without it they are forgotten after the run
 */
export function eventFunctions(
  secretsOf: (runtime: Runtime) => Secrets = secretsOfRuns(),
): readonly FunctionDefinition[] {
  return [
    define({
      name: 'get_secret',
      params: [text('key')],
      returns: union(STRING, NULL),
      fallible: false,
      compile: (call) => {
        const key = textArgument(call, 'key');
        return (runtime) => secretsOf(runtime).get(key(runtime)) ?? null;
      },
    }),
    define({
      name: 'set_secret',
      params: [text('key'), text('secret')],
      returns: NULL,
      fallible: false,
      pure: false,
      compile: (call) => {
        const key = textArgument(call, 'key');
        const secret = textArgument(call, 'secret');
        return (runtime) => {
          secretsOf(runtime).set(key(runtime), secret(runtime));
          return null;
        };
      },
    }),
    define({
      name: 'remove_secret',
      params: [text('key')],
      returns: NULL,
      fallible: false,
      pure: false,
      compile: (call) => {
        const key = textArgument(call, 'key');
        return (runtime) => {
          secretsOf(runtime).delete(key(runtime));
          return null;
        };
      },
    }),
    // A hint for hosts with schemas, which a log collector is not: it is accepted and changes nothing.
    define({
      name: 'set_semantic_meaning',
      params: [any('target', { compileTime: 'path' }), text('meaning', { compileTime: 'constant' })],
      returns: NULL,
      fallible: false,
      pure: false,
      compile: () => () => null,
    }),
  ];
}

export const functions: readonly FunctionDefinition[] = eventFunctions();
