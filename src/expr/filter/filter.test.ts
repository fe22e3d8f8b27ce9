import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ExprCompileError, ExprRuntimeError, ExprSyntaxError } from '../errors';
import { compileFilter } from './filter';

const record = { level: 'error', status: '503', message: 'user=bob failed', 'http.status': '500', empty: '' };

describe('compileFilter', () => {
  test.each([
    ['level == "error"', true],
    ['level == "warn"', false],
    ['"error" == level', true],
    ['level != "error"', false],
    ['level != "warn"', true],
    ['missing == ""', true],
    ['missing != ""', false],
    ['missing == nil', false],
    ['missing != nil', true],
    ['status == 503', false],
    ['status != 503', true],
    ['level in ["warn", "error"]', true],
    ['level not in ["warn", "error"]', false],
    ['missing in ["", "x"]', true],
    ['level in []', false],
    ['level in [1, 2]', false],
    ['level in [1, "error"]', true],
    ['message contains "bob"', true],
    ['message not contains "bob"', false],
    ['message startsWith "user="', true],
    ['message endsWith "failed"', true],
    ['message matches "user=\\\\w+ failed"', true],
    ['message matches `^bob`', false],
    ['message not matches `^bob`', true],
    ['$env["http.status"] == "500"', true],
    ['$env.level == "error"', true],
    ['"level" in $env', true],
    ['"missing" in $env', false],
    ['level == "error" and status == "503"', true],
    ['level == "error" && status == "200"', false],
    ['level == "x" or status == "503"', true],
    ['level == "x" || status == "200"', false],
    ['not (level == "x")', true],
    ['!(level == "error")', false],
    ['not (level == "x" or status == "200") and true', true],
    ['level == "error" and (status == "1" or (status == "503"))', true],
    ['level + "!" == "error!"', true],
    ['level > "a" and level < "f"', true],
    ['"a" < level < "f"', true],
    ['(level ?? "x") == "error"', true],
    ['let l = level; l == "error"', true],
    ['level == "error" ? true : nil', true],
    ['level == "x" ? true : nil', false],
    ['level == "error" and (level == "x" ? true : nil)', false],
    ['true', true],
    ['false', false],
    ['status >= 500 and false', false],
  ])('%s is %s', (source, expected) => {
    expect(compileFilter(source).matches(record)).toBe(expected);
  });

  test.each([
    'level',
    'level == ',
    '',
    '  ',
    '"x"',
    '1',
    'level ?? true',
    'f(level)',
    'not level == "a"',
    '5 in ["a"]',
  ])('%j does not compile', (source) => {
    expect(() => compileFilter(source)).toThrow(expect.objectContaining({ code: expect.any(String) }));
    try {
      compileFilter(source);
    } catch (error) {
      expect(error instanceof ExprSyntaxError || error instanceof ExprCompileError).toBe(true);
    }
  });

  test.each(['status >= 500', 'level and true', 'not level', 'f(level) == 1', 'level.x == "a"', 'level - 1 == 2'])(
    '%j fails on text',
    (source) => {
      expect(() => compileFilter(source).matches(record)).toThrow(ExprRuntimeError);
    },
  );
});

describe('the language of filters', () => {
  const fields = {
    a: 'x',
    b: '',
    n: '42',
    j: '{"ok": true, "n": 1}',
    t: '2024-01-01',
    type: 'kind',
    'odd name': '1',
    __proto__: 'no',
  };

  test.each([
    ['x == nil', false],
    ['(x ?? "d") == ""', true],
    ['len(x) == 0', true],
    ['lower(x) == ""', true],
    ['x < "a"', true],
    ['"b" in $env', true],
    ['"x" in $env', false],
    ['(get($env, "x") ?? "d") == "d"', true],
    ['get($env, "b") == ""', true],
    ['$env.type == "kind"', true],
    ['string(type) == "kind"', true],
    ['$env["odd name"] == "1"', true],
    ['$env[a + ""] == ""', true],
    ['$env[lower("N")] == "42"', true],
    ['$env.constructor == ""', true],
    ['toString == ""', true],
    ['"constructor" in $env', false],
    ['int(n) in 40..50', true],
    ['n in 40..50', false],
    ['int(n) % 2 == 0', true],
    ['fromJSON(j).ok == true', true],
    ['fromJSON(j).n == 1', true],
    ['date(t) < now()', true],
    ['a matches "^" + a', true],
    ['any(values($env), # contains "x")', true],
    ['any(keys($env), # == "odd name")', true],
    ['len($env) == 7', true],
    ['a | upper() == "X"', true],
    ['a[0] == "x"', false],
    ['a[0] == 120', true],
    ['a[:1] == "x"', true],
    ['a in ["x"] and b in [""] and x in [""]', true],
    ['if a == "x" { b == "" } else { false }', true],
    ['a == "x"; b == "y"', false],
    ['let l = a; l in ["x", "y"] and not (l == "z")', true],
    ['a == "x" and (b == "1" ? true : nil)', false],
    ['a == "x" or int(a) > 1', true],
    ['a == "y" and int(a) > 1', false],
    ['a == "x" and get($env, "zzz")', false],
    ['not (a == "y") && !(b == "y")', true],
    ['a == "x" ?: false', true],
    ['get($env, "zzz") and true or false', false],
    ['true and get($env, "zzz") and true', false],
  ])('%s is %s', (source, expected) => expect(compileFilter(source).matches(fields)).toBe(expected));

  test.each([
    ['level', 'not_boolean'],
    ['get($env, "a")', 'not_boolean'],
    ['fromJSON(j).ok', 'not_boolean'],
    ['c ? a : true', 'not_boolean'],
    ['x ?? true', 'not_boolean'],
    ['f(x)', 'not_boolean'],
    ['nil', 'not_boolean'],
    ['"a"; 1', 'not_boolean'],
    ['type == "x"', 'operand_type'],
    ['lower(x) == 5', 'operand_type'],
    ['len(x) == "5"', 'operand_type'],
    ['5 in ["a"]', 'operand_type'],
    ['a == "x" and 1', 'operand_type'],
    ['not "a"', 'operand_type'],
    ['a matches "["', 'bad_pattern'],
    ['a != "x" and int(b) % 0 == 1', 'division_by_zero'],
    ['false and lower(1) == ""', 'argument_type'],
    ['let a = 1; let a = 2; true', 'redeclared'],
    ['$env()', 'not_boolean'],
  ])('%s does not compile: %s', (source, code) => {
    expect(() => compileFilter(source)).toThrow(expect.objectContaining({ name: 'ExprCompileError', code }));
  });

  test.each([
    ['status >= 500', 'operand_type', 7],
    ['a == "x" and n >= 500', 'operand_type', 15],
    ['int(b) == 1', 'argument_value', 0],
    ['int(missing) == 1', 'argument_value', 0],
    ['a[5] == 1', 'index_out_of_range', 1],
    ['http.status == "500"', 'member_type', 5],
    ['nope(a) == 1', 'not_callable', 0],
    ['a matches b + "["', 'bad_pattern', 2],
    ['len(1..2000000) > 1', 'memory_budget', 5],
    ['get($env, "zzz") and a == "x"', 'not_boolean', 17],
    ['a == "x" and a', 'not_boolean', 13],
    ['not a', 'not_boolean', 0],
  ])('%s fails with %s', (source, code, offset) => {
    const filter = compileFilter(source);
    expect(() => filter.matches(fields)).toThrow(ExprRuntimeError);
    expect(() => filter.matches(fields)).toThrow(expect.objectContaining({ code, offset }));
  });

  test('a record without a prototype is a record like any other', () => {
    const bare = Object.assign(Object.create(null) as Record<string, string>, { a: 'x' });
    expect(compileFilter('a == "x" and toString == ""').matches(bare)).toBe(true);
    bare['__proto__'] = 'y';
    expect(compileFilter('$env["__proto__"] == "y" and "__proto__" in $env').matches(bare)).toBe(true);
  });
});

describe('the tree of a filter', () => {
  const leaf = (operator: string, field: string, ...values: string[]): unknown =>
    expect.objectContaining({ kind: 'leaf', fields: [field], simple: { operator, field, values } });

  test.each<[string, unknown]>([
    ['a == "x"', leaf('equals', 'a', 'x')],
    ['"x" == a', leaf('equals', 'a', 'x')],
    ['a != "x"', { kind: 'not', child: leaf('equals', 'a', 'x') }],
    ['a in ["x", "y", "x"]', leaf('equals', 'a', 'x', 'y')],
    ['a not in ["x"]', { kind: 'not', child: leaf('equals', 'a', 'x') }],
    ['$env["a b"] contains "x"', leaf('contains', 'a b', 'x')],
    [
      'a startsWith "x" and b endsWith "y"',
      { kind: 'and', children: [leaf('startsWith', 'a', 'x'), leaf('endsWith', 'b', 'y')] },
    ],
    [
      'a == "1" or b == "2" or c == "3"',
      { kind: 'or', children: [leaf('equals', 'a', '1'), leaf('equals', 'b', '2'), leaf('equals', 'c', '3')] },
    ],
    ['a == "1" and (b == "2" or true) and true', leaf('equals', 'a', '1')],
    ['a matches "x"', expect.objectContaining({ kind: 'leaf', fields: ['a'] })],
    ['lower(a) == b', expect.objectContaining({ kind: 'leaf', fields: ['a', 'b'] })],
    ['any(values($env), # == a)', expect.objectContaining({ kind: 'leaf', fields: undefined })],
    ['"a" in $env', expect.objectContaining({ kind: 'leaf', fields: ['a'] })],
    ['a == "x" and false', expect.objectContaining({ kind: 'leaf', fields: [] })],
  ])('of %s', (source, expected) => expect(compileFilter(source).tree).toEqual(expected));

  test('only leaves that compare one field with literals are simple', () => {
    for (const source of [
      'a == 5',
      'a in [1, "x"]',
      'a == b',
      'lower(a) == "x"',
      'a matches "x"',
      'a in []',
      'a > "x"',
    ]) {
      expect(compileFilter(source).tree).not.toHaveProperty('simple');
    }
  });

  test.each<[string, string[] | undefined]>([
    ['a == "x" and b == "y" or a == "z"', ['a', 'b']],
    ['let q = a; q == b', ['a', 'b']],
    ['$env["x y"] == "1"', ['x y']],
    ['$env[a] == "1"', undefined],
    ['len($env) > 1', undefined],
    ['get($env, "a") == "1"', undefined],
    ['true', []],
  ])('%s reads %p', (source, expected) => {
    const { fields } = compileFilter(source);
    expect(fields && [...fields].sort()).toEqual(expected);
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    ...'a b $env $env.c ["x"] "x" "" 1 1.5 nil true false == != < in not and or contains matches startsWith ( ) [ ] { } , . ?. # #acc | ? : ; ?? .. + - * / % ** let q = lower( len( int( map( filter( any( reduce( get( keys( date( now() fromJSON( 1..3 {# \'y\' AND'.split(
      ' ',
    ),
  );

  test('compiles or is refused, runs or fails, and nothing else', () => {
    const records: Record<string, string>[] = [{}, { a: 'x', b: '5' }, { a: '{"x":[1]}', c: '' }];
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
        let filter;
        try {
          filter = compileFilter(parts.join(' '));
        } catch (error) {
          expect(error instanceof ExprSyntaxError || error instanceof ExprCompileError).toBe(true);
          return;
        }
        for (const fields of records) {
          try {
            expect(typeof filter.matches(fields)).toBe('boolean');
          } catch (error) {
            expect(error).toBeInstanceOf(ExprRuntimeError);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
