import { PipelineEngine } from '../../pipeline';
import { pipelineMetrics } from './pipeline-metrics';

function countersOf(metrics: Readonly<Record<string, number>>) {
  const engine = new PipelineEngine({
    store: { append: async () => {}, saturated: false, onDrain: () => {} },
    forwarders: { append: async () => {} },
    compileFilter: () => ({ test: () => true }),
    compileTransformer: () => ({ run: (fields) => [fields] }),
  });
  const counters = engine.counters.pipeline('p');
  counters.success = 3;
  counters.error = 1;
  for (const [name, count] of Object.entries(metrics)) counters.metrics.set(name, count);
  return counters;
}

test('names that Prometheus does not know are made fit, and what then has one name is one series', async () => {
  const text = await pipelineMetrics(countersOf({ 'a b': 1, a_b: 2, 'ü\n} 1': 5 })).metrics();
  expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
    'pipeline_logs_total 4',
    'node_a_b 3',
    'node_____1 5',
  ]);
});

test('a pipeline that did nothing yet has its series', async () => {
  expect(await pipelineMetrics(undefined).metrics()).toContain('pipeline_logs_total 0');
});
