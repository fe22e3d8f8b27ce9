import type { NodeKind } from '../node-kind';
import { checkReference } from './check-reference';

/** Puts records into the delivery queue of the forwarder `data.forwarder`. */
export const forwarderNode: NodeKind = {
  type: 'forwarder',
  terminal: true,
  check(data, scope, report) {
    checkReference('forwarder', data.forwarder, (name) => scope.hasForwarder(name), report);
  },
  compile(data) {
    const forwarder = data.forwarder ?? '';
    return (batch, effects, node) => {
      effects.forward(node, forwarder, batch);
      return undefined;
    };
  },
};
