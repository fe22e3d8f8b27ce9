import { codesOf, f, run, testPrograms } from '../testing/run';
import { metricFunctions, type HostMetric } from './metrics';

const METRICS: readonly HostMetric[] = [
  { name: 'received', type: 'counter', tags: { input: 'tcp', proto: '6' }, value: 3 },
  { name: 'received', type: 'counter', tags: { input: 'udp' }, value: 5 },
  { name: 'memory', type: 'gauge', tags: {}, value: 1.5 },
];
const options = { functions: metricFunctions(() => METRICS) };
const value = (source: string) => (run(source, {}, options) as { value: unknown }).value;

describe('without a host there are no metrics', () => {
  testPrograms([
    ['get_vector_metric("received")', null],
    ['find_vector_metrics("received")', []],
    ['aggregate_vector_metrics("sum", "received")', null],
  ]);
});

test('metrics are found by name and tags', () => {
  expect(value('get_vector_metric("received").value')).toEqual(f(3));
  expect(value('get_vector_metric("received", {"input": "udp"}).tags.input')).toBe('udp');
  expect(value('get_vector_metric("received", {"input": "http"})')).toBe(null);
  expect(value('get_vector_metric("received", {"toString": "x"})')).toBe(null);
  expect(value('length(find_vector_metrics("received"))')).toBe(2);
});

test('metrics are aggregated', () => {
  expect(value('aggregate_vector_metrics("sum", "received")')).toEqual(f(8));
  expect(value('aggregate_vector_metrics("avg", "received")')).toEqual(f(4));
  expect(value('aggregate_vector_metrics("max", "received")')).toEqual(f(5));
  expect(value('aggregate_vector_metrics("min", "received")')).toEqual(f(3));
  expect(codesOf('aggregate_vector_metrics("median", "received")', options)).toEqual([610]);
});
