import { compileFlow, type CompiledPipeline } from './compile-flow';
import type { PipelineCounters } from './counters';
import type { Definitions } from './definitions';
import { PipelineError, describeProblems, errorText } from './errors';
import { FlowProblems } from './flow-problems';
import type { FlowGraph } from './graph';
import { edgesBySource } from './graph-walk';
import type { Entrypoint } from './ingest';
import type { FlowScope } from './node-kind';
import { entrypointOf } from './nodes';
import { readFlow } from './parse-flow';
import { directCalls, validateFlow } from './validate';

/** A pipeline as it stands: its graph, and the compiled form or the reason why there is none. */
export interface PipelineState {
  readonly flow: FlowGraph;
  /** The compiled pipeline, or a `PIPELINE_UNAVAILABLE` error. */
  readonly outcome: CompiledPipeline | PipelineError;
  /** Whether records of an entrypoint are offered to it: it has the source, and the source leads somewhere. */
  readonly takes: ReadonlySet<Entrypoint>;
  /** The pipelines that it hands records of its direct entrypoint to. */
  readonly calls: readonly string[];
  /** Equal texts compile to the same. */
  readonly fingerprint: string;
}

/** Compiles a pipeline, or takes over the previous state when nothing that it depends on has changed. */
export function buildState(
  name: string,
  definitions: Definitions,
  scope: FlowScope,
  counters: PipelineCounters,
  previous: PipelineState | undefined,
): PipelineState {
  const problems = new FlowProblems();
  const flow = readFlow(definitions.pipelines.get(name), problems);
  const fingerprint = JSON.stringify([flow, problems.errors, references(flow, definitions)]);
  if (previous?.fingerprint === fingerprint) return previous;
  const outcome = compile(name, flow, scope, counters, problems);
  return { flow, outcome, takes: openEntrypoints(flow), calls: directCalls(flow), fingerprint };
}

function compile(
  name: string,
  flow: FlowGraph,
  scope: FlowScope,
  counters: PipelineCounters,
  problems: FlowProblems,
): CompiledPipeline | PipelineError {
  try {
    validateFlow(flow, scope, problems);
    if (problems.errors.length === 0) return compileFlow(name, flow, scope, counters);
    return unavailable(name, describeProblems(problems.errors), { problems: problems.errors });
  } catch (error) {
    return unavailable(name, errorText(error), { cause: error });
  }
}

function unavailable(
  name: string,
  why: string,
  options: ConstructorParameters<typeof PipelineError>[2],
): PipelineError {
  return new PipelineError('PIPELINE_UNAVAILABLE', `the pipeline "${name}" is unavailable: ${why}`, options);
}

/** What the names in a flow stand for, as far as it matters for the compiled form. */
function references(flow: FlowGraph, definitions: Definitions): unknown[] {
  return flow.nodes.map(({ data }) => [
    data.transformer !== undefined && definitions.transformers.get(data.transformer),
    data.forwarder !== undefined && definitions.forwarders.has(data.forwarder),
    data.pipeline !== undefined && definitions.pipelines.has(data.pipeline),
  ]);
}

function openEntrypoints(flow: FlowGraph): Set<Entrypoint> {
  const leaving = edgesBySource(flow);
  const open = new Set<Entrypoint>();
  for (const node of flow.nodes) {
    const entrypoint = node.type === 'source' ? entrypointOf(node.data) : undefined;
    if (entrypoint !== undefined && leaving.get(node.id)?.length !== 0) open.add(entrypoint);
  }
  return open;
}
