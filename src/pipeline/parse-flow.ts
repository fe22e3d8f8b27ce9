import { PipelineError, describeProblems } from './errors';
import { FlowProblems } from './flow-problems';
import {
  FLOW_MINOR_VERSION,
  FLOW_VERSION,
  MAX_FLOW_EDGES,
  MAX_FLOW_NESTING,
  MAX_FLOW_NODES,
  type FlowEdge,
  type FlowGraph,
  type FlowNode,
} from './graph';

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads a flow graph of any known version as a graph of the current one.
 *
 * Version 1 becomes 2 (`alert` nodes are `forwarder` nodes), 2.0 becomes 2.1 (the conditions keep their text). Keys that
 * are not part of the format stay where they were, so that an editor gets back what it saved.
 *
 * @throws PipelineError `INVALID_FLOW` with every problem of the graph's form
 * @example
 * parseFlow({ nodes: [{ id: 'a', type: 'source', position: { x: 0, y: 0 }, data: {} }], edges: [] });
 */
export function parseFlow(value: unknown): FlowGraph {
  const problems = new FlowProblems();
  const flow = readFlow(value, problems);
  if (problems.errors.length > 0) {
    throw new PipelineError('INVALID_FLOW', `invalid flow: ${describeProblems(problems.errors)}`, {
      problems: problems.errors,
    });
  }
  return flow;
}

/** Reads as much of a flow graph as can be read and reports the rest, so that its meaning can be checked all the same. */
export function readFlow(value: unknown, problems: FlowProblems): FlowGraph {
  const flow = asObject(value);
  if (flow === undefined) {
    problems.add('', 'the flow must be an object with nodes and edges');
    return emptyFlow();
  }
  if (isDeeperThan(flow, MAX_FLOW_NESTING)) {
    problems.add('', `the flow is nested deeper than ${MAX_FLOW_NESTING} levels`);
    return emptyFlow();
  }
  const version = readVersion(flow, problems);
  if (flow.hasLayout !== undefined && typeof flow.hasLayout !== 'boolean') {
    problems.add('hasLayout', 'must be true or false');
  }
  const nodes = readList(flow, 'nodes', MAX_FLOW_NODES, problems);
  // Without the nodes nothing could be said about the edges.
  const edges = nodes && readList(flow, 'edges', MAX_FLOW_EDGES, problems);
  return {
    ...flow,
    version: FLOW_VERSION,
    'version.minor': FLOW_MINOR_VERSION,
    hasLayout: flow.hasLayout === true,
    nodes: (nodes ?? []).map((node, i) => convertNode(readNode(node, `nodes[${i}]`, problems), version)),
    edges: (edges ?? []).map((edge, i) => readEdge(edge, `edges[${i}]`, problems)),
  };
}

function emptyFlow(): FlowGraph {
  return { version: FLOW_VERSION, 'version.minor': FLOW_MINOR_VERSION, hasLayout: false, nodes: [], edges: [] };
}

/** The major version; what has none (or none that is a number) was written by version 1. */
function readVersion(flow: JsonObject, problems: FlowProblems): number {
  const version = typeof flow.version === 'number' ? flow.version : 0;
  const minor = typeof flow['version.minor'] === 'number' ? flow['version.minor'] : 0;
  if (![0, 1, 2].includes(version)) {
    problems.add('version', `version ${version} is not known: 1 and ${FLOW_VERSION} are`);
  } else if (![0, 1].includes(minor)) {
    problems.add('version.minor', `minor version ${minor} is not known: 0 and ${FLOW_MINOR_VERSION} are`);
  }
  return version;
}

function readList(
  flow: JsonObject,
  key: string,
  limit: number,
  problems: FlowProblems,
): readonly unknown[] | undefined {
  const list = flow[key];
  // An empty list may have been written as null.
  if (list === null) return [];
  if (!Array.isArray(list)) {
    problems.add(key, 'must be a list');
    return undefined;
  }
  if (list.length > limit) {
    problems.add(key, `a flow has at most ${limit} ${key}, this one has ${list.length}`);
    return undefined;
  }
  return list;
}

function readNode(value: unknown, path: string, problems: FlowProblems): FlowNode {
  const node = asObject(value);
  if (node === undefined) {
    problems.add(path, 'must be an object with id, type, position and data');
    return { id: '', type: '', position: { x: 0, y: 0 }, data: {} };
  }
  const id = readString(node.id, `${path}.id`, problems);
  if (id === '') problems.add(`${path}.id`, 'must not be empty');
  return {
    ...node,
    id,
    type: readString(node.type, `${path}.type`, problems),
    position: readPosition(node.position, `${path}.position`, id, problems),
    data: readData(node.data, `${path}.data`, id, problems),
  };
}

function readPosition(value: unknown, path: string, node: string, problems: FlowProblems): FlowNode['position'] {
  if (value === undefined || value === null) return { x: 0, y: 0 };
  const position = asObject(value);
  const { x = 0, y = 0 } = position ?? {};
  if (position === undefined || typeof x !== 'number' || typeof y !== 'number') {
    problems.add(path, 'must be an object with the numbers x and y', node);
    return { x: 0, y: 0 };
  }
  return { ...position, x, y };
}

function readData(value: unknown, path: string, node: string, problems: FlowProblems): FlowNode['data'] {
  const data = Object.create(null) as Record<string, string>;
  if (value === undefined || value === null) return data;
  const entries = asObject(value);
  if (entries === undefined) {
    problems.add(path, 'must be an object of strings', node);
    return data;
  }
  for (const [key, entry] of Object.entries(entries)) {
    if (typeof entry === 'string') data[key] = entry;
    else problems.add(`${path}.${key}`, 'must be a string', node);
  }
  return data;
}

function readEdge(value: unknown, path: string, problems: FlowProblems): FlowEdge {
  const edge = asObject(value);
  if (edge === undefined) {
    problems.add(path, 'must be an object with id, source and target');
    return { id: '', source: '', sourceHandle: '', target: '' };
  }
  const source = readString(edge.source, `${path}.source`, problems);
  const target = readString(edge.target, `${path}.target`, problems);
  const sourceHandle = readOptionalString(edge.sourceHandle, `${path}.sourceHandle`, problems);
  const id = readOptionalString(edge.id, `${path}.id`, problems);
  // The id that the editor would give.
  return { ...edge, id: id || `xy-edge__${source}${sourceHandle}-${target}`, source, sourceHandle, target };
}

function convertNode(node: FlowNode, version: number): FlowNode {
  if (version >= FLOW_VERSION || node.type !== 'alert') return node;
  const { alert, ...data } = node.data;
  return { ...node, type: 'forwarder', data: alert === undefined ? data : { ...data, forwarder: alert } };
}

function readString(value: unknown, path: string, problems: FlowProblems): string {
  if (typeof value === 'string') return value;
  problems.add(path, 'must be a string');
  return '';
}

function readOptionalString(value: unknown, path: string, problems: FlowProblems): string {
  return value === undefined || value === null ? '' : readString(value, path, problems);
}

function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** Whether a JSON value has more levels of lists and objects than allowed. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((nested) => isDeeperThan(nested, levels - 1));
}
