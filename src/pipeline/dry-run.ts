import { RecordBatch, type RecordFields } from '../record';
import type { CompiledPipeline } from './compile-flow';
import { errorText } from './errors';
import { missingEntrypoint } from './pipeline-run';
import type { CompiledNode, NodeEffects } from './node-kind';

/** What one node did with one record. */
export interface TraceEntry {
  readonly nodeID: string;
  readonly input: RecordFields;
  /** The records that went on; null when none could: at the ends, when a switch was false, after an error. */
  readonly output: readonly RecordFields[] | null;
  readonly error: string | null;
}

/** The answer of a dry run. */
export interface DryRunResult {
  /** Null when nothing ran. */
  readonly trace: readonly TraceEntry[] | null;
  /** Every error, one a line; absent when there was none. */
  readonly error?: string;
}

/** Entries of one trace: more than anyone reads, few enough to send. */
export const MAX_TRACE_ENTRIES = 10_000;
/** Different errors that the result spells out; each entry has its own in any case. */
const MAX_TRACE_ERRORS = 20;

/** Takes records through a pipeline and writes down what each node does, without any effect. */
export function dryRun(pipeline: CompiledPipeline, records: readonly Readonly<Record<string, string>>[]): DryRunResult {
  const source = pipeline.sources.direct;
  if (source === undefined) return { trace: null, error: missingEntrypoint(pipeline.name, 'direct') };
  const tracer = new Tracer();
  for (const record of records) tracer.visit(source, record);
  const trace = tracer.trace.length === 0 ? null : tracer.trace;
  return tracer.errors.size === 0 ? { trace } : { trace, error: [...tracer.errors].join('\n') };
}

class Tracer implements NodeEffects {
  readonly trace: TraceEntry[] = [];
  readonly errors = new Set<string>();
  #visits = 0;
  #error: string | null = null;

  /** Visits a node and then its successors; their entries come first. A chain is at most `MAX_FLOW_NODES` long. */
  visit(node: CompiledNode, input: RecordFields): void {
    if (++this.#visits > MAX_TRACE_ENTRIES) {
      this.#addError(`the trace was cut off after ${MAX_TRACE_ENTRIES} entries`);
      return;
    }
    this.#error = null;
    const batch = RecordBatch.from([{ timestamp: 0, fields: input }]);
    const result = node.process(batch, this, node);
    const error = this.#error;
    const output = result === undefined ? [] : Array.from(result.records(), ({ fields }) => fields);
    for (const record of output) {
      for (const successor of node.successors) this.visit(successor, record);
    }
    // A transformer that returns no record says so with an empty list.
    const shown = node.type === 'transform' && error === null ? output : output.length === 0 ? null : output;
    this.trace.push({ nodeID: node.id, input, output: shown, error });
  }

  fail(_node: CompiledNode, _batch: RecordBatch, _row: number, error: unknown): void {
    this.#error = errorText(error);
    this.#addError(this.#error);
  }

  #addError(error: string): void {
    if (this.errors.size < MAX_TRACE_ERRORS) this.errors.add(error);
  }

  mayExpand(records: number): boolean {
    return records <= MAX_TRACE_ENTRIES;
  }

  store(): void {}
  forward(): void {}
  enter(): void {}
  measure(): void {}
  drop(): void {}
}
