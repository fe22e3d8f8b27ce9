import { checkProgram } from './checker/check-program';
import { errorAt, type Finding } from './checker/diagnostic';
import { ReadOnlyPaths, type ReadOnlyPath } from './checker/read-only';
import { compile as compileExpression } from './compiler/compile-expression';
import { VrlCompileError } from './errors';
import { Program } from './program';
import { renderFindings, toDiagnostic } from './render-diagnostics';
import type { FunctionDefinition, Host } from './stdlib/definition';
import { readAnyFile, type FileReader } from './stdlib/files/read-file';
import { STANDARD_LIBRARY } from './stdlib/registry';
import { parseProgram } from './syntax/parser';
import { Source } from './syntax/source';
import type { VrlSyntaxError } from './syntax/syntax-error';
import { zoneNamed } from './time';

export interface CompileOptions {
  /** Zone of times without one: an IANA name or "local". Default UTC. */
  readonly timezone?: string;
  /** Paths that the program may not change. */
  readonly readOnlyPaths?: readonly ReadOnlyPath[];
  /** Functions of the host, besides (or in place of) those of the standard library. */
  readonly functions?: readonly FunctionDefinition[];
  /** Receives what the program logs; nobody does by default. */
  readonly log?: Host['log'];
  /** Reads the files that functions such as `parse_proto` name in constants; by default any that the process may read. */
  readonly readFile?: FileReader;
}

/**
 * Compiles a program.
 *
 * @throws VrlCompileError with every mistake that was found
 * @throws RangeError for an unknown timezone
 * @throws PathSyntaxError for a read-only path that is none
 * @example compile('.level = upcase!(.level)').run(fromJson('{"level": "info"}')).event
 */
export function compile(source: string, options: CompileOptions = {}): Program {
  const timezone = options.timezone ?? 'UTC';
  if (zoneNamed(timezone) === undefined)
    throw new RangeError(`unknown timezone ${JSON.stringify(timezone)}: use an IANA name or "local"`);
  const text = new Source(source);
  const { tree, errors } = parseProgram(source);
  const syntaxErrors = errors.map(fromSyntaxError);
  const checked = checkProgram(tree, text, {
    functions: functionsOf(options),
    timezone,
    host: { log: options.log ?? (() => undefined), readFile: options.readFile ?? readAnyFile },
    readOnlyPaths: new ReadOnlyPaths(options.readOnlyPaths ?? []),
  });
  const findings = [...syntaxErrors, ...checked.findings].sort((a, b) => a.span.start - b.span.start);
  const mistakes = findings.filter((finding) => finding.severity === 'error');
  if (mistakes.length > 0) {
    throw new VrlCompileError(
      renderFindings(mistakes, text),
      mistakes.map((finding) => toDiagnostic(finding, text)),
    );
  }
  return new Program(
    checked.roots.map(compileExpression),
    checked.slotCount,
    findings.map((finding) => toDiagnostic(finding, text)),
    renderFindings(findings, text),
  );
}

function functionsOf(options: CompileOptions): ReadonlyMap<string, FunctionDefinition> {
  if (options.functions === undefined) return STANDARD_LIBRARY;
  return new Map([
    ...STANDARD_LIBRARY,
    ...options.functions.map((definition) => [definition.name, definition] as const),
  ]);
}

function fromSyntaxError(error: VrlSyntaxError): Finding {
  return errorAt(error.code, error.message, error.span, error.label);
}
