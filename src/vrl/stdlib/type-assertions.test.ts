import { error, f, r, t, testCalls, testCodes, testPrograms } from '../testing/run';
import { functions } from './type-assertions';

describe('assertions give the value back or fail', () => {
  testCalls(functions, [
    ['string', ['a'], 'a'],
    ['string', [1], error('expected string, got integer')],
    ['int', [1], 1],
    ['int', [f(1)], error('expected integer, got float')],
    ['float', [f(1)], f(1)],
    ['float', [1], error('expected float, got integer')],
    ['bool', [false], false],
    ['bool', ['true'], error('expected boolean, got string')],
    ['timestamp', [t('2000-01-01T00:00:00Z')], t('2000-01-01T00:00:00Z')],
    ['timestamp', [0], error('expected timestamp, got integer')],
    ['array', [[1]], [1]],
    ['array', [{}], error('expected array, got object')],
    ['object', [{ a: 1 }], { a: 1 }],
    ['object', [null], error('expected object, got null')],
  ]);
  testCodes([
    ['x = string("a"); x', []],
    ['string(.a)', [100]],
    ['upper = string!(.a); is_empty(upper)', []],
    ['object({ "a": 1 }).a + 1', []],
  ]);
});

describe('tests of the kind', () => {
  testCalls(functions, [
    ['is_string', ['a'], true],
    ['is_string', [new Uint8Array([0xff])], true],
    ['is_string', [1], false],
    ['is_integer', [2n ** 60n], true],
    ['is_integer', [f(1)], false],
    ['is_float', [f(1)], true],
    ['is_boolean', [true], true],
    ['is_timestamp', [t('2000-01-01T00:00:00Z')], true],
    ['is_regex', [r('a')], true],
    ['is_null', [null], true],
    ['is_array', [[]], true],
    ['is_object', [{}], true],
    ['is_object', [[]], false],
    ['is_object', [f(1)], false],
  ]);
  testPrograms([['is_null(.missing)', true]]);
});

describe('emptiness', () => {
  testCalls(functions, [
    ['is_empty', [''], true],
    ['is_empty', [' '], false],
    ['is_empty', [[]], true],
    ['is_empty', [[1]], false],
    ['is_empty', [{}], true],
    ['is_empty', [{ a: 1 }], false],
    ['is_empty', [new Uint8Array([0xff])], false],
    ['is_nullish', [null], true],
    ['is_nullish', [''], true],
    ['is_nullish', [' \n\u00a0'], true],
    ['is_nullish', ['-'], true],
    ['is_nullish', ['- '], false],
    ['is_nullish', [0], false],
    ['is_nullish', [[]], false],
  ]);
});
