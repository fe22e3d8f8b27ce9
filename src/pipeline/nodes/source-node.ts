import type { Entrypoint } from '../ingest';
import type { FlowNode } from '../graph';
import type { NodeKind } from '../node-kind';

const ENTRYPOINTS: readonly string[] = ['direct', 'syslog'] satisfies Entrypoint[];

/** The entrypoint of a source, undefined when its type is none. */
export function entrypointOf(data: FlowNode['data']): Entrypoint | undefined {
  const type = data.type ?? 'direct';
  return ENTRYPOINTS.includes(type) ? (type as Entrypoint) : undefined;
}

/** Where records enter: `data.type` is `direct` (also when absent) or `syslog`. */
export const sourceNode: NodeKind = {
  type: 'source',
  terminal: false,
  check(data, _scope, report) {
    if (entrypointOf(data) === undefined)
      report('type', `no entrypoint is called "${data.type}": direct and syslog are`);
  },
  compile() {
    return (batch) => batch;
  },
};
