import fc from 'fast-check';
import { callFunction, error, testCalls } from '../testing/run';
import { functions as encoders } from './encode-key-value';
import { functions } from './parse-key-value';

const kv = (line: string, ...options: unknown[]) => ['parse_key_value', [line, ...options]] as const;

/** Where a delimiter between key and value was looked for in vain. */
function tagMissing(line: string, at: number, number = 1): string {
  const place = `:\n${line}\n${' '.repeat(at)}^\n\n`;
  return `0: at line ${number}, in Tag${place}1: at line ${number}, in ManyMN${place}`;
}

describe('parse_key_value', () => {
  testCalls(functions, [
    [...kv('a=1 b="x y" c=\'z z\''), { a: '1', b: 'x y', c: 'z z' }],
    [...kv('  a = 1   b= 2'), { a: '1', b: '2' }],
    [...kv('a=1 a=2 a=3'), { a: ['1', '2', '3'] }],
    [...kv('flag a=1 other'), { flag: true, a: '1', other: true }],
    [...kv('a=1 a'), { a: '1' }],
    [...kv('a a=1 a=2'), { a: ['1', '2'] }],
    [...kv('a=\\"x k\\"=1'), { a: '\\"x', 'k\\"': '1' }],
    [...kv('a= '), { a: '' }],
    [...kv('a="x\\"y" b="\\\\" c="l\\nl" d="\\t"'), { a: 'x"y', b: '\\', c: 'l\nl', d: '\\t' }],
    [...kv('a="x"y b=1'), { a: '"x"y', b: '1' }],
    [...kv('"k 1"=v "k 2"'), { 'k 1': 'v', 'k 2': true }],
    [...kv('a:1,b:"x,y",c', ':', ','), { a: '1', b: 'x,y', c: true }],
    [...kv('a:1 , b: 2', ':', ','), { a: '1', b: '2' }],
    [...kv('a=1||b=2', '=', '||'), { a: '1', b: '2' }],
    [...kv('at=http://x?y=z b=1'), { at: 'http://x?y=z', b: '1' }],
    [...kv('__proto__=1 constructor=2'), JSON.parse('{"__proto__":"1","constructor":"2"}')],
    [...kv('a= b', '=', ' ', 'strict'), { a: '', b: true }],
    [...kv('a=1 b', '=', ' ', 'lenient', false), error('could not parse whole line successfully')],
    [...kv('a', '=', ' ', 'lenient', false), error(tagMissing('a', 1))],
    [...kv('é x', '=', ' ', 'lenient', false), error(tagMissing('é x', 4))],
    [...kv('one\ntwo', '=', ' ', 'strict', false), error(tagMissing('two', 3, 2))],
    [...kv(','), { ',': true }],
    [...kv(' ,a=1', '=', ','), error('0: at line 1, in Verify:\n ,a=1\n ^\n\n')],
    [...kv('  '), error('0: at line 1, in Verify:\n\n  ^\n\n')],
    [...kv(''), error('0: in Verify, got empty input\n\n')],
    [...kv('=1 b=2'), { '=1': true, b: '2' }],
    [...kv('=1', '=', ' ', 'lenient', false), error('0: at line 1, in Verify:\n=1\n^\n\n')],
  ]);
});

describe('parse_logfmt', () => {
  testCalls(functions, [
    [
      'parse_logfmt',
      ['time="2021-01-01T00:00:00Z" level=info ok msg="a \\"b\\""'],
      { time: '2021-01-01T00:00:00Z', level: 'info', ok: true, msg: 'a "b"' },
    ],
  ]);
});

test('parse_logfmt reads what encode_logfmt writes', () => {
  // A backslash outside of quotes is doubled by the one and taken as it stands by the other.
  const word = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/[\n\\\ud800-\udfff]/.test(text));
  const [parse, encode] = [functions[1]!, encoders[1]!];
  fc.assert(
    fc.property(fc.dictionary(word, word, { minKeys: 1, noNullPrototype: true }), (pairs) => {
      fc.pre(Object.keys(pairs).every((key) => !/^\s*$|^['"]/.test(key) && !/^'/.test(pairs[key]!)));
      const encoded = callFunction(encode, [pairs]) as { value: string };
      expect(callFunction(parse, [encoded.value])).toEqual({ value: { ...pairs } });
    }),
  );
});

test.each(['a '.repeat(200_000), '"a '.repeat(200_000), `${'a '.repeat(100_000)}${' '.repeat(100_000)}=`])(
  'reads hostile lines in linear time (%#)',
  (line) => {
    const result = callFunction(functions[1]!, [line]);
    expect(result).toBeDefined();
  },
);
