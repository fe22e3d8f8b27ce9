import { error, testCalls, testPrograms } from '../testing/run';
import { functions } from './path';

describe('dynamic paths', () => {
  testCalls(functions, [
    ['get', [{ a: { b: [1, 2] } }, ['a', 'b', -1]], 2],
    ['get', [{ a: 1 }, ['x', 'y']], null],
    ['get', [{ a: 1 }, []], { a: 1 }],
    ['get', [{ a: 1 }, [true]], error('path segment must be either string or integer, not boolean')],
    ['set', [{ a: 1 }, ['b', 1], 'x'], { a: 1, b: [null, 'x'] }],
    ['set', [{ a: 1 }, ['a', 'b'], 'x'], { a: { b: 'x' } }],
    ['set', [[1], [-2], 0], [0, 1]],
    ['set', [{}, ['a', 2n ** 60n], 0], error(/out of range/)],
    ['remove', [{ a: { b: 1 }, c: 2 }, ['a', 'b']], { a: {}, c: 2 }],
    ['remove', [{ a: { b: 1 }, c: 2 }, ['a', 'b'], true], { c: 2 }],
    ['remove', [[1, 2, 3], [0]], [2, 3]],
    ['remove', [{ a: 1 }, ['x']], { a: 1 }],
  ]);
  test('arguments stay as they were', () => {
    const value = { a: { b: 1 } };
    for (const [name, args] of [
      ['set', [['a', 'b'], 2]],
      ['remove', [['a', 'b']]],
    ] as const) {
      const definition = functions.find((candidate) => candidate.name === name);
      definition?.run?.(...([value, ...args] as never[]));
    }
    expect(value).toEqual({ a: { b: 1 } });
  });
});

describe('del', () => {
  testPrograms([
    ['x = del(.a); [x, .]', { a: 1, b: 2 }, [1, { b: 2 }]],
    ['x = del(.a.b); [x, .]', { a: { b: 1 } }, [1, { a: {} }]],
    ['del(.a.b, compact: true); .', { a: { b: 1 }, c: 1 }, { c: 1 }],
    ['del(.a[0]); .', { a: [1, 2] }, { a: [2] }],
    ['del(.a[-1]); .', { a: [1, 2] }, { a: [1] }],
    ['del(.missing)', null],
    ['x = del(.); [x, .]', { a: 1 }, [{ a: 1 }, {}]],
    ['v = { "a": 1, "b": 2 }; del(v.a); v', { b: 2 }],
    ['x = { "a": 5 }; del(x.a); x', {}],
    ['. = 5; del(.); .', null],
    ['del(%m); %', {}],
    ['del({ "a": 3 }.a)', 3],
    ['.a = 1; del(.a); .a = "s"; .a', 's'],
  ]);
});

describe('exists', () => {
  testPrograms([
    ['exists(.a)', { a: null }, true],
    ['exists(.a.b)', { a: 1 }, false],
    ['exists(.a[1])', { a: [1] }, false],
    ['v = { "a": 1 }; exists(v.a)', true],
    ['exists(.)', true],
  ]);
});
