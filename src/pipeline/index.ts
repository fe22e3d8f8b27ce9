export type { Entrypoint, Ingest, IngestOutcome } from './ingest';
export { PipelineError, type FlowProblem, type PipelineErrorCode } from './errors';
export { NODE_TYPES, type FlowEdge, type FlowGraph, type FlowNode, type NodeType } from './graph';
export { parseFlow } from './parse-flow';
export { defaultFlow } from './default-flow';
export type {
  FieldLookup,
  FilterCompiler,
  ForwarderSink,
  RecordFilter,
  Transformer,
  TransformerCompiler,
} from './compilers';
export { type Definitions } from './definitions';
export { PipelineEngine, type EngineOptions, type ValidFlow } from './engine';
export { type DryRunResult, type TraceEntry } from './dry-run';
export {
  DROP_REASONS,
  type DropReason,
  type EngineCounters,
  type NodeCounters,
  type PipelineCounters,
} from './counters';
export { FAILED_STREAM } from './failed-records';
