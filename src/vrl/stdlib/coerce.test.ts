import { error, f, r, t, testCalls, testCodes } from '../testing/run';
import { functions } from './coerce';

const INSTANT = t('2000-01-01T00:00:00.500Z');

describe('to_string', () => {
  testCalls(functions, [
    ['to_string', ['a'], 'a'],
    ['to_string', [-5], '-5'],
    ['to_string', [2n ** 62n], '4611686018427387904'],
    ['to_string', [f(1)], '1'],
    ['to_string', [f(0.1)], '0.1'],
    ['to_string', [f(1e21)], '1000000000000000000000'],
    ['to_string', [f(1.5e-7)], '0.00000015'],
    ['to_string', [f(Infinity)], 'inf'],
    ['to_string', [true], 'true'],
    ['to_string', [null], ''],
    ['to_string', [INSTANT], '2000-01-01T00:00:00.500Z'],
    ['to_string', [[1]], error('unable to coerce [integer] into string')],
    ['to_string', [{ a: [] }], error('unable to coerce { a: array } into string')],
    ['to_string', [{}], error('unable to coerce object into string')],
    ['to_string', [r('a')], error('unable to coerce regex into string')],
  ]);
  testCodes([
    ['to_string(.a)', [100]],
    ['to_string(1)', []],
  ]);
});

describe('to_int', () => {
  testCalls(functions, [
    ['to_int', [5], 5],
    ['to_int', [f(-2.9)], -2],
    ['to_int', [f(1e300)], 9223372036854775807n],
    ['to_int', [f(-1e300)], -9223372036854775808n],
    ['to_int', ['-42'], -42],
    ['to_int', ['+42'], 42],
    ['to_int', ['9223372036854775807'], 9223372036854775807n],
    [
      'to_int',
      ['9223372036854775808'],
      error('Invalid integer "9223372036854775808": number too large to fit in target type'),
    ],
    ['to_int', [''], error('Invalid integer "": cannot parse integer from empty string')],
    ['to_int', ['1.5'], error('Invalid integer "1.5": invalid digit found in string')],
    ['to_int', [' 1'], error(/invalid digit/)],
    ['to_int', ['a"\\\n'], error('Invalid integer "a\\"\\\\\\n": invalid digit found in string')],
    ['to_int', [true], 1],
    ['to_int', [null], 0],
    ['to_int', [INSTANT], 946684800],
    ['to_int', [[]], error('unable to coerce array into integer')],
  ]);
});

describe('to_float', () => {
  testCalls(functions, [
    ['to_float', [5], f(5)],
    ['to_float', ['1e3'], f(1000)],
    ['to_float', [t('2021-02-03T04:05:06.789012345Z')], f(1612325106.7890122)],
    ['to_float', [t('1969-12-31T23:59:59.25Z')], f(-0.75)],
    ['to_float', [t('2262-04-11T23:47:16.854775807Z')], f(9223372036.854776)],
    ['to_float', [t('2262-04-11T23:47:16.854775808Z')], error("can't convert out of range timestamp")],
    ['to_float', ['-.5'], f(-0.5)],
    ['to_float', ['inf'], f(Infinity)],
    ['to_float', ['nan'], error('NaN number not supported "nan"')],
    ['to_float', ['0x10'], error('Invalid floating point number "0x10": invalid float literal')],
    ['to_float', [''], error(/empty string/)],
    ['to_float', ['a\nb'], error('Invalid floating point number "a\\nb": invalid float literal')],
    ['to_float', [true], f(1)],
    ['to_float', [null], f(0)],
    ['to_float', [INSTANT], f(946684800.5)],
  ]);
});

describe('to_bool', () => {
  testCalls(functions, [
    ['to_bool', [true], true],
    ['to_bool', ['TRUE'], true],
    ['to_bool', ['Yes'], true],
    ['to_bool', ['y'], true],
    ['to_bool', ['0'], false],
    ['to_bool', ['-3'], true],
    ['to_bool', ['n'], false],
    ['to_bool', ['maybe'], error('Invalid boolean value "maybe"')],
    ['to_bool', [0], false],
    ['to_bool', [f(0.1)], true],
    ['to_bool', [null], false],
    ['to_bool', ['a"b'], error('Invalid boolean value "a\\"b"')],
    ['to_bool', [INSTANT], error('unable to coerce timestamp into boolean')],
  ]);
});

describe('to_regex', () => {
  const parseError = 'could not create regex: regex parse error:\n';
  testCalls(functions, [
    ['to_regex', ['('], error(`${parseError}    (\n    ^\nerror: unclosed group`)],
    ['to_regex', ['ä)'], error(`${parseError}    ä)\n     ^\nerror: unopened group`)],
    ['to_regex', ['a\\y'], error(`${parseError}    a\\y\n     ^^\nerror: unrecognized escape sequence`)],
    [
      'to_regex',
      ['[z-a]'],
      error(`${parseError}    [z-a]\n     ^^^\nerror: invalid character class range, the start must be <= the end`),
    ],
    [
      'to_regex',
      ['a\nb('],
      error(`${parseError}${'~'.repeat(79)}\n1: a\n2: b(\n    ^\n${'~'.repeat(79)}\nerror: unclosed group`),
    ],
  ]);
});
