import fc from 'fast-check';
import { callFunction, error, testCalls } from '../testing/run';
import { VrlBytes } from '../value/value';
import { functions } from './csv';

describe('parse_csv reads the first record', () => {
  testCalls(functions, [
    ['parse_csv', ['foo,bar,"foo "", bar"'], ['foo', 'bar', 'foo ", bar']],
    ['parse_csv', ['foo bar', ' '], ['foo', 'bar']],
    ['parse_csv', ['a,,c,'], ['a', '', 'c', '']],
    ['parse_csv', ['a\r\nb'], ['a']],
    ['parse_csv', ['\n\na\nb'], ['a']],
    ['parse_csv', ['"a\nb",c'], ['a\nb', 'c']],
    ['parse_csv', ['"a"b,c"d'], ['ab', 'c"d']],
    ['parse_csv', ['"open'], ['open']],
    ['parse_csv', [''], []],
    ['parse_csv', ['""'], ['']],
    ['parse_csv', [new VrlBytes(Uint8Array.of(0xff, 0x2c, 0x61))], [new VrlBytes(Uint8Array.of(0xff)), 'a']],
    ['parse_csv', ['a', ',,'], error('delimiter must be a single character')],
    ['parse_csv', ['a', 'é'], error('delimiter must be a single character')],
  ]);
});

describe('encode_csv writes one record', () => {
  testCalls(functions, [
    ['encode_csv', [['a', 'b c', 'd,e', 'f"g', 'h\ni']], 'a,b c,"d,e","f""g","h\ni"'],
    ['encode_csv', [['a', 'b,c'], ';'], 'a;b,c'],
    ['encode_csv', [['']], '""'],
    ['encode_csv', [[]], '""'],
    ['encode_csv', [['', '']], ','],
    ['encode_csv', [[1]], error('expected string, got integer')],
    ['encode_csv', ['x'], error('expected array, got string')],
    ['encode_csv', [['a'], ''], error('delimiter must be a single character')],
  ]);
});

test('parse_csv reads what encode_csv writes', () => {
  const [parse, encode] = [functions[0]!, functions[1]!];
  const fields = fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é') }), { minLength: 1 });
  fc.assert(
    fc.property(fields, (record) => {
      const { value } = callFunction(encode, [record]) as { value: string };
      expect(callFunction(parse, [value])).toEqual({ value: record });
    }),
  );
});
