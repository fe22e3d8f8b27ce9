/** The kinds of nodes; `alert` of version 1 is a `forwarder` here. */
export const NODE_TYPES = ['source', 'transform', 'switch', 'forwarder', 'router', 'pipeline', 'metric'] as const;
export type NodeType = (typeof NODE_TYPES)[number];

/** The one version in memory; older ones are converted while they are read. */
export const FLOW_VERSION = 2;
/** 0 had conditions in the older filter language, which the filters still understand: the text is kept. */
export const FLOW_MINOR_VERSION = 1;

/** Nodes of one flow: some ten times the largest graph that people can still read. */
export const MAX_FLOW_NODES = 1_000;
/** Edges of one flow: ten for each node. */
export const MAX_FLOW_EDGES = 10_000;
/**
 * Nodes that one batch may visit. A node is visited once for each way that leads to it, and the number of ways can double
 * with each node: a graph of forty nodes could keep the process busy for good.
 */
export const MAX_NODE_VISITS = 10_000;
/** Nesting of a flow's JSON, the keys of editors included: far beyond what any has, and no danger to the stack. */
export const MAX_FLOW_NESTING = 32;

/** A node of a flow. Keys that only an editor knows (`measured`, `selected`, …) are kept as they came. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly position: { readonly x: number; readonly y: number };
  /** What the node needs to know, by key; see the files in nodes/. */
  readonly data: Readonly<Record<string, string>>;
  readonly [editorKey: string]: unknown;
}

/** From one node to the next. Keys that only an editor knows (`animated`, `type`, …) are kept as they came. */
export interface FlowEdge {
  readonly id: string;
  readonly source: string;
  readonly sourceHandle: string;
  readonly target: string;
  readonly [editorKey: string]: unknown;
}

/** The graph of a pipeline as the REST API shows it. */
export interface FlowGraph {
  readonly version: number;
  readonly 'version.minor': number;
  /** Whether the nodes' positions mean anything. */
  readonly hasLayout: boolean;
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  readonly [editorKey: string]: unknown;
}
