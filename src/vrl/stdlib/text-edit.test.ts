import * as fc from 'fast-check';
import { compileRegex } from '../regex';
import { error, testCalls } from '../testing/run';
import { functions } from './text-edit';
import { stripAnsi } from './text/ansi';
import { splitText } from './text/split';

const r = compileRegex;
const bytes = (...values: number[]) => new Uint8Array(values);

describe('join', () => {
  testCalls(functions, [
    ['join', [['bring', 'us', 'together']], 'bringustogether'],
    ['join', [['a', 'b'], ', '], 'a, b'],
    ['join', [[], ', '], ''],
    ['join', [['a', bytes(0xff)], '-'], 'a-\ufffd'],
    ['join', [['a', 1]], error('all array items must be strings')],
    ['join', [['a', null]], error('all array items must be strings')],
    ['join', [['a', ['b']]], error('all array items must be strings')],
  ]);
});

describe('replace', () => {
  testCalls(functions, [
    ['replace', ['I like apples', 'a', 'A'], 'I like Apples'],
    ['replace', ['I like apples', r('[aeiou]'), 'x', 2], 'I lxkx apples'],
    ['replace', ['aaa', 'a', 'b', 0], 'aaa'],
    ['replace', ['aaa', 'a', 'b', 1], 'baa'],
    ['replace', ['aaa', r('a'), 'b', 0], 'aaa'],
    ['replace', ['ab', '', '-'], '-a-b-'],
    ['replace', ['ab', r(''), '-'], '-a-b-'],
    ['replace', ['😀b', '', '-'], '-😀-b-'],
    ['replace', ['foo123bar', r('foo(?P<num>\\d+)bar'), '$num ${num} $$1 $2 $0'], '123 123 $1  foo123bar'],
    ['replace', ['foo', 'o', '$0'], 'f$0$0'],
    ['replace', ['none', 'x', 'y'], 'none'],
  ]);
});

describe('sieve keeps what the pattern permits', () => {
  testCalls(functions, [
    ['sieve', ['test123%456.ab', r('[a-z0-9.]')], 'test123456.ab'],
    ['sieve', ['test123%456.éà.ab', r('[a-z.0-9]'), 'X', '<GONE>'], 'test123X456.<GONE>.ab'],
    ['sieve', ['aéb', r('[a-z]'), 'X', 'YY'], 'aYYb'],
    ['sieve', ['ab%%', r('[a-z]'), 'X', 'Y'], 'ab'],
    ['sieve', ['%', r('[a-z]')], ''],
  ]);
});

describe('slice', () => {
  testCalls(functions, [
    ['slice', ['foobar', 3], 'bar'],
    ['slice', ['foobar', 1, 3], 'oo'],
    ['slice', ['foobar', -3], 'bar'],
    ['slice', ['foobar', 2, -2], 'ob'],
    ['slice', ['foobar', 3, 99], 'bar'],
    ['slice', ['éa', 2], 'a'],
    ['slice', ['éa', 1, 2], bytes(0xa9)],
    ['slice', [[1, 2, 3], 1], [2, 3]],
    ['slice', [[1, 2, 3], -2, -1], [2]],
    ['slice', [[1, 2, 3], 3], []],
    ['slice', ['foo', 4], error('"start" must be between "-3" and "3"')],
    ['slice', ['foo', -4], error('"start" must be between "-3" and "3"')],
    ['slice', ['foo', 2, 1], error('"end" must be greater or equal to "start"')],
  ]);
});

describe('split', () => {
  testCalls(functions, [
    ['split', ['apples and pears', ' and '], ['apples', 'pears']],
    ['split', ['a,b,c', ',', 2], ['a', 'b,c']],
    ['split', ['a,b,c', ',', 1], ['a,b,c']],
    ['split', ['a,b,c', ',', 0], []],
    ['split', ['a,b,c', ',', -1], []],
    ['split', ['a1b22c', r('\\d')], ['a', 'b', '', 'c']],
    ['split', ['a1b22c', r('\\d+'), 2], ['a', 'b22c']],
    ['split', ['ab', ''], ['', 'a', 'b', '']],
    ['split', ['ab', '', 2], ['', 'ab']],
    ['split', ['ab', r('')], ['', 'a', 'b', '']],
    ['split', ['', ','], ['']],
  ]);

  test('parts put together again are the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ minLength: 1, maxLength: 2 }),
        fc.nat(5),
        (s, sep, n) => {
          expect(splitText(s, sep, n + 1).join(sep)).toBe(s);
        },
      ),
    );
  });
});

describe('strip_ansi_escape_codes', () => {
  testCalls(functions, [
    ['strip_ansi_escape_codes', ['\x1b[3;4H\x1b[1;31mfoo\x1b[0m\tbar\n'], 'foobar\n'],
    ['strip_ansi_escape_codes', ['\x1b]0;title\x07text'], 'text'],
    ['strip_ansi_escape_codes', ['\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\'], 'link'],
    ['strip_ansi_escape_codes', ['a\x1b(Bb\x1bPq#1\x1b\\c'], 'abc'],
    ['strip_ansi_escape_codes', ['cut\x1b[3'], 'cut'],
    ['strip_ansi_escape_codes', ['a\x1b[1\x1b[2mb'], 'ab'],
  ]);

  test('nothing but newlines is left of control characters', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('\x1b', '[', ']', 'm', '\x07', '\n', 'P', '\\', 'é')), (parts) => {
        expect(stripAnsi(parts.join(''))).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
      }),
    );
  });
});

describe('ends of texts', () => {
  testCalls(functions, [
    ['strip_whitespace', [' \t\r\n\u3000 a b \u0085\u00a0'], 'a b'],
    ['strip_whitespace', ['\ufeffa'], '\ufeffa'],
    ['strip_whitespace', ['  '], ''],
    ['truncate', ['A rather long sentence.', 11], 'A rather lo'],
    ['truncate', ['A rather long sentence.', 8, '...'], 'A rather...'],
    ['truncate', ['short', 5, '...'], 'short'],
    ['truncate', ['😀é', 1, '!'], '😀!'],
    ['truncate', ['😀é', 2, '!'], '😀é'],
    ['truncate', ['a', -1], ''],
  ]);
});
