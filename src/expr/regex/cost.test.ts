import { expect, test } from '@jest/globals';
import { backtrackingCost } from './cost';
import { parsePattern } from './parser';

test.each([
  ['abc', 1, 0],
  ['^abc', 0, 0],
  ['a+b', 2, 0],
  ['^a+b', 1, 0],
  ['^a+a', 1, 0],
  ['^a+a*b', 2, 0],
  ['^a+b+c+$', 1, 0],
  ['a.*b', 2, 0],
  ['a.*b.*c', 3, 0],
  ['^(\\S+) (\\S+) \\[([^\\]]+)\\] "(\\S+) [^"]*"$', 1, 0],
  ['^\\w+\\.?\\w+$', 2, 1],
  ['^\\d+(?: \\d+)?$', 1, 1],
  ['^(?:a|b)c', 0, 1],
  ['^\\d{4}-\\d{2}', 0, 3],
  ['a?b?', 1, 2],
  ['(a+)+', Infinity, Infinity],
  ['(a|b)*', Infinity, Infinity],
  ['(ab)*', 2, 0],
  ['(?:a+){3}', 4, Math.log2(3)],
])('cost of %j', (pattern, degree, bits) => {
  expect(backtrackingCost(parsePattern(pattern))).toEqual({ degree, bits });
});
