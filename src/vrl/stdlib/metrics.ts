import { ANY, arrayOf, FLOAT, NULL, objectOfKind, STRING, union } from '../types/kind';
import { valuesEqual } from '../value/compare';
import { emptyObject, objectOf, VrlFloat, type VrlObject, type VrlValue } from '../value/value';
import { define, type FunctionDefinition } from './definition';
import { object, oneOf, text, withDefault } from './parameters';

/** A metric of the host. */
export interface HostMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly tags: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The host's metrics as they are now. */
export type MetricsSource = () => readonly HostMetric[];

const METRIC = objectOfKind(
  ANY,
  new Map([
    ['name', STRING],
    ['type', STRING],
    ['kind', STRING],
    ['tags', objectOfKind(STRING)],
    ['value', FLOAT],
  ]),
);

function asValue(metric: HostMetric): VrlObject {
  return objectOf([
    ['name', metric.name],
    ['type', metric.type],
    ['kind', 'absolute'],
    ['tags', objectOf(Object.entries(metric.tags))],
    ['value', new VrlFloat(Number.isNaN(metric.value) ? 0 : metric.value)],
  ]);
}

/** The metrics of a name that have at least the given tags. */
function find(metrics: readonly HostMetric[], name: string, tags: VrlObject): readonly HostMetric[] {
  const wanted = Object.keys(tags);
  return metrics.filter(
    (metric) =>
      metric.name === name &&
      wanted.every(
        (tag) => Object.hasOwn(metric.tags, tag) && valuesEqual(metric.tags[tag] as string, tags[tag] as VrlValue),
      ),
  );
}

const AGGREGATIONS = {
  sum: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
  avg: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length,
  max: (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b)),
  min: (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b)),
};

/** The functions that read the host's own metrics; without a host there are none. */
export function metricFunctions(metrics: MetricsSource = () => []): readonly FunctionDefinition[] {
  return [
    define({
      name: 'get_vector_metric',
      params: [text('key'), withDefault(object('tags'), emptyObject())],
      returns: union(METRIC, NULL),
      fallible: false,
      fresh: true,
      run: (key, tags) => {
        const [first] = find(metrics(), key, tags);
        return first === undefined ? null : asValue(first);
      },
    }),
    define({
      name: 'find_vector_metrics',
      params: [text('key'), withDefault(object('tags'), emptyObject())],
      returns: arrayOf(METRIC),
      fallible: false,
      fresh: true,
      run: (key, tags) => find(metrics(), key, tags).map(asValue),
    }),
    define({
      name: 'aggregate_vector_metrics',
      params: [
        oneOf('function', ['sum', 'avg', 'max', 'min']),
        text('key'),
        withDefault(object('tags'), emptyObject()),
      ],
      returns: union(FLOAT, NULL),
      fallible: false,
      run: (name, key, tags) => {
        const values = find(metrics(), key, tags).map((metric) => metric.value);
        if (values.length === 0) return null;
        const result = AGGREGATIONS[name](values);
        return new VrlFloat(Number.isNaN(result) ? 0 : result);
      },
    }),
  ];
}

export const functions: readonly FunctionDefinition[] = metricFunctions();
