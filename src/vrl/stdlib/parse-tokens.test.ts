import { testCalls } from '../testing/run';
import { functions } from './parse-tokens';

describe('parse_tokens', () => {
  testCalls(functions, [
    [
      'parse_tokens',
      ['217.250.207.207 - - [07/Sep/2020:16:38:00 -0400] "DELETE /x HTTP/1.1" 205 11881'],
      ['217.250.207.207', null, null, '07/Sep/2020:16:38:00 -0400', 'DELETE /x HTTP/1.1', '205', '11881'],
    ],
    ['parse_tokens', ['"a \\" b" [c \\] d] "" []  '], ['a \\" b', 'c \\] d', null, null]],
    ['parse_tokens', ['a\tb'], ['a', 'b']],
    ['parse_tokens', ['a "open b'], ['a', '"open b']],
    ['parse_tokens', ['a "\\x" b'], ['a', '"\\x" b']],
    ['parse_tokens', ['a"b" c'], ['a', 'b', 'c']],
    ['parse_tokens', ['"a"b'], ['a', 'b']],
    ['parse_tokens', ['x=[y z][w]-'], ['x=', 'y z', 'w', null]],
    ['parse_tokens', ['a"b'], ['a', '"b']],
    ['parse_tokens', [' a b'], [' a b']],
    ['parse_tokens', [''], []],
  ]);
});
