import { DROP_REASONS } from './counters';
import { defaultFlow } from './default-flow';
import { MAX_ADDED_RECORDS } from './pipeline-run';
import { batchOf, chain, definitions, flow, newEngine } from './testing/flows';
import { gate } from './testing/fake-store';

const NO_DROPS = Object.fromEntries(DROP_REASONS.map((reason) => [reason, 0]));

describe('what became of a batch', () => {
  const taken = async (nodes: string[], ...rows: Record<string, string>[]): Promise<unknown> => {
    const { engine } = newEngine({ p: chain(...nodes) });
    return engine.ingest('p', 'direct', batchOf(...rows));
  };

  test('every record is stored, failed or ended by intent', async () => {
    const rows = [{ m: 'mark' }, { m: 'none' }, { m: 'fail' }, { m: 'abort' }];
    expect(await taken(['r:router:a'], ...rows)).toEqual({ failed: 0, discarded: 0, unclaimed: 0 });
    expect(await taken(['t:transform:by-m', 'r:router:a'], ...rows)).toEqual({ failed: 1, discarded: 2, unclaimed: 0 });
    expect(await taken(['s:switch:m=none', 'r:router:a'], ...rows)).toEqual({ failed: 0, discarded: 3, unclaimed: 0 });
    expect(await taken(['s:switch:m=none'], ...rows)).toEqual({ failed: 0, discarded: 4, unclaimed: 0 });
  });

  test('no pipeline for an entrypoint', async () => {
    const { engine } = newEngine({ p: chain('r:router:a') });
    expect(await engine.ingestAll('syslog', batchOf({ m: '1' }))).toEqual({ failed: 0, discarded: 0, unclaimed: 1 });
  });

  test('several pipelines all get it, or none does', async () => {
    const { engine, store } = newEngine({ p: chain('r:router:a'), q: chain('r:router:b') });
    await engine.ingestInto(['p', 'q'], 'direct', batchOf({ m: '1' }));
    expect(store.appended.map(({ stream }) => stream)).toEqual(['a', 'b']);
    const missing = engine.ingestInto(['p', 'nowhere'], 'direct', batchOf({ m: '2' }));
    await expect(missing).rejects.toMatchObject({ code: 'UNKNOWN_PIPELINE' });
    expect(store.appended).toHaveLength(2);
  });
});

describe('the way of a batch', () => {
  test('from a source to a router the batch itself goes through', async () => {
    const { engine, store } = newEngine({ default: defaultFlow() });
    const batch = batchOf({ m: 'a' }, { m: 'b' });
    await engine.ingest('default', 'direct', batch);
    expect(store.appended).toEqual([{ stream: 'default', batch }]);
    expect(store.appended[0]?.batch).toBe(batch);
  });

  test('the branches behind a node share its batch', async () => {
    const fan = flow(['in:source:direct', 'a:router:a', 'b:router:b', 'f:forwarder:hook'], ['in>a', 'in>b', 'in>f']);
    const { engine, store, sink } = newEngine({ fan });
    const batch = batchOf({ m: '1' });
    await engine.ingest('fan', 'direct', batch);
    expect(store.appended.map(({ stream }) => stream)).toEqual(['a', 'b']);
    expect([...store.appended, ...sink.appended].every((append) => append.batch === batch)).toBe(true);
    expect(sink.appended[0]?.forwarder).toBe('hook');
  });

  test('a switch hands on the whole batch, rows of it, or nothing', async () => {
    const { engine, store } = newEngine({ p: chain('s:switch:level=error', 'r:router:errors') });
    const all = batchOf({ level: 'error' }, { level: 'error' });
    await engine.ingest('p', 'direct', all);
    expect(store.appended[0]?.batch).toBe(all);
    await engine.ingest('p', 'direct', batchOf({ level: 'info' }, { level: 'info' }));
    expect(store.appended).toHaveLength(1);
    await engine.ingest(
      'p',
      'direct',
      batchOf({ level: 'info', a: '1' }, { level: 'error', b: '2' }, { a: '3' }, { level: 'error' }),
    );
    const [, some] = store.appended;
    expect(some?.batch.timestamps).toEqual([1, 3]);
    expect(store.fields('errors').slice(2)).toEqual([{ level: 'error', b: '2' }, { level: 'error' }]);
    // The fields of other records don't come along.
    expect(some?.batch.names).toEqual(['level', 'b']);
  });

  test('a condition sees a missing field as the filter language does', async () => {
    const { engine, store } = newEngine({ p: chain('s:switch:level=', 'r:router:none') });
    await engine.ingest('p', 'direct', batchOf({ level: 'x' }, { other: '1' }, { level: '' }));
    expect(store.fields('none')).toEqual([{ other: '1' }, { level: '' }]);
  });

  test('a transformer makes none, one or many of a record, and the time of arrival stays', async () => {
    const { engine, store } = newEngine({ p: chain('t:transform:by-m', 'r:router:out') });
    const before = [{ m: 'mark' }, { m: 'none' }, { m: 'twice' }, { m: 'abort' }, { m: 'clear' }];
    const batch = batchOf(...before);
    await engine.ingest('p', 'direct', batch);
    expect(store.fields('out')).toEqual([
      { m: 'mark', marked: 'yes' },
      { m: 'twice', copy: '1' },
      { m: 'twice', copy: '2' },
      { only: 'this' },
    ]);
    expect(store.appended[0]?.batch.timestamps).toEqual([0, 2, 2, 4]);
    expect(Array.from(batch.records(), ({ fields }) => ({ ...fields }))).toEqual(before);
    expect(store.streams()).toEqual(['out']);
  });

  test('a pipeline node takes records to the direct source of another pipeline', async () => {
    const { engine, store } = newEngine({
      outer: flow(['sys:source:syslog', 'p:pipeline:inner'], ['sys>p']),
      inner: flow(['in:source:direct', 'sys:source:syslog', 'a:router:a', 'b:router:b'], ['in>a', 'sys>b']),
    });
    await engine.ingest('outer', 'syslog', batchOf({ m: '1' }));
    expect(store.streams()).toEqual(['a']);
  });

  test('a metric counts', async () => {
    const { engine } = newEngine({ p: chain('s:switch:m=1', 'n:metric:ones') });
    await engine.ingest('p', 'direct', batchOf({ m: '1' }, { m: '2' }, { m: '1' }));
    expect(Object.fromEntries(engine.counters.pipelines.get('p')!.metrics)).toEqual({ ones: 2 });
  });

  test('acknowledges only what is durable in all branches', async () => {
    const { engine, store } = newEngine({
      p: flow(['in:source:direct', 'a:router:a', 'b:router:b'], ['in>a', 'in>b']),
    });
    const { opened, open } = gate();
    store.before = (stream) => (stream === 'b' ? opened : undefined);
    let done = false;
    const ingest = engine.ingest('p', 'direct', batchOf({ m: '1' })).then(() => (done = true));
    await new Promise(setImmediate);
    expect(store.streams()).toEqual(['a']);
    expect(done).toBe(false);
    open();
    await ingest;
    expect(store.streams()).toEqual(['a', 'b']);
  });

  test('an empty batch is nothing', async () => {
    const { engine, store } = newEngine({ default: defaultFlow() });
    await engine.ingest('default', 'direct', batchOf());
    await engine.ingestAll('syslog', batchOf());
    expect(store.appended).toEqual([]);
    await expect(engine.ingest('gone', 'direct', batchOf())).rejects.toMatchObject({ code: 'UNKNOWN_PIPELINE' });
  });

  test('a chain of the greatest length is no danger to the stack', async () => {
    const nodes = Array.from({ length: 998 }, (_, i) => `n${i}:switch:true`);
    const { engine, store } = newEngine({ p: chain(...nodes, 'r:router:out') });
    await engine.ingest('p', 'direct', batchOf({ m: '1' }));
    expect(store.fields('out')).toEqual([{ m: '1' }]);
  });
});

describe('records that a node fails on', () => {
  test('are kept with the reason and the place, and the others go on', async () => {
    const { engine, store } = newEngine({
      p: flow(['in:source:direct', 't:transform:by-m', 's:switch:fail:x', 'r:router:out'], ['in>t', 't>s', 's>r']),
    });
    await engine.ingest('p', 'direct', batchOf({ m: 'ok', id: '0' }, { m: 'fail', id: '1' }, { m: 'x', id: '2' }));
    expect(store.fields('out')).toEqual([{ m: 'ok', id: '0' }]);
    expect(store.fields('_failed')).toEqual([
      { m: 'fail', id: '1', error: 'function call error for "to_int"', pipeline: 'p', node: 't' },
      { m: 'x', id: '2', error: 'filter failed', pipeline: 'p', node: 's' },
    ]);
    expect(store.appended.find(({ stream }) => stream === '_failed')?.batch.timestamps).toEqual([1, 2]);
  });

  test('keep own fields that are called as the added ones', async () => {
    const { engine, store } = newEngine({ p: chain('t:transform:fail', 'r:router:out') });
    const own = { error: 'mine', 'record.error': 'older', 'record.record.error': 'oldest', node: 'n', m: '1' };
    await engine.ingest('p', 'direct', batchOf(own, { error: 'alone' }));
    const added = { error: 'function call error for "to_int"', pipeline: 'p', node: 't' };
    expect(store.fields('_failed')).toEqual([
      {
        m: '1',
        'record.error': 'older',
        'record.record.error': 'oldest',
        'record.record.record.error': 'mine',
        'record.node': 'n',
        ...added,
      },
      { 'record.error': 'alone', ...added },
    ]);
  });

  test('are acknowledged only when they are durable', async () => {
    const { engine, store } = newEngine({ p: chain('t:transform:fail', 'r:router:out') });
    store.before = () => Promise.reject(new Error('disk full'));
    await expect(engine.ingest('p', 'direct', batchOf({ m: '1' }))).rejects.toThrow('disk full');
    expect(engine.counters.pipelines.get('p')).toMatchObject({ in: 1, success: 0, error: 1, failed: 1 });
  });

  test('include those that the delivery queue refuses, when other branches have stored them', async () => {
    const fan = flow(['in:source:direct', 'a:router:a', 'f:forwarder:hook'], ['in>a', 'in>f']);
    const { engine, store, sink } = newEngine({ fan });
    sink.refuse = new Error('queue is full');
    await engine.ingest('fan', 'direct', batchOf({ m: '1' }));
    expect(store.fields('a')).toEqual([{ m: '1' }]);
    expect(store.fields('_failed')).toEqual([{ m: '1', error: 'queue is full', pipeline: 'fan', node: 'f' }]);
    expect(engine.counters.pipelines.get('fan')).toMatchObject({ in: 1, success: 1, error: 0, failed: 1 });
  });

  test('include those of a transformer that makes far too many', async () => {
    const { engine, store } = newEngine({ p: chain('a:transform:many', 'b:transform:many', 'r:router:out') });
    await engine.ingest('p', 'direct', batchOf({ m: '1' }));
    const out = store.appended.find(({ stream }) => stream === 'out')!.batch.length;
    expect(out).toBeLessThanOrEqual(MAX_ADDED_RECORDS + 1);
    // Each of the 1000 records of the first transformer became 1000, or failed.
    expect(out / 1000 + store.fields('_failed').length).toBe(1000);
    expect(store.fields('_failed')[0]).toMatchObject({ node: 'b', error: expect.stringContaining('too many records') });
  });

  test('include those of pipelines that hand records on in a circle', async () => {
    const { engine, store } = newEngine({ a: chain('p:pipeline:b'), b: chain('p:pipeline:a') });
    await engine.ingest('a', 'direct', batchOf({ m: '1' }));
    expect(store.fields('_failed')).toEqual([
      {
        m: '1',
        error: 'pipelines are nested deeper than 16: do they hand records on in a circle?',
        pipeline: 'b',
        node: 'p',
      },
    ]);
  });

  test('include those of a circle whose ways double each time', async () => {
    const twice = (other: string) =>
      flow(['in:source:direct', `p:pipeline:${other}`, `q:pipeline:${other}`], ['in>p', 'in>q']);
    const { engine, store } = newEngine({ a: twice('b'), b: twice('a') });
    await engine.ingest('a', 'direct', batchOf({ m: '1' }));
    expect(store.fields('_failed').length).toBeGreaterThan(0);
    expect(store.fields('_failed').length).toBeLessThan(10_000);
  });

  test('include those handed to a pipeline that is unavailable, or has no direct source', async () => {
    const { engine, store } = newEngine({
      outer: flow(
        ['in:source:direct', 'p:pipeline:broken', 'q:pipeline:sys', 'r:router:out'],
        ['in>p', 'in>q', 'in>r'],
      ),
      broken: chain('s:switch:nonsense'),
      sys: flow(['in:source:syslog'], []),
    });
    await engine.ingest('outer', 'direct', batchOf({ m: '1' }));
    expect(store.fields('out')).toEqual([{ m: '1' }]);
    expect(store.fields('_failed')).toEqual([
      expect.objectContaining({
        node: 'p',
        error:
          'the pipeline "broken" is unavailable: nodes[1].data.condition: does not compile at offset 8: expected =',
      }),
      expect.objectContaining({ node: 'q', error: 'the pipeline "sys" has no direct source' }),
    ]);
  });
});

describe('what can not be ingested', () => {
  test.each([
    ['an unknown pipeline', 'gone', 'UNKNOWN_PIPELINE', 'no pipeline is called "gone"'],
    ['a pipeline without the source', 'sys', 'MISSING_ENTRYPOINT', 'the pipeline "sys" has no direct source'],
    [
      'a pipeline that does not compile',
      'broken',
      'PIPELINE_UNAVAILABLE',
      'the pipeline "broken" is unavailable: nodes[1].data.condition: does not compile at offset 8: expected =; nodes[2].data.stream: the name of a stream must have 1 to 255 characters',
    ],
    [
      'a pipeline whose transformer is gone',
      'lost',
      'PIPELINE_UNAVAILABLE',
      'the pipeline "lost" is unavailable: nodes[1].data.transformer: no transformer is called "gone"',
    ],
    [
      'a pipeline whose pipeline is gone',
      'orphan',
      'PIPELINE_UNAVAILABLE',
      'the pipeline "orphan" is unavailable: nodes[1].data.pipeline: no pipeline is called "gone"',
    ],
    [
      'a pipeline with an edge that leaves a router',
      'edge',
      'PIPELINE_UNAVAILABLE',
      'the pipeline "edge" is unavailable: edges[1].source: records end at a router node: no edge may leave it',
    ],
    [
      'a pipeline stored as nonsense',
      'nonsense',
      'PIPELINE_UNAVAILABLE',
      'the pipeline "nonsense" is unavailable: the flow must be an object with nodes and edges',
    ],
  ])('names the real cause for %s, and harms no other', async (_name, pipeline, code, message) => {
    const { engine, store, unavailable } = newEngine({
      broken: chain('s:switch:nonsense', 'r:router:'),
      default: defaultFlow(),
      lost: chain('t:transform:gone'),
      orphan: chain('p:pipeline:gone'),
      edge: chain('r:router:a', 'q:router:b'),
      sys: flow(['in:source:syslog'], []),
      nonsense: 'nonsense',
    });
    await expect(engine.ingest(pipeline, 'direct', batchOf({ m: '1' }))).rejects.toMatchObject({
      name: 'PipelineError',
      code,
      message,
    });
    expect(engine.unavailableReason(pipeline)?.message).toBe(code === 'PIPELINE_UNAVAILABLE' ? message : undefined);
    expect([...unavailable.keys()].sort()).toEqual(['broken', 'edge', 'lost', 'nonsense', 'orphan']);
    expect(engine.has(pipeline)).toBe(code !== 'UNKNOWN_PIPELINE');
    await engine.ingest('default', 'direct', batchOf({ m: '1' }));
    expect(store.streams()).toEqual(['default']);
  });
});

describe('records for every pipeline', () => {
  const syslog = (...nodes: string[]) => ({
    ...chain(...nodes),
    nodes: chain(...nodes).nodes.map((node) => (node.id === 'in' ? { ...node, data: { type: 'syslog' } } : node)),
  });

  test('go to each one with the source', async () => {
    const { engine, store } = newEngine({ a: syslog('r:router:a'), b: chain('r:router:b'), c: syslog('r:router:c') });
    const batch = batchOf({ m: '1' });
    await engine.ingestAll('syslog', batch);
    expect(store.appended).toEqual([
      { stream: 'a', batch },
      { stream: 'c', batch },
    ]);
    expect(store.appended.every((append) => append.batch === batch)).toBe(true);
    expect(engine.counters.pipelines.get('b')).toMatchObject({ in: 0 });
  });

  test('are counted when there is none that takes them', async () => {
    const { engine, store } = newEngine({ a: chain('r:router:a'), open: flow(['sys:source:syslog'], []) });
    await engine.ingestAll('syslog', batchOf({ m: '1' }, { m: '2' }));
    expect(store.appended).toEqual([]);
    expect(engine.counters.unclaimed).toEqual({ direct: 0, syslog: 2 });
  });

  test('are not lost on a pipeline that is unavailable', async () => {
    const { engine, store } = newEngine({ a: syslog('t:transform:gone'), b: syslog('r:router:b') });
    await engine.ingestAll('syslog', batchOf({ m: '1' }));
    expect(store.fields('b')).toEqual([{ m: '1' }]);
    expect(store.fields('_failed')).toEqual([
      {
        m: '1',
        error: 'the pipeline "a" is unavailable: nodes[1].data.transformer: no transformer is called "gone"',
        pipeline: 'a',
        node: '',
      },
    ]);
    expect(engine.counters.pipelines.get('a')).toMatchObject({ in: 1, success: 1, failed: 1 });
  });

  test('reach the others when one pipeline can not store them', async () => {
    const { engine, store } = newEngine({ a: syslog('r:router:a'), b: syslog('r:router:b') });
    store.before = (stream) => (stream === 'a' ? Promise.reject(new Error('disk full')) : undefined);
    await expect(engine.ingestAll('syslog', batchOf({ m: '1' }))).rejects.toThrow('disk full');
    expect(store.fields('b')).toEqual([{ m: '1' }]);
    expect(engine.counters.pipelines.get('a')).toMatchObject({ in: 1, success: 0, error: 1 });
    expect(engine.counters.pipelines.get('b')).toMatchObject({ in: 1, success: 1, error: 0 });
  });

  test('each pipeline may visit as many nodes as if it were alone', async () => {
    const nodes = Array.from({ length: 900 }, (_, i) => `n${i}:switch:true`);
    const pipelines = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`p${i}`, syslog(...nodes, 'r:router:out')]),
    );
    const { engine, store } = newEngine(pipelines);
    await engine.ingestAll('syslog', batchOf({ m: '1' }));
    expect(store.fields('out')).toHaveLength(20);
    expect(store.fields('_failed')).toEqual([]);
  });
});

describe('counters', () => {
  test('tell for each node what came, went, failed and was dropped', async () => {
    const { engine } = newEngine({
      p: flow(
        [
          'in:source:direct',
          't:transform:by-m',
          's:switch:copy=1',
          'e:switch:copy=1',
          'r:router:out',
          'f:forwarder:hook',
        ],
        ['in>t', 't>s', 's>r', 's>f', 't>e'],
      ),
    });
    await engine.ingest(
      'p',
      'direct',
      batchOf({ m: 'twice' }, { m: 'none' }, { m: 'abort' }, { m: 'fail' }, { m: '' }),
    );
    const counters = engine.counters.pipelines.get('p')!;
    expect(counters).toMatchObject({
      in: 5,
      success: 5,
      error: 0,
      failed: 1,
      dropped: { filtered: 4, aborted: 1, no_output: 1, dead_end: 1 },
    });
    expect(Object.fromEntries(counters.nodes)).toEqual({
      in: { in: 5, out: 5, failed: 0, dropped: NO_DROPS },
      t: { in: 5, out: 3, failed: 1, dropped: { ...NO_DROPS, aborted: 1, no_output: 1 } },
      s: { in: 3, out: 1, failed: 0, dropped: { ...NO_DROPS, filtered: 2 } },
      e: { in: 3, out: 1, failed: 0, dropped: { ...NO_DROPS, filtered: 2, dead_end: 1 } },
      r: { in: 1, out: 0, failed: 0, dropped: NO_DROPS },
      f: { in: 1, out: 0, failed: 0, dropped: NO_DROPS },
    });
  });

  test('go on when the pipeline changes, and end with it', async () => {
    const { engine } = newEngine({ p: chain('a:switch:true', 'm:metric:old', 'x:metric:both') });
    engine.refresh(definitions({ p: chain('a:switch:true', 'm:metric:old') }));
    await engine.ingest('p', 'direct', batchOf({ m: '1' }));
    engine.refresh(definitions({ p: chain('b:switch:true', 'm:metric:new') }));
    await engine.ingest('p', 'direct', batchOf({ m: '1' }));
    const counters = engine.counters.pipelines.get('p')!;
    expect(counters.in).toBe(2);
    expect([...counters.nodes].map(([id, { in: records }]) => [id, records])).toEqual([
      ['in', 2],
      ['m', 2],
      ['b', 1],
    ]);
    expect(Object.fromEntries(counters.metrics)).toEqual({ new: 1 });
    engine.refresh(definitions({}));
    expect(engine.counters.pipelines.size).toBe(0);
  });

  test('tell the same for a nested pipeline as for its own ingest', async () => {
    const { engine } = newEngine({ outer: chain('p:pipeline:inner'), inner: chain('r:router:out') });
    await engine.ingest('outer', 'direct', batchOf({ m: '1' }));
    await engine.ingest('inner', 'direct', batchOf({ m: '1' }));
    expect(engine.counters.pipelines.get('outer')).toMatchObject({ in: 1, success: 1 });
    expect(engine.counters.pipelines.get('inner')).toMatchObject({ in: 2, success: 2 });
  });
});
