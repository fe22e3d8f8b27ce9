import { PipelineError } from './errors';
import { defaultFlow } from './default-flow';
import { parseFlow } from './parse-flow';
import { chain } from './testing/flows';

const NODE = { id: 'a', type: 'source', position: { x: 1, y: 2 }, data: {} };
const flowOf = (nodes: unknown, edges: unknown = [], more: object = {}) => ({ nodes, edges, ...more });

function problemsOf(value: unknown): string[] {
  try {
    parseFlow(value);
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    expect(error.code).toBe('INVALID_FLOW');
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
  return [];
}

describe('reading a flow', () => {
  test('makes alerts of version 1 forwarders of version 2', () => {
    const flow = parseFlow(
      flowOf([{ ...NODE, type: 'alert', data: { alert: 'mail', label: 'x' } }], [], { version: 1 }),
    );
    expect(flow).toMatchObject({ version: 2, 'version.minor': 1 });
    expect(flow.nodes[0]).toEqual({ ...NODE, type: 'forwarder', data: { forwarder: 'mail', label: 'x' } });
  });

  test.each([
    ['without a version', {}],
    ['of version 0', { version: 0 }],
    ['with a version that is no number', { version: 'two' }],
    ['of version 1', { version: 1 }],
    ['of version 2.0', { version: 2 }],
    ['of version 2.1', { version: 2, 'version.minor': 1 }],
  ])('takes a flow %s as one of the current version', (_name, version) => {
    expect(parseFlow(flowOf([], [], version))).toEqual({
      version: 2,
      'version.minor': 1,
      hasLayout: false,
      nodes: [],
      edges: [],
    });
  });

  test('keeps the text of a condition in the old filter language', () => {
    const node = { ...NODE, type: 'switch', data: { condition: `level = "error" AND 'a.b' in ["1"]` } };
    expect(parseFlow(flowOf([node], [], { version: 2, 'version.minor': 0 })).nodes[0]?.data).toEqual(node.data);
  });

  test('keeps what only editors know', () => {
    const node = { ...NODE, deletable: false, measured: { width: 80 }, selected: true, dragging: false };
    const edge = { id: 'e', source: 'a', sourceHandle: '', target: 'b', animated: true, type: 'smoothstep' };
    const flow = flowOf([node], [edge], { version: 2, 'version.minor': 1, hasLayout: true, viewport: { zoom: 2 } });
    expect(JSON.parse(JSON.stringify(parseFlow(flow)))).toEqual(flow);
  });

  test('reads what it wrote', () => {
    const flow = parseFlow(defaultFlow());
    expect(parseFlow(JSON.parse(JSON.stringify(flow)))).toEqual(flow);
  });

  test('fills in what may be absent', () => {
    expect(parseFlow({ nodes: [{ id: 'a', type: 'source' }], edges: [{ source: 'a', target: 'b' }] })).toMatchObject({
      nodes: [{ id: 'a', type: 'source', position: { x: 0, y: 0 }, data: {} }],
      edges: [{ id: 'xy-edge__a-b', source: 'a', sourceHandle: '', target: 'b' }],
    });
    expect(parseFlow({ nodes: null, edges: null })).toMatchObject({ nodes: [], edges: [] });
  });

  test('does not let keys of a flow reach prototypes', () => {
    const text =
      '{"__proto__":{"polluted":1},"nodes":[{"id":"a","type":"source","data":{"__proto__":"x"}}],"edges":[]}';
    const flow = parseFlow(JSON.parse(text));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(flow)).toBe(Object.prototype);
    expect(Object.keys(flow.nodes[0]!.data)).toEqual(['__proto__']);
  });

  test.each<[string, unknown, string[]]>([
    ['null', null, [': the flow must be an object with nodes and edges']],
    ['a list', [], [': the flow must be an object with nodes and edges']],
    ['nothing', {}, ['nodes: must be a list']],
    ['no edges', { nodes: [] }, ['edges: must be a list']],
    ['a version to come', flowOf([], [], { version: 3 }), ['version: version 3 is not known: 1 and 2 are']],
    [
      'a minor version to come',
      flowOf([], [], { version: 2, 'version.minor': 2 }),
      ['version.minor: minor version 2 is not known: 0 and 1 are'],
    ],
    [
      'ill-typed parts everywhere',
      flowOf(
        [7, { ...NODE, id: '' }, { ...NODE, id: 5, position: [] }, { ...NODE, data: { a: 1, b: null } }, { id: 'x' }],
        ['no', { id: 'e', source: 1, target: null, sourceHandle: 4 }],
        { hasLayout: 'yes' },
      ),
      [
        'hasLayout: must be true or false',
        'nodes[0]: must be an object with id, type, position and data',
        'nodes[1].id: must not be empty',
        'nodes[2].id: must be a string',
        'nodes[2].position: must be an object with the numbers x and y',
        'nodes[3].data.a: must be a string',
        'nodes[3].data.b: must be a string',
        'nodes[4].type: must be a string',
        'edges[0]: must be an object with id, source and target',
        'edges[1].source: must be a string',
        'edges[1].target: must be a string',
        'edges[1].sourceHandle: must be a string',
      ],
    ],
    [
      'too many nodes',
      flowOf(Array.from({ length: 1001 }, (_, i) => ({ ...NODE, id: `n${i}` }))),
      ['nodes: a flow has at most 1000 nodes, this one has 1001'],
    ],
    [
      'too many edges',
      flowOf(
        [],
        Array.from({ length: 10_001 }, () => ({})),
      ),
      ['edges: a flow has at most 10000 edges, this one has 10001'],
    ],
    [
      'deep nesting',
      flowOf([], [], { x: JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) }),
      [': the flow is nested deeper than 32 levels'],
    ],
  ])('reports every problem of %s', (_name, value, expected) => {
    expect(problemsOf(value)).toEqual(expected);
  });

  test('says in the message what is wrong, and how much more', () => {
    const nodes = Array.from({ length: 8 }, () => 1);
    expect(() => parseFlow(flowOf(nodes))).toThrow(/^invalid flow: nodes\[0\]: must be .*; and 3 more$/);
  });

  test('reads a chain as it is', () => {
    expect(
      parseFlow(chain('a:switch:true', 'b:router:logs')).edges.map(({ source, target }) => [source, target]),
    ).toEqual([
      ['in', 'a'],
      ['a', 'b'],
    ]);
  });
});
