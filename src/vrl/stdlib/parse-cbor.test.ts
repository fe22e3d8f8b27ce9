import fc from 'fast-check';
import { callFunction, error, f, testCalls } from '../testing/run';
import { stringFromBytes } from '../value/bytes';
import { functions } from './parse-cbor';

/** The package has types of its ES module alone. */
const { Encoder } = jest.requireActual<{ Encoder: new (options?: object) => { encode(value: unknown): Uint8Array } }>(
  'cbor-x',
);

const hex = (text: string) => stringFromBytes(new Uint8Array(Buffer.from(text, 'hex')));

// Items of RFC 8949, appendix A.
describe('parse_cbor', () => {
  testCalls(functions, [
    ['parse_cbor', [hex('00')], 0],
    ['parse_cbor', [hex('1818')], 24],
    ['parse_cbor', [hex('1b000000e8d4a51000')], 1000000000000],
    ['parse_cbor', [hex('1bffffffffffffffff')], f(2 ** 64)],
    ['parse_cbor', [hex('c249010000000000000000')], f(2 ** 64)],
    ['parse_cbor', [hex('c243010000')], 65536],
    ['parse_cbor', [hex('3b7fffffffffffffff')], -9223372036854775808n],
    ['parse_cbor', [hex('20')], -1],
    ['parse_cbor', [hex('f93c00')], f(1)],
    ['parse_cbor', [hex('f97bff')], f(65504)],
    ['parse_cbor', [hex('f90001')], f(5.960464477539063e-8)],
    ['parse_cbor', [hex('fa47c35000')], f(100000)],
    ['parse_cbor', [hex('fb3ff199999999999a')], f(1.1)],
    ['parse_cbor', [hex('f97c00')], f(Infinity)],
    ['parse_cbor', [hex('f4')], false],
    ['parse_cbor', [hex('f6')], null],
    ['parse_cbor', [hex('f7')], null],
    ['parse_cbor', [hex('62c3bc')], 'ü'],
    ['parse_cbor', [hex('4401020304')], '\x01\x02\x03\x04'],
    ['parse_cbor', [hex('8301820203820405')], [1, [2, 3], [4, 5]]],
    ['parse_cbor', [hex('9f018202039f0405ffff')], [1, [2, 3], [4, 5]]],
    ['parse_cbor', [hex('a26161016162820203')], { a: 1, b: [2, 3] }],
    ['parse_cbor', [hex('bf61610161629f0203ffff')], { a: 1, b: [2, 3] }],
    ['parse_cbor', [hex('7f657374726561646d696e67ff')], 'streaming'],
    ['parse_cbor', [hex('d74401020304')], '\x01\x02\x03\x04'],
    ['parse_cbor', [hex('0001')], 0],
    ['parse_cbor', [''], error('unable to parse cbor: failed to fill whole buffer')],
    ['parse_cbor', [hex('9affffffff')], error('unable to parse cbor: failed to fill whole buffer')],
    ['parse_cbor', [hex('1c')], error('unable to parse cbor: syntax error at offset 1')],
    ['parse_cbor', [hex('61ff')], error('unable to parse cbor: syntax error at offset 2')],
    ['parse_cbor', [hex('a10102')], error('unable to parse cbor: invalid type: map key, expected a string')],
    ['parse_cbor', [hex('81'.repeat(300))], error('unable to parse cbor: recursion limit exceeded')],
  ]);
});

test('reads what another encoder writes', () => {
  const encoder = new Encoder({ useRecords: false, mapsAsObjects: true });
  const data = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.integer(),
      fc.boolean(),
      fc.string({ unit: 'grapheme' }),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
    ),
  })).value;
  fc.assert(
    fc.property(data, (value) => {
      const bytes = stringFromBytes(new Uint8Array(encoder.encode(value)));
      const result = callFunction(functions[0]!, [bytes]) as { value: unknown };
      expect(JSON.parse(JSON.stringify(result.value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('fails on any bytes only in its own words', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(callFunction(functions[0]!, [stringFromBytes(bytes)])).toBeDefined();
    }),
  );
});
