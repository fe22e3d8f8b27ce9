import type { Entrypoint } from './ingest';

/**
 * Why records ended without being stored or forwarded, all of it by intent:
 * `filtered` a switch was false, `aborted` a transformer aborted, `no_output` a transformer returned no record,
 * `dead_end` no edge leaves the node.
 */
export type DropReason = 'filtered' | 'aborted' | 'no_output' | 'dead_end';
export const DROP_REASONS: readonly DropReason[] = ['filtered', 'aborted', 'no_output', 'dead_end'];

type DropCounts = Record<DropReason, number>;

function noDrops(): DropCounts {
  return { filtered: 0, aborted: 0, no_output: 0, dead_end: 0 };
}

/** What one node did, in records. */
export class NodeCounters {
  /** Records that reached the node. */
  in = 0;
  /** Records that it handed to its successors. */
  out = 0;
  /** Records that it failed on: they are in the stream of failed records. */
  failed = 0;
  readonly dropped = noDrops();
}

/** What one pipeline did, in records. Once all its batches are done, `in` = `success` + `error`. */
export class PipelineCounters {
  /** Records that entered. */
  in = 0;
  /** Records that were acknowledged, including those that now are in the stream of failed records. */
  success = 0;
  /** Records whose ingest was rejected: the sender still has them. */
  error = 0;
  /** Records that a node failed on; one that fails in two branches counts twice. */
  failed = 0;
  /** Sums over the nodes; one record may be filtered out of several branches. */
  readonly dropped = noDrops();
  readonly nodes = new Map<string, NodeCounters>();
  /** Records counted by metric nodes, by the name of the metric. */
  readonly metrics = new Map<string, number>();

  /** The counters of a node, which go on where an earlier version of the pipeline left them. */
  node(id: string): NodeCounters {
    const known = this.nodes.get(id);
    if (known !== undefined) return known;
    const counters = new NodeCounters();
    this.nodes.set(id, counters);
    return counters;
  }

  /** Forgets nodes and metrics that the pipeline no longer has. */
  keepOnly(nodes: ReadonlySet<string>, metrics: ReadonlySet<string>): void {
    for (const id of this.nodes.keys()) if (!nodes.has(id)) this.nodes.delete(id);
    for (const name of this.metrics.keys()) if (!metrics.has(name)) this.metrics.delete(name);
    for (const name of metrics) if (!this.metrics.has(name)) this.metrics.set(name, 0);
  }
}

/** What the whole engine did. All figures are live: read them, don't keep them. */
export class EngineCounters {
  readonly pipelines = new Map<string, PipelineCounters>();
  /** Records dropped because no pipeline takes them in. */
  readonly unclaimed: Record<Entrypoint, number> = { direct: 0, syslog: 0 };
  /** Records refused up front because too much was in flight. */
  refused = 0;

  /** The counters of a pipeline, made when there are none yet. */
  pipeline(name: string): PipelineCounters {
    const known = this.pipelines.get(name);
    if (known !== undefined) return known;
    const counters = new PipelineCounters();
    this.pipelines.set(name, counters);
    return counters;
  }
}

/** Adds to a counter of a map. */
export function increase(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
