import fc from 'fast-check';
import { batchOf, flow, newEngine, type TestFlow } from './testing/flows';

/** Which stream gets which record, by walking each record alone through the graph, along every way. */
function naiveDelivery(graph: TestFlow, records: readonly Record<string, string>[]): string[] {
  const delivered: string[] = [];
  const visit = (id: string, record: Record<string, string>): void => {
    const node = graph.nodes.find((candidate) => candidate.id === id)!;
    if (node.type === 'router') delivered.push(`${node.data.stream} ${JSON.stringify(record)}`);
    if (node.type === 'switch') {
      const [field, value] = node.data.condition!.split('=') as [string, string];
      if ((record[field] ?? '') !== value) return;
    }
    for (const edge of graph.edges) if (edge.source === id) visit(edge.target, record);
  };
  for (const record of records) visit('0', record);
  return delivered.sort();
}

const INNER_NODES = 6;

/** Graphs without circles: an edge always leads to a node with a higher number. */
const graphs = fc
  .record({
    kinds: fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom('switch:a=1', 'switch:a=', 'switch:b=1', 'switch:b=2', 'switch:c=') },
        { weight: 2, arbitrary: fc.constantFrom('router:x', 'router:y', 'router:z') },
      ),
      { minLength: INNER_NODES, maxLength: INNER_NODES },
    ),
    edges: fc.array(fc.tuple(fc.nat(INNER_NODES), fc.nat(INNER_NODES)), { maxLength: 14 }),
  })
  .map(({ kinds, edges }) =>
    flow(
      ['0:source:direct', ...kinds.map((kind, i) => `${i + 1}:${kind}`)],
      edges
        .map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const)
        .filter(([from, to]) => from !== to && (from === 0 || kinds[from - 1]!.startsWith('switch')))
        .map(([from, to]) => `${from}>${to}`),
    ),
  );

const records = fc.array(
  fc
    .dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('', '1', '2'), { maxKeys: 4 })
    .map((fields) => ({ ...fields })),
  { maxLength: 12 },
);

test('any graph of switches and routers delivers what it delivers to each record alone', async () => {
  await fc.assert(
    fc.asyncProperty(graphs, records, async (graph, rows) => {
      const { engine, store } = newEngine({ p: graph });
      const batch = batchOf(...rows);
      await engine.ingest('p', 'direct', batch);
      const sorted = (record: Record<string, string>) => Object.fromEntries(Object.entries(record).sort());
      const expected = naiveDelivery(graph, rows.map(sorted));
      const delivered = store.appended.flatMap(({ stream, batch: got }) =>
        Array.from(got.records(), ({ fields }) => `${stream} ${JSON.stringify(sorted(fields))}`),
      );
      expect(delivered.sort()).toEqual(expected);
      // Inside each append the order of arrival is kept, and no record's time is lost.
      for (const { batch: got } of store.appended) {
        expect(got.timestamps).toEqual([...got.timestamps].sort((a, b) => a - b));
        for (let row = 0; row < got.length; row++) {
          expect(sorted(got.fields(row))).toEqual(sorted(rows[got.timestamps[row]!]!));
        }
      }
    }),
    { numRuns: 300 },
  );
});
