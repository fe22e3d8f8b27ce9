import { VrlBytes, VrlFloat, VrlRegex, VrlTimestamp, objectOf, type VrlValue } from '../vrl/value/value';
import { recordsOf } from './flatten-vrl';
import { vrlTransformers } from './vrl-transformer';

class Pattern extends VrlRegex {
  exec(): null {
    return null;
  }
  test(): boolean {
    return false;
  }
}

const list = (...items: VrlValue[]): VrlValue => items;
const nested = (depth: number): VrlValue => (depth === 0 ? 'deep' : objectOf([['k', nested(depth - 1)]]));

describe('the records that an event stands for', () => {
  test.each<[string, VrlValue, Record<string, string>[]]>([
    [
      'an object of texts',
      objectOf([
        ['a', '1'],
        ['__proto__', 'x'],
      ]),
      [
        Object.fromEntries([
          ['a', '1'],
          ['__proto__', 'x'],
        ]),
      ],
    ],
    ['an empty object', objectOf([]), [{}]],
    [
      'nested objects and lists',
      objectOf([['bar', objectOf([['baz', list('x', objectOf([['y', 1]]))]])]]),
      [{ 'bar.baz.0': 'x', 'bar.baz.1.y': '1' }],
    ],
    [
      'empty parts',
      objectOf([
        ['a', objectOf([])],
        ['b', list()],
        ['c', ''],
      ]),
      [{ c: '' }],
    ],
    [
      'a list',
      list(objectOf([['a', '1']]), 'text', list('x', list('y')), null),
      [{ a: '1' }, { value: 'text' }, { '0': 'x', '1.0': 'y' }, { value: '' }],
    ],
    ['an empty list', list(), []],
    ['a text', 'text', [{ value: 'text' }]],
    ['nothing', null, [{ value: '' }]],
    [
      'scalars',
      objectOf([
        ['null', null],
        ['yes', true],
        ['int', 9007199254740993n],
        ['negative', -5],
        ['time', new VrlTimestamp(0, 5_000_000)],
        ['regex', new Pattern('a+', [])],
        ['bytes', new VrlBytes(Uint8Array.of(0x61, 0xff))],
      ]),
      [
        {
          null: '',
          yes: 'true',
          int: '9007199254740993',
          negative: '-5',
          time: '1970-01-01T00:00:00.005Z',
          regex: 'a+',
          bytes: 'a\ufffd',
        },
      ],
    ],
  ])('of %s', (_name, event, expected) => {
    expect(recordsOf(event).map((fields) => ({ ...fields }))).toEqual(expected);
  });

  test.each([
    [0, '0'],
    [-0, '-0'],
    [1, '1'],
    [1.5, '1.5'],
    [-0.25, '-0.25'],
    [999999, '999999'],
    [999999.5, '999999.5'],
    [1e6, '1e+06'],
    [1234567.25, '1.23456725e+06'],
    [1e21, '1e+21'],
    [1e100, '1e+100'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [-1.5e-7, '-1.5e-07'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
  ])('writes the float %d as %s', (value, text) => {
    expect(recordsOf(new VrlFloat(value))).toEqual([{ value: text }]);
  });

  test('keeps what is nested beyond any need as one text', () => {
    const [fields] = recordsOf(nested(400));
    expect(Object.keys(fields!)).toEqual([Array.from({ length: 64 }, () => 'k').join('.')]);
    expect(Object.values(fields!)[0]).toMatch(/^\{"k":.*"deep"\}+$/);
  });
});

test('a transformer runs its program on each record and takes the event it leaves', () => {
  const sources: string[] = [];
  const compile = vrlTransformers((source) => {
    sources.push(source);
    return { run: (event) => ({ value: 'ignored', event: list(event, objectOf([['n', 1]])) }) };
  });
  const transformer = compile('. = …');
  expect(transformer.run({ m: '1' })).toEqual([{ m: '1' }, { n: '1' }]);
  expect(transformer.run({ m: '2' })).toEqual([{ m: '2' }, { n: '1' }]);
  expect(sources).toEqual(['. = …']);
});
