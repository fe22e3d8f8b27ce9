import { error, f, testCalls } from '../testing/run';
import { I64_MIN } from '../value/integer';
import { functions } from './number';

describe('abs', () => {
  testCalls(functions, [
    ['abs', [-42], 42],
    ['abs', [42], 42],
    ['abs', [f(-2.5)], f(2.5)],
    ['abs', [-(2n ** 60n)], 2n ** 60n],
    ['abs', [I64_MIN], I64_MIN],
    ['abs', ['1'], error('expected integer or float, got string')],
  ]);
});

describe('rounding', () => {
  testCalls(functions, [
    ['ceil', [f(4.345)], f(5)],
    ['ceil', [f(4.345), 2], f(4.35)],
    ['ceil', [5], 5],
    ['ceil', [f(1.5), 1000], f(0)],
    ['floor', [f(4.345), 2], f(4.34)],
    ['floor', [f(-0.5)], f(-1)],
    ['round', [f(2.5)], f(3)],
    ['round', [f(-2.5)], f(-3)],
    ['round', [f(4.345), 1], f(4.3)],
    ['round', [f(1234.5), -2], f(1200)],
  ]);
});

describe('mod takes the sign of the dividend', () => {
  testCalls(functions, [
    ['mod', [5, 2], 1],
    ['mod', [-5, 2], -1],
    ['mod', [-4, 2], 0],
    ['mod', [5, f(2)], f(1)],
    ['mod', [2n ** 62n, 7], 4],
    ['mod', [5, 0], error("can't divide by zero")],
    ['mod', [f(5), f(0)], error("can't divide by zero")],
    ['mod', [f(Infinity), 2], error('operation would produce NaN')],
  ]);
});

describe('format_int', () => {
  testCalls(functions, [
    ['format_int', [1, 2n ** 62n], error(/^invalid base 4611686018427387904: /)],
    ['format_int', [42], '42'],
    ['format_int', [42, 2], '101010'],
    ['format_int', [-255, 16], '-ff'],
    ['format_int', [35, 36], 'z'],
    ['format_int', [1, 1], error(/^invalid base 1:/)],
    ['format_int', [1, 37], error(/^invalid base 37:/)],
  ]);
});

describe('format_number', () => {
  testCalls(functions, [
    ['format_number', [f(1234567.89), 2, '.', ','], '1,234,567.89'],
    ['format_number', [1234567, 3, ',', '.'], '1.234.567,000'],
    ['format_number', [f(4672.4), 3], '4672.400'],
    ['format_number', [f(4672.4567), 2], '4672.45'],
    ['format_number', [f(4672.4), 0], '4672'],
    ['format_number', [123, undefined, undefined, ','], '123'],
  ]);
});
