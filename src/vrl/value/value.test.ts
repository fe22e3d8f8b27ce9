import * as fc from 'fast-check';
import { fromJson } from '../from-json';
import { f, r, t } from '../testing/run';
import {
  byteLength,
  byteOffsetOf,
  concatStrings,
  positionOfByteOffset,
  sliceBytes,
  stringFromBytes,
  utf8Length,
  wellFormed,
} from './bytes';
import { compareText, sortedKeys, valuesEqual } from './compare';
import { floatJson, floatText } from './float';
import { fromJs } from './from-js';
import { addIntegers, integerFromFloat, multiplyIntegers, parseDecimalInteger, subtractIntegers } from './integer';
import { kindOf } from './kind-of';
import { debugText, toJson } from './text-forms';
import { emptyObject, isOwnObject, objectOf, VrlBytes, VrlFloat, VrlTimestamp, type VrlValue } from './value';

const text = fc.string({ unit: 'grapheme' });

describe('strings are bytes', () => {
  test('lengths and offsets agree with the encoding', () => {
    fc.assert(
      fc.property(text, (s) => {
        const bytes = Buffer.from(s);
        expect(utf8Length(s)).toBe(bytes.length);
        for (let i = 0; i <= s.length; i++) {
          // Inside a surrogate pair there is no offset.
          if (/[\udc00-\udfff]/.test(s[i] ?? '')) continue;
          expect(positionOfByteOffset(s, byteOffsetOf(s, i))).toBe(i);
        }
      }),
    );
  });
  test('cut and joined, they are the same again', () => {
    fc.assert(
      fc.property(text, fc.nat(20), (s, at) => {
        const cut = Math.min(at, utf8Length(s));
        const left = sliceBytes(s, 0, cut);
        const right = sliceBytes(s, cut, utf8Length(s));
        expect(byteLength(left) + byteLength(right)).toBe(utf8Length(s));
        expect(concatStrings(left, right)).toBe(s);
      }),
    );
  });
  test('bytes that are text are text', () => {
    expect(stringFromBytes(Buffer.from('é'))).toBe('é');
    expect(stringFromBytes(Buffer.from('\ufeffx'))).toBe('\ufeffx');
    expect(stringFromBytes(new Uint8Array([0xff]))).toBeInstanceOf(VrlBytes);
    expect(wellFormed('a\ud800b')).toBe('a\ufffdb');
  });
});

describe('order', () => {
  test('is that of the UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
    expect(
      sortedKeys(
        objectOf([
          ['😀', 1],
          ['\uffff', 2],
          ['a', 3],
          ['Z', 4],
        ]),
      ),
    ).toEqual(['Z', 'a', '\uffff', '😀']);
  });
});

describe('64-bit integers', () => {
  const integer = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  test.each([
    ['+', addIntegers, (a: bigint, b: bigint) => a + b],
    ['-', subtractIntegers, (a: bigint, b: bigint) => a - b],
    ['*', multiplyIntegers, (a: bigint, b: bigint) => a * b],
  ])('%s wraps', (_, operation, exact) => {
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        const result = operation(fromJs(a) as number, fromJs(b) as number);
        expect(BigInt(result)).toBe(BigInt.asIntN(64, exact(a, b)));
        expect(typeof result === 'number').toBe(
          Number.isSafeInteger(Number(result)) && BigInt(Number(result)) === BigInt(result),
        );
        expect(Object.is(result, -0)).toBe(false);
      }),
    );
  });
  test.each([
    ['12', 12],
    ['-0', 0],
    ['+7', 7],
    ['9223372036854775807', 9223372036854775807n],
    ['9223372036854775808', undefined],
    ['1.0', undefined],
    ['', undefined],
    ['0x1', undefined],
  ])('text %j is %s', (digits, expected) => expect(parseDecimalInteger(digits)).toBe(expected));
  test('floats beyond the range saturate', () => {
    expect([1e19, -1e19, -0.5, 2 ** 60].map(integerFromFloat)).toEqual([2n ** 63n - 1n, -(2n ** 63n), 0, 2n ** 60n]);
  });
});

describe('text forms', () => {
  test.each([
    [1, '1', '1.0'],
    [-0, '-0', '-0.0'],
    [0.1, '0.1', '0.1'],
    [1e15, '1000000000000000', '1000000000000000.0'],
    [1e16, '10000000000000000', '1e16'],
    [1.5e300, `15${'0'.repeat(299)}`, '1.5e300'],
    [1e-5, '0.00001', '0.00001'],
    [1.25e-6, '0.00000125', '1.25e-6'],
    [Infinity, 'inf', 'null'],
  ])('%d', (value, shown, json) => {
    expect([floatText(value), floatJson(value)]).toEqual([shown, json]);
  });
  test('floats keep their value', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(Number(floatText(x))).toBe(x);
        expect(Number(floatJson(x))).toBe(x);
        expect(floatText(x)).not.toMatch(/e/i);
        expect(kindOf(fromJson(floatJson(x)))).toBe('float');
      }),
    );
  });
  const value = objectOf([
    ['b', [1, f(2), null, true]],
    ['a', 'x"\n\\'],
    ['t', t('2000-01-01T00:00:00.001Z')],
    ['r', r('a"b')],
    ['i', 2n ** 60n],
    ['y', new VrlBytes(new Uint8Array([0x61, 0xff]))],
  ]);
  test('debug form', () => {
    expect(debugText(value)).toBe(
      `{ "a": "x\\"\\n\\\\", "b": [1, 2, null, true], "i": 1152921504606846976, "r": r'a"b', "t": t'2000-01-01T00:00:00.001Z', "y": "a\ufffd" }`,
    );
  });
  test('JSON', () => {
    expect(toJson(value)).toBe(
      `{"a":"x\\"\\n\\\\","b":[1,2.0,null,true],"i":1152921504606846976,"r":"a\\"b","t":"2000-01-01T00:00:00.001Z","y":"a\ufffd"}`,
    );
    expect(toJson([[], emptyObject(), [1]], 2)).toBe('[\n  [],\n  {},\n  [\n    1\n  ]\n]');
  });
});

describe('JSON keeps values', () => {
  const json: fc.Arbitrary<VrlValue> = fc.letrec<{ value: VrlValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constant(null),
      fc.boolean(),
      text,
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => fromJs(n)),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => new VrlFloat(x)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.array(fc.tuple(fc.oneof(text, fc.constant('__proto__')), tie('value')), { maxLength: 4 }).map(objectOf),
    ),
  })).value;
  test('there and back', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(valuesEqual(fromJson(toJson(value)), value)).toBe(true);
        expect(valuesEqual(fromJson(toJson(value, 2)), value)).toBe(true);
      }),
    );
  });
  test('what is no JSON is a SyntaxError', () => {
    expect(() => fromJson('{')).toThrow(SyntaxError);
  });
});

describe('plain data', () => {
  test('becomes values', () => {
    const value = fromJs({
      a: [1, 1.5, 2n ** 60n, undefined, NaN],
      d: new Date(5),
      b: new Uint8Array([0xff]),
      s: '\ud800',
    });
    expect(value).toEqual(
      objectOf([
        ['a', [1, f(1.5), 2n ** 60n, null, null]],
        ['d', new VrlTimestamp(0, 5_000_000)],
        ['b', new VrlBytes(new Uint8Array([0xff]))],
        ['s', '\ufffd'],
      ]),
    );
    expect(isOwnObject(value as object)).toBe(true);
  });
  test('has its limits', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 1000; i++) deep = [deep];
    expect(() => fromJs(deep)).toThrow(RangeError);
    expect(() => fromJs(2n ** 63n)).toThrow(RangeError);
  });
});

test('objects inherit nothing', () => {
  const object = emptyObject();
  object['__proto__'] = 1;
  expect(Object.keys(object)).toEqual(['__proto__']);
  expect(object['constructor']).toBeUndefined();
  expect(object['toString']).toBeUndefined();
});

test('equality is strict about kinds', () => {
  expect(valuesEqual([1], [f(1)])).toBe(false);
  expect(valuesEqual(r('a'), r('a'))).toBe(true);
  expect(valuesEqual(objectOf([['a', null]]), objectOf([['b', null]]))).toBe(false);
});

test('bytes are text exactly when they are valid UTF-8', () => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const byte = fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0x80, 0x9f, 0xbf),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 6 }), fc.array(byte, { maxLength: 5 }), (any, chosen) => {
      for (const bytes of [any, Uint8Array.from(chosen)]) {
        let valid = true;
        try {
          decoder.decode(bytes);
        } catch {
          valid = false;
        }
        expect(typeof stringFromBytes(bytes) === 'string').toBe(valid);
      }
    }),
    { numRuns: 1000 },
  );
});
