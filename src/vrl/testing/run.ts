import { compile, type CompileOptions } from '../compile';
import { VrlAbort, VrlCompileError, VrlRuntimeError } from '../errors';
import { Failure } from '../failure';
import { compileRegex } from '../regex';
import { checkArgument, implementationFor } from '../stdlib/bind';
import type { CallSite, FunctionDefinition } from '../stdlib/definition';
import { InvalidArgument } from '../stdlib/definition';
import { readAnyFile } from '../stdlib/files/read-file';
import { ANY } from '../types/kind';
import { kindOfValue } from '../types/kind-of-value';
import { fromJs } from '../value/from-js';
import { VrlFloat, type VrlRegex, type VrlTimestamp, type VrlValue } from '../value/value';
import { parseRfc3339 } from '../time/rfc3339';

/** A float for tables: `f(1)` is 1.0 where `1` is the integer. */
export function f(value: number): VrlFloat {
  return new VrlFloat(value);
}

/** A timestamp for tables, in RFC 3339. */
export function t(text: string): VrlTimestamp {
  const timestamp = parseRfc3339(text);
  if (timestamp === undefined) throw new Error(`not RFC 3339: ${text}`);
  return timestamp;
}

/** A regex for tables. */
export function r(pattern: string): VrlRegex {
  return compileRegex(pattern);
}

/** An expected failure in tables; matches the whole reason. */
export class ExpectedError {
  constructor(readonly reason: string | RegExp) {}
}
export function error(reason: string | RegExp): ExpectedError {
  return new ExpectedError(reason);
}

/**
 * Calls a function over plain JavaScript data (see `fromJs`; `f(1.5)` for floats), every argument as a constant.
 * Needs no compiler, so it is for what a function computes; `run` is for how it is typed and called.
 *
 * @param args positional, `undefined` for one that is left out
 * @returns the value, or the failure's reason
 */
export function callFunction(
  definition: FunctionDefinition,
  args: readonly unknown[],
  timezone = 'UTC',
): { value: VrlValue } | { error: string } {
  const given = new Map<string, VrlValue>();
  definition.params.forEach((param, i) => {
    if (args[i] !== undefined) given.set(param.keyword, fromJs(args[i]));
    else if (param.required) throw new Error(`${definition.name}: ${param.keyword} is missing`);
  });
  const site: CallSite = {
    has: (keyword) => given.has(keyword),
    constant: (keyword) => given.get(keyword),
    kind: (keyword) => (given.has(keyword) ? kindOfValue(given.get(keyword) as VrlValue) : undefined),
    rootWith: () => ANY,
    timezone,
    host: { log: () => undefined, readFile: readAnyFile },
    invalid: (keyword, message) => new InvalidArgument(403, message, keyword),
    reject: (code, message) => new InvalidArgument(code, message),
  };
  try {
    const values = definition.params.map((param) => {
      const value = given.get(param.keyword);
      if (value === undefined) return param.fallback;
      checkArgument(param, value);
      return param.convert === undefined ? value : param.convert(value);
    });
    const value = implementationFor(definition, site)(...(values as never[]));
    return value instanceof Failure ? { error: value.message } : { value };
  } catch (failure) {
    if (failure instanceof Failure || failure instanceof InvalidArgument) return { error: failure.message };
    throw failure;
  }
}

/**
 * Makes one test a row: `[function name, arguments, expected]`; expected is plain data or `error('reason')`.
 *
 * @example testCalls(functions, [['abs', [-1], 1], ['format_int', [1, 99], error(/^invalid base 99/)]])
 */
export function testCalls(
  functions: readonly FunctionDefinition[],
  rows: readonly (readonly [string, readonly unknown[], unknown])[],
): void {
  const byName = new Map(functions.map((definition) => [definition.name, definition]));
  test.each(rows.map(([name, args, expected]) => ({ name, args, expected, title: `${name}(${showArguments(args)})` })))(
    '$title',
    ({ name, args, expected }) => {
      const definition = byName.get(name);
      if (definition === undefined) throw new Error(`no function ${name}`);
      expectResult(callFunction(definition, args), expected);
    },
  );
}

/** Compares a result with what a table expects. */
export function expectResult(result: { value: VrlValue } | { error: string }, expected: unknown): void {
  if (!(expected instanceof ExpectedError)) {
    expect(result).toEqual({ value: fromJs(expected) });
  } else if (typeof expected.reason === 'string') {
    expect(result).toEqual({ error: expected.reason });
  } else {
    expect(result).toEqual({ error: expect.stringMatching(expected.reason) });
  }
}

/** Of a test's title, so that long inputs do not flood the output. */
const MAX_TITLE_LENGTH = 300;

function showArguments(args: readonly unknown[]): string {
  const text = args.map((arg) => JSON.stringify(arg, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v)));
  return text.join(', ').slice(0, MAX_TITLE_LENGTH);
}

/** What became of a program: its value and event, or the text of its end. */
export type Outcome =
  | { readonly value: VrlValue; readonly event: VrlValue }
  | { readonly error: string }
  | { readonly abort: string }
  | { readonly codes: readonly number[] };

/**
 * Compiles and runs a program on plain JavaScript data (see `fromJs`).
 *
 * @returns value and event; `error` or `abort` with their text; `codes` of the diagnostics when it does not compile
 */
export function run(source: string, event: unknown = {}, options: CompileOptions = {}): Outcome {
  try {
    const { value, event: after } = compile(source, options).run(event);
    return { value, event: after };
  } catch (failure) {
    if (failure instanceof VrlCompileError) return { codes: failure.diagnostics.map((diagnostic) => diagnostic.code) };
    if (failure instanceof VrlAbort) return { abort: failure.message };
    if (failure instanceof VrlRuntimeError) return { error: failure.message };
    throw failure;
  }
}

/** Codes of a program's diagnostics: errors, or else warnings. */
export function codesOf(source: string, options: CompileOptions = {}): number[] {
  try {
    return compile(source, options).warnings.map((warning) => warning.code);
  } catch (failure) {
    if (failure instanceof VrlCompileError) return failure.diagnostics.map((diagnostic) => diagnostic.code);
    throw failure;
  }
}

/**
 * Makes one test a row: `[program, value]` or `[program, event, value]`; the value is plain data, or `error('text')`
 * for a failure at run time.
 *
 * @example testPrograms([['abs(-1)', 1], ['upcase!(.a)', { a: 1 }, error(/expected string/)]])
 */
export function testPrograms(
  rows: readonly (readonly [string, unknown] | readonly [string, unknown, unknown])[],
): void {
  test.each(
    rows.map((row) => ({ source: row[0], event: row.length === 3 ? row[1] : {}, expected: row[row.length - 1] })),
  )('$source', ({ source, event, expected }) => {
    const outcome = run(source, event);
    if ('value' in outcome) expectResult({ value: outcome.value }, expected);
    else if ('error' in outcome) expectResult(outcome, expected);
    else expect(outcome).toBe(expected);
  });
}

/** Makes one test a row: `[program, codes of its diagnostics]`. */
export function testCodes(rows: readonly (readonly [string, readonly number[]])[], options: CompileOptions = {}): void {
  test.each(rows)('%s', (source, codes) => expect(codesOf(source, options)).toEqual(codes));
}
