import { fail } from '../failure';
import { BOOLEAN } from '../types/kind';
import { textOf } from '../value/bytes';
import type { VrlString } from '../value/value';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { boolean, text, withDefault } from './parameters';
import { compileSchema } from './schema/compile-schema';

/** The schema in the file that the call's constant names. */
function readSchema(call: CallSite): unknown {
  const path = textOf((call.constant('schema_definition') ?? '') as VrlString);
  const source = attempt(call, `Failed to open schema definition file '${path}'`, () =>
    new TextDecoder().decode(call.host.readFile(path)),
  );
  return attempt(call, `Failed to parse schema definition file '${path}'`, () => JSON.parse(source) as unknown);
}

/** Runs an action whose failure refuses the constant. */
function attempt<T>(call: CallSite, problem: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const reason = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
    throw call.invalid('schema_definition', `${problem}: ${String(reason)}`);
  }
}

const validateJsonSchema = define({
  name: 'validate_json_schema',
  params: [
    text('value'),
    text('schema_definition', { compileTime: 'constant' }),
    withDefault(boolean('ignore_unknown_formats'), false),
  ],
  returns: BOOLEAN,
  fallible: true,
  prepare: (call) => {
    const schema = readSchema(call);
    /** By whether unknown formats are ignored, compiled when first needed: the flag need not be constant. */
    const validators = new Map<boolean, (document: unknown) => string | undefined>();
    const validator = (ignore: boolean) => {
      let known = validators.get(ignore);
      if (known === undefined) {
        known = attempt(call, 'Failed to compile schema', () => compileSchema(schema, ignore));
        validators.set(ignore, known);
      }
      return known;
    };
    // The schema is compiled now, so that a bad one is told before anything runs.
    const constant = call.has('ignore_unknown_formats') ? call.constant('ignore_unknown_formats') : false;
    if (constant !== undefined) validator(constant === true);
    return (value, _path, ignoreUnknownFormats) => {
      const problem = validator(ignoreUnknownFormats)(parse(value));
      if (problem !== undefined) throw fail(`JSON schema validation failed: ${problem}`);
      return true;
    };
  },
});

function parse(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch (error) {
    throw fail(`Invalid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export const functions: readonly FunctionDefinition[] = [validateJsonSchema];
