import { defaultFlow } from './default-flow';
import { MAX_TRACE_ENTRIES } from './dry-run';
import { chain, flow, newEngine } from './testing/flows';

const EVERYTHING = flow(
  [
    'in:source:direct',
    't:transform:by-m',
    's:switch:copy=1',
    'r:router:out',
    'f:forwarder:hook',
    'p:pipeline:other',
    'm:metric:n',
  ],
  ['in>t', 't>s', 's>r', 'in>f', 'in>p', 'in>m'],
);

describe('a dry run', () => {
  const { engine, store, sink } = newEngine({ other: chain('r:router:other') });

  test('traces two records through source and router in four entries', () => {
    const records = [{ m: '1' }, { m: '2' }];
    expect(engine.dryRun('default', defaultFlow(), records)).toEqual({
      trace: records.flatMap((input) => [
        { nodeID: 'node-1', input, output: null, error: null },
        { nodeID: '__builtin__source_direct', input, output: [input], error: null },
      ]),
    });
  });

  test('shows what each node makes of each record, children first', () => {
    const one = { m: 'twice', copy: '1' };
    const two = { m: 'twice', copy: '2' };
    const input = { m: 'twice' };
    expect(engine.dryRun('new', EVERYTHING, [input]).trace).toEqual([
      { nodeID: 'r', input: one, output: null, error: null },
      { nodeID: 's', input: one, output: [one], error: null },
      { nodeID: 's', input: two, output: null, error: null },
      { nodeID: 't', input, output: [one, two], error: null },
      { nodeID: 'f', input, output: null, error: null },
      { nodeID: 'p', input, output: null, error: null },
      { nodeID: 'm', input, output: null, error: null },
      { nodeID: 'in', input, output: [input], error: null },
    ]);
  });

  test.each([
    ['fails', 'fail', null, 'function call error for "to_int"'],
    ['aborts', 'abort', [], null],
    ['returns nothing', 'none', [], null],
  ])('shows that a transformer %s', (_name, script, output, error) => {
    const input = { m: '1' };
    const result = engine.dryRun('new', chain(`t:transform:${script}`, 'r:router:out'), [input]);
    expect(result.trace?.[0]).toEqual({ nodeID: 't', input, output, error });
    expect(result.error).toBe(error ?? undefined);
  });

  test('tells every error once', () => {
    const value = chain('s:switch:fail:x', 't:transform:by-m', 'r:router:out');
    const result = engine.dryRun('new', value, [{ m: 'x' }, { m: 'x' }, { m: 'fail' }, { m: 'y' }]);
    expect(result.error).toBe('filter failed\nfunction call error for "to_int"');
    expect(result.trace?.filter(({ nodeID, error }) => nodeID === 's' && error !== null)).toHaveLength(2);
  });

  test.each<[string, unknown, string]>([
    [
      'is not valid',
      chain('p:pipeline:gone', 'r:router:x'),
      'invalid flow: nodes[1].data.pipeline: no pipeline is called "gone"; edges[1].source: records end at a pipeline node: no edge may leave it',
    ],
    ['has no direct source', flow(['in:source:syslog'], []), 'the pipeline "new" has no direct source'],
    ['is nothing', null, 'invalid flow: the flow must be an object with nodes and edges'],
  ])('of a flow that %s says so', (_name, value, error) => {
    expect(engine.dryRun('new', value, [{ m: '1' }])).toEqual({ trace: null, error });
  });

  test('without records has no trace', () => {
    expect(engine.dryRun('new', EVERYTHING, [])).toEqual({ trace: null });
  });

  test('stops a trace that nobody could read', () => {
    const value = chain('a:transform:many', 'b:transform:many', 'r:router:out');
    const result = engine.dryRun('new', value, [{ m: '1' }]);
    expect(result.trace!.length).toBeLessThanOrEqual(MAX_TRACE_ENTRIES);
    expect(result.error).toBe('the trace was cut off after 10000 entries');
  });

  test('has no effect at all', () => {
    const before = JSON.stringify([...engine.counters.pipelines]);
    engine.dryRun('other', EVERYTHING, [{ m: 'twice' }, { m: 'fail' }]);
    expect(store.appended).toEqual([]);
    expect(sink.appended).toEqual([]);
    expect(JSON.stringify([...engine.counters.pipelines])).toBe(before);
    expect(engine.counters.pipelines.get('other')).toMatchObject({
      in: 0,
      nodes: expect.objectContaining({ size: 2 }),
    });
    expect([...engine.counters.pipelines.keys()]).toEqual(['other']);
  });
});
