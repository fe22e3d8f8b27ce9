import { FLOW_MINOR_VERSION, FLOW_VERSION, type FlowGraph } from './graph';

/** The flow of the pipeline `default` on a new installation: whatever comes in is stored in the stream `default`. */
export function defaultFlow(): FlowGraph {
  const direct = '__builtin__source_direct';
  const syslog = '__builtin__source_syslog';
  const router = 'node-1';
  return {
    version: FLOW_VERSION,
    'version.minor': FLOW_MINOR_VERSION,
    hasLayout: true,
    nodes: [
      { id: direct, type: 'source', position: { x: 210, y: 195 }, data: { type: 'direct' } },
      { id: syslog, type: 'source', position: { x: 210, y: 250 }, data: { type: 'syslog' } },
      { id: router, type: 'router', position: { x: 405, y: 195 }, data: { stream: 'default' } },
    ],
    edges: [direct, syslog].map((source) => ({
      id: `xy-edge__${source}-${router}`,
      source,
      sourceHandle: '',
      target: router,
    })),
  };
}
