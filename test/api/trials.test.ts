import { operate } from './support/contract';
import { Harness } from './support/harness';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});

afterAll(() => harness.stop());

describe('a trial of a transformer', () => {
  test.each([
    ['', { a: 'b' }, [{ a: 'b' }]],
    ['.level = upcase!(.level)', { level: 'info' }, [{ level: 'INFO' }]],
    ['. = [{"n": 1}, {"n": 2}]', {}, [{ n: '1' }, { n: '2' }]],
    ['. = []', { a: 'b' }, []],
    ['.a = {"b": [true, null]}', {}, [{ 'a.b.0': 'true', 'a.b.1': '' }]],
    ['.', null, [{}]],
  ])('of %j on %j answers %j', async (code, record, records) => {
    const { json } = await operate(harness, 'test_transformer', { json: { code, record } });
    expect(json).toEqual({ success: true, record: records[0] ?? null, records });
  });

  test.each([
    ['.a = ', /^invalid argument: [^]*error/],
    ['.a = b', /undefined variable/],
    ['. = parse_json!(.message)', /function call error for "parse_json"/],
    ['abort "enough"', /enough/],
  ])('of %j fails with the report', async (code, report) => {
    const { status, json } = await operate(harness, 'test_transformer', { json: { code, record: { message: 'x' } } });
    expect([status, json?.status, json?.code]).toEqual([400, 'INVALID_ARGUMENT', 422]);
    expect(json?.error).toMatch(report);
    expect((json?.context as { body: string[] }).body[0]).toMatch(/^code: /);
  });

  test.each([
    [{ record: {} }, 'code is required'],
    [{ code: '.', record: { n: 1 } }, 'record.n must be string'],
    [{ code: '.', record: [] }, 'record must be object'],
  ])('%j is refused', async (json, message) => {
    const answer = await operate(harness, 'test_transformer', { json });
    expect([answer.status, answer.json?.context]).toEqual([400, { body: [message] }]);
  });
});

test('a transformer that does not compile is not saved', async () => {
  const path = { transformer: 'broken' };
  const { status, json } = await operate(harness, 'save_transformer', { path, json: { script: '.a = b' } });
  expect([status, json?.code, json?.error]).toEqual([400, 422, expect.stringContaining('undefined variable')]);
  expect((await operate(harness, 'get_transformer', { path })).status).toBe(404);
});

describe('a trial of a flow', () => {
  const source = { id: 's', type: 'source', data: { type: 'direct' } };
  const router = { id: 'r', type: 'router', data: { stream: 'trial' } };
  const flow = { nodes: [source, router], edges: [{ id: 'e', source: 's', target: 'r' }] };

  test('tells what each node did with each record, and has no effect', async () => {
    const { json } = await operate(harness, 'test_pipeline', {
      path: { pipeline: 'new' },
      json: { flow, records: [{ n: '1' }, { n: '2' }] },
    });
    expect(json).toEqual({
      success: true,
      trace: ['1', '2'].flatMap((n) => [
        { nodeID: 'r', input: { n }, output: null, error: null },
        { nodeID: 's', input: { n }, output: [{ n }], error: null },
      ]),
    });
    expect(await harness.logs.getStream('trial')).toBeUndefined();
  });

  test('succeeds when the flow is not valid, with the reason', async () => {
    const edges = [{ id: 'e', source: 's', target: 'nowhere' }];
    const { status, json } = await operate(harness, 'test_pipeline', {
      json: { flow: { ...flow, edges }, records: [] },
    });
    expect([status, json?.trace, json?.error]).toEqual([200, null, expect.stringContaining('nowhere')]);
  });

  test('of something that is no flow is refused', async () => {
    const answer = await operate(harness, 'test_pipeline', { json: { flow: { nodes: 1 }, records: [] } });
    expect([answer.status, answer.json?.context]).toEqual([400, { body: ['flow.nodes must be array'] }]);
  });
});

describe('metrics of a pipeline', () => {
  test('count its records and those of its metric nodes', async () => {
    const flow = {
      nodes: [
        { id: 's', type: 'source', data: { type: 'direct' } },
        { id: 'm', type: 'metric', data: { name: 'requests' } },
      ],
      edges: [{ id: 'e', source: 's', target: 'm' }],
    };
    const path = { pipeline: 'measured' };
    await operate(harness, 'save_pipeline', { path, json: { flow } });
    await harness.refresh();
    await operate(harness, 'ingest_logs_struct', { path, json: { records: [{}, {}] } });
    const { text, headers } = await operate(harness, 'scrape_pipeline_metrics', { path });
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toContain('\npipeline_logs_total 2\n');
    expect(text).toContain('\nnode_requests 2\n');
  });

  test('of an unknown pipeline are not found', async () => {
    expect((await operate(harness, 'scrape_pipeline_metrics', { path: { pipeline: 'unknown' } })).status).toBe(404);
  });
});
