import { Counter, Registry } from 'prom-client';
import type { PipelineCounters } from '../../pipeline';

/** What the names of metrics must not have (Prometheus data model). */
const FORBIDDEN = /[^A-Za-z0-9_:]/g;

/** The series of one pipeline under the peer's names: how many records it took, and what its metric nodes counted. */
export function pipelineMetrics(counters: PipelineCounters | undefined): Registry {
  const values = new Map([['pipeline_logs_total', (counters?.success ?? 0) + (counters?.error ?? 0)]]);
  for (const [metric, count] of counters?.metrics ?? []) {
    const name = `node_${metric.replace(FORBIDDEN, '_')}`;
    values.set(name, (values.get(name) ?? 0) + count);
  }
  const registry = new Registry();
  for (const [name, value] of values) {
    const help =
      name === 'pipeline_logs_total' ? 'Records that entered the pipeline' : 'Records that reached a metric node';
    new Counter({ name, help, registers: [registry] }).inc(value);
  }
  return registry;
}
