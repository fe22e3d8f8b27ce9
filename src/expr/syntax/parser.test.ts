import { describe, expect, test } from '@jest/globals';
import { ExprSyntaxError } from '../errors';
import { MAX_NODES } from '../limits';
import { parse } from './parser';
import { print } from './print';

/** The fully bracketed form says how operators were grouped. */
function grouping(source: string): string {
  return print(parse(source));
}

describe('grouping', () => {
  test.each([
    ['1 + 2 * 3', '1 + (2 * 3)'],
    ['1 - 2 - 3', '(1 - 2) - 3'],
    ['2 ** 3 ** 2', '2 ** (3 ** 2)'],
    ['2 ^ 3', '2 ** 3'],
    ['-2 ** 2', '-(2 ** 2)'],
    ['-a * b', '(-a) * b'],
    ['not a == b', '(not a) == b'],
    ['!a.b', 'not a.b'],
    ['not (a == b)', 'not (a == b)'],
    ['not a in b', '(not a) in b'],
    ['a not in b', 'not (a in b)'],
    ['a not contains b', 'not (a contains b)'],
    ['a not matches b and c', '(not (a matches b)) and c'],
    ['a not startsWith b or a not endsWith c', '(not (a startsWith b)) or (not (a endsWith c))'],
    ['a or b and c', 'a or (b and c)'],
    ['a && b || c', '(a and b) or c'],
    ['a and b and c', 'a and b and c'],
    ['a and (b and c)', 'a and (b and c)'],
    ['a == b and c', '(a == b) and c'],
    ['1..2 + 3', '1 .. (2 + 3)'],
    ['x in 1..3', 'x in (1 .. 3)'],
    ['1..3', '1 .. 3'],
    ['a < b < c', '(a < b) and (b < c)'],
    ['a < b <= c > d', '(a < b) and (b <= c) and (c > d)'],
    ['a == b == c', '(a == b) == c'],
    ['a ?? b ?? c', '(a ?? b) ?? c'],
    ['c == a ?? b', 'c == (a ?? b)'],
    ['a ?? b | upper()', 'upper(a ?? b)'],
    ['a | lower() == "x"', 'lower(a) == "x"'],
    ['"x" == a | lower()', 'lower("x" == a)'],
    ['p and a | f()', 'f(p and a)'],
    ['a | split(",") | first()', 'first(split(a, ","))'],
    ['a | map(# + 1)', 'map(a, { # + 1 })'],
    ['a | reduce(#acc + #, 0)', 'reduce(a, { #acc + # }, 0)'],
    ['c ? a : b', 'c ? a : b'],
    ['c ?: b', 'c ? c : b'],
    ['a ? b : c ? d : e', 'a ? b : (c ? d : e)'],
    ['a or b ? c : d', '(a or b) ? c : d'],
    ['if a { b } else { c }', 'a ? b : c'],
    ['if a { b } else if c { d } else { e; f }', 'a ? b : (c ? d : (e; f))'],
    ['let x = 1; x + 2', 'let x = 1; x + 2'],
    ['let x = 1; let y = 2; x', 'let x = 1; let y = 2; x'],
    ['[let x = 1; x, 2]', '[(let x = 1; x), 2]'],
    ['a; b; c', 'a; b; c'],
    ['a;', 'a'],
    ['(a; b) + c', '(a; b) + c'],
    ['a.b["c"][1]', 'a.b.c[1]'],
    ['a["b c"]', 'a["b c"]'],
    ['a.not.in', 'a.not.in'],
    ['a?.b.c', 'a?.b.c'],
    ['a?.[0]', 'a?.[0]'],
    ['a[1:2]', 'a[1:2]'],
    ['a[:2]', 'a[:2]'],
    ['a[1:]', 'a[1:]'],
    ['a[:]', 'a[:]'],
    ['a.f(1)', 'a.f(1)'],
    ['f(1, 2,)', 'f(1, 2)'],
    ['::len(a)', 'len(a)'],
    ['[1, 2,]', '[1, 2]'],
    ['{a: 1, "b": 2, 3: 4, (c): 5,}', '{"a": 1, "b": 2, "3": 4, (c): 5}'],
    ['filter(a, .b > 1)', 'filter(a, { #.b > 1 })'],
    ['filter(a, {let x = #; x})', 'filter(a, { let x = #; x })'],
    ['map(a, {{"k": #}})', 'map(a, { {"k": #} })'],
    ['count(a)', 'count(a)'],
    ['count(a, #)', 'count(a, { # })'],
    ['sortBy(a, .b, "desc")', 'sortBy(a, { #.b }, "desc")'],
    ['010', '10'],
    ['0xFF', '255'],
    ['0b101', '5'],
    ['0o17', '15'],
    ['1_000', '1000'],
    ['9223372036854775807', '9223372036854775807'],
    ['1.', '1.0'],
    ['.5', '0.5'],
    ['1e3', '1000.0'],
    ['1E-3', '0.001'],
    ['"a\\n\\x41\\u00e9\\u{1F600}\\101\\""', '"a\\nAé😀A\\""'],
    ["'it\\'s'", '"it\'s"'],
    ['`a``b\\d`', '"a`b\\\\d"'],
    ['b"\\xff\\101é"', 'b"\\xff\\x41\\xc3\\xa9"'],
    ['$env["a.b"]', '$env["a.b"]'],
    ['größe == $x_1', 'größe == $x_1'],
    ['a // comment\n + b /* more */', 'a + b'],
    ['True and AND', 'True and AND'],
    ['\u00a0a\u3000', 'a'],
  ])('%s is read as %s', (source, expected) => {
    expect(grouping(source)).toBe(expected);
    expect(grouping(expected)).toBe(expected);
  });
});

describe('what is refused', () => {
  test.each([
    ['', 'unexpected_token', 0],
    ['  // nothing', 'unexpected_token', 11],
    ['a b', 'unexpected_token', 2],
    ['a +', 'unexpected_token', 2],
    ['(a', 'unexpected_token', 1],
    ['a)', 'unexpected_token', 1],
    ['[1, , 2]', 'unexpected_token', 4],
    ['[,]', 'unexpected_token', 1],
    ['{a 1}', 'unexpected_token', 3],
    ['{[1]: 1}', 'invalid_map_key', 1],
    ['a ?? b == c', 'mixed_coalesce', 7],
    ['a ?? b and c', 'mixed_coalesce', 7],
    ['a & b', 'unexpected_token', 2],
    ['a = b', 'unexpected_token', 2],
    ['a not b', 'unexpected_token', 6],
    ['a not == b', 'unexpected_token', 6],
    ['a | b', 'unexpected_token', 4],
    ['a | split(",")[0]', 'unexpected_token', 14],
    ['1a', 'invalid_number', 1],
    ['0b15', 'invalid_number', 3],
    ['0x', 'invalid_number', 1],
    ['1e', 'invalid_number', 1],
    ['9223372036854775808', 'invalid_number', 18],
    ['1e999', 'invalid_number', 4],
    ['"abc', 'unterminated_string', 4],
    ['"a\nb"', 'unterminated_string', 2],
    ['`abc', 'unterminated_string', 4],
    ['"\\d"', 'invalid_escape', 2],
    ['"\\\'"', 'invalid_escape', 2],
    ['"\\u12"', 'invalid_escape', 5],
    ['"\\u{}"', 'invalid_escape', 1],
    ['"\\u{110000}"', 'invalid_escape', 1],
    ['"\\ud800"', 'invalid_escape', 1],
    ['"\\400"', 'invalid_escape', 2],
    ['b"\\u0041"', 'invalid_escape', 3],
    ['/* a', 'unterminated_comment', 4],
    ['a @ b', 'unexpected_character', 2],
    ['#', 'pointer_outside_predicate', 0],
    ['.a', 'pointer_outside_predicate', 0],
    ['filter(a)', 'too_few_arguments', 8],
    ['filter(a, #, 1)', 'unexpected_token', 13],
    ['if a { b }', 'unexpected_token', 9],
    ['if a { b } else { c } + 1', 'unexpected_token', 22],
    ['1 + if a { b } else { c }', 'unexpected_token', 4],
    ['let x = 1', 'unexpected_token', 8],
    ['let x = 1;', 'unexpected_token', 9],
    ['1 + let x = 1; x', 'unexpected_token', 4],
    ['f(a; b)', 'unexpected_token', 3],
    ['[a; b]', 'unexpected_token', 2],
    ['(a;)', 'unexpected_token', 3],
    ['a.1', 'unexpected_token', 1],
    ['a."b"', 'unexpected_token', 4],
    ['1.foo', 'invalid_number', 2],
    ['a[]', 'unexpected_token', 2],
    ['a ? b', 'unexpected_token', 4],
  ])('%j: %s at %d', (source, code, offset) => {
    expect(() => parse(source)).toThrow(ExprSyntaxError);
    expect(() => parse(source)).toThrow(expect.objectContaining({ code, offset }));
  });

  test.each([
    ['1 +', 'unexpected token EOF (1:3)\n | 1 +\n | ..^'],
    ['a b', 'unexpected token Identifier("b") (1:3)\n | a b\n | ..^'],
    ['a ==\n\t"é" @ 2', 'unrecognized character: U+0040 \'@\' (2:6)\n |  "é" @ 2\n | .....^'],
    ['', 'unexpected token EOF'],
    ['"a', 'literal not terminated (1:3)\n | "a\n | ..^'],
    ['1a', 'bad number syntax: "1a" (1:2)\n | 1a\n | .^'],
    ['0x1.5', 'invalid hex literal: strconv.ParseInt: parsing "0x1.5": invalid syntax (1:5)\n | 0x1.5\n | ....^'],
    [
      'a ?? b > c',
      'Operator (>) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses. (1:8)\n | a ?? b > c\n | .......^',
    ],
    ['filter(a, b; c)', 'wrap predicate with brackets { and } (1:12)\n | filter(a, b; c)\n | ...........^'],
    // What cannot be cut into tokens is told where the parser comes so far, and not before.
    ['a b "c', 'unexpected token Identifier("b") (1:3)\n | a b "c\n | ..^'],
  ])('%j is refused with its place', (source, message) => {
    expect(() => parse(source)).toThrow(expect.objectContaining({ message }));
  });

  test('a line that is too long to show is not shown', () => {
    expect(() => parse(`${' '.repeat(2_000)}+`)).toThrow(/^unexpected token EOF \(1:2001\)$/);
  });

  test('the position counts lines and characters', () => {
    expect(() => parse('a ==\n "😀" @')).toThrow(expect.objectContaining({ offset: 11, line: 2, column: 6 }));
  });
});

describe('limits', () => {
  test('nesting ends in an error, not in an overflow', () => {
    for (const deep of [
      '('.repeat(30_000) + 'a' + ')'.repeat(30_000),
      '['.repeat(30_000),
      '!'.repeat(60_000) + 'a',
      '-'.repeat(60_000) + 'a',
      'a ? '.repeat(10_000),
      'f('.repeat(20_000),
      'if a {b} else '.repeat(4000),
      'let a = 1;'.repeat(6000),
      '2 ** '.repeat(10_000) + '2',
      '{a:'.repeat(10_000),
      'filter(a, '.repeat(6000),
      'a' + '.b'.repeat(4000),
      'a' + '[0]'.repeat(3000),
      '1' + '+1'.repeat(4000),
    ]) {
      expect(() => parse(deep)).toThrow(expect.objectContaining({ code: 'too_deep' }));
    }
  });

  test('a long chain of conditions is no nesting', () => {
    const source = Array.from({ length: 2000 }, (_, at) => `a == ${at}`).join(' or ');
    expect(parse(source).kind).toBe('binary');
    expect(print(parse(source)).length).toBeGreaterThan(source.length);
  });

  test('too many nodes', () => {
    expect(() => parse(`[${'1,'.repeat(MAX_NODES)}]`)).toThrow(expect.objectContaining({ code: 'too_many_nodes' }));
    expect(parse(`[${'1,'.repeat(MAX_NODES - 1)}]`).kind).toBe('array');
  });

  test('what stands twice in the tree counts twice', () => {
    let doubling = 'a';
    for (let level = 0; level < 40; level++) doubling = `b < (${doubling}) < c`;
    expect(() => parse(doubling)).toThrow(expect.objectContaining({ code: 'too_many_nodes' }));
  });

  test('a source that is too long', () => {
    expect(() => parse(' '.repeat(70_000))).toThrow(expect.objectContaining({ code: 'source_too_long' }));
  });
});

test('the tree is frozen and knows its place', () => {
  const tree = parse(' a.b == "x" ');
  expect(tree).toEqual({
    kind: 'binary',
    operator: '==',
    left: {
      kind: 'member',
      target: { kind: 'identifier', name: 'a', start: 1, end: 2, at: 1 },
      property: { kind: 'string', value: 'b', start: 3, end: 4, at: 3 },
      optional: false,
      start: 1,
      end: 4,
      at: 3,
    },
    right: { kind: 'string', value: 'x', start: 8, end: 11, at: 8 },
    start: 1,
    end: 11,
    at: 5,
  });
  expect(Object.isFrozen(tree) && tree.kind === 'binary' && Object.isFrozen(tree.left)).toBe(true);
});
