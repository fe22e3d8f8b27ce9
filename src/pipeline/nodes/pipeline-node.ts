import type { NodeKind } from '../node-kind';
import { checkReference } from './check-reference';

/** Hands records to the direct entrypoint of the pipeline `data.pipeline`. */
export const pipelineNode: NodeKind = {
  type: 'pipeline',
  terminal: true,
  check(data, scope, report) {
    checkReference('pipeline', data.pipeline, (name) => scope.hasPipeline(name), report);
  },
  compile(data) {
    const pipeline = data.pipeline ?? '';
    return (batch, effects, node) => {
      effects.enter(node, pipeline, batch);
      return undefined;
    };
  },
};
