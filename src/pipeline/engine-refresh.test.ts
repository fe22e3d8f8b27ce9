import { PipelineEngine } from './engine';
import { compileFilter, compileTransformer, FakeSink } from './testing/compilers';
import { FakeStore, gate } from './testing/fake-store';
import { batchOf, chain, definitions, newEngine } from './testing/flows';

/** An engine that counts what it compiles. */
function countingEngine() {
  const compiled: string[] = [];
  const store = new FakeStore();
  const engine = new PipelineEngine({
    store,
    forwarders: new FakeSink(),
    compileFilter(source) {
      compiled.push(source);
      return compileFilter(source);
    },
    compileTransformer(source) {
      compiled.push(source);
      return compileTransformer(source);
    },
  });
  return { engine, store, compiled };
}

describe('taking over new definitions', () => {
  test('a batch in flight ends on the version it began with, the next one takes the new one', async () => {
    const { engine, store } = newEngine({ p: chain('r:router:old') });
    const { opened, open } = gate();
    store.before = () => opened;
    const first = engine.ingest('p', 'direct', batchOf({ m: '1' }));
    engine.refresh(definitions({ p: chain('t:transform:mark', 'r:router:new') }));
    const second = engine.ingest('p', 'direct', batchOf({ m: '2' }));
    open();
    await Promise.all([first, second]);
    expect(store.fields('old')).toEqual([{ m: '1' }]);
    expect(store.fields('new')).toEqual([{ m: '2', marked: 'yes' }]);
  });

  test('under constant change each record is where one whole version puts it', async () => {
    const { engine, store } = newEngine({ p: chain('r:router:v0') });
    const ingests: Promise<unknown>[] = [];
    store.before = () => new Promise((resolve) => setImmediate(resolve));
    for (let i = 1; i <= 200; i++) {
      ingests.push(engine.ingest('p', 'direct', batchOf({ m: String(i) })));
      engine.refresh(definitions({ p: chain(`r:router:v${i}`) }));
      if (i % 20 === 0) await ingests.at(-1);
    }
    await Promise.all(ingests);
    expect(store.appended).toHaveLength(200);
    for (let i = 1; i <= 200; i++) expect(store.fields(`v${i - 1}`)).toEqual([{ m: String(i) }]);
    expect(engine.counters.pipelines.get('p')).toMatchObject({ in: 200, success: 200 });
  });

  test('a pipeline that is removed takes nothing from then on', async () => {
    const { engine, store } = newEngine({ p: chain('r:router:a') });
    engine.refresh(definitions({}));
    await expect(engine.ingest('p', 'direct', batchOf({ m: '1' }))).rejects.toMatchObject({ code: 'UNKNOWN_PIPELINE' });
    expect(store.appended).toEqual([]);
  });

  test('a transformer that is removed stops the pipelines that need it, and a new one starts them', async () => {
    const pipelines = { p: chain('t:transform:one', 'r:router:a'), q: chain('r:router:b') };
    const { engine, store } = newEngine();
    const transformers = (script?: string) => ({
      transformers: new Map(script === undefined ? [] : [['one', script]]),
    });
    expect([...engine.refresh(definitions(pipelines, transformers())).keys()]).toEqual(['p']);
    expect([...engine.refresh(definitions(pipelines, transformers('mark'))).keys()]).toEqual([]);
    await engine.ingest('p', 'direct', batchOf({ m: '1' }));
    engine.refresh(definitions(pipelines, transformers('clear')));
    await engine.ingest('p', 'direct', batchOf({ m: '1' }));
    expect(store.fields('a')).toEqual([{ m: '1', marked: 'yes' }, { only: 'this' }]);
    const broken = engine.refresh(definitions(pipelines, transformers('?')));
    expect(broken.get('p')?.message).toContain('the transformer "one" does not compile: unknown word ?');
    await engine.ingest('q', 'direct', batchOf({ m: '1' }));
    expect(store.fields('b')).toEqual([{ m: '1' }]);
  });

  test('a forwarder or a pipeline that comes and goes is noticed', () => {
    const { engine } = newEngine();
    const p = { p: chain('f:forwarder:x'), q: chain('n:pipeline:inner') };
    expect([...engine.refresh(definitions(p, { forwarders: new Set() })).keys()]).toEqual(['p', 'q']);
    expect([...engine.refresh(definitions(p, { forwarders: new Set(['x']) })).keys()]).toEqual(['q']);
    const all = definitions({ ...p, inner: chain('r:router:a') }, { forwarders: new Set(['x']) });
    expect([...engine.refresh(all).keys()]).toEqual([]);
  });

  test('only what has changed is compiled, and nothing while records run', async () => {
    const { engine, compiled } = countingEngine();
    const pipelines = {
      a: chain('s:switch:m=a', 't:transform:mark', 'r:router:a'),
      b: chain('s:switch:m=b', 't:transform:mark', 'r:router:b'),
    };
    engine.refresh(definitions(pipelines));
    // A script is compiled once for all.
    expect(compiled.filter((source) => source === 'mark')).toHaveLength(1);
    compiled.length = 0;
    for (let i = 0; i < 5; i++) await engine.ingest('a', 'direct', batchOf({ m: 'a' }));
    engine.refresh(definitions(pipelines));
    expect(compiled).toEqual([]);
    engine.refresh(definitions({ ...pipelines, b: chain('s:switch:m=c', 't:transform:mark', 'r:router:b') }));
    expect(new Set(compiled)).toEqual(new Set(['m=c']));
  });
});
