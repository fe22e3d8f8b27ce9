import fc from 'fast-check';
import { PipelineError, type FlowProblem } from './errors';
import { countVisits, findClosingEdges } from './graph-walk';
import { parseFlow } from './parse-flow';
import { chain, definitions, flow, newEngine } from './testing/flows';

function check(value: unknown, pipelines: Readonly<Record<string, unknown>> = {}, name = 'new') {
  const { engine } = newEngine(pipelines);
  try {
    return { errors: [] as readonly FlowProblem[], warnings: engine.validate(name, value).warnings };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    expect(error.code).toBe('INVALID_FLOW');
    return { errors: error.problems, warnings: [] };
  }
}

const lines = (problems: readonly FlowProblem[]) => problems.map(({ path, message }) => `${path}: ${message}`);

const OTHERS = {
  sink: chain('r:router:logs'),
  a: chain('p:pipeline:b'),
  b: chain('p:pipeline:sink'),
  c: chain('p:pipeline:new'),
};

describe('checking a flow before it is saved', () => {
  test.each<[string, unknown, string[]]>([
    [
      'an unknown node type',
      chain('x:magic:1'),
      [
        'nodes[1].type: no node type is called "magic": source, transform, switch, forwarder, router, pipeline, metric are',
      ],
    ],
    [
      'an unknown entrypoint',
      flow(['in:source:smtp'], []),
      ['nodes[0].data.type: no entrypoint is called "smtp": direct and syslog are'],
    ],
    [
      'a transformer that does not exist',
      chain('t:transform:gone'),
      ['nodes[1].data.transformer: no transformer is called "gone"'],
    ],
    [
      'a transformer without a name',
      chain('t:transform:'),
      ['nodes[1].data.transformer: must be the name of a transformer'],
    ],
    [
      'a condition that does not compile',
      chain('s:switch:level'),
      ['nodes[1].data.condition: does not compile at offset 5: expected ='],
    ],
    [
      'a blank condition',
      chain('s:switch: '),
      ['nodes[1].data.condition: must be a filter, for example level == "error"'],
    ],
    [
      'a forwarder that does not exist',
      chain('f:forwarder:gone'),
      ['nodes[1].data.forwarder: no forwarder is called "gone"'],
    ],
    [
      'a stream without a name',
      chain('r:router:'),
      ['nodes[1].data.stream: the name of a stream must have 1 to 255 characters'],
    ],
    [
      'a stream with a name that is too long',
      chain(`r:router:${'x'.repeat(256)}`),
      ['nodes[1].data.stream: the name of a stream must have 1 to 255 characters'],
    ],
    [
      'a stream with a control character in its name',
      chain('r:router:a\u001bb'),
      ['nodes[1].data.stream: the name of a stream must not have control characters'],
    ],
    [
      'a pipeline that does not exist',
      chain('p:pipeline:gone'),
      ['nodes[1].data.pipeline: no pipeline is called "gone"'],
    ],
    [
      'a metric that has no valid name',
      chain('m:metric:a b'),
      ['nodes[1].data.name: the name of a metric must have 1 to 200 letters, digits, underscores or colons'],
    ],
    [
      'absent data',
      {
        nodes: ['transform', 'switch', 'forwarder', 'router', 'pipeline', 'metric'].map((type) => ({ id: type, type })),
        edges: [],
      },
      [
        'nodes[0].data.transformer: must be the name of a transformer',
        'nodes[1].data.condition: must be a filter, for example level == "error"',
        'nodes[2].data.forwarder: must be the name of a forwarder',
        'nodes[3].data.stream: the name of a stream must have 1 to 255 characters',
        'nodes[4].data.pipeline: must be the name of a pipeline',
        'nodes[5].data.name: the name of a metric must have 1 to 200 letters, digits, underscores or colons',
      ],
    ],
    [
      'ids that are used twice',
      {
        ...flow(['in:source:direct', 'r:router:a', 'r:router:b'], []),
        edges: [
          { id: 'e', source: 'in', target: 'r' },
          { id: 'e', source: 'in', target: 'r' },
        ],
      },
      ['nodes[2].id: nodes[1] has the id "r" already', 'edges[1].id: edges[0] has the id "e" already'],
    ],
    [
      'edges to and from nowhere',
      flow(['in:source:direct'], ['in>x', 'y>in']),
      [
        'edges[0].target: no node has the id "x"',
        'edges[1].source: no node has the id "y"',
        'edges[1].target: records start at a source node: no edge may lead to it',
      ],
    ],
    [
      'edges that leave ends',
      flow(
        ['in:source:direct', 'r:router:a', 'f:forwarder:hook', 'p:pipeline:sink', 'm:metric:n', 'end:router:b'],
        ['in>r', 'r>end', 'f>end', 'p>end', 'm>end'],
      ),
      [
        'edges[1].source: records end at a router node: no edge may leave it',
        'edges[2].source: records end at a forwarder node: no edge may leave it',
        'edges[3].source: records end at a pipeline node: no edge may leave it',
        'edges[4].source: records end at a metric node: no edge may leave it',
      ],
    ],
    [
      'two sources of one kind, one of them by default',
      {
        nodes: [
          { id: 'a', type: 'source' },
          { id: 'b', type: 'source', data: { type: 'direct' } },
          { id: 'c', type: 'source', data: { type: 'syslog' } },
        ],
        edges: [],
      },
      ['nodes[1].data.type: nodes[0] is the direct source already'],
    ],
    [
      'a circle',
      flow(
        ['in:source:direct', 'a:switch:true', 'b:switch:true', 'c:switch:true'],
        ['in>a', 'a>b', 'b>c', 'c>a', 'c>c'],
      ),
      [
        'edges[3]: closes a circle, records would run forever: a -> b -> c -> a',
        'edges[4]: closes a circle, records would run forever: c -> c',
      ],
    ],
    [
      'a pipeline that hands records to itself',
      chain('p:pipeline:new'),
      ['nodes[1].data.pipeline: pipelines would hand records on in a circle: new -> new'],
    ],
    [
      'pipelines that hand records on in a circle',
      chain('p:pipeline:c'),
      ['nodes[1].data.pipeline: pipelines would hand records on in a circle: new -> c -> new'],
    ],
  ])('finds %s', (_name, value, expected) => {
    expect(lines(check(value, OTHERS).errors)).toEqual(expected);
  });

  test('reports all problems at once, of form and of meaning, with their nodes', () => {
    const value = {
      nodes: [
        { id: 'in', type: 'source', data: { type: 5 } },
        { id: 's', type: 'switch', data: { condition: 'oops' } },
        'nonsense',
        { id: 'r', type: 'router', data: {} },
      ],
      edges: [{ id: 'e', source: 'r', target: 'x' }],
    };
    expect(check(value).errors.map(({ path, node }) => [path, node])).toEqual([
      ['nodes[0].data.type', 'in'],
      ['nodes[2]', undefined],
      ['nodes[1].data.condition', 's'],
      ['nodes[3].data.stream', 'r'],
      ['edges[0].source', 'r'],
      ['edges[0].target', undefined],
    ]);
  });

  test('names a transformer that does not compile, with the reason', () => {
    const { engine } = newEngine();
    engine.refresh(definitions({}, { transformers: new Map([['broken', '?']]) }));
    expect(() => engine.validate('new', chain('t:transform:broken'))).toThrow(
      'invalid flow: nodes[1].data.transformer: the transformer "broken" does not compile: unknown word ?',
    );
  });

  test.each<[string, unknown, string[]]>([
    ['a flow without sources', flow(['r:router:a'], []), ['nodes: there is no source node: no record can enter']],
    [
      'a node that nothing reaches',
      flow(['in:source:direct', 'a:router:a', 'b:router:b'], ['in>a']),
      ['nodes[2]: no record can reach this node'],
    ],
    [
      'a node behind which records are lost',
      chain('s:switch:true'),
      ['nodes[1]: records that reach this node are dropped'],
    ],
    [
      'a source that is left alone: nothing',
      flow(['in:source:direct', 'sys:source:syslog', 'a:router:a'], ['in>a']),
      [],
    ],
  ])('warns of %s', (_name, value, expected) => {
    const { errors, warnings } = check(value);
    expect(errors).toEqual([]);
    expect(lines(warnings)).toEqual(expected);
  });

  test('allows several ways to one node, and one pipeline behind two others', () => {
    const diamond = flow(
      ['in:source:direct', 'a:switch:x=1', 'b:switch:x=2', 'p:pipeline:a', 'q:pipeline:b'],
      ['in>a', 'in>b', 'a>p', 'b>p', 'b>q'],
    );
    expect(check(diamond, OTHERS).errors).toEqual([]);
  });

  test('allows a syslog source to hand records to its own direct source', () => {
    const own = flow(['sys:source:syslog', 'p:pipeline:new', 'in:source:direct', 'r:router:logs'], ['sys>p', 'in>r']);
    expect(check(own, { new: own }).errors).toEqual([]);
  });

  test('does not take an earlier version of the pipeline for what it will call', () => {
    const before = { new: chain('p:pipeline:sink'), sink: chain('r:router:logs') };
    expect(check(chain('r:router:logs'), before).errors).toEqual([]);
    // sink may call new, once new no longer calls sink.
    const { engine } = newEngine(before);
    expect(() => engine.validate('sink', chain('p:pipeline:new'))).toThrow('in a circle: sink -> new -> sink');
    engine.refresh(definitions({ ...before, new: chain('r:router:logs') }));
    expect(engine.validate('sink', chain('p:pipeline:new')).warnings).toEqual([]);
  });

  test('refuses a graph whose ways double with each node', () => {
    const nodes = ['in:source:direct', 'j0:switch:true'];
    const edges = ['in>j0'];
    for (let i = 0; i < 40; i++) {
      nodes.push(`a${i}:switch:true`, `b${i}:switch:true`, `j${i + 1}:switch:true`);
      edges.push(`j${i}>a${i}`, `j${i}>b${i}`, `a${i}>j${i + 1}`, `b${i}>j${i + 1}`);
    }
    expect(lines(check(flow(nodes, edges)).errors)).toEqual([
      'edges: one record would visit more than 10000 nodes over all the ways through the flow',
    ]);
  });

  test('takes the largest graphs in time', () => {
    const ids = Array.from({ length: 999 }, (_, i) => `n${i}`);
    const long = chain(...ids.map((id) => `${id}:switch:true`));
    expect(check(long).errors).toEqual([]);
    const tangle = flow(['in:source:direct', ...ids.map((id) => `${id}:switch:true`)], []);
    tangle.edges.push(
      ...Array.from({ length: 10_000 }, (_, i) => ({
        id: `e${i}`,
        source: ids[(i * 7919) % 999]!,
        sourceHandle: '',
        target: ids[(i * 104_729 + 1) % 999]!,
      })),
    );
    expect(check(tangle).errors.length).toBeGreaterThan(0);
  });
});

describe('walks through any graph', () => {
  const graphs = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 20 }).map((pairs) =>
    parseFlow(
      flow(
        Array.from({ length: 8 }, (_, i) => `${i}:${i === 0 ? 'source:direct' : 'switch:true'}`),
        pairs.map(([from, to]) => `${from}>${to}`),
      ),
    ),
  );

  test('without the edges that close circles there is no circle, and each circle is one of edges', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const closing = [...findClosingEdges(graph)];
        for (const { edge, circle } of closing) {
          expect(graph.edges[edge]).toMatchObject({ source: circle.at(-1), target: circle[0] });
          for (let i = 1; i < circle.length; i++) {
            expect(graph.edges.some(({ source, target }) => source === circle[i - 1] && target === circle[i])).toBe(
              true,
            );
          }
        }
        const cut = new Set(closing.map(({ edge }) => edge));
        const rest = { ...graph, edges: graph.edges.filter((_, i) => !cut.has(i)) };
        expect([...findClosingEdges(rest)]).toEqual([]);
        // Counting visits of a graph without circles is the same as walking all ways.
        const walk = (id: string): number =>
          rest.edges.reduce((sum, edge) => sum + (edge.source === id ? walk(edge.target) : 0), 1);
        expect(countVisits(rest)).toBe(walk('0'));
      }),
    );
  });
});
