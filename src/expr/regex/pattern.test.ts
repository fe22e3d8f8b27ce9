import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isAnchored } from './analysis';
import { Automaton } from './automaton';
import { nativeSource } from './native';
import { parsePattern } from './parser';
import { compilePattern, PatternError } from './pattern';
import { compileProgram } from './program';
import { requiredTexts } from './required-texts';

/** Every way a pattern can be run; they have to agree. */
function answers(pattern: string, text: string): boolean[] {
  const root = parsePattern(pattern);
  return [
    compilePattern(pattern).test(text),
    pattern.includes('\\B') ? compilePattern(pattern).test(text) : new RegExp(nativeSource(root)).test(text),
    new Automaton(compileProgram(root), isAnchored(root)).test(text),
  ];
}

describe('compilePattern', () => {
  test.each([
    ['', '', true],
    ['', 'abc', true],
    ['abc', 'xabcx', true],
    ['abc', 'ab', false],
    ['^abc$', 'abc', true],
    ['^abc$', 'abc\n', false],
    ['^abc$', 'x\nabc', false],
    ['\\Aabc\\z', 'abc', true],
    ['\\Aabc\\z', 'abc\n', false],
    ['(?m)^abc$', 'x\nabc\ny', true],
    ['(?m)^abc$', 'x\rabc\ry', false],
    ['(?m)^abc$', 'x\u2028abc\u2028y', false],
    ['(?m)x$', 'x\n', true],
    ['(?m)^$', 'a\n\nb', true],
    ['(?m)^$', 'a\nb', false],
    ['(?m)^$', 'a\n', true],
    ['(?m)a$\n^b', 'a\nb', true],
    ['(?m)(a$)b', 'ab', false],
    ['(?m:^b)', 'a\nb', true],
    ['(?m:^)b$', 'a\nb', true],
    ['a.c', 'abc', true],
    ['a.c', 'a\nc', false],
    ['a.c', 'a\rc', true],
    ['a.c', 'a\u2028c', true],
    ['a.c', 'a😀c', true],
    ['a..c', 'a😀c', false],
    ['(?s)a.c', 'a\nc', true],
    ['(?s:a.)c.', 'a\ncx', true],
    ['(?i)abc', 'xABCx', true],
    ['(?i)abc', 'xAbx', false],
    ['(?i:a)bc', 'Abc', true],
    ['(?i:a)bc', 'ABC', false],
    ['a(?i)b', 'aB', true],
    ['a(?i)b', 'AB', false],
    ['a(?i)b|c', 'C', true],
    ['(a(?i)b)c', 'aBC', false],
    ['(?i)k', '\u212a', true],
    ['(?i)ß', 'ẞ', true],
    ['(?i)ß', 'ss', false],
    ['(?i)σ', 'ς', true],
    ['(?i)é', 'É', true],
    ['(?i)[à-ý]', 'É', true],
    ['(?i)[^a]', 'A', false],
    ['(?i)\\w', 'ſ', true],
    ['\\w', 'ſ', false],
    ['(?i)i', 'İ', false],
    ['(?-i)a', 'A', false],
    ['(?i)(?-i:a)b', 'aB', true],
    ['(?i)(?-i:a)b', 'Ab', false],
    ['(?U)a+?b', 'aab', true],
    ['(?)a', 'a', true],
    ['\\d+', '٣', false],
    ['^\\d+$', '123', true],
    ['^\\D+$', 'a٣', true],
    ['^\\w+$', 'a_9', true],
    ['^\\w+$', 'é', false],
    ['\\s', '\v', false],
    ['\\s', '\u00a0', false],
    ['^\\s+$', '\t\n\f\r ', true],
    ['^\\S$', '\v', true],
    ['[[:space:]]', '\v', true],
    ['^[[:alpha:]]+$', 'aZ', true],
    ['^[[:^alpha:]]+$', '12', true],
    ['^[[:alnum:]_-]+$', 'a-1_', true],
    ['^[[:xdigit:]]+$', 'fF09', true],
    ['^[[:punct:]]+$', '!@[_~', true],
    ['^[^[:space:]]+$', 'a b', false],
    ['\\bfoo\\b', 'a foo b', true],
    ['\\bfoo\\b', 'afoo b', false],
    ['\\bé', 'é', false],
    ['\\Boo', 'foo', true],
    ['\\B', '', true],
    ['\\B', 'a😀a', false],
    ['\\B', 'a😀😀a', true],
    ['\\b', '', false],
    ['\\pL', 'é', true],
    ['\\p{Greek}', 'α', true],
    ['\\p{Greek}', 'a', false],
    ['\\P{Greek}', 'a', true],
    ['\\p{^Greek}', 'α', false],
    ['[\\p{Lu}\\d]', '5', true],
    ['^\\p{Lu}$', 'é', false],
    ['(?i)^\\p{Lu}$', 'é', true],
    ['\\p{Any}', '\u{10ffff}', true],
    ['^\\p{So}$', '😀', true],
    ['^\\p{Han}+$', '漢字𠀀', true],
    ['^\\p{Co}$', '\u{f0000}', true],
    ['\\Qa.b*\\E+', 'a.b***', true],
    ['\\Qa.b', 'axb', false],
    ['\\Qa.b', 'a.b', true],
    ['\\x41\\x{1F600}', 'A😀', true],
    ['\\101\\07', 'A\x07', true],
    ['\\.\\*\\_\\-\\/\\"', '.*_-/"', true],
    ['[]a]', ']', true],
    ['[^]a]', ']', false],
    ['[a-]', '-', true],
    ['[-a]', '-', true],
    ['[\\]\\-\\\\]', '\\', true],
    ['[\\d-z]', '-', true],
    ['[[:foo]', ':', true],
    ['[a-c😀-😂]', '😁', true],
    ['[^😀]', '😀', false],
    ['^[^😀]$', '😂', true],
    ['^[^a]$', '😂', true],
    ['^[^b]+[^a]+$', '😂', false],
    ['^[^b]+[^a]+$', '😂😂', true],
    ['^.{2}$', '😀é', true],
    ['a{2,3}b', 'aab', true],
    ['^a{2,3}$', 'aaaa', false],
    ['^a{2}$', 'aa', true],
    ['^a{2,}$', 'aaaaa', true],
    ['a{,2}', 'a{,2}', true],
    ['a{x', 'a{x', true],
    ['a{01}', 'a{01}', true],
    ['x{0}', '', true],
    ['(?P<user>\\w+)@(?P<host>\\w+)', 'bob@x', true],
    ['(?<user>b)', 'b', true],
    ['a||b', '', true],
    ['(|a)+b', 'aab', true],
    ['(a*)*b', 'aab', true],
    ['(a*)+$', 'b', true],
    ['^*a', 'ba', true],
    ['(?:(?i)A)b', 'ab', true],
    ['GET|POST', 'a POST b', true],
    ['user=(\\w+) failed', 'x user=bob failed', true],
    ['^(\\S+) \\S+ \\[([^\\]]+)\\] "(\\S+) .*" (\\d{3})$', '1.2.3.4 - [now] "GET / HTTP" 200', true],
  ])('%j on %j is %s', (pattern, text, expected) => {
    expect(answers(pattern, text)).toEqual([expected, expected, expected]);
  });

  test.each([
    ['(', 0],
    [')', 0],
    ['a)', 1],
    ['[a', 0],
    ['[]', 0],
    ['[b-a]', 1],
    ['[[:foo:]]', 1],
    ['*', 0],
    ['a|*', 2],
    ['(*)', 1],
    ['a**', 2],
    ['a*+', 2],
    ['a+{2}', 2],
    ['a{1001}', 1],
    ['a{3,2}', 1],
    ['(a{100}){100}', 8],
    ['(?=a)', 0],
    ['a(?!b)', 1],
    ['(?<=a)b', 0],
    ['(?<!a)b', 0],
    ['(a)\\1', 3],
    ['\\8', 0],
    ['\\k<n>', 0],
    ['(?P=n)', 0],
    ['(?P=n)', 0],
    ['(?P<a-b>x)', 0],
    ['(?x)a', 0],
    ['(?i', 0],
    ['(?-)', 0],
    ['(?>a)', 0],
    ['\\', 0],
    ['\\y', 0],
    ['\\Z', 0],
    ['\\C', 0],
    ['\\xg', 0],
    ['\\x{110000}', 0],
    ['\\x{}', 0],
    ['\\pX', 0],
    ['\\p{Emoji}', 0],
    ['\\p{Greek', 0],
    ['[a-\\d]', 3],
    ['[\\b]', 1],
    ['('.repeat(300) + ')'.repeat(300), 200],
  ])('%j is refused at offset %d', (pattern, offset) => {
    expect(() => compilePattern(pattern)).toThrow(PatternError);
    expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ offset }));
  });

  // Written so that the host's own expressions (with the u flag) mean the same by it.
  const atom = fc.constantFrom(
    'a',
    'b',
    'c',
    ' ',
    '\\n',
    '.',
    '[ab]',
    '[^a]',
    '\\w',
    '\\W',
    '😀',
    '[^😀]',
    '[a😀-😂]',
    '^',
    '$',
    '\\b',
  );
  const { pattern: patterns } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
    pattern: fc
      .array(
        fc.array(tie('part'), { maxLength: 4 }).map((parts) => parts.join('')),
        { minLength: 1, maxLength: 3 },
      )
      .map((options) => options.join('|')),
    part: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      atom,
      tie('pattern').map((inner) => `(?:${inner})`),
      fc
        .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}', '*?', '+?'))
        .map(([inner, counts]) => `(?:${inner})${counts}`),
    ),
  }));
  const texts = fc
    .array(fc.constantFrom('a', 'b', 'c', ' ', '\n', '😀', '😂', 'é'), { maxLength: 8 })
    .map((parts) => parts.join(''));

  test('every engine answers as the host does', () => {
    fc.assert(
      fc.property(patterns, fc.array(texts, { minLength: 1, maxLength: 6 }), (pattern, subjects) => {
        fc.pre(pattern.length < 80);
        const host = new RegExp(pattern, 'u');
        for (const text of subjects) {
          const expected = host.test(text);
          const given = answers(pattern, text);
          if (given.some((answer) => answer !== expected)) {
            expect({ pattern, text, given }).toEqual({ pattern, text, given: [expected, expected, expected] });
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('what is required is in every text that matches', () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        fc.pre(pattern.length < 80);
        const required = requiredTexts(pattern);
        if (compilePattern(pattern).test(text)) expect(required.filter((part) => !text.includes(part))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('any text compiles or is refused', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab(){}[]|*+?.^$\\-,:=!<>PiQE019xpL{ \n😀'), maxLength: 30 }),
        (pattern) => {
          try {
            compilePattern(pattern).test('ab(){}😀\n019');
          } catch (error) {
            expect(error).toBeInstanceOf(PatternError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('requiredTexts', () => {
  test.each([
    ['user=(\\w+) failed', [' failed', 'user=']],
    ['abc', ['abc']],
    ['a.b', ['a', 'b']],
    ['(?i)abc', []],
    ['ab*c', ['a', 'c']],
    ['ab+c', ['a', 'c', 'b']],
    ['(abc)+', ['abc']],
    ['(abc)?', []],
    ['abc|abd', []],
    ['^abc$', ['abc']],
    ['x(abc)y', ['abc', 'x', 'y']],
    ['[a]b', ['ab']],
    ['a{0}', []],
  ])('of %j', (pattern, expected) => {
    expect([...requiredTexts(pattern)].sort()).toEqual([...expected].sort());
  });
});

describe('hostile patterns', () => {
  const long = 'a'.repeat(60_000);
  test.each([
    ['^(a+)+$', `${long}!`],
    ['(a*)*b', long],
    ['(a|a)*b', long],
    ['(a|aa)+$', `${long}!`],
    ['a*a*a*a*b', long],
    ['x.*y.*z', 'xy'.repeat(30_000)],
    ['error.*timeout', `timeout ${'error '.repeat(10_000)}`],
    [`${'a?'.repeat(60)}${'a'.repeat(60)}$`, 'a'.repeat(59)],
    [`${'(a|a)'.repeat(40)}$`, `${'a'.repeat(200)}b`],
    ['(?:a{0,20}){0,20}b', long],
    ['(?m)^(a+)+$', `${long}!`],
    ['((a{0,30}){0,30})b', long],
    ['.*.*=.*', long],
    ['a{1000}b', long],
  ])('%j ends on long text', (pattern, text) => {
    // The time that jest allows is the bound: backtracking would take years.
    expect(compilePattern(pattern).test(text)).toBe(false);
  });

  test('patterns as long as a source may be compile or are refused', () => {
    for (const part of ['\\p{Lu}', '(?i)é', '[ab]', 'ab?', '(a|b)', 'a{9}', '(?i:[à-ý])', 'a.', '[^\\pL]', '\\W*']) {
      const pattern = part.repeat(65_536 / part.length);
      try {
        compilePattern(pattern).test(long);
      } catch (error) {
        expect(error).toBeInstanceOf(PatternError);
      }
    }
  });
});
