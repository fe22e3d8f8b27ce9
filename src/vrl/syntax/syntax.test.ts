import * as fc from 'fast-check';
import { anyCharacter } from '../testing/any-character';
import { parseProgram } from './parser';
import { printProgram } from './print';

/** The text of a program's tree with every operand of an operator in brackets, to show precedence. */
function shape(text: string): string {
  const { tree, errors } = parseProgram(text);
  expect(errors).toEqual([]);
  return printProgram(
    JSON.parse(JSON.stringify(tree), (_, node) => {
      if (node?.type !== 'binary') return node;
      const wrap = (inner: { type: string }) => (inner.type === 'binary' ? { type: 'group', inner } : inner);
      return { ...node, left: wrap(node.left), right: wrap(node.right) };
    }),
  );
}

describe('precedence', () => {
  test.each([
    ['1 + 2 * 3', '1 + (2 * 3)'],
    ['1 - 2 - 3', '(1 - 2) - 3'],
    ['a || b && c', '(a || b) && c'],
    ['a == b && c', '(a == b) && c'],
    ['a < 1 + 2', 'a < (1 + 2)'],
    ['f() ?? g() ?? 1', '(f() ?? g()) ?? 1'],
    ['a ?? b || c', 'a ?? (b || c)'],
    ['{} | {} == x', '({ } | { }) == x'],
    ['!a && b', '!a && b'],
    ['!!a', '!!a'],
  ])('%s', (text, expected) => expect(shape(text)).toBe(expected));
});

describe('forms', () => {
  test.each([
    ['.a.b[0]."c d"[-1]', '.a.b[0]."c d"[-1]'],
    ['.[0].a', '.[0].a'],
    ['%a', '%a'],
    ['%', '%'],
    ['."@x"', '.@x'],
    ['.@x.if.string', '.@x.if.string'],
    ['."0"', '."0"'],
    ['x.y', 'x.y'],
    ['f(1).a', 'f(1).a'],
    ['[1, 2,][0]', '[1, 2][0]'],
    ['{ "a": 1, }.a', '{ "a": 1 }.a'],
    ['a = b = 1', 'a = b = 1'],
    ['ok, err = f()', 'ok, err = f()'],
    ['_, .e = f()', '_, .e = f()'],
    ['. |= {}', '. |= { }'],
    ['f!(1, b: 2,)', 'f!(1, b: 2)'],
    ['f(\n1,\nnull: true\n)', 'f(1, null: true)'],
    ['f(.x) -> |k, _| { k }', 'f(.x) -> |k, _| {\nk\n}'],
    ['f(.x) -> || { 1 }', 'f(.x) -> || {\n1\n}'],
    ['if a { 1 }\nelse if b { 2 } else { 3 }', 'if a {\n1\n} else if b {\n2\n} else {\n3\n}'],
    ['if (a = 1; a == 1) { 2 }', 'if (a = 1; a == 1) {\n2\n}'],
    ['if (a) == b { 2 }', 'if (a) == b {\n2\n}'],
    ['abort', 'abort'],
    ['abort "x"', 'abort "x"'],
    ['return .a', 'return .a'],
    ['a = 1 +\n 2', 'a = 1 + 2'],
    ['a =\n 2', 'a = 2'],
    ['# comment\na # more\n# yet more\n\nb;\nc', 'a\nb\nc'],
    ['[\n1,\n2\n]', '[1, 2]'],
    ['{\n"a": 1,\n}', '{ "a": 1 }'],
    ['.a"b"[0]', '.a.b[0]'],
    ['f! (1)', 'f!(1)'],
    ['"a{{}}b{{ c"', '"ab"'],
    ['"{{\nb-c }}"', '"{{ b-c }}"'],
    ['"a{{ b }}c"', '"a{{ b }}c"'],
    ['"\\{{ b \\}}"', '"\\{\\{ b }}"'],
    ["s'a\\'b'", "s'a\\'b'"],
    ["r'a\\'b'", "r'a\\'b'"],
    ["t'2000-01-01T00:00:00Z'", "t'2000-01-01T00:00:00Z'"],
    ['1_000 -5 ', undefined],
    ['1_000', '1000'],
    ['-5', '-5'],
    ['1.', '1.0'],
    ['0tar', '0tar'],
    ['1e5', '1e5'],
    ['"a\\\n   b\\u{1F600}"', '"ab😀"'],
    ['string(.a)', 'string(.a)'],
  ])('%j', (text, expected) => {
    const { tree, errors } = parseProgram(text);
    expect(errors.length === 0 ? printProgram(tree) : undefined).toBe(expected);
  });
});

describe('mistakes', () => {
  test.each([
    ['1 +', [[204, 3]]],
    ['a b', [[203, 2]]],
    ['1-1', [[203, 1]]],
    ['x!=1', [[203, 1]]],
    ['a =-1', [[203, 2]]],
    [
      '(\n1)',
      [
        [203, 1],
        [203, 3],
      ],
    ],
    ['a\n+ b', [[203, 2]]],
    ['if = 1', [[203, 3]]],
    ['while = 1', [[205, 0]]],
    ['.1', [[203, 1]]],
    ['. a', [[203, 2]]],
    ['"a".b', [[203, 3]]],
    ['foo() .a', [[203, 6]]],
    ['if a {}', [[203, 6]]],
    ['@x', [[203, 0]]],
    ['9223372036854775808', [[206, 0]]],
    ['"abc', [[207, 0]]],
    ["r'abc", [[208, 0]]],
    ['"\\x"', [[209, 2]]],
    ['1;;', [[203, 2]]],
    ['1\n;2', [[203, 2]]],
    ['1 + # nothing', [[204, 3]]],
    ['.a.', [[203, 2]]],
    ['.a..b', [[203, 3]]],
    ['..a', [[203, 1]]],
    ['._', [[203, 1]]],
    ['if(a) { b }', [[203, 6]]],
    ['true!= a', [[203, 4]]],
    // Newlines stand behind commas, not before them.
    ['[1\n, 2]', [[203, 3]]],
    [
      '{ "a":\n1 }',
      [
        [203, 6],
        [203, 9],
      ],
    ],
    [
      '{ 1;; 2 }',
      [
        [203, 4],
        [203, 8],
      ],
    ],

    ['"\\u{D800}"', [[211, 1]]],
    ['a = $', [[203, 4]]],
    [
      'a = $\nb = 2\nc = ^',
      [
        [203, 4],
        [203, 16],
      ],
    ],
    // An operator that does not exist is the end of it.
    ['a = )\nb += 1\nc = )', [[203, 8]]],
    [
      'a = = 1\nb = 2\nc = )',
      [
        [203, 4],
        [203, 18],
      ],
    ],
    [
      '{ a = = 1\nb }\nc d',
      [
        [203, 6],
        [203, 12],
        [203, 16],
      ],
    ],
    ['('.repeat(400), [[202, 249]]],
    ['!'.repeat(400), [[202, 250]]],
    [`1${' + 1'.repeat(400)}`, []],
    [`1${' + 1'.repeat(700)}`, [[202, 2402]]],
    [`${'('.repeat(100)}1${`${' + 1'.repeat(50)})`.repeat(100)}`, [[202, 0]]],
  ])('%.40s', (text, expected) => {
    expect(parseProgram(text).errors.map((error) => [error.code, error.span.start])).toEqual(expected);
  });
  test('parsing goes on behind a mistake', () => {
    expect(printProgram(parseProgram('a = = 1\nb = 2').tree)).toBe('b = 2');
  });
});

describe('robustness', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ..."( ) [ ] { } , : ; . % _ & -> | || ?? = |= == ! + - * / < > \" ' \\ # \n a b 0 1 -1 1.5 \"x\" r'a' s'a' t'a' {{ }} if else true null abort return f( f!( .a @a any".split(
        ' ',
      ),
    ),
    fc.string({ unit: anyCharacter, maxLength: 3 }),
  );
  test('no text crashes the parser, and what it understands prints to text with the same tree', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom('', ' '), (pieces, glue) => {
        const { tree, errors } = parseProgram(pieces.join(glue));
        if (errors.length > 0) return;
        const printed = printProgram(tree);
        const again = parseProgram(printed);
        expect(again.errors).toEqual([]);
        expect(printProgram(again.tree)).toBe(printed);
      }),
      { numRuns: 1200 },
    );
  });
});
