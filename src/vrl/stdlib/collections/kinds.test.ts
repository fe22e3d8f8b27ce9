import { codesOf, run } from '../../testing/run';

/** The checker's view of an expression, from `type_def`. */
function typeOf(source: string, expression: string): unknown {
  const outcome = run(`${source}; type_def(${expression})`);
  return 'value' in outcome ? JSON.parse(JSON.stringify(outcome.value)) : outcome;
}

const STRING = { bytes: true };
const INTEGER = { integer: true };

test.each([
  ['x = append([1], ["a"])', 'x[1]', STRING],
  ['x = push(["a"], 1)', 'x[1]', INTEGER],
  ['x = push(["a"], 1)', 'x[0]', STRING],
  ['x = pop(["a", 1])', 'x[0]', STRING],
  ['x = pop(["a", 1])', 'x[1]', { undefined: true }],
  ['x = pop(pop(["a"]))', 'x[0]', { undefined: true }],
  ['x = merge({"a": 1, "b": 1}, {"b": "x"})', 'x.a', INTEGER],
  ['x = merge({"a": 1, "b": 1}, {"b": "x"})', 'x.b', STRING],
  ['x = merge({"a": {"b": 1}}, {"a": {"c": "x"}}, deep: true)', 'x.a.b', INTEGER],
  ['x = merge({"a": {"b": 1}}, {"a": {"c": "x"}}, deep: true)', 'x.a.c', STRING],
  ['x = merge({"a": {"b": 1}}, {"a": {"c": "x"}})', 'x.a.b', { undefined: true }],
  ['x = compact([1])', 'is_array(x)', { boolean: true }],
])('%s: %s', (source, expression, expected) => {
  expect(typeOf(source, expression)).toMatchObject(expected as object);
});

test('members that are only maybe there stay so', () => {
  // A key of the first object is kept when the second may lack it.
  const source = 'x = merge({"a": 1}, object!(.b)); y = x.a';
  expect(codesOf(`${source}; upcase(y)`)).toEqual([110]);
  expect(codesOf('x = merge({"a": "b"}, {"c": 1}); upcase(x.a)')).toEqual([]);
  expect(codesOf('x = append(array!(.a), ["b"]); upcase(x[0])')).toEqual([110]);
});
