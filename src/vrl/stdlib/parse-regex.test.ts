import { compileRegex } from '../regex';
import { error, testCalls } from '../testing/run';
import { functions } from './parse-regex';

const r = compileRegex;

describe('parse_regex', () => {
  testCalls(functions, [
    ['parse_regex', ['first group and second', r('(?P<number>.*?) group')], { number: 'first' }],
    ['parse_regex', ['ab', r('(?P<x>a)|(?P<y>b)')], { x: 'a', y: null }],
    ['parse_regex', ['ab', r('(a)(?P<x>b)'), true], { 0: 'ab', 1: 'a', 2: 'b', x: 'b' }],
    ['parse_regex', ['b', r('(a)?(b)'), true], { 0: 'b', 1: 'b' }],
    ['parse_regex', ['b', r('b')], {}],
    ['parse_regex', ['x', r('(?P<__proto__>x)')], JSON.parse('{"__proto__":"x"}')],
    ['parse_regex', ['c', r('(a)')], error('could not find any pattern matches')],
  ]);
});

describe('parse_regex_all', () => {
  testCalls(functions, [
    [
      'parse_regex_all',
      ['a1 b2', r('(?P<l>[a-z])(?P<d>\\d)')],
      [
        { l: 'a', d: '1' },
        { l: 'b', d: '2' },
      ],
    ],
    [
      'parse_regex_all',
      ['a1 b2', r('([a-z])'), true],
      [
        { 0: 'a', 1: 'a' },
        { 0: 'b', 1: 'b' },
      ],
    ],
    ['parse_regex_all', ['xyz', r('(?P<d>\\d)')], []],
    ['parse_regex_all', [12, r('a')], error('expected string, got integer')],
  ]);
});
