import type { RecordBatch } from '../record';
import type { FilterCompiler, Transformer } from './compilers';
import type { DropReason, NodeCounters, PipelineCounters } from './counters';
import type { FlowNode, NodeType } from './graph';

/** What the nodes of a flow may refer to. */
export interface FlowScope {
  readonly compileFilter: FilterCompiler;
  /** The transformer of that name, undefined when there is none; throws when its script doesn't compile. */
  transformer(name: string): Transformer | undefined;
  hasForwarder(name: string): boolean;
  hasPipeline(name: string): boolean;
}

/** One kind of node: what its data must say and what it does. Each has a file of its own in nodes/. */
export interface NodeKind {
  readonly type: NodeType;
  /** A terminal node has no successors. */
  readonly terminal: boolean;
  /** Reports what is wrong with the node's data, by key. */
  check(data: FlowNode['data'], scope: FlowScope, report: (key: string, message: string) => void): void;
  /** Compiles a node whose check found nothing. */
  compile(data: FlowNode['data'], scope: FlowScope): NodeProcess;
}

/**
 * Takes a batch and returns what goes on to the successors: the same batch, a new one, or nothing. It never changes
 * the batch: other branches read it too. Whatever else happens to records it tells `effects`.
 */
export type NodeProcess = (batch: RecordBatch, effects: NodeEffects, node: CompiledNode) => RecordBatch | undefined;

/** A node that is ready to run. */
export interface CompiledNode {
  readonly id: string;
  readonly type: NodeType;
  readonly terminal: boolean;
  readonly pipeline: string;
  readonly process: NodeProcess;
  readonly successors: readonly CompiledNode[];
  readonly counters: NodeCounters;
  readonly pipelineCounters: PipelineCounters;
}

/** What nodes do besides handing on records; a dry run does none of it. */
export interface NodeEffects {
  /** Stores a batch in a stream. */
  store(node: CompiledNode, stream: string, batch: RecordBatch): void;
  /** Puts a batch into a forwarder's delivery queue. */
  forward(node: CompiledNode, forwarder: string, batch: RecordBatch): void;
  /** Hands a batch to another pipeline. */
  enter(node: CompiledNode, pipeline: string, batch: RecordBatch): void;
  /** Counts records under a metric's name. */
  measure(node: CompiledNode, metric: string, records: number): void;
  /** Sends one row to the stream of failed records. */
  fail(node: CompiledNode, batch: RecordBatch, row: number, error: unknown): void;
  /** Counts records that end here by intent. */
  drop(node: CompiledNode, reason: DropReason, records: number): void;
  /** Asks whether the run may make so many records more than came in. */
  mayExpand(records: number): boolean;
}
