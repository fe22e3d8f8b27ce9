import type { NodeKind } from '../node-kind';
import { forwarderNode } from './forwarder-node';
import { metricNode } from './metric-node';
import { pipelineNode } from './pipeline-node';
import { routerNode } from './router-node';
import { sourceNode } from './source-node';
import { switchNode } from './switch-node';
import { transformNode } from './transform-node';

/** Every kind of node by its type. */
export const NODE_KINDS: ReadonlyMap<string, NodeKind> = new Map(
  [sourceNode, transformNode, switchNode, forwarderNode, routerNode, pipelineNode, metricNode].map((kind) => [
    kind.type,
    kind,
  ]),
);

export { entrypointOf } from './source-node';
