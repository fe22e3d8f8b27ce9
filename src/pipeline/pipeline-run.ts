import { RecordBatch } from '../record';
import type { CompiledPipeline } from './compile-flow';
import { increase, type DropReason, type PipelineCounters } from './counters';
import { errorText, type PipelineError } from './errors';
import { addFailedBatch, addFailedRow, FAILED_STREAM } from './failed-records';
import { MAX_NODE_VISITS } from './graph';
import type { Entrypoint } from './ingest';
import type { CompiledNode, NodeEffects } from './node-kind';

/** Pipelines inside pipelines. Saving refuses circles, but a restored backup may hold one. */
export const MAX_PIPELINE_DEPTH = 16;
/** Records that transformers may add to one batch by making many of one; together they must fit into memory. */
export const MAX_ADDED_RECORDS = 200_000;

/** A pipeline by its name: ready to run, or why it can't. */
export type FindPipeline = (name: string) => CompiledPipeline | PipelineError | undefined;

/** One passage of records through one pipeline, for its counters. */
export interface Passage {
  readonly counters: PipelineCounters;
  readonly records: number;
  /** The passage through the pipeline that handed the records on. */
  readonly caller: Passage | undefined;
  readonly depth: number;
  /** Set when something that it wrote was not written. */
  rejected: boolean;
}

/** What a run leaves to be done. */
export interface RunResult {
  readonly writes: readonly PendingWrite[];
  readonly passages: readonly Passage[];
}

/** A batch that has to become durable. */
export interface PendingWrite {
  readonly kind: 'store' | 'forward';
  /** The stream or the forwarder. */
  readonly target: string;
  readonly batch: RecordBatch;
  /** The node that wrote it; none for the stream of failed records, which belongs to all. */
  readonly node: CompiledNode | undefined;
  readonly passage: Passage | undefined;
}

interface Visit {
  readonly node: CompiledNode;
  readonly batch: RecordBatch;
  readonly passage: Passage;
}

const VISITS_EXCEEDED = `the pipeline makes more than ${MAX_NODE_VISITS} node visits of one batch`;
const DEPTH_EXCEEDED = `pipelines are nested deeper than ${MAX_PIPELINE_DEPTH}: do they hand records on in a circle?`;

/**
 * Takes batches through pipelines without waiting for anything: what must be written is collected in {@link writes}.
 * The way through the graphs is kept in lists, not on the stack, whatever the length of a chain.
 */
export class PipelineRun implements NodeEffects, RunResult {
  readonly writes: PendingWrite[] = [];
  readonly passages: Passage[] = [];
  readonly #findPipeline: FindPipeline;
  /** Visits that are still to be made, the next one last. */
  readonly #ahead: Visit[] = [];
  #visits = 0;
  #addedRecords = 0;
  #passage: Passage | undefined;
  #failed: RecordBatch | undefined;

  constructor(findPipeline: FindPipeline) {
    this.#findPipeline = findPipeline;
  }

  /** Takes a batch through a pipeline from one of its sources to all its ends. */
  run(pipeline: CompiledPipeline, source: CompiledNode, batch: RecordBatch): void {
    this.#visits = 0;
    this.#addedRecords = 0;
    this.#ahead.push({ node: source, batch, passage: this.#begin(pipeline.counters, batch, undefined) });
    for (let visit = this.#ahead.pop(); visit !== undefined; visit = this.#ahead.pop()) this.#visit(visit);
  }

  /** Sends a batch that a pipeline can't take to the failed records. */
  runUnavailable(name: string, counters: PipelineCounters, error: PipelineError, batch: RecordBatch): void {
    this.#begin(counters, batch, undefined);
    counters.failed += batch.length;
    addFailedBatch(this.#failedBatch(), batch, errorText(error), { pipeline: name, id: '' });
  }

  #begin(counters: PipelineCounters, batch: RecordBatch, caller: Passage | undefined): Passage {
    const depth = caller === undefined ? 1 : caller.depth + 1;
    const passage: Passage = { counters, records: batch.length, caller, depth, rejected: false };
    counters.in += batch.length;
    this.passages.push(passage);
    return passage;
  }

  #visit({ node, batch, passage }: Visit): void {
    this.#passage = passage;
    node.counters.in += batch.length;
    if (++this.#visits > MAX_NODE_VISITS) {
      this.#failAll(node, batch, VISITS_EXCEEDED);
      return;
    }
    let output: RecordBatch | undefined;
    try {
      output = node.process(batch, this, node);
    } catch (error) {
      // Filters and transformers fail on single rows; this is for what nobody thought of.
      this.#failAll(node, batch, errorText(error));
    }
    if (output === undefined) return;
    node.counters.out += output.length;
    const successors = node.successors;
    if (successors.length === 0) this.drop(node, 'dead_end', output.length);
    // The last one in is the first one out.
    for (let i = successors.length - 1; i >= 0; i--) {
      this.#ahead.push({ node: successors[i] as CompiledNode, batch: output, passage });
    }
  }

  store(node: CompiledNode, stream: string, batch: RecordBatch): void {
    this.writes.push({ kind: 'store', target: stream, batch, node, passage: this.#passage });
  }

  forward(node: CompiledNode, forwarder: string, batch: RecordBatch): void {
    this.writes.push({ kind: 'forward', target: forwarder, batch, node, passage: this.#passage });
  }

  enter(node: CompiledNode, name: string, batch: RecordBatch): void {
    const caller = this.#passage;
    if (caller !== undefined && caller.depth >= MAX_PIPELINE_DEPTH) {
      this.#failAll(node, batch, DEPTH_EXCEEDED);
      return;
    }
    const pipeline = this.#findPipeline(name);
    if (pipeline === undefined || pipeline instanceof Error) {
      this.#failAll(node, batch, pipeline === undefined ? `no pipeline is called "${name}"` : errorText(pipeline));
      return;
    }
    const source = pipeline.sources.direct;
    if (source === undefined) this.#failAll(node, batch, missingEntrypoint(name, 'direct'));
    else this.#ahead.push({ node: source, batch, passage: this.#begin(pipeline.counters, batch, caller) });
  }

  measure(node: CompiledNode, metric: string, records: number): void {
    increase(node.pipelineCounters.metrics, metric, records);
  }

  fail(node: CompiledNode, batch: RecordBatch, row: number, error: unknown): void {
    countFailed(node, 1);
    addFailedRow(this.#failedBatch(), batch, row, errorText(error), node);
  }

  #failAll(node: CompiledNode, batch: RecordBatch, error: string): void {
    countFailed(node, batch.length);
    addFailedBatch(this.#failedBatch(), batch, error, node);
  }

  drop(node: CompiledNode, reason: DropReason, records: number): void {
    node.counters.dropped[reason] += records;
    node.pipelineCounters.dropped[reason] += records;
  }

  mayExpand(records: number): boolean {
    if (this.#addedRecords + records > MAX_ADDED_RECORDS) return false;
    this.#addedRecords += records;
    return true;
  }

  /** The batch of failed records; it is one of the writes from its first record on. */
  #failedBatch(): RecordBatch {
    if (this.#failed === undefined) {
      this.#failed = new RecordBatch();
      this.writes.push(failedWrite(this.#failed));
    }
    return this.#failed;
  }
}

/** The write that keeps failed records. */
export function failedWrite(batch: RecordBatch): PendingWrite {
  return { kind: 'store', target: FAILED_STREAM, batch, node: undefined, passage: undefined };
}

/** Counts records that a node failed on. */
export function countFailed(node: CompiledNode, records: number): void {
  node.counters.failed += records;
  node.pipelineCounters.failed += records;
}

/** Text of the error about a source that a pipeline lacks. */
export function missingEntrypoint(pipeline: string, entrypoint: Entrypoint): string {
  return `the pipeline "${pipeline}" has no ${entrypoint} source`;
}
