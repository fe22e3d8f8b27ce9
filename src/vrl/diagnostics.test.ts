import { compile } from './compile';
import { VrlCompileError } from './errors';
import { run } from './testing/run';

/** Every diagnostic of a program as `code message start:end`. */
function diagnosticsOf(source: string): string[] {
  try {
    return compile(source).warnings.map(shown);
  } catch (failure) {
    if (failure instanceof VrlCompileError) return failure.diagnostics.map(shown);
    throw failure;
  }
}

function shown({ code, message, start, end }: { code: number; message: string; start: number; end: number }): string {
  return `${code} ${message} ${start}:${end}`;
}

describe('what is wrong, and where', () => {
  test.each<[string, string[]]>([
    ['del(1)', ['610 function compilation error: error[E400] unexpected expression type 0:6']],
    ['x = 1; del(x)', ['610 function compilation error: error[E400] unexpected expression type 7:13']],
    ['exists(upcase("a"))', ['610 function compilation error: error[E400] unexpected expression type 0:19']],
    ['sha3("a", variant: .a)', ['610 function compilation error: error[E400] unexpected expression type 0:22']],
    ['sha3("a", variant: "x")', ['610 function compilation error: error[E401] invalid enum variant" 0:23']],
    ['random_int(5, 1)', ['610 function compilation error: error[E403] invalid argument 0:16']],
    ['match_any("a", ["a"])', ['610 function compilation error: error[E300] expected regex, got string 0:21']],
    [
      'match_any("a", [.b])',
      ['610 function compilation error: error[E402] this argument must be a static expression 0:20'],
    ],
    ['replace("a", "a", "b", foo: 1)', ['108 unknown function argument keyword 23:26']],
    ['replace("a", "a", "b", count: "x")', ['110 invalid argument type 30:33']],
    ['upcase(value: to_string(.a))', ['630 fallible argument 14:27']],
    ['upcase("a") -> |x| { x }', ['109 unexpected closure 12:24']],
    ['for_each({}) -> |k| { k }', ['120 invalid closure arity 0:8']],
    ['for_each(.a) -> |k, v| { 1 }', ['121 type mismatch in closure parameter 0:28']],
    ['if contains(.a, "b") { 1 }', ['110 fallible predicate 12:14']],
    ['if (to_bool(.a)) { 1 }', ['100 fallible predicate 4:15']],
    ['abort to_string(.a)', ['631 unhandled fallible expression 6:19']],
    ['return to_string(.a)', ['631 unhandled fallible expression 0:6']],
    ['1 < 2 == true', ["650 comparison operators can't be chained together 6:8"]],
    ['!.a', ['660 non-boolean negation 0:1']],
    ['x.y.z', ['701 call to undefined variable 0:1']],
    ['x = y |= {}', ['701 call to undefined variable 9:11']],
    ['x = "a"; "{{ x-y }}"', ['701 call to undefined variable 10:19']],
    ['x = {"a": 1}; x.a.b.c = 1', ['642 parent path segment rejects this mutation 20:21']],
    ['x = [1]; x."b c" = 1', ['642 parent path segment rejects this mutation 11:16']],
    ['.a = 1; .a[0] = 2', ['642 parent path segment rejects this mutation 10:13']],
    ['x.y = 1', ['900 unused variable `x` 0:1']],
    ['x = 1; x ?? y', ['701 call to undefined variable 12:13']],
    ['.o |= y', ['701 call to undefined variable 6:7']],
    ['x = foo(); x.a ?? 1', ['105 call to undefined function 4:7']],
    ['{"b": y, "a": z}', ['701 call to undefined variable 6:7', '701 call to undefined variable 14:15']],
    ['x = {}; x.b && true', ['100 unhandled error 8:19']],
    ['x = 1; upcase!(.s); 2', ['900 unused variable `x` 0:1', '900 unused result for function call `upcase(.s)` 7:18']],
    ['x = {}; x.k; 2', ['900 unused variable `x` 0:1']],
    ['x = to_int(.a) + foo()', ['105 call to undefined function 17:20']],
    ['x = (x = 1); 2', ['900 unused variable `x` 0:1']],
    ['"abc', ['207 invalid string literal 0:1']],
    ["s'abc", ['208 invalid literal 0:2']],
    ['99999999999999999999', ['206 invalid numeric literal 0:20']],
    ['string("\\a")', ['209 invalid escape character: \\a 9:10']],
  ])('%s', (source, expected) => expect(diagnosticsOf(source)).toEqual(expected));
  test('every failure that nobody handles is told, not only one a line', () => {
    expect(diagnosticsOf('{\n  push(.x, 1)\n  .b = push(.y, 2)\n}')).toEqual([
      '110 invalid argument type 9:11',
      '103 unhandled fallible assignment 23:34',
    ]);
    expect(diagnosticsOf('{\n  .a = 1\n  push(.x, 1)\n  .b = 2\n}')).toEqual(['110 invalid argument type 18:20']);
  });
});

describe('failures name the kinds of collections by their members', () => {
  test.each<[string, string]>([
    ['"a" + []', "can't add type array to string"],
    ['"a" + {}', "can't add type object to string"],
    ['"a" + [1, "b", [1.5, null], {}]', "can't add type [integer, string, [float, null], object] to string"],
    [
      '1 + { "b-c": 1, "@t": 2, "1": true, "1a": r\'x\' }',
      'can\'t add type { "1": boolean, 1a: regex, @t: integer, "b-c": integer } to integer',
    ],
    ['{ "a": 1 } > 1', "can't calculate remainder of type { a: integer } and integer"],
    ['"a" < [1]', 'expected string, got [integer]'],
    ['{ "a": 1 } && true', "can't apply an AND to types { a: integer } and boolean"],
    ['"a" / 0', "can't divide by zero"],
    ['string([1])', 'function call error for "string" at (9:20): expected string, got [integer]'],
    ['to_int({ "a": [] })', 'function call error for "to_int" at (9:28): unable to coerce { a: array } into integer'],
  ])('%s', (expression, expected) => {
    expect(run(`_, err = ${expression}; err`)).toMatchObject({ value: expected });
  });
  test('huge ones by their name alone', () => {
    expect(run('_, err = string(.a); err', { a: new Array(1001).fill(1) })).toMatchObject({
      value: 'function call error for "string" at (9:19): expected string, got array',
    });
    expect(run('_, err = string(.a); err', { a: { ['k'.repeat(50_000)]: 1 } })).toMatchObject({
      value: 'function call error for "string" at (9:19): expected string, got object',
    });
  });
});

test('a report shows the lines with what is wrong and why', () => {
  const failure = (() => {
    try {
      return compile('x = {"a": 1}\n\nx.a.b =\n\tupcase(\n 1)\n\n.é = 2');
    } catch (error) {
      return error;
    }
  })();
  expect((failure as VrlCompileError).message.split('\n')).toEqual([
    'error[E110]: invalid argument type',
    '  ┌─ :5:2',
    '  │',
    '4 │ \tupcase(',
    '  │ \t------ the argument "value" of upcase is string',
    '5 │  1)',
    '  │  ^ this expression resolves to integer',
    '  │',
    '  = convert it first',
    '',
    'error[E203]: syntax error',
    '  ┌─ :7:2',
    '  │',
    '7 │ .é = 2',
    '  │  ^ unexpected syntax token: "é"',
  ]);
});

test.each<[string, string[]]>([
  ['x = upcase(.a)', ['4:14', '4:10', '11:13', '0:1']],
  ['x, err = 1', ['3:6', '9:10']],
  ['x = 1; x.b = 1', ['9:10', '7:9']],
  ['1 ?? 2', ['0:1', '5:6']],
  ['!5', ['0:1', '1:2']],
  ['1 < 2 < 3', ['6:7', '2:3']],
  ['for_each({}) -> |k| { 1 }', ['0:8', '13:20']],
  ['for_each(.a) -> |k, v| { 1 }', ['0:28', '9:11']],
])('%s is explained at every place that matters', (source, places) => {
  let failure: unknown;
  try {
    compile(source);
  } catch (error) {
    failure = error;
  }
  const { labels } = (failure as VrlCompileError).diagnostics[0]!;
  expect(labels.map(({ start, end }) => `${start}:${end}`).sort()).toEqual(places.sort());
  expect(`${labels[0]!.start}:${labels[0]!.end}`).toBe(diagnosticsOf(source)[0]!.split(' ').at(-1));
});
