import fc from 'fast-check';
import { OnigRegex } from './onig-regex';
import { OnigSyntaxError } from './tree';

/** The groups of the first match, the whole match first. */
function groups(pattern: string, text: string): readonly (string | undefined)[] | null {
  return new OnigRegex(pattern).exec(text);
}

describe('Oniguruma syntax', () => {
  test.each<[string, string, (string | undefined)[] | null]>([
    ['abc', 'xabcx', ['abc']],
    ['a|ab|abc', 'abc', ['a']],
    ['(a+)(a+)?', 'aaa', ['aaa', 'aaa', undefined]],
    ['a+?b', 'aaab', ['aaab']],
    ['(?<x>\\d+)-(?<y>\\w+)', 'a 12-é3', ['12-é3', '12', 'é3']],
    ['(?<x>a)(b)', 'ab', ['ab', 'a']],
    ['^b$', 'a\nb\nc', ['b']],
    ['\\Ab', 'a\nb', null],
    ['b\\Z', 'a\nb\n', ['b']],
    ['b\\z', 'a\nb\n', null],
    ['a.b', 'a\nb', null],
    ['(?m)a.b', 'a\nb', ['a\nb']],
    ['(?m:a.)b.', 'a\nb\n', null],
    ['(?i)ÄB', 'äb', ['äb']],
    ['(?i:a)b', 'Ab', ['Ab']],
    ['(?x) a  # comment\n b', 'ab', ['ab']],
    ['\\h+', 'xyfF09g', ['fF09']],
    ['[[:alpha:]&&[^a-c]]+', 'abcdefg1', ['defg']],
    ['[a-c[x-z]]+', '-axz', ['axz']],
    ['[]a]+', '-]a', [']a']],
    ['[a-]+', 'x-a', ['-a']],
    ['[\\]\\-\\\\]+', 'x]-\\', [']-\\']],
    ['\\x41\\u0042\\x{1F600}', 'AB😀', ['AB😀']],
    ['.', '😀', ['😀']],
    ['[^a]', '😀', ['😀']],
    ['\\p{Lu}\\p{^Lu}\\P{Lu}', 'Abc', ['Abc']],
    ['a{2,3}', 'aaaa', ['aaa']],
    ['a{2}', 'aaaa', ['aa']],
    ['(?:ab){,2}c', 'abababc', ['ababc']],
    ['a{x}', 'a{x}', ['a{x}']],
    ['(?>a+)ab', 'aaab', null],
    ['(?>a|ab)c', 'abc', null],
    ['(?>(a))b|ac', 'ac', ['ac', undefined]],
    ['(?=(a))ab|ac', 'ac', ['ac', undefined]],
    ['(?!(a)b)ac', 'ac', ['ac', undefined]],
    ['a++b', 'aaab', ['aaab']],
    ['a++ab', 'aaab', null],
    ['(?:ab)*+a', 'ababa', ['ababa']],
    ['(?=ab)a', 'xab', ['a']],
    ['a(?!b).', 'abac', ['ac']],
    ['(?<=a)b', 'bab', ['b']],
    ['(?<!a|ä)b', 'abäbcb', ['b']],
    ['(?<=ab|c)d', 'abd', ['d']],
    ['(a)(?=(b))b', 'ab', ['ab', 'a', 'b']],
    ['(\\w)\\1', 'abcc', ['cc', 'c']],
    ['(?<q>[\'"]).*?\\k<q>', "x'a\"b'", ["'a\"b'", "'"]],
    ['\\bfoo\\b', 'a foo b', ['foo']],
    ['\\Boo', 'foo', ['oo']],
    ['a(?#comment)b', 'ab', ['ab']],
    ['\\R', '\r\n', ['\r\n']],
    ['(?:a*)*b', 'aab', ['aab']],
    ['(?:a|b*)*c', 'abbac', ['abbac']],
    ['(a*)+', 'b', ['', '']],
    ['', 'x', ['']],
  ])('%s on %j', (pattern, text, expected) => expect(groups(pattern, text)).toEqual(expected));

  test.each([
    '(',
    ')',
    '[a',
    'a**(',
    '*a',
    '\\',
    '(?<a',
    '(?<=a+)b',
    '\\k<x>',
    '[b-a]',
    '\\p{Nope}',
    'a{100001}',
    '(?y)',
  ])('refuses %s', (pattern) => expect(() => new OnigRegex(pattern)).toThrow(OnigSyntaxError));

  test.each([
    '('.repeat(10_000),
    '['.repeat(10_000),
    '(?:(?:ab){1000}){1000}',
    '(?:(?:){99999}){99999}',
    'a*'.repeat(60_000),
  ])('refuses oversized patterns (%#)', (pattern) => expect(() => new OnigRegex(pattern)).toThrow(OnigSyntaxError));
});

test('matches what the engine matches', () => {
  const atom: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\b'),
      fc.tuple(tie('node'), tie('node')).map(([x, y]) => x + y),
      fc.tuple(tie('node'), tie('node')).map(([x, y]) => `(?:${x}|${y})`),
      fc
        .tuple(tie('node'), fc.constantFrom('*', '+', '?', '*?', '+?', '??', '{1,2}', '{2,}?'))
        .map(([x, q]) => `(?:[ab]${x})${q}`),
      tie('node').map((x) => `(${x})`),
      tie('node').map((x) => `(?=${x})`),
      tie('node').map((x) => `(?!${x})`),
    ),
  })).node;
  const subject = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 8 });
  fc.assert(
    fc.property(atom, subject, subject, (pattern, other, text) => {
      const expected = new RegExp(pattern).exec(text);
      const regex = new OnigRegex(pattern);
      // Nothing of one search must be left for the next.
      regex.exec(other);
      const actual = regex.exec(text);
      // Groups keep what earlier rounds of a repetition found, in JavaScript they do not: only the whole match counts.
      expect(actual?.[0]).toBe(expected?.[0]);
    }),
    { numRuns: 1200 },
  );
});

test.each([
  ['^(a+)+$', `${'a'.repeat(50_000)}!`],
  ['(?:a*)*b', 'a'.repeat(50_000)],
  ['(.*) (.*) (.*) (.*) END', 'x '.repeat(10_000)],
  ['(.*?) (.*?) (.*?) (.*?) END', 'x '.repeat(10_000)],
  ['(?<![0-9])(?:\\S+\\s*)+(?![0-9])END', 'x1 '.repeat(10_000)],
  ['(?>a*)*b', 'a'.repeat(2_000)],
  ['(\\w+)\\s\\1x', 'ab '.repeat(2_000)],
  ['.*x', '😀'.repeat(20_000)],
])('ends soon: %s', (pattern, text) => expect(groups(pattern, text)).toBeNull());
