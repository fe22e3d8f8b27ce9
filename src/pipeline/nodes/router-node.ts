import { invalidNameReason } from '../../storage/item-name';
import type { NodeKind } from '../node-kind';

/** Stores records in the stream `data.stream`, which the first record creates. */
export const routerNode: NodeKind = {
  type: 'router',
  terminal: true,
  check(data, _scope, report) {
    const problem = invalidNameReason(data.stream ?? '');
    if (problem !== undefined) report('stream', `the name of a stream ${problem}`);
  },
  compile(data) {
    const stream = data.stream ?? '';
    return (batch, effects, node) => {
      effects.store(node, stream, batch);
      return undefined;
    };
  },
};
