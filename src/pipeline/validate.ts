import type { FlowProblems } from './flow-problems';
import { MAX_NODE_VISITS, NODE_TYPES, type FlowGraph } from './graph';
import { countVisits, edgesBySource, findClosingEdges, reachableFrom } from './graph-walk';
import type { FlowScope } from './node-kind';
import { NODE_KINDS, entrypointOf } from './nodes';

/** The pipelines that a pipeline hands records of its direct entrypoint to, by name. */
export type PipelineCalls = (pipeline: string) => readonly string[];

/** Nodes of a circle that a message names; a longer circle is cut in the middle. */
const NODES_IN_MESSAGE = 12;

/** Checks what a well-formed flow means, and reports everything that is wrong with it. */
export function validateFlow(flow: FlowGraph, scope: FlowScope, problems: FlowProblems): void {
  checkNodes(flow, scope, problems);
  checkEdges(flow, problems);
  for (const { edge, circle } of findClosingEdges(flow)) {
    problems.add(`edges[${edge}]`, `closes a circle, records would run forever: ${describeCircle(circle)}`, circle[0]);
  }
  if (countVisits(flow) > MAX_NODE_VISITS) {
    problems.add(
      'edges',
      `one record would visit more than ${MAX_NODE_VISITS} nodes over all the ways through the flow`,
    );
  }
  warnOfLostRecords(flow, problems);
}

function checkNodes(flow: FlowGraph, scope: FlowScope, problems: FlowProblems): void {
  const indexById = new Map<string, number>();
  const indexByEntrypoint = new Map<string, number>();
  for (const [i, node] of flow.nodes.entries()) {
    const path = `nodes[${i}]`;
    const first = indexById.get(node.id);
    if (first === undefined) indexById.set(node.id, i);
    else problems.add(`${path}.id`, `nodes[${first}] has the id "${node.id}" already`, node.id);

    const kind = NODE_KINDS.get(node.type);
    if (kind === undefined) {
      problems.add(`${path}.type`, `no node type is called "${node.type}": ${NODE_TYPES.join(', ')} are`, node.id);
      continue;
    }
    kind.check(node.data, scope, (key, message) => problems.add(`${path}.data.${key}`, message, node.id));

    const entrypoint = kind.type === 'source' ? entrypointOf(node.data) : undefined;
    if (entrypoint === undefined) continue;
    const sibling = indexByEntrypoint.get(entrypoint);
    if (sibling === undefined) indexByEntrypoint.set(entrypoint, i);
    else problems.add(`${path}.data.type`, `nodes[${sibling}] is the ${entrypoint} source already`, node.id);
  }
}

function checkEdges(flow: FlowGraph, problems: FlowProblems): void {
  const nodeById = new Map(flow.nodes.map((node) => [node.id, node]));
  const indexById = new Map<string, number>();
  for (const [i, edge] of flow.edges.entries()) {
    const path = `edges[${i}]`;
    const first = indexById.get(edge.id);
    if (first === undefined) indexById.set(edge.id, i);
    else problems.add(`${path}.id`, `edges[${first}] has the id "${edge.id}" already`);

    const source = nodeById.get(edge.source);
    if (source === undefined) problems.add(`${path}.source`, `no node has the id "${edge.source}"`);
    else if (NODE_KINDS.get(source.type)?.terminal === true) {
      problems.add(`${path}.source`, `records end at a ${source.type} node: no edge may leave it`, source.id);
    }
    const target = nodeById.get(edge.target);
    if (target === undefined) problems.add(`${path}.target`, `no node has the id "${edge.target}"`);
    else if (target.type === 'source') {
      problems.add(`${path}.target`, 'records start at a source node: no edge may lead to it', target.id);
    }
  }
}

function warnOfLostRecords(flow: FlowGraph, problems: FlowProblems): void {
  const sources = flow.nodes.filter((node) => node.type === 'source');
  if (sources.length === 0) problems.warn('nodes', 'there is no source node: no record can enter');
  const reached = reachableFrom(
    flow,
    sources.map((node) => node.id),
  );
  const leaving = edgesBySource(flow);
  for (const [i, node] of flow.nodes.entries()) {
    if (!reached.has(node.id)) {
      if (sources.length > 0) problems.warn(`nodes[${i}]`, 'no record can reach this node', node.id);
    } else if (leaving.get(node.id)?.length === 0 && NODE_KINDS.get(node.type)?.terminal === false) {
      // The editor always shows both sources; one that is left alone is meant so.
      if (node.type !== 'source') problems.warn(`nodes[${i}]`, 'records that reach this node are dropped', node.id);
    }
  }
}

/** Names of the pipelines that records entering the direct source can be handed to. */
export function directCalls(flow: FlowGraph): string[] {
  const starts = flow.nodes.filter((node) => node.type === 'source' && entrypointOf(node.data) === 'direct');
  const reached = reachableFrom(
    flow,
    starts.map((node) => node.id),
  );
  const names = new Set<string>();
  for (const node of flow.nodes) {
    if (node.type === 'pipeline' && node.data.pipeline !== undefined && reached.has(node.id))
      names.add(node.data.pipeline);
  }
  return [...names];
}

/**
 * Reports the pipeline nodes through which a pipeline would hand records to itself, directly or by way of others.
 *
 * @param calls what all other pipelines call
 */
export function validateCalls(name: string, flow: FlowGraph, calls: PipelineCalls, problems: FlowProblems): void {
  const called = new Set(directCalls(flow));
  for (const [i, node] of flow.nodes.entries()) {
    const target = node.data.pipeline;
    if (node.type !== 'pipeline' || target === undefined || !called.has(target)) continue;
    const way = findWay(target, name, calls);
    if (way === undefined) continue;
    const message = `pipelines would hand records on in a circle: ${describeCircle([name, ...way.slice(0, -1)])}`;
    problems.add(`nodes[${i}].data.pipeline`, message, node.id);
  }
}

/** Names from one pipeline to another along the calls, both included; undefined when there is no way. */
function findWay(from: string, to: string, calls: PipelineCalls): string[] | undefined {
  const caller = new Map<string, string | undefined>([[from, undefined]]);
  // A map keeps its order and may grow while it is walked: it is its own queue.
  for (const name of caller.keys()) {
    if (name === to) {
      const way: string[] = [];
      for (let step: string | undefined = name; step !== undefined; step = caller.get(step)) way.unshift(step);
      return way;
    }
    for (const callee of calls(name)) if (!caller.has(callee)) caller.set(callee, name);
  }
  return undefined;
}

function describeCircle(names: readonly string[]): string {
  const shown =
    names.length <= NODES_IN_MESSAGE
      ? names
      : [...names.slice(0, NODES_IN_MESSAGE / 2), '…', ...names.slice(-NODES_IN_MESSAGE / 2)];
  return [...shown, names[0]].join(' -> ');
}
