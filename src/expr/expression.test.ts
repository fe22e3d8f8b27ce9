import { describe, expect, test } from '@jest/globals';
import { ExprCompileError, ExprRuntimeError } from './errors';
import { compileExpr } from './expression';
import { ExprFloat } from './value/value';
import { BUDGET, COMPILE_TYPE, evaluate, outcome, RUN_TYPE } from './testing/evaluate';

const env = {
  text: 'abc',
  number: 5,
  real: 1.5,
  flag: true,
  nothing: null,
  list: [1, 2, 3],
  words: ['b', 'a'],
  record: { name: 'x', nested: { deep: [10, 20] }, 'a b': 1 },
  when: new Date('2024-02-29T12:00:00.500Z'),
  bytes: Uint8Array.of(1, 255),
  big: 9007199254740993n,
  double: (value: unknown): unknown => Number(value) * 2,
};

describe('arithmetic', () => {
  test.each<[string, unknown]>([
    ['1 + 2', 3],
    ['1 + 2.5', 3.5],
    ['5 - 7', -2],
    ['2 * 3', 6],
    ['7 / 2', 3.5],
    ['6 / 3', 2],
    ['type(6 / 3)', 'float'],
    ['1 / 0', Infinity],
    ['-1 / 0', -Infinity],
    ['type(0 / 0)', 'float'],
    ['-7 % 3', -1],
    ['7 % -3', 1],
    ['number % 3', 2],
    ['5 % 0', 'ExprCompileError:division_by_zero'],
    ['number % (number - 5)', 'ExprRuntimeError:division_by_zero'],
    ['5.0 % 2', COMPILE_TYPE],
    ['real % 2', RUN_TYPE],
    ['2 ** 10', 1024],
    ['10 ** -2', 0.01],
    ['10 ** 131', 1.0000000000000003e131],
    ['2 ** 0.5', Math.SQRT2],
    ['2 ** -1074', 5e-324],
    ['2 ** 1023 * 2', Infinity],
    ['(-2) ** 3', -8],
    ['(-8) ** 0.5', NaN],
    ['0 ** -1', Infinity],
    ['5 ** 0', 1],
    ['type(2 ** 2)', 'float'],
    ['2 ^ 0.5', Math.SQRT2],
    ['1 ** (0 / 0)', 1],
    ['(-1) ** (1 / 0)', 1],
    ['-2 ** 2', -4],
    ['+number', 5],
    ['-real', -1.5],
    ['--number', 5],
    ['-text', RUN_TYPE],
    ['-"a"', COMPILE_TYPE],
    ['+nil', COMPILE_TYPE],
    ['"a" + "b"', 'ab'],
    ['text + "d"', 'abcd'],
    ['"a" + 1', COMPILE_TYPE],
    ['text + 1', RUN_TYPE],
    ['nil + 1', COMPILE_TYPE],
    ['nothing + 1', RUN_TYPE],
    ['true + true', COMPILE_TYPE],
    ['[1] + [2]', COMPILE_TYPE],
    ['text - "b"', COMPILE_TYPE],
    ['9223372036854775807 + 1', -9223372036854775808n],
    ['-9223372036854775807 - 2', 9223372036854775807n],
    ['9223372036854775807 * 2', -2],
    ['9007199254740991 + 1', 9007199254740992n],
    ['9007199254740992 - 1', 9007199254740991],
    ['9007199254740993 * 1.0', 9007199254740992],
    ['3037000500 * 3037000500', -9223372036709301616n],
    ['-9223372036854775807 - 1', -9223372036854775808n],
    ['(-9223372036854775807 - 1) % -1', 0],
    ['0 * -5', 0],
    ['string(0 * -5)', '0'],
    ['duration("1h") + duration("30m") == duration("1h30m")', true],
    ['duration("1h") - duration("30m") == duration("30m")', true],
    ['duration("1h") * 2 == duration("2h")', true],
    ['2 * duration("1h") == duration("2h")', true],
    ['1.5 * duration("1h") == duration("90m")', true],
    ['duration("1h") / 2', COMPILE_TYPE],
    ['date("2024-01-02") - date("2024-01-01") == duration("24h")', true],
    ['date("2024-01-01") + duration("24h") == date("2024-01-02")', true],
    ['duration("24h") + date("2024-01-01") == date("2024-01-02")', true],
    ['date("2024-01-02") - duration("24h") == date("2024-01-01")', true],
    ['date("2024-01-01") + date("2024-01-01")', COMPILE_TYPE],
    ['date("2024-01-01") + 1', COMPILE_TYPE],
    ['when + 1', RUN_TYPE],
  ])('%s', (source, expected) => expect(outcome(source, env)).toEqual(expected));
});

describe('equality', () => {
  test.each<[string, unknown]>([
    ['1 == 1.0', true],
    ['1 == 1', true],
    ['1 != 2', true],
    ['"a" == "a"', true],
    ['"1" == 1', COMPILE_TYPE],
    ['text == 1', false],
    ['text != 1', true],
    ['number == "5"', false],
    ['number == 5.0', true],
    ['real == 1.5', true],
    ['nil == nil', true],
    ['nothing == nil', true],
    ['missing == nil', true],
    ['text == nil', false],
    ['0 == nil', false],
    ['"" == nil', false],
    ['true == true', true],
    ['flag == true', true],
    ['true == 1', COMPILE_TYPE],
    ['9007199254740993 == 9007199254740992', false],
    ['9007199254740993 == big', true],
    ['9007199254740993 == 9007199254740992.0', true],
    ['0.0 == -0.0', true],
    ['float("nan") == float("nan")', false],
    ['[1] == [1.0]', true],
    ['[[1], [2]] == [[1.0], [2]]', true],
    ['[1, 2] == [1]', false],
    ['[1] == ["1"]', false],
    ['list == [1, 2, 3]', true],
    ['words == ["b", "a"]', true],
    ['list == 1', false],
    ['[1] == 1', COMPILE_TYPE],
    ['{"a": 1} == {"a": 1}', true],
    ['{"a": 1} == {"a": 1.0}', false],
    ['{"a": [1]} == {"a": [1.0]}', false],
    ['{"a": 1} == {"b": 1}', false],
    ['{"a": nil} == {"b": nil}', false],
    ['{"a": 1} == {"a": 1, "b": 2}', false],
    ['record == {"name": "x", "nested": {"deep": [10, 20]}, "a b": 1}', true],
    ['b"ab" == b"\\x61b"', true],
    ['b"ab" == b"ac"', false],
    ['b"ab" == "ab"', COMPILE_TYPE],
    ['when == date("2024-02-29 12:00:00") + duration("500ms")', true],
    ['date("2024-01-01T00:00:00Z") == date("2024-01-01T02:00:00+02:00")', true],
    ['duration("60s") == duration("1m")', true],
    ['duration("1s") == 1', COMPILE_TYPE],
    ['1 == 1 == true', true],
  ])('%s', (source, expected) => expect(outcome(source, env)).toEqual(expected));
});

describe('order', () => {
  test.each<[string, unknown]>([
    ['1 < 2', true],
    ['2 <= 2.0', true],
    ['2 > 2.5', false],
    ['2.5 >= 2', true],
    ['"a" < "b"', true],
    ['"B" < "a"', true],
    ['"a" < "ab"', true],
    ['"a" <= "a"', true],
    ['"\u{1F600}" > "\uffee"', true],
    ['1 < "2"', COMPILE_TYPE],
    ['number < "2"', RUN_TYPE],
    ['text < 2', RUN_TYPE],
    ['nothing < 2', RUN_TYPE],
    ['nil < 2', COMPILE_TYPE],
    ['true < false', COMPILE_TYPE],
    ['flag < flag', RUN_TYPE],
    ['[1] < [2]', COMPILE_TYPE],
    ['1 < 2 < 3', true],
    ['1 < 3 < 2', false],
    ['3 > 2 >= 2 > 1', true],
    ['big > 9007199254740992', true],
    ['float("nan") < 1', false],
    ['float("nan") >= 1', false],
    ['date("2024-01-01") < date("2024-01-02")', true],
    ['when > date("2024-01-01")', true],
    ['duration("1s") < duration("1m")', true],
    ['duration("1s") < 5', COMPILE_TYPE],
    ['date("2024-01-01") < "2024"', COMPILE_TYPE],
  ])('%s', (source, expected) => expect(outcome(source, env)).toEqual(expected));
});

describe('logic and conditions', () => {
  test.each<[string, unknown]>([
    ['true and false', false],
    ['true && true', true],
    ['false or true', true],
    ['flag and not flag', false],
    ['false and 1 / 0 > text', false],
    ['flag or text > 1', true],
    ['flag and text > 1', RUN_TYPE],
    ['text > 1 and false', false],
    ['text > 1 or true', true],
    ['true and text', 'abc'],
    ['flag and text', 'abc'],
    ['text and flag', 'ExprRuntimeError:not_boolean'],
    ['nothing or flag', 'ExprRuntimeError:not_boolean'],
    ['flag and nothing', null],
    ['1 and true', COMPILE_TYPE],
    ['true or "a"', COMPILE_TYPE],
    ['nil and true', COMPILE_TYPE],
    ['not flag', false],
    ['!flag', false],
    ['not 1', COMPILE_TYPE],
    ['not text', 'ExprRuntimeError:not_boolean'],
    ['not nil', COMPILE_TYPE],
    ['flag ? 1 : 2', 1],
    ['not flag ? 1 : 2', 2],
    ['flag ?: 2', true],
    ['text ? 1 : 2', 'ExprRuntimeError:not_boolean'],
    ['1 ? 1 : 2', 'ExprCompileError:not_boolean'],
    ['if number > 3 { "big" } else { "small" }', 'big'],
    ['if number > 9 { 1 } else if number > 4 { 2 } else { 3 }', 2],
    ['(flag ? 1 : 2) + 1', 2],
    ['(flag ? 1 : "a") + 1', 2],
    ['(true ? 1 : nil) + 1', 2],
    ['nothing ?? 1', 1],
    ['missing ?? nothing ?? 2', 2],
    ['text ?? 1', 'abc'],
    ['false ?? 1', false],
    ['nil ?? true', true],
    ['let x = number; x + x', 10],
    ['let x = 1; let y = x + 1; [x, y]', [1, 2]],
    ['(let x = 1; x) + (let x = 2; x)', 3],
    ['let x = 1; (let x = 2; x)', 'ExprCompileError:redeclared'],
    ['let len = 1; len', 'ExprCompileError:redeclared'],
    ['let $env = 1; 1', 'ExprCompileError:redeclared'],
    ['let text = 1; text', 1],
    ['1; 2; 3', 3],
    ['text + 1; 3', RUN_TYPE],
  ])('%s', (source, expected) => expect(outcome(source, env)).toEqual(expected));
});

describe('membership and ranges', () => {
  test.each<[string, unknown]>([
    ['1 in [1, 2]', true],
    ['1.0 in [1, 2]', true],
    ['3 not in [1, 2]', true],
    ['number in [5]', true],
    ['number in ["5"]', RUN_TYPE],
    ['nothing in ["", "a"]', true],
    ['nothing in ["a"]', false],
    ['nothing in [nil]', true],
    ['text in ["abc"]', true],
    ['text in [1, "abc"]', true],
    ['number in [text, 5]', true],
    ['[1] in [[1.0], [2]]', true],
    ['5 in ["a"]', COMPILE_TYPE],
    ['2 in list', true],
    ['"b" in words', true],
    ['"name" in record', true],
    ['"nope" in record', false],
    ['1 in {"1": 2}', COMPILE_TYPE],
    ['"text" in $env', true],
    ['"missing" in $env', false],
    ['text in $env', false],
    ['"a" in "abc"', COMPILE_TYPE],
    ['text in "abc"', RUN_TYPE],
    ['1 in nil', COMPILE_TYPE],
    ['1 in nothing', false],
    ['1 in number', RUN_TYPE],
    ['1 in 5', COMPILE_TYPE],
    ['1..3', [1, 2, 3]],
    ['3..1', []],
    ['-1..1', [-1, 0, 1]],
    ['1..number', [1, 2, 3, 4, 5]],
    ['1.0..2', COMPILE_TYPE],
    ['1..text', RUN_TYPE],
    ['number in 1..5', true],
    ['real in 1..5', false],
    ['2.0 in 1..5', true],
    ['text in 1..5', false],
    ['6 in 1..5', false],
    ['number in 1..9223372036854775807', true],
    ['1..9223372036854775807', BUDGET],
    ['1..1000000 | len()', 1_000_000],
    ['1..1000001', BUDGET],
    ['[1..600000, 1..600000]', BUDGET],
    ['9223372036854775806..9223372036854775807', [9223372036854775806n, 9223372036854775807n]],
  ])('%s', (source, expected) => expect(outcome(source, env)).toEqual(expected));
});

describe('text operators', () => {
  test.each<[string, unknown]>([
    ['text contains "b"', true],
    ['text contains "B"', false],
    ['text contains ""', true],
    ['text not contains "b"', false],
    ['text startsWith "ab"', true],
    ['text endsWith "bc"', true],
    ['text endsWith "abcd"', false],
    ['nothing contains "a"', false],
    ['text contains nothing', false],
    ['number contains nothing', false],
    ['number contains "a"', RUN_TYPE],
    ['text contains 1', COMPILE_TYPE],
    ['1 contains "a"', COMPILE_TYPE],
    ['text contains nil', COMPILE_TYPE],
    ['[1] contains 1', COMPILE_TYPE],
    ['text matches "^a.c$"', true],
    ['text matches "(?i)ABC"', true],
    ['text not matches "x"', true],
    ['text matches text', true],
    ['text matches ("^" + text)', true],
    ['nothing matches "a"', false],
    ['text matches nothing', false],
    ['number matches "a"', RUN_TYPE],
    ['text matches number', RUN_TYPE],
    ['text matches 1', COMPILE_TYPE],
    ['text matches "("', 'ExprCompileError:bad_pattern'],
    ['text matches "(?=a)"', 'ExprCompileError:bad_pattern'],
    ['text matches words[0] + "("', 'ExprRuntimeError:bad_pattern'],
    ['b"a\\xff" matches "^a"', true],
    ['bytes matches "x"', false],
  ])('%s', (source, expected) => expect(outcome(source, env)).toEqual(expected));
});

const MEMBER = 'ExprRuntimeError:member_type';
const RANGE = 'ExprRuntimeError:index_out_of_range';

describe('members, indexes and slices', () => {
  test.each<[string, unknown]>([
    ['record.name', 'x'],
    ['record["a b"]', 1],
    ['record.nested.deep[1]', 20],
    ['record.nope', null],
    ['record.nope.deeper', MEMBER],
    ['record.nope?.deeper', null],
    ['record.nope?.deeper.most[1].f()', null],
    ['record?.name', 'x'],
    ['missing?.a', null],
    ['missing.a', MEMBER],
    ['missing?.[0]', null],
    ['text?.a', MEMBER],
    ['text.a', MEMBER],
    ['"abc".a', 'ExprCompileError:member_type'],
    ['"abc"[0]', 'ExprCompileError:member_type'],
    ['nil.a', 'ExprSyntaxError:unexpected_token'],
    ['(nil).a', 'ExprCompileError:member_type'],
    ['1 .. 2', [1, 2]],
    ['{"a": 1}.a', 1],
    ['{"a": 1}[1]', 'ExprCompileError:member_type'],
    ['{a: 1, "b c": 2, 3: 4, ("d" + "e"): 5}', { a: 1, 'b c': 2, '3': 4, de: 5 }],
    ['{"a": 1, "a": 2}', { a: 1 }],
    ['{"a": 1, ("a"): 2, "b": 3}', { a: 1, b: 3 }],
    ['{(text): 1}', { abc: 1 }],
    ['{(number): 1}', 'ExprRuntimeError:map_key'],
    ['list[0]', 1],
    ['list[-1]', 3],
    ['list[3]', RANGE],
    ['list[-4]', RANGE],
    ['list["a"]', MEMBER],
    ['list[1.9]', 2],
    ['[1, 2]["a"]', 'ExprCompileError:member_type'],
    ['[1, 2][1.0]', 'ExprCompileError:member_type'],
    ['text[0]', 97],
    ['text[-1]', 99],
    ['text[3]', RANGE],
    ['accent[1]', 195],
    ['bytes[1]', 255],
    ['list[1:]', [2, 3]],
    ['list[:1]', [1]],
    ['list[:]', [1, 2, 3]],
    ['list[1:2]', [2]],
    ['list[-2:]', [2, 3]],
    ['list[:-1]', [1, 2]],
    ['list[5:9]', []],
    ['list[2:1]', []],
    ['list[-9:9]', [1, 2, 3]],
    ['"hello"[1:3]', 'el'],
    ['text[:2]', 'ab'],
    ['accent[0:1]', 'h'],
    ['accent[1:3]', 'é'],
    ['accent[1:2]', '\ufffd'],
    ['accent[3:]', '😀'],
    ['number[1:]', 'ExprRuntimeError:slice_type'],
    ['5[1:]', 'ExprSyntaxError:unexpected_token'],
    ['(5)[1:]', 'ExprCompileError:slice_type'],
    ['list["a":]', 'ExprCompileError:slice_type'],
    ['list[text:]', 'ExprRuntimeError:member_type'],
    ['$env.text', 'abc'],
    ['$env["record"].name', 'x'],
    ['$env[text + ""]', null],
    ['$env.missing', null],
    ['len($env) > 5', true],
    ['double(number)', 10],
    ['$env.double(2)', 4],
    ['nope(1)', 'ExprRuntimeError:not_callable'],
    ['text(1)', 'ExprRuntimeError:not_callable'],
    ['$env()', 'ExprRuntimeError:not_callable'],
    ['record.name()', 'ExprRuntimeError:not_callable'],
    ['type == "x"', COMPILE_TYPE],
  ])('%s', (source, expected) => expect(outcome(source, { ...env, accent: 'hé😀' })).toEqual(expected));

  test('inherited members of host objects are not members', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(evaluate(`record.${name}`, env)).toBeNull();
      expect(evaluate(`$env.${name}`, env)).toBeNull();
      expect(evaluate(name, env)).toBeNull();
      expect(evaluate(`"${name}" in $env`, env)).toBe(false);
    }
  });

  test('a map with the key __proto__ is a map like any other', () => {
    const result = evaluate('{"__proto__": {"polluted": true}}') as Record<string, unknown>;
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(Object.keys(result)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('values of the host', () => {
  test.each<[unknown, string, unknown]>([
    [1, 'int', 1],
    [-0, 'int', 0],
    [1.5, 'float', 1.5],
    [1e300, 'float', 1e300],
    [2 ** 60, 'int', 2n ** 60n],
    [Infinity, 'float', Infinity],
    [5n, 'int', 5],
    ['a', 'string', 'a'],
    [true, 'bool', true],
    [null, 'nil', null],
    [undefined, 'nil', null],
    [[1, [2]], 'array', [1, [2]]],
    [new Map([['a', 1]]), 'map', { a: 1 }],
    [{ a: { b: 1 } }, 'map', { a: { b: 1 } }],
    [Uint8Array.of(1), 'array', Uint8Array.of(1)],
    [new Date(1234), 'time.Time', new Date(1234)],
    [new Date(-1), 'time.Time', new Date(-1)],
  ])('%p is of type %s', (value, type, back) => {
    expect(evaluate('type(x)', { x: value })).toBe(type);
    expect(evaluate('x', { x: value })).toEqual(back);
  });

  test.each([[2n ** 64n], [Symbol('s')], [new Date(NaN)]])('%p is refused', (value) => {
    expect(outcome('x', { x: value })).toBe('ExprRuntimeError:environment_value');
  });

  test('what a function of the host throws is an error of the evaluation', () => {
    const cause = new Error('no such host');
    const env = {
      look: () => {
        throw cause;
      },
    };
    expect(() => evaluate('1 + look("a")', env)).toThrow(
      expect.objectContaining({ name: 'ExprRuntimeError', code: 'function_failed', reason: 'no such host', cause }),
    );
  });

  test('a whole number is a float where it is declared or made one', () => {
    const typed = compileExpr('[type(x), type(y), type($env.x), x / 2]', { env: { x: 'float', y: 'int' } });
    expect(typed.evaluate({ x: 2, y: 2 })).toEqual(['float', 'int', 'float', 1]);
    expect(evaluate('type(x)', { x: new ExprFloat(2) })).toBe('float');
  });

  test('durations and zones can be shown and written as JSON', () => {
    const values = evaluate('[duration("90m"), timezone("Europe/Berlin")]') as [unknown, unknown];
    expect(values.map(String)).toEqual(['1h30m0s', 'Europe/Berlin']);
    expect(JSON.parse(JSON.stringify(values[0]))).toBe(5_400_000_000_000);
  });

  test('a value that contains itself is refused', () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(outcome('x', { x: loop })).toBe('ExprRuntimeError:environment_value');
  });
});

describe('names', () => {
  test('a name that the environment lacks is an error before anything runs', () => {
    const { evaluate: run } = compileExpr('true or nope == 1');
    expect(() => run({})).toThrow(ExprRuntimeError);
    expect(() => run({})).toThrow(expect.objectContaining({ code: 'unknown_name', offset: 8 }));
    expect(run({ nope: 2 })).toBe(true);
  });

  test('members of $env must be there as plain names must, unless ?. asks for them', () => {
    expect(() => compileExpr('$env.nope').evaluate({})).toThrow(/^unknown name nope/);
    expect(() => compileExpr('$env["nope"]').evaluate({})).toThrow(/^unknown name nope/);
    expect(compileExpr('$env?.nope').evaluate({})).toBeNull();
    expect(compileExpr('$env["no" + "pe"]').evaluate({})).toBeNull();
    expect(compileExpr('$env.nope', { allowUndefined: true }).evaluate({})).toBeNull();
    expect(compileExpr('get($env, "nope")').evaluate({})).toBeNull();
    expect(compileExpr('"nope" in $env').evaluate({})).toBe(false);
  });

  test('declared names are checked when compiling', () => {
    expect(() => compileExpr('nope', { env: { a: 'int' } })).toThrow(ExprCompileError);
    expect(() => compileExpr('a + "x"', { env: { a: 'int' } })).toThrow(ExprCompileError);
    expect(() => compileExpr('let a = 1; a', { env: { a: 'int' } })).toThrow(ExprCompileError);
    expect(compileExpr('a + 1', { env: { a: 'int' } }).evaluate({ a: 2 })).toBe(3);
    expect(compileExpr('nope', { env: { a: 'int' }, allowUndefined: true }).evaluate({})).toBeNull();
  });

  test('an expression keeps nothing between evaluations', () => {
    const { evaluate: run } = compileExpr('let y = x + 1; map([1], # + y)');
    expect(run({ x: 1 })).toEqual([3]);
    expect(run({ x: 2 })).toEqual([4]);
  });
});

describe('hostile expressions', () => {
  test.each([
    ['let r = 1..1000; all(r, all(r, all(r, all(r, true))))', 'ExprRuntimeError:step_budget'],
    ['let r = 1..100000; all(r, not (# + 0.5 in r))', 'ExprRuntimeError:step_budget'],
    ['uniq(map(1..100000, # + 0.5)) | len()', 'ExprRuntimeError:step_budget'],
    ['reduce(1..100, #acc + #acc, "aaaa")', BUDGET],
    ['reduce(1..100, [#acc, #acc], 1)', BUDGET],
    ['string(reduce(1..100, [#acc, #acc], 1))', BUDGET],
    ['toJSON(reduce(1..100, {{"a": #acc, "b": #acc}}, 1))', BUDGET],
    ['flatten(reduce(1..100, [#acc, #acc], 1))', BUDGET],
    ['mean(reduce(1..100, [#acc, #acc], 1))', BUDGET],
    ['max(reduce(1..100, [#acc, #acc], 1))', 'ExprRuntimeError:step_budget'],
    ['reduce(1..100, [#acc, #acc], 1) == reduce(1..100, [#acc, #acc], 1)', 'ExprRuntimeError:step_budget'],
    ['reduce(1..100000, [#acc], 1)', 'ExprRuntimeError:too_deep'],
    ['repeat("a", 1000000) | repeat(1000000)', BUDGET],
    ['replace(repeat("a", 900000), "a", repeat("b", 100000))', BUDGET],
    ['join(map(1..900000, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), "")', BUDGET],
    ['let s = repeat("a", 400000); all(1..500000, not (s matches "b" + string(#)))', 'ExprRuntimeError:step_budget'],
  ])('%s', (source, expected) => expect(outcome(source)).toBe(expected));
});
