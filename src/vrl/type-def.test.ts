import { run } from './testing/run';

/** What `type_def` says of an expression at the end of a program. */
function typeAt(program: string, expression: string): unknown {
  const outcome = run(`${program}\nencode_json(type_def(${expression}))`, { s: 'a,b', o: {}, l: [] });
  return 'value' in outcome ? JSON.parse(outcome.value as string) : outcome;
}

const STRINGS = { array: {}, array_unknown_infinite: { bytes: true, undefined: true } };
const UNNESTED = {
  array: {
    0: { object: { k: { boolean: true }, l: { integer: true } } },
    1: { object: { k: { boolean: true }, l: { bytes: true } } },
  },
};
const ANYTHING = { object: {}, object_unknown_infinite: { any: true } };

describe('what the checker knows', () => {
  test.each<[string, string, unknown]>([
    ['', '"a" + 1.5 ?? null', { bytes: true, null: true }],
    ['', '2 - { abort }', { float: true }],
    ['', '{ abort } || 2', { integer: true }],
    ['', '!{ abort }', { boolean: true }],
    ['', '{ "a": 1 } | object!(.o)', expect.objectContaining({ object_unknown_infinite: { any: true } })],
    ['x = object!(.o) || 1', 'x', ANYTHING],
    ['x = .s || "a"', 'x', expect.objectContaining({ null: true, bytes: true })],
    ['', '.s || "a"', expect.objectContaining({ undefined: true, bytes: true })],
    ["x, err = parse_regex(.s, r'(?P<n>a)'); err", 'x.n', { bytes: true, undefined: true }],
    ['', 'parse_json!("1")', expect.objectContaining({ array_unknown_infinite: { json: true } })],
    ['x = parse_json!("{}")', 'x.a', { json: true }],
    ['x = object!(parse_json!("{}"))', 'x', { object: {}, object_unknown_infinite: { json: true } }],
    ['', '{ "a-b": 1, "9": "x" }', { object: { '"a-b"': { integer: true }, '"9"': { bytes: true } } }],
    [
      'x = if .s == "a" { split!(.s, ",") } else { ["a"] }',
      'x',
      { array: {}, array_unknown_infinite: { bytes: true, undefined: true } },
    ],
    [
      'x = split!(.s, ","); x[-2] = 1',
      'x',
      {
        array: { 0: { bytes: true, integer: true }, 1: { bytes: true, integer: true, null: true } },
        array_unknown_infinite: { bytes: true, integer: true, undefined: true },
      },
    ],
    ['', 'flatten!(.o)', ANYTHING],
    ['', 'slice!([1, "a"], 1)', { array: { 0: { integer: true }, 1: { bytes: true } } }],
    ['', 'slice!(split("a", ","), 1)', { array: {}, array_unknown_infinite: { bytes: true, undefined: true } }],
    ['', 'slice!("a", 1)', { bytes: true }],
    ['', 'map_values({ "a": 1 }) -> |_v| { "b" }', { object: { a: { bytes: true } } }],
    ['', 'map_values(object!(.o)) -> |_v| { "b" }', ANYTHING],
    ['', 'map_values(split!(.s, ",")) -> |_v| { 1 }', STRINGS],
    ['', 'parse_tokens("a")', STRINGS],
    ['. = { "l": [1, "a"], "k": true }', 'unnest(.l)', UNNESTED],
    ['x = { "l": [1, "a"], "k": true }', 'unnest(x.l)', UNNESTED],
    [
      '. = { "l": { "m": split!(.s, ",") } }',
      'unnest(.l.m)',
      {
        array: {},
        array_unknown_infinite: { object: { l: { object: { m: { bytes: true } } } }, undefined: true },
      },
    ],
    ['. = { "l": [1] }; . = unnest(.l)', '.[0].l', { integer: true }],
    ['x = parse_nginx_log("-", "combined") ?? null', 'x.request', { bytes: true, undefined: true }],
    ['x = parse_cef("-") ?? null', 'x.severity', { bytes: true, undefined: true }],
    ['', 'compact(array!(.o))', { array: {}, array_unknown_infinite: { any: true } }],
    ['', 'remove!({ "a": 1 }, ["a"])', ANYTHING],
    ['x, err = compact(.s); err', 'x', ANYTHING],
    [
      'x = split(.o, ",") ?? array!(.l); x[-1] = [1]',
      'x',
      expect.objectContaining({ array_unknown_infinite: { any: true } }),
    ],
    ['', 'del(.x)', { any: true }],
    ['x = {}', '(y = x.a)', { undefined: true }],
    ['x = {}; y = x.a', 'y', { null: true }],
    ['x = 1; y = 2', '"{{ x }}{{ y }}"', { integer: true }],
    ['x = null', '"{{ x }}"', { null: true }],
    ['x = null', '"a{{ x }}"', { bytes: true }],
  ])('%s: %s', (program, expression, expected) => expect(typeAt(program, expression)).toEqual(expected));
});

describe('what is left behind a removal', () => {
  test.each<[string, unknown]>([
    ['del(.a)', ANYTHING],
    ['.a = 1; del(.a)', ANYTHING],
    ['.a = { "b": { "c": 1 } }; del(.a.b.c)', ANYTHING],
    ['. = { "a": 1 }; del(.a)', { object: {} }],
    ['. = { "a": 1 }; del(.a.b)', { object: { a: { integer: true } } }],
    ['. = { "a": { "b": 1, "c": 2 } }; del(.a.b)', { object: { a: { object: { c: { integer: true } } } } }],
    ['. = { "a": { "b": 1 } }; del(.a.b)', { object: { a: { object: {}, undefined: true } } }],
    ['. = { "a": { "b": 1 } }; del(.a.b, compact: true)', { object: {} }],
    ['. = { "a": { "b": 1 } }; del(.a.b, compact: false)', { object: { a: { object: {} } } }],
    ['. = { "a": [{ "b": 1 }] }; del(.a[0].b, compact: true)', { object: {} }],
    ['. = { "a": [{ "b": 1 }] }; del(.a[0].b)', { object: { a: { array: { 0: { object: {} } }, undefined: true } } }],
  ])('%s', (program, expected) => expect(typeAt(program, '.')).toEqual(expected));
  test('what was removed may be read again', () => {
    expect(run('del(.a); upcase!(.a)')).toEqual({
      error: 'function call error for "upcase" at (9:20): expected string, got null',
    });
    expect(run('%a = 1; %a.b = 2; %a')).toMatchObject({ value: { b: 2 } });
  });
});
