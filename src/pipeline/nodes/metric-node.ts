import type { NodeKind } from '../node-kind';

/** The name is part of a metric's name in the exposition format of Prometheus, which allows these characters. */
const METRIC_NAME = /^[A-Za-z0-9_:]{1,200}$/;

/** Counts records under the name `data.name`. */
export const metricNode: NodeKind = {
  type: 'metric',
  terminal: true,
  check(data, _scope, report) {
    if (!METRIC_NAME.test(data.name ?? '')) {
      report('name', 'the name of a metric must have 1 to 200 letters, digits, underscores or colons');
    }
  },
  compile(data) {
    const name = data.name ?? '';
    return (batch, effects, node) => {
      effects.measure(node, name, batch.length);
      return undefined;
    };
  },
};
