import { compileRegex, expandReplacement, matchAll, parseReplacement, RegexSyntaxError } from './index';

describe('matches as Rust does', () => {
  test.each<[string, string, (string | undefined)[] | null]>([
    ['a.c', 'xabc', ['abc']],
    ['a.c', 'a\nc', null],
    ['(?s)a.c', 'a\nc', ['a\nc']],
    ['a.c', 'a😀c', ['a😀c']],
    ['^.$', '😀', ['😀']],
    ['^.{2}$', '😀é', ['😀é']],
    ['[^a]', '😀', ['😀']],
    ['[😀-😂]+', 'x😁😂y', ['😁😂']],
    ['\\d+', 'x٣4', ['٣4']],
    ['(?-u:\\d)+', '٣4', ['4']],
    ['\\w+', '-été-', ['été']],
    ['\\w+', '-日本-', ['日本']],
    ['\\s', 'a\u00a0b', ['\u00a0']],
    ['\\bx', 'éx x', ['x']],
    ['(?i)straße', 'STRAẞE', ['STRAẞE']],
    ['(?i)k', '\u212a', ['\u212a']],
    ['(?i)[^k]', '\u212ax', ['x']],
    ['(?i:A)b', 'ab', ['ab']],
    ['(?i:A)b', 'aB', null],
    ['(?i)σ', 'ς', ['ς']],
    ['x(?i)y', 'XY', null],
    ['(?P<year>\\d{4})-(?<m>\\d\\d)', 'on 1999-12', ['1999-12', '1999', '12']],
    ['a|ab', 'ab', ['a']],
    ['(a)|b', 'b', ['b', undefined]],
    ['a$', 'a\n', null],
    ['(?m)^b$', 'a\nb\nc', ['b']],
    ['(?m)a$', 'a\r\n', null],
    ['(?mR)a$', 'a\r\n', ['a']],
    ['\\Aab\\z', 'ab', ['ab']],
    ['(?x) a b # comment\n c', 'abc', ['abc']],
    ['(?x)[ a ]\\ b', 'a b', ['a b']],
    ['(?U)a+', 'aaa', ['a']],
    ['(?U)a+?', 'aaa', ['aaa']],
    ['a{2,}', 'aaaa', ['aaaa']],
    ['[a-z&&[^aeiou]]+', 'aeibcd', ['bcd']],
    ['[a-z--aeiou]+', 'aeibcd', ['bcd']],
    ['[a-c~~b-d]+', 'bcad', ['ad']],
    ['[[:alpha:]_]+', '1a_b', ['a_b']],
    ['[]a]+', 'x]a', [']a']],
    ['[-a]+', 'x-a', ['-a']],
    ['\\p{Greek}+', 'abγδ', ['γδ']],
    ['\\p{Lu}', 'aB', ['B']],
    ['\\pL+', '1é', ['é']],
    ['\\P{L}', 'é1', ['1']],
    ['\\x41\\x{42}\\u0043', 'ABC', ['ABC']],
    ['\\.\\-\\/', '.-/', ['.-/']],
    ['a**', 'aa', ['aa']],
    ['(?:a|b)+c', 'abac', ['abac']],
    ['\\<ab\\>', 'cab ab', ['ab']],
    ['', 'x', ['']],
  ])('%s on %j', (pattern, subject, expected) => {
    const match = compileRegex(pattern).exec(subject);
    expect(match === null ? null : [...match]).toEqual(expected);
    expect(compileRegex(pattern).test(subject)).toBe(expected !== null);
  });
});

describe('refuses what Rust refuses', () => {
  test.each([
    ['(?=a)', 0],
    ['(?<!a)', 0],
    ['(a)\\1', 3],
    ['a(', 1],
    ['a)', 1],
    ['*a', 0],
    ['a{', 1],
    ['a{2,1}', 1],
    ['[a', 0],
    ['[z-a]', 1],
    ['\\q', 0],
    ['(?<n>a)(?<n>b)', 10],
    ['\\p{NoSuch}', 0],
    ['(?z)a', 2],
    ['(((a{1000}){1000}){1000})', 0],
    ['('.repeat(300), 250],
  ])('%s', (pattern, position) => {
    expect(() => compileRegex(pattern)).toThrow(RegexSyntaxError);
    try {
      compileRegex(pattern);
    } catch (error) {
      expect((error as RegexSyntaxError).position).toBe(position);
    }
  });
});

test('names groups by number', () => {
  expect(compileRegex('(?<a>x)(y)(?P<b.c>z)').groupNames).toEqual([null, 'a', null, 'b.c']);
});

describe('all matches', () => {
  test.each([
    ['a', 'banana', ['a', 'a', 'a']],
    ['x*', 'axb', ['', 'x', '']],
    ['', '😀', ['', '']],
  ])('%s in %s', (pattern, text, expected) => {
    expect([...matchAll(compileRegex(pattern), text)].map((match) => match[0])).toEqual(expected);
  });
});

describe('replacement text', () => {
  test.each([
    ['[$1]', '[a]'],
    ['$1b', ''],
    ['${1}b', 'ab'],
    ['$$1', '$1'],
    ['${second}$first', 'ca'],
    ['$', '$'],
    ['$9', ''],
    ['a$-', 'a$-'],
  ])('%s', (template, expected) => {
    const regex = compileRegex('(?<first>a)(?<second>c)');
    const match = regex.exec('ac');
    expect(match && expandReplacement(parseReplacement(template), match, regex)).toBe(expected);
  });
});
