import type { RecordFields } from '../record';
import type { VrlValue } from '../vrl/value/value';
import type { TransformerCompiler } from './compilers';
import { recordsOf } from './flatten-vrl';

/** What is needed of the transform language's compiler. */
export type VrlCompiler = (source: string) => { run(event: RecordFields): { readonly event: VrlValue } };

/**
 * Makes transformers of programs: what counts is the event that a program leaves behind, not the value of its last
 * expression.
 *
 * @example new PipelineEngine({ compileTransformer: vrlTransformers(compile), … })
 */
export function vrlTransformers(compile: VrlCompiler): TransformerCompiler {
  return (source) => {
    const program = compile(source);
    return { run: (fields) => recordsOf(program.run(fields).event) };
  };
}
