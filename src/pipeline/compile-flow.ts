import type { PipelineCounters } from './counters';
import type { FlowGraph } from './graph';
import type { Entrypoint } from './ingest';
import type { CompiledNode, FlowScope } from './node-kind';
import { NODE_KINDS, entrypointOf } from './nodes';

/** A pipeline that is ready to run. It never changes: a new version of the pipeline is a new one of these. */
export interface CompiledPipeline {
  readonly name: string;
  readonly sources: Readonly<Partial<Record<Entrypoint, CompiledNode>>>;
  readonly counters: PipelineCounters;
}

/** The compiled node while its successors are not all known. */
type GrowingNode = CompiledNode & { readonly successors: CompiledNode[] };

/** Compiles a flow in which {@link validateFlow} found no error. */
export function compileFlow(
  name: string,
  flow: FlowGraph,
  scope: FlowScope,
  counters: PipelineCounters,
): CompiledPipeline {
  const nodes = new Map<string, GrowingNode>();
  const metrics = new Set<string>();
  const sources: Partial<Record<Entrypoint, CompiledNode>> = {};
  for (const { id, type, data } of flow.nodes) {
    const kind = NODE_KINDS.get(type);
    if (kind === undefined) throw new TypeError(`unchecked node type ${type}`);
    const node: GrowingNode = {
      id,
      type: kind.type,
      terminal: kind.terminal,
      pipeline: name,
      process: kind.compile(data, scope),
      successors: [],
      counters: counters.node(id),
      pipelineCounters: counters,
    };
    nodes.set(id, node);
    if (kind.type === 'source') sources[entrypointOf(data) ?? 'direct'] = node;
    if (kind.type === 'metric' && data.name !== undefined) metrics.add(data.name);
  }
  for (const edge of flow.edges) {
    const target = nodes.get(edge.target);
    if (target !== undefined) nodes.get(edge.source)?.successors.push(target);
  }
  counters.keepOnly(new Set(nodes.keys()), metrics);
  return { name, sources, counters };
}
