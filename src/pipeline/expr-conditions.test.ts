import { compileFilter } from '../expr';
import { PipelineEngine } from './engine';
import { compileTransformer, FakeSink } from './testing/compilers';
import { FakeStore } from './testing/fake-store';
import { batchOf, chain, definitions } from './testing/flows';

const RECORDS: Record<string, string>[] = [
  { level: 'error', 'http.status': '500', size: '12' },
  { level: 'info', 'http.status': '200', size: '7' },
  { level: 'info', size: 'large' },
];

function newEngine(condition: string) {
  const store = new FakeStore();
  const engine = new PipelineEngine({ store, forwarders: new FakeSink(), compileFilter, compileTransformer });
  const unavailable = engine.refresh(definitions({ p: chain(`s:switch:${condition}`, 'r:router:out') }));
  return { engine, store, unavailable };
}

describe('conditions in the filter language', () => {
  test.each([
    ['level == "error"', [0]],
    ['level != "error" and $env["http.status"] startsWith "2"', [1]],
    ['"http.status" in $env', [0, 1]],
    ['missing == ""', [0, 1, 2]],
    // The older language, as flows of version 2.0 have it.
    [`level = "info" AND 'http.status' in ["200"]`, [1]],
    ['not level = "info"', [0]],
  ])('%s lets through rows %j', async (condition, expected) => {
    const { engine, store } = newEngine(condition);
    await engine.ingest('p', 'direct', batchOf(...RECORDS));
    expect(store.fields('out')).toEqual(expected.map((row) => RECORDS[row]));
    expect(store.fields('_failed')).toEqual([]);
  });

  test('that fail on a record send it to the failed records', async () => {
    const { engine, store } = newEngine('size == "12" or size == "large" and level.foo == "x"');
    await engine.ingest('p', 'direct', batchOf(...RECORDS));
    expect(store.fields('out')).toEqual([RECORDS[0]]);
    expect(store.fields('_failed')).toEqual([{ ...RECORDS[2], error: expect.any(String), pipeline: 'p', node: 's' }]);
  });

  test('that do not compile are reported with their place', () => {
    const { engine, unavailable } = newEngine('level == ');
    expect(unavailable.get('p')?.message).toMatch(/nodes\[1\]\.data\.condition: does not compile at offset \d+: /);
    expect(() => engine.validate('q', chain('s:switch:level', 'r:router:out'))).toThrow(
      /nodes\[1\]\.data\.condition: does not compile at offset 0: /,
    );
  });
});
