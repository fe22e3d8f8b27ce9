import { quotedText } from './quoted-text';

test.each([
  ['plain', '"plain"'],
  ['say "x"\\', '"say \\"x\\"\\\\"'],
  ["it's", '"it\'s"'],
  ['a\nb\r\t\0', '"a\\nb\\r\\t\\0"'],
  ['é€😀', '"é€😀"'],
  ['\u0001\u007f\u00ad\u200b\ufeff', '"\\u{1}\\u{7f}\\u{ad}\\u{200b}\\u{feff}"'],
  ['a b\u00a0\u2028', '"a b\\u{a0}\\u{2028}"'],
  ['x\u0301', '"x\\u{301}"'],
])('%j is quoted as %s', (text, expected) => expect(quotedText(text)).toBe(expected));
