import { compile } from './compile';
import { VrlCompileError } from './errors';
import { error, f, run, testCodes, testPrograms } from './testing/run';

describe('arguments', () => {
  testPrograms([
    ['round(precision: 1, value: 1.25)', f(1.3)],
    ['round(1.25, precision: 1)', f(1.3)],
    ['round(value: 1.25, 1)', f(1.3)],
    ['string!(.a)', { a: 1 }, error('function call error for "string" at (0:11): expected string, got integer')],
    [
      'is_empty!(.a)',
      { a: 1 },
      error('function call error for "is_empty" at (0:13): expected string, array or object, got integer'),
    ],
    [
      'x = "é"; string!(.a)',
      { a: 1 },
      error('function call error for "string" at (10:21): expected string, got integer'),
    ],
    [
      'to_int!(string!(.a))',
      error(
        'function call error for "to_int" at (0:20): function call error for "string" at (8:19): expected string, got null',
      ),
    ],
    ['1 + int!(.a)', { a: 'x' }, error('function call error for "int" at (4:12): expected integer, got string')],
    ['.x = string!(.a) + "b"; .x', { a: 'a' }, 'ab'],
  ]);
  testCodes([
    ['nope(1)', [105]],
    ['abs(1, 2)', [106]],
    ['abs()', [107]],
    ['abs(1, valu: 2)', [106]],
    ['round(1, prec: 2)', [108]],
    ['abs(1) -> |x| { x }', [109]],
    ['abs("x")', [110]],
    ['abs(.a)', [110]],
    ['abs(to_int("x"))', [630]],
    ['abs!(to_int("x"))', [630]],
    ['abs(x)', [701]],
    ['to_int(.a)', [100]],
    ['abs!(1)', [620]],
    ['[to_int("a"), to_int("b")]', [100, 100]],
    ['{ to_int("a"); upcase(.b) }', [100, 110]],
    ['to_int("a") + foo()', [100, 105]],
    ['{ to_int("a"); .b = to_int("b") }', [100, 103]],
    ['{ .a = 1; to_int("a"); .b = 2 }', [100]],
    ['to_int("a")\nto_int("b")', [100, 100]],
    ['{ to_int("a"); 1 }', [100]],
    ['{ abort; to_int("a") }', [100]],
    ['log("x", level: "loud")', [610]],
    ['log("x", level: .a)', [610]],
    ['log("x", level: string!(.a))', [610]],
    ['l = "warn"; log("x", level: l)', []],
    ['del(1)', [610]],
    ['exists(.a.b)', []],
    ['to_int("a") == 1', [100]],
    ['x = to_int(.a) ?? null; abs(x)', [110]],
  ]);
  test('error 610 tells the inner code', () => {
    const messageOf = (source: string): string => {
      try {
        compile(source);
      } catch (thrown) {
        return (thrown as VrlCompileError).diagnostics[0]?.message ?? '';
      }
      return 'compiled';
    };
    const refused = 'function compilation error: error';
    const table: [source: string, message: string][] = [
      ['del(1)', '[E400] unexpected expression type'],
      ['x = 1; exists(x)', '[E400] unexpected expression type'],
      ['log("x", level: "loud")', '[E401] invalid enum variant"'],
      ['log("x", level: string!(.a))', '[E400] unexpected expression type'],
      ['match_any("x", string!(.a))', ''],
      ['match_any("x", [.a])', '[E402] this argument must be a static expression'],
      ['match_any("x", ["a"])', '[E300] expected regex, got string'],
      ['match_any("x", [[1]])', '[E300] expected regex, got [integer]'],
      ['snakecase("x", excluded_boundaries: .a)', '[E400] unexpected expression type'],
    ];
    for (const [source, message] of table)
      expect([source, messageOf(source)]).toEqual([
        source,
        message === '' ? 'invalid argument type' : refused + message,
      ]);
  });

  describe('some functions take any value when they run', () => {
    testPrograms([
      ['get!(.a, ["b"])', { a: 'text' }, null],
      ['get!(.a, [])', { a: 1 }, 1],
      ['set!(.a, ["b"], 1)', { a: 'text' }, { b: 1 }],
      ['set!(.a, [1], 1)', { a: null }, [null, 1]],
      ['remove!(.a, ["b"])', { a: 'text' }, 'text'],
      ["redact!(.a, filters: [r'x'])", { a: true }, true],
    ]);
  });

  describe('a value of another kind is told with what it holds', () => {
    testPrograms([
      ['string!(.a)', { a: { b: [1, 'x'] } }, error(/: expected string, got { b: \[integer, string\] }$/)],
      ['x, err = .a + 1; err', { a: [true] }, "can't add type integer to [boolean]"],
      ['from_unix_timestamp!(.a)', { a: { b: 1 } }, error(/: unable to coerce { b: integer } into timestamp$/)],
      ['get!(.a, [[1]])', { a: {} }, error(/: path segment must be either string or integer, not \[integer\]$/)],
    ]);
  });

  describe('types that functions claim', () => {
    testPrograms([
      ['type_def(set!({ "a": 1 }, ["a"], 2))', { object: {}, object_unknown_infinite: { any: true } }],
      ['type_def(tag_types_externally(null))', { null: true }],
      ['type_def(tag_types_externally(.a))', { object: {}, object_unknown_infinite: { any: true } }],
      ['type_def(unique(["a"]))', { array: {}, array_unknown_infinite: { any: true } }],
      ['type_def(redact({ "a": 1 }, filters: [r\'x\']))', { object: { a: { integer: true } } }],
      [
        'type_def({ "a b": 1, "0": 1, "c": 1 })',
        { object: { '"a b"': { integer: true }, '"0"': { integer: true }, c: { integer: true } } },
      ],
    ]);
  });
});

describe('closures', () => {
  testPrograms([
    ['x = 0; for_each([1, 2, 3]) -> |i, v| { x = x + v * i }; x', 8],
    ['keys = ""; for_each({ "b": 1, "a": 2 }) -> |k, _v| { keys = keys + k }; keys', 'ab'],
    ['filter([1, 2, 3]) -> |_, v| { v > 1 }', [2, 3]],
    ['filter({ "a": 1, "b": 2 }) -> |k, _| { k == "a" }', { a: 1 }],
    ['map_values([1, 2]) -> |v| { v + 1 }', [2, 3]],
    ['map_values({ "a": { "b": 1 } }, recursive: true) -> |v| { to_string(v) ?? "?" }', { a: { b: '1' } }],
    ['map_keys({ "a": { "b": 1 } }) -> |k| { k + "!" }', { 'a!': { b: 1 } }],
    ['map_keys({ "a": [{ "b": 1 }] }, recursive: true) -> |k| { k + "!" }', { 'a!': [{ 'b!': 1 }] }],
    ['replace_with("a1b22", r\'[0-9]+\') -> |m| { "<" + m.string + ">" }', 'a<1>b<22>'],
    ['replace_with("a1b2", r\'(?P<d>[0-9])\', count: 1) -> |m| { "{" + string!(m.d) + "}" }', 'a{1}b2'],
    ['replace_with("ab", r\'(a)|(b)\') -> |m| { if is_null(m.captures[0]) { "_" } else { "x" } }', 'x_'],
    ['k = 5; for_each([1]) -> |k, v| { .x = k + v }; k', 5],
    [
      'x = .a; for_each(object!(x)) -> |k, v| { .a.new = k; if k == "b" { .seen = v } }; .',
      { a: { b: 1 } },
      { a: { b: 1, new: 'b' }, seen: 1 },
    ],
    ['for_each(object!(.a)) -> |_k, v| { v.x = 9 }; .a', { a: { b: { x: 1 } } }, { b: { x: 1 } }],
    ['for_each({ "a": 1 }) -> |_k, _v| { return 5 }; "after"', 'after'],
    ['for_each([1]) -> |_k, _v| { return 5 }; "after"', error('return cannot be used inside closures')],
    ['filter({ "a": 1, "b": 2 }) -> |_k, v| { if v == 1 { return true }; false }', { a: 1 }],
    [
      'x, err = map_values([1, "x"]) -> |v| { int(v) }; err',
      'function call error for "map_values" at (9:47): function call error for "int" at (39:45): expected integer, got string',
    ],
    ['x = 1; for_each([1, 2, 3]) -> |_i, _v| { y = x; x = y * 2 }; x', 8],
  ]);
  testCodes([
    ['for_each([1])', [111]],
    ['for_each([1]) -> |x| { x }', [120]],
    ['for_each(.a) -> |k, v| { [k, v] }', [121]],
    ['for_each(object!(.a)) -> |k, v| { [k, v] }', []],
    ['filter([1]) -> |i, v| { [i, v] }', [122]],
    ['filter([1]) -> |_i, _v| { if true { return 5 }; true }', [122]],
    ['map_values([1]) -> |v| { int!(v) }', [620]],
    ['map_values([1, "x"]) -> |v| { int(v) }', [100]],
    // What fails inside is the block's to handle.
    ['map_values!([1, "x"]) -> |v| { int(v) }', [100]],
    ['x = map_values!([1, "x"]) -> |v| { int(v) }', [103]],
    ['x = { map_values!([1, "x"]) -> |v| { int(v) }; 5 }', [103]],
    ['x = length(map_values!([1, "x"]) -> |v| { int(v) })', [103]],
    ['length(map_values!([1, "x"]) -> |v| { upcase(v) })', [110]],
    ['return map_values!([1, "x"]) -> |v| { int(v) }', [100]],
    ['x, err = map_values!([1, "x"]) -> |v| { int(v) }; [x, err]', [104, 701]],
    ['map_values([]) -> |v| { upcase(v) }', []],
    // A member of a collection without members is of every kind, but what converts any kind may fail.
    ['map_values([]) -> |v| { to_string(v) ?? "a" }', []],
    ['map_values([]) -> |v| { to_int(v) }', [100]],
    ['map_values([]) -> |v| { string(v) }', []],
    ['map_values([]) -> |v| { string!(v) }', [620]],
    ['for_each([]) -> |_i, v| { for_each(v) -> |_j, w| { .a = w } }', []],
    ['for_each([1]) -> |i, v| { w = [i, v] }; w', [701]],
    ['abs(1) -> |x| { x }', [109]],
  ]);
  // Without a round nothing was assigned, whatever the types say.
  testPrograms([
    ['x = 1; for_each([]) -> |_i, _v| { x = 2.5 }; x * 2', 2],
    // A later round meets what the checker had not seen.
    [
      'x = []; for_each(array!(.a)) -> |_i, v| { for_each(x) -> |_j, w| { for_each(w) -> |_k, u| { .b = u } }; x = push(x, v) }',
      { a: [1, 2] },
      error(/expected array or object, got integer$/),
    ],
    [
      'x = []; for_each(array!(.a)) -> |_i, v| { for_each(x) -> |_j, w| { .b = string(w) }; x = push(x, v) }',
      { a: [1, 2] },
      error(/"string" at .*: expected string, got integer$/),
    ],
    [
      'x = 1; for_each(array!(.a)) -> |_i, _v| { x = "b" }; upcase(x)',
      { a: [] },
      error('function call error for "upcase" at (53:62): expected string, got integer'),
    ],
    [
      'x = 1; for_each(array!(.a)) -> |_i, _v| { x = {} }; keys(x)',
      { a: [] },
      error('function call error for "keys" at (52:59): expected object, got integer'),
    ],
  ]);
});

describe('an argument that turns out to be of another kind than it is typed as', () => {
  const row = (program: string, reason: string) =>
    [`x = parse_regex!(.a, r'(?P<g>b)?c'); ${program}`, { a: 'c' }, error(reason)] as const;
  testPrograms([
    row('upcase(x.g)', 'function call error for "upcase" at (37:48): expected string, got null'),
    row('length(x.g)', 'function call error for "length" at (37:48): expected string, array or object, got null'),
    row('sha2(x.g)', 'function call error for "sha2" at (37:46): expected string, got null'),
    row(
      'replace_with(x.g, r\'a\') -> |_m| { "b" }',
      'function call error for "replace_with" at (37:76): expected string, got null',
    ),
    [`x = parse_regex!(.a, r'(?P<g>b)?c'); x.g + "s"`, { a: 'c' }, 's'],
    [
      'mod!(.a, 2)',
      { a: 'c' },
      error(`function call error for "mod" at (0:11): can't calculate remainder of type string and integer`),
    ],
    ['mod!(.a, 0)', { a: 'c' }, error(`function call error for "mod" at (0:11): can't divide by zero`)],
    [
      'parse_timestamp!(.a, "%Y")',
      error('function call error for "parse_timestamp" at (0:26): unable to convert null value to timestamp'),
    ],
    [
      'parse_timestamp!(.b, "%Y")',
      { b: {} },
      error('function call error for "parse_timestamp" at (0:26): unable to convert map value to timestamp'),
    ],
    ['match_datadog_query!(.a, "b")', { a: 1 }, false],
    ['match_datadog_query!(.a, "NOT b")', { a: [] }, true],
  ]);
  test('an abort has no message then', () => {
    expect(run(`x = parse_regex!(.a, r'(?P<g>b)?c'); abort x.g`, { a: 'c' })).toEqual({
      error: 'expected string, got null',
    });
  });
});

describe('warnings', () => {
  testCodes([
    ['"a"; 1', [900]],
    ['{ "a": 1 }; 1', [900]],
    ['x = 1', [900]],
    ['_x = 1', []],
    ['x = 1; x', []],
    ['upper = abs(1); upper', []],
    ['abs(1); 1', [900]],
    ['del(.a); 1', []],
    ['if true { abs(1); 2 }', []],
    ['if true { int!(.a); 2 }', [900]],
    ['x = 1; for_each([1]) -> |_i, _v| { x = 2 }', []],
    ['x = 1; .a = x; x = 2', [900]],
    ['x = 1; x = 2; x', []],
    ['x = 0; for_each([1]) -> |_i, _v| { .a = x }; x = 3', []],
    ['split!("a b", " ")[0]', []],
    ['split!("a b", " ")', [620]],
    ['x = 0; y = "{{ z }}"', [701]],
    ['.a == 1; 2', []],
    ['1 == .a; 2', [900]],
    ['[1, 2]; 3', [900, 900]],
    ['if true { 1 }; 2', []],
    ['if true { 1; 2 }; 3', [900]],
  ]);
});

describe('what a compile error tells', () => {
  test('codes, byte offsets and the source', () => {
    let failure: unknown;
    try {
      compile('.x = "é"\n.b = nope()');
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(VrlCompileError);
    const { diagnostics, message } = failure as VrlCompileError;
    expect(diagnostics).toEqual([expect.objectContaining({ code: 105, severity: 'error', start: 15, end: 19 })]);
    expect(message).toContain('error[E105]: call to undefined function');
  });
});
