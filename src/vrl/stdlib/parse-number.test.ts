import { error, f, testCalls } from '../testing/run';
import { functions } from './parse-number';

describe('parse_int takes the base from the prefix', () => {
  testCalls(functions, [
    ['parse_int', ['-42'], -42],
    ['parse_int', ['+42'], 42],
    ['parse_int', ['0b1001'], 9],
    ['parse_int', ['0o17'], 15],
    ['parse_int', ['017'], 15],
    ['parse_int', ['0xfF'], 255],
    ['parse_int', ['0'], 0],
    ['parse_int', ['-0'], 0],
    ['parse_int', ['9223372036854775807'], 9223372036854775807n],
    ['parse_int', ['-9223372036854775808'], -9223372036854775808n],
    ['parse_int', ['9007199254740993'], 9007199254740993n],
    ['parse_int', ['9223372036854775808'], error('could not parse integer: number too large to fit in target type')],
    ['parse_int', ['-9223372036854775809'], error('could not parse integer: number too small to fit in target type')],
    ['parse_int', [''], error('value is empty')],
    ['parse_int', ['089'], error('could not parse integer: invalid digit found in string')],
    ['parse_int', ['0x'], error('could not parse integer: cannot parse integer from empty string')],
    ['parse_int', ['-'], error('could not parse integer: invalid digit found in string')],
    ['parse_int', ['1 '], error('could not parse integer: invalid digit found in string')],
  ]);
});

describe('parse_int with a base takes no prefix', () => {
  testCalls(functions, [
    ['parse_int', ['zz', 36], 1295],
    ['parse_int', ['10', 2], 2],
    ['parse_int', ['010', 10], 10],
    ['parse_int', ['0x10', 16], error('could not parse integer: invalid digit found in string')],
    ['parse_int', ['10', 1], error('invalid base "10": must be be between 2 and 36 (inclusive)')],
    ['parse_int', ['10', 37], error('invalid base "10": must be be between 2 and 36 (inclusive)')],
  ]);
});

describe('parse_float', () => {
  testCalls(functions, [
    ['parse_float', ['-42.5'], f(-42.5)],
    ['parse_float', ['42'], f(42)],
    ['parse_float', ['1e3'], f(1000)],
    ['parse_float', ['inf'], f(Infinity)],
    ['parse_float', ['nan'], error('NaN number not supported "nan"')],
    ['parse_float', ['say "x"\t'], error('Invalid floating point number "say \\"x\\"\\t": invalid float literal')],
    ['parse_float', ['1,5'], error('Invalid floating point number "1,5": invalid float literal')],
  ]);
});
