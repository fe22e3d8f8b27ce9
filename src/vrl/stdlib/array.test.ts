import { error, testCalls } from '../testing/run';
import { functions } from './array';

const bytes = (...values: number[]) => new Uint8Array(values);

describe('append, push and pop', () => {
  testCalls(functions, [
    [
      'append',
      [
        [1, 2],
        [3, 'x'],
      ],
      [1, 2, 3, 'x'],
    ],
    ['append', [[], []], []],
    ['push', [[1, 2], 3], [1, 2, 3]],
    ['push', [[], [1]], [[1]]],
    ['push', [[], null], [null]],
    ['pop', [[1, 2, 3]], [1, 2]],
    ['pop', [[]], []],
  ]);
});

describe('chunks cuts bytes', () => {
  testCalls(functions, [
    ['chunks', ['abcdefgh', 4], ['abcd', 'efgh']],
    ['chunks', ['abcdefgh', 3], ['abc', 'def', 'gh']],
    ['chunks', ['é', 1], [bytes(0xc3), bytes(0xa9)]],
    ['chunks', ['', 5], []],
    ['chunks', ['abc', 2n ** 60n], ['abc']],
    ['chunks', ['abc', 0], error('"chunk_size" must be at least 1 byte')],
    ['chunks', ['abc', -1], error('"chunk_size" must be at least 1 byte')],
  ]);
});

describe('zip', () => {
  testCalls(functions, [
    [
      'zip',
      [
        [1, 2, 3],
        ['a', 'b'],
      ],
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'zip',
      [
        [
          [1, 2],
          ['a', 'b'],
          [true, false],
        ],
      ],
      [
        [1, 'a', true],
        [2, 'b', false],
      ],
    ],
    ['zip', [[]], []],
    ['zip', [[[], [1]]], []],
    ['zip', [[[1], 2]], error('expected array, got integer')],
  ]);
});
