import { domainToASCII } from 'node:url';
import * as fc from 'fast-check';
import { compileRegex } from '../regex';
import { callFunction, error, f, t, testCalls, testCodes } from '../testing/run';
import { functions } from './codec';
import { decodeBase16 } from './codec/base16';
import { decodeBase64, encodeBase64 } from './codec/base64';
import { toAscii } from './codec/idna';
import { decodePunycode, encodePunycode } from './codec/punycode';

const bytes = (...values: number[]) => new Uint8Array(values);

describe('base16', () => {
  testCalls(functions, [
    ['encode_base16', [bytes(0, 255, 16)], '00ff10'],
    ['decode_base16', ['00Ff10'], bytes(0, 255, 16)],
    ['decode_base16', ['616'], error('unable to decode value to base16')],
    ['decode_base16', ['6g'], error('unable to decode value to base16')],
  ]);
  test('reads every pair of digits', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(Buffer.from(decodeBase16(Buffer.from(Buffer.from(all).toString('hex')))!)).toEqual(Buffer.from(all));
  });
});

describe('base64', () => {
  testCalls(functions, [
    ['encode_base64', ['a?>'], 'YT8+'],
    ['encode_base64', ['a?>', true, 'url_safe'], 'YT8-'],
    ['encode_base64', ['a'], 'YQ=='],
    ['encode_base64', ['a', false], 'YQ'],
    ['encode_base64', ['a', true, 'other'], error('unknown charset')],
    ['decode_base64', ['YQ=='], 'a'],
    ['decode_base64', ['YQ'], 'a'],
    ['decode_base64', ['YT8-', 'url_safe'], 'a?>'],
    ['decode_base64', ['YT8-'], error('unable to decode value from base64')],
    ['decode_base64', ['Y'], error('unable to decode value from base64')],
    ['decode_base64', ['YR=='], error('unable to decode value from base64')],
    ['decode_base64', ['Y Q='], error('unable to decode value from base64')],
  ]);
  test('agrees with Node', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (data) => {
        const text = encodeBase64(data);
        expect(text).toBe(Buffer.from(data).toString('base64'));
        expect(decodeBase64(new TextEncoder().encode(text))).toEqual(data);
        expect(encodeBase64(data, 'url_safe', false)).toBe(Buffer.from(data).toString('base64url'));
      }),
    );
    const large = new Uint8Array(100_000).map((_, i) => i * 7);
    expect(encodeBase64(large)).toBe(Buffer.from(large).toString('base64'));
  });
});

describe('percent encoding', () => {
  testCalls(functions, [
    ['encode_percent', ['a B-1é'], 'a%20B%2D1%C3%A9'],
    ['encode_percent', ['a b"#?\u007f\n', 'CONTROLS'], 'a b"#?%7F%0A'],
    ['encode_percent', ['a b#`?', 'FRAGMENT'], 'a%20b#%60?'],
    ['encode_percent', ["a b#`?'", 'QUERY'], "a%20b%23`?'"],
    ['encode_percent', ["'", 'SPECIAL'], '%27'],
    ['encode_percent', ["a?{'", 'PATH'], "a%3F%7B'"],
    ['encode_percent', ['u:p@h/', 'USERINFO'], 'u%3Ap%40h%2F'],
    ['encode_percent', ['a&b+c%', 'COMPONENT'], 'a%26b%2Bc%25'],
    ['encode_percent', ["(a)~!*-._'", 'WWW_FORM_URLENCODED'], '%28a%29%7E%21*-._%27'],
    ['decode_percent', ['a%20b%C3%A9%c3%a9'], 'a béé'],
    ['decode_percent', ['100%, %zz %2'], '100%, %zz %2'],
    ['decode_percent', ['%ff'], '\ufffd'],
  ]);
  testCodes([
    ['encode_percent("a", "QUERY")', []],
    ['encode_percent("a", "ALL")', [610]],
  ]);
});

describe('punycode', () => {
  testCalls(functions, [
    ['encode_punycode', ['www.Bücher.example'], 'www.xn--bcher-kva.example'],
    ['encode_punycode', ['www.Example.com'], 'www.example.com'],
    ['encode_punycode', ['faß。de'], 'xn--fa-hia.de'],
    ['encode_punycode', ['Bücher.EXAMPLE', false], 'xn--bcher-kva.example'],
    ['encode_punycode', ['xn--bcher-kva.Ü', false], 'xn--bcher-kva.xn--tda'],
    ['encode_punycode', ['xn--8hbb.fiſſ.'], 'xn--8hbb.fiss.'],
    ['encode_punycode', ['\u0301a'], error('unable to encode to punycode')],
    ['encode_punycode', ['xn--a'], error('unable to encode to punycode')],
    ['encode_punycode', ['a\u202eb'], error('unable to encode to punycode')],
    ['decode_punycode', ['WWW.xn--bcher-kva.Example'], 'www.bücher.example'],
    // Without a label in punycode, written small, a name stays as it is.
    ['decode_punycode', ['WWW.XN--bcher-kva.Example'], 'WWW.XN--bcher-kva.Example'],
    ['decode_punycode', ['Häuser.Example'], 'Häuser.Example'],
    ['decode_punycode', ['xn--fa-hia.de'], 'faß.de'],
    ['decode_punycode', ['xn--bcher-kva.example', false], 'bücher.example'],
    ['decode_punycode', ['xn--99999999', false], 'xn--99999999'],
    ['decode_punycode', ['xn--99999999.xn--bcher-kva', false], 'xn--99999999.bücher'],
    ['decode_punycode', ['xn--\u00e9'], error('unable to decode punycode')],
  ]);

  test('labels come back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), (label) => {
        expect(decodePunycode(encodePunycode(label)!)).toBe(label);
      }),
    );
  });

  test('any input ends', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z0-9-]{0,40}$/), (input) => void decodePunycode(input)));
    expect(encodePunycode('é'.repeat(100_000))).toBeUndefined();
    expect(decodePunycode('a'.repeat(100_000))).toBeUndefined();
  });

  test.each(['MÜNCHEN.de', 'ｅｘａｍｐｌｅ.com', 'Ελλάς.gr', '中国．cn', 'straße.de', 'नी\u200dक्\u200dष', 'İstanbul'])(
    '%s is mapped as in URLs',
    (name) => {
      expect(toAscii(name) ?? '').toBe(domainToASCII(name));
    },
  );
});

describe('charsets', () => {
  testCalls(functions, [
    ['encode_charset', ['éa', 'iso-8859-1'], bytes(0xe9, 0x61)],
    ['encode_charset', ['こ', 'euc-jp'], bytes(0xa4, 0xb3)],
    ['encode_charset', ['é中', 'latin1'], bytes(0xe9, ...Buffer.from('&#20013;'))],
    ['encode_charset', ['é', 'utf-16le'], 'é'],
    ['encode_charset', ['é', 'klingon'], error('Unknown charset: klingon')],
    ['decode_charset', [bytes(0xe9, 0x80, 0x81, 0x9f), 'latin1'], 'é€\u0081Ÿ'],
    ['decode_charset', [bytes(0xa4, 0xb3), 'euc-jp'], 'こ'],
    ['decode_charset', [bytes(0xff, 0x61), 'utf-8'], '\ufffda'],
    ['decode_charset', [bytes(0xff, 0xfe, 0x61, 0), 'latin1'], 'a'],
    ['decode_charset', ['a', 'klingon'], error('Unknown charset: klingon')],
  ]);
});

describe('decode_mime_q', () => {
  testCalls(functions, [
    ['decode_mime_q', ['=?utf-8?b?w6k=?= and =?ISO-8859-1?Q?a_=E9?='], 'é and a é'],
    ['decode_mime_q', ['=?utf-8?q?a?=\r\n =?utf-8?q?b?='], 'ab'],
    ['decode_mime_q', ['=?utf-8*en?q?a?= b'], 'a b'],
    ['decode_mime_q', ['?b?w6k='], 'é'],
    ['decode_mime_q', ['?q?a=C3=A9'], 'aé'],
    ['decode_mime_q', ['plain = text?'], 'plain = text?'],
    ['decode_mime_q', ['=?klingon?q?a?='], error('unknown charset: klingon')],
    ['decode_mime_q', ['=?utf-8?b?!?='], error('unable to decode value')],
    ['decode_mime_q', ['=?utf-8?q?=zz?='], error('unable to decode value')],
  ]);
});

describe('encode_json', () => {
  testCalls(functions, [
    ['encode_json', [{ b: f(1), a: [1, null, 'x"\n'] }], '{"a":[1,null,"x\\"\\n"],"b":1.0}'],
    ['encode_json', [{ a: [1], b: {}, c: [] }, true], '{\n  "a": [\n    1\n  ],\n  "b": {},\n  "c": []\n}'],
    ['encode_json', [t('2020-01-01T00:00:00.5Z')], '"2020-01-01T00:00:00.500Z"'],
    ['encode_json', [compileRegex('a+')], '"a+"'],
    ['encode_json', [bytes(0xff)], '"\ufffd"'],
    ['encode_json', [2n ** 62n], '4611686018427387904'],
  ]);
});

test.each([0, 1, 255, 256, 257, 1023, 1025, 24_575, 24_576, 24_577, 100_000])(
  '%i bytes are encoded whole',
  (length) => {
    const text = 'a-é '.repeat(length).slice(0, length);
    const data = Buffer.from(text);
    const encoded = (name: string, ...more: unknown[]) =>
      callFunction(
        functions.find((one) => one.name === name)!,
        [text, ...more],
      );
    expect(encoded('encode_base16')).toEqual({ value: data.toString('hex') });
    expect(encoded('encode_base64')).toEqual({ value: data.toString('base64') });
    expect(encoded('encode_base64', false, 'url_safe')).toEqual({ value: data.toString('base64url') });
    expect(encoded('encode_percent')).toEqual({ value: encodeURIComponent(text).replace(/-/g, '%2D') });
  },
);
