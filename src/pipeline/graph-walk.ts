import type { FlowGraph } from './graph';

/** An edge that leads back to a node on the way to it. */
export interface ClosingEdge {
  /** Its index in the flow. */
  readonly edge: number;
  /** The ids of the nodes on the circle, in order; the first one is the edge's target. */
  readonly circle: readonly string[];
}

/** The indexes of the edges that leave each node, by the node's id. */
export function edgesBySource(flow: FlowGraph): Map<string, number[]> {
  const leaving = new Map<string, number[]>();
  for (const node of flow.nodes) leaving.set(node.id, []);
  for (const [i, edge] of flow.edges.entries()) leaving.get(edge.source)?.push(i);
  return leaving;
}

/** Ids of the nodes that records can reach from the given ones, these included. */
export function reachableFrom(flow: FlowGraph, starts: Iterable<string>): Set<string> {
  const leaving = edgesBySource(flow);
  const reached = new Set<string>();
  const open = [...starts];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    for (const edge of leaving.get(id) ?? []) open.push(flow.edges[edge]?.target ?? '');
  }
  return reached;
}

/**
 * Finds the edges that close a circle, one for each circle found on a depth-first walk; none means that the graph has no
 * cycle. Uses no recursion: a flow may be one long chain.
 */
export function* findClosingEdges(flow: FlowGraph): IterableIterator<ClosingEdge> {
  const leaving = edgesBySource(flow);
  const done = new Set<string>();
  for (const { id: start } of flow.nodes) {
    if (done.has(start)) continue;
    // The way from the start to the node at hand, and how many of each node's edges have been followed.
    const way: string[] = [start];
    const followed: number[] = [0];
    const onWay = new Set(way);
    while (way.length > 0) {
      const id = way.at(-1) as string;
      const next = followed.at(-1) as number;
      const edge = leaving.get(id)?.[next];
      if (edge === undefined) {
        done.add(id);
        onWay.delete(id);
        way.pop();
        followed.pop();
        continue;
      }
      followed[followed.length - 1] = next + 1;
      const target = flow.edges[edge]?.target ?? '';
      if (onWay.has(target)) {
        yield { edge, circle: way.slice(way.indexOf(target)) };
      } else if (!done.has(target) && leaving.has(target)) {
        way.push(target);
        followed.push(0);
        onWay.add(target);
      }
    }
  }
}

/**
 * How many nodes a batch visits, counted from all sources together: each node once for each way that leads to it.
 * Nodes behind a cycle are left out. May be infinite, for a graph that is large enough.
 */
export function countVisits(flow: FlowGraph): number {
  const leaving = edgesBySource(flow);
  const ways = new Map(flow.nodes.map((node) => [node.id, node.type === 'source' ? 1 : 0]));
  const edgesAhead = new Map<string, number>();
  for (const { target } of flow.edges) edgesAhead.set(target, (edgesAhead.get(target) ?? 0) + 1);
  const ready = [...ways.keys()].filter((id) => !edgesAhead.has(id));
  let visits = 0;
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    const waysHere = ways.get(id) ?? 0;
    visits += waysHere;
    for (const edge of leaving.get(id) ?? []) {
      const target = flow.edges[edge]?.target ?? '';
      if (!ways.has(target)) continue;
      ways.set(target, (ways.get(target) ?? 0) + waysHere);
      const left = (edgesAhead.get(target) ?? 0) - 1;
      edgesAhead.set(target, left);
      if (left === 0) ready.push(target);
    }
  }
  return visits;
}
