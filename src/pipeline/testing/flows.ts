import { RecordBatch } from '../../record';
import type { Definitions } from '../definitions';
import { PipelineEngine } from '../engine';
import type { InFlightLimits } from '../in-flight';
import { compileFilter, compileTransformer, FakeSink } from './compilers';
import { FakeStore } from './fake-store';

interface TestNode {
  readonly id: string;
  readonly type: string;
  readonly position: { readonly x: number; readonly y: number };
  readonly data: Record<string, string>;
}

export interface TestFlow {
  readonly version: number;
  readonly nodes: TestNode[];
  readonly edges: { id: string; source: string; sourceHandle: string; target: string }[];
}

const DATA_KEYS = new Map([
  ['source', 'type'],
  ['transform', 'transformer'],
  ['switch', 'condition'],
  ['forwarder', 'forwarder'],
  ['router', 'stream'],
  ['pipeline', 'pipeline'],
  ['metric', 'name'],
]);

/**
 * A flow from short texts.
 *
 * @param nodes `id:type:data`, where data is the value of the type's one key
 * @param edges `from>to`
 * @example flow(['in:source:direct', 'out:router:logs'], ['in>out'])
 */
export function flow(nodes: readonly string[], edges: readonly string[]): TestFlow {
  return {
    version: 2,
    nodes: nodes.map((text) => {
      const [, id = '', type = '', data = ''] = /^([^:]*):([^:]*):(.*)$/.exec(text) ?? [];
      const key = DATA_KEYS.get(type) ?? 'data';
      return { id, type, position: { x: 0, y: 0 }, data: { [key]: data } };
    }),
    edges: edges.map((text, i) => {
      const [source = '', target = ''] = text.split('>');
      return { id: `e${i}`, source, sourceHandle: '', target };
    }),
  };
}

/** A flow in which one node after the other hangs on the direct source `in`. */
export function chain(...nodes: string[]): TestFlow {
  const ids = ['in', ...nodes.map((text) => text.slice(0, text.indexOf(':')))];
  return flow(
    ['in:source:direct', ...nodes],
    ids.slice(1).map((id, i) => `${ids[i]}>${id}`),
  );
}

/** Scripts of testing/compilers.ts under their own names. */
const TRANSFORMERS = ['mark', 'none', 'abort', 'fail', 'twice', 'many', 'clear', 'by-m'];

export function definitions(
  pipelines: Readonly<Record<string, unknown>>,
  more: Partial<Definitions> = {},
): Definitions {
  return {
    pipelines: new Map(Object.entries(pipelines)),
    transformers: new Map(TRANSFORMERS.map((name) => [name, name])),
    forwarders: new Set(['hook', 'mail']),
    ...more,
  };
}

/** An engine with a store and a sink to look into. */
export function newEngine(pipelines: Readonly<Record<string, unknown>> = {}, limits?: InFlightLimits) {
  const store = new FakeStore();
  const sink = new FakeSink();
  const engine = new PipelineEngine({ store, forwarders: sink, compileFilter, compileTransformer, limits });
  const unavailable = engine.refresh(definitions(pipelines));
  return { engine, store, sink, unavailable };
}

/** A batch of records with the given field maps; row `i` arrived at millisecond `i`. */
export function batchOf(...rows: Record<string, string>[]): RecordBatch {
  return RecordBatch.from(rows.map((fields, i) => ({ timestamp: i, fields })));
}
