import { ConstantColumn, DictionaryColumn, PlainColumn } from './column';
import { ValueCounter } from './value-counter';

const CHOSEN = Uint8Array.from([1, 1, 0, 1]);

test.each([
  ['constant', new ConstantColumn(4, 'x'), [{ value: 'x', count: 3 }], 0],
  ['dictionary', new DictionaryColumn(['x', 'y'], Uint8Array.from([2, 2, 1, 0])), [{ value: 'y', count: 2 }], 1],
  [
    'plain',
    new PlainColumn('abb', Uint32Array.from([2, 2, 2, 0])),
    [
      { value: 'a', count: 1 },
      { value: 'b', count: 1 },
    ],
    1,
  ],
  ['absent', undefined, [], 3],
])('counts the chosen rows of a column that is %s', (_kind, column, top, missing) => {
  const counter = new ValueCounter();
  counter.add(column, CHOSEN);
  expect([counter.top(10), counter.missing]).toEqual([top, missing]);
});

test('forgets rare values when there are too many', () => {
  const counter = new ValueCounter(4);
  const all = Uint8Array.from([1, 1]);
  counter.add(new ConstantColumn(2, 'often'), all);
  for (const value of ['a', 'b', 'c']) counter.add(new ConstantColumn(1, value), Uint8Array.from([1]));
  expect(counter.approximate).toBe(false);
  counter.add(new ConstantColumn(1, 'd'), Uint8Array.from([1]));
  expect([counter.approximate, counter.top(1), counter.present]).toEqual([true, [{ value: 'often', count: 2 }], 6]);
  expect(counter.distinct).toBeLessThanOrEqual(4);
});
