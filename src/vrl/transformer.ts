import { compile, type CompileOptions } from './compile';
import type { Diagnostic } from './errors';
import { flattenEvent, type Fields } from './flatten-event';
import type { Program } from './program';
import { filesIn, readNoFile } from './stdlib/files/read-file';
import { DENIED_HOST_FUNCTIONS } from './stdlib/system';
import { emptyObject } from './value/value';
import { wellFormed } from './value/bytes';

/** A named script of a pipeline: makes none, one or several records of one. */
export class Transformer {
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  get warnings(): readonly Diagnostic[] {
    return this.#program.warnings;
  }

  /**
   * Runs the script on a record. What it leaves at `.` counts, not the value of its last expression.
   *
   * @throws VrlRuntimeError, VrlAbort
   */
  run(fields: Fields): Fields[] {
    const event = emptyObject();
    for (const name in fields) event[wellFormed(name)] = wellFormed(fields[name] as string);
    return flattenEvent(this.#program.run(event).event);
  }
}

export interface TransformerOptions extends CompileOptions {
  /** Do `get_env_var` and `get_hostname` work? Not by default: whoever writes a script could read keys. */
  readonly hostFunctions?: boolean;
  /** The directory whose files scripts may name (schemas, descriptors, pattern lists), an absolute path; by default none. */
  readonly fileDirectory?: string;
}

/**
 * Compiles a transformer's script; an empty script gives records back as they are.
 *
 * @throws VrlCompileError
 * @example compileTransformer('.level = upcase!(.level)').run({ level: 'info' }) // [{ level: 'INFO' }]
 */
export function compileTransformer(source: string, options: TransformerOptions = {}): Transformer {
  const functions = options.hostFunctions === true ? [] : DENIED_HOST_FUNCTIONS;
  const readFile = options.fileDirectory === undefined ? readNoFile : filesIn(options.fileDirectory);
  const compileOptions = { readFile, ...options, functions: [...functions, ...(options.functions ?? [])] };
  return new Transformer(compile(source, compileOptions));
}
