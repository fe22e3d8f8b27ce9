import { operate } from './support/contract';
import { Harness } from './support/harness';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
  const records = [
    { level: 'error', 'http.status': '500' },
    { level: 'info', 'http.status': '200' },
  ];
  await operate(harness, 'ingest_logs_struct', { path: { pipeline: 'default' }, json: { records } });
});

afterAll(() => harness.stop());

/** Levels of the records that a filter lets pass in a query, and in a switch node of a pipeline. */
async function passing(condition: string): Promise<{ queried: unknown[]; switched: unknown[] }> {
  const time = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z', order: 'oldest' };
  const query = { ...time, filter: condition };
  const { json } = await operate(harness, 'query_stream', { path: { stream: 'default' }, query });
  const flow = {
    nodes: [
      { id: 's', type: 'source', data: { type: 'direct' } },
      { id: 'w', type: 'switch', data: { condition } },
      { id: 'r', type: 'router', data: { stream: 'x' } },
    ],
    edges: [
      { id: 'a', source: 's', target: 'w' },
      { id: 'b', source: 'w', target: 'r' },
    ],
  };
  const all = await operate(harness, 'query_stream', { path: { stream: 'default' }, query: time });
  const fieldsOf = (answer: typeof json) =>
    (answer?.records as { fields: Record<string, string> }[]).map(({ fields }) => fields);
  const dryRun = await operate(harness, 'test_pipeline', {
    path: { pipeline: 'x' },
    json: { flow, records: fieldsOf(all.json) },
  });
  const trace = dryRun.json?.trace as { nodeID: string; input: Record<string, string> }[];
  return {
    queried: fieldsOf(json).map(({ level }) => level),
    switched: trace.filter(({ nodeID }) => nodeID === 'r').map(({ input }) => input.level),
  };
}

test.each([
  ['level == "error"', ['error']],
  ['level = "error"', ['error']],
  ['level != "error"', ['info']],
  ['\'http.status\' = "500" OR level = "other"', ['error']],
  ['NOT \'http.status\' IN ["500"] AND level in ["info"]', ['info']],
  ['$env["http.status"] in ["200", "500"]', ['error', 'info']],
  ['missing = "x"', []],
  ['missing != "x"', ['error', 'info']],
])('%s, in a query as in a switch', async (condition, levels) => {
  expect(await passing(condition)).toEqual({ queried: levels, switched: levels });
});
