import { error, f, testCalls } from '../testing/run';
import { functions } from './parse-yaml';

const bomb = [
  'a: &a [x,x,x,x,x,x,x,x,x,x]',
  ...'bcdefgh'.split('').map((c, i) => `${c}: &${c} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
].join('\n');

describe('parse_yaml', () => {
  testCalls(functions, [
    [
      'parse_yaml',
      ['id: 1\nf: 1.0\nb: true\nn: ~\nlist: [a, "1"]\nnested:\n  k: v\n'],
      { id: 1, f: f(1), b: true, n: null, list: ['a', '1'], nested: { k: 'v' } },
    ],
    ['parse_yaml', ['9223372036854775807'], 9223372036854775807n],
    ['parse_yaml', ['9223372036854775808'], f(9223372036854775808)],
    ['parse_yaml', ['1: a\ntrue: b'], { 1: 'a', true: 'b' }],
    ['parse_yaml', ['yes'], 'yes'],
    ['parse_yaml', ['.inf'], f(Infinity)],
    ['parse_yaml', ['a: &x {b: 1}\nc: *x'], { a: { b: 1 }, c: { b: 1 } }],
    ['parse_yaml', ['__proto__: {x: 1}'], JSON.parse('{"__proto__":{"x":1}}')],
    ['parse_yaml', ['{"json": [1]}'], { json: [1] }],
    ['parse_yaml', ['a: b: c'], error(/^unable to parse yaml: /)],
    ['parse_yaml', ['a\n---\nb'], error(/^unable to parse yaml: .*more than one document/)],
    ['parse_yaml', ['a: *x'], error(/^unable to parse yaml: /)],
    ['parse_yaml', [bomb], error('unable to parse yaml: repetition limit exceeded')],
    ['parse_yaml', ['a: 1\na: 2'], { a: 2 }],
    ['parse_yaml', ['[1,'], error(/^unable to parse yaml: .* at line 1 column 4$/)],
    ['parse_yaml', ['[a] '.repeat(250_000)], error(/^unable to parse yaml: Unexpected .* at line 1 column 5$/)],
    ['parse_yaml', ['"'.repeat(100_000)], error(/^unable to parse yaml: /)],
    ...['[', '{"a":', '- ', '? ', '{['].map((unit): [string, unknown[], unknown] => [
      'parse_yaml',
      [unit.repeat(10_000)],
      error('unable to parse yaml: recursion limit exceeded'),
    ]),
  ]);
});
