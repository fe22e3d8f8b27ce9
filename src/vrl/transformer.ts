import { compile, type CompileOptions } from './compile';
import type { Diagnostic } from './errors';
import { flattenEvent, type Fields } from './flatten-event';
import type { Program } from './program';
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

/**
 * Compiles a transformer's script; an empty script gives records back as they are.
 *
 * @throws VrlCompileError
 * @example compileTransformer('.level = upcase!(.level)').run({ level: 'info' }) // [{ level: 'INFO' }]
 */
export function compileTransformer(source: string, options: CompileOptions = {}): Transformer {
  return new Transformer(compile(source, options));
}
