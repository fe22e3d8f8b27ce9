import { error, testCalls } from '../testing/run';
import { functions } from './object';

describe('merge', () => {
  testCalls(functions, [
    [
      'merge',
      [
        { a: 1, b: { c: 1 } },
        { b: { d: 2 }, e: 3 },
      ],
      { a: 1, b: { d: 2 }, e: 3 },
    ],
    ['merge', [{ b: { c: 1, x: [1] } }, { b: { d: 2, x: [2] } }, true], { b: { c: 1, d: 2, x: [2] } }],
    ['merge', [{ b: { c: 1 } }, { b: 2 }, true], { b: 2 }],
    ['merge', [{}, JSON.parse('{"__proto__": {"x": 1}}')], JSON.parse('{"__proto__": {"x": 1}}')],
  ]);
});

describe('entries', () => {
  testCalls(functions, [
    [
      'to_entries',
      [{ b: 1, a: null }],
      [
        { key: 'a', value: null },
        { key: 'b', value: 1 },
      ],
    ],
    [
      'to_entries',
      [['x', 'y']],
      [
        { key: 0, value: 'x' },
        { key: 1, value: 'y' },
      ],
    ],
    ['from_entries', [[{ key: 'a', value: 1 }, { Name: 'b', Value: 2 }, { name: 'c' }]], { a: 1, b: 2, c: null }],
    ['from_entries', [[{ key: null, Key: false, name: 'n', value: false }]], { n: false }],
    ['from_entries', [[{ key: 'a', value: null, Value: 2 }]], { a: null }],
    ['from_entries', [[{ key: 1, value: 1 }]], error('object keys must be strings')],
    ['from_entries', [[{ value: 1 }]], error('object keys must be strings')],
    ['from_entries', [['a']], error('expected object, got string')],
    ['from_entries', [[]], {}],
  ]);
});

describe('object_from_array', () => {
  testCalls(functions, [
    ['object_from_array', [[['a', 1], ['b'], [null, 2], ['c', 3, 4]]], { a: 1, b: null, c: 3 }],
    [
      'object_from_array',
      [
        [1, 2, 3],
        ['a', null, 'c'],
      ],
      { a: 1, c: 3 },
    ],
    ['object_from_array', [[1, 2], ['a']], { a: 1 }],
    ['object_from_array', [[1], ['a', 'b']], { a: 1 }],
    ['object_from_array', [[[1, 2]]], error('object keys must be strings')],
    ['object_from_array', [[[]]], error('array value too short')],
    ['object_from_array', [['a']], error('expected array, got string')],
    ['object_from_array', [[1], [true]], error('object keys must be strings')],
  ]);
});
