import fc from 'fast-check';
import { callFunction, error, f, testCalls } from '../testing/run';
import { fromJs } from '../value/from-js';
import { toJson } from '../value/text-forms';
import { VrlBytes, type VrlValue } from '../value/value';
import { functions } from './parse-json';

describe('parse_json keeps integers, floats and 64 bits apart', () => {
  testCalls(functions, [
    ['parse_json', ['{"a": 1, "b": 1.0, "c": [true, null, "x"]}'], { a: 1, b: f(1), c: [true, null, 'x'] }],
    ['parse_json', ['9223372036854775807'], 9223372036854775807n],
    ['parse_json', ['-9223372036854775808'], -9223372036854775808n],
    ['parse_json', ['9223372036854775808'], f(9223372036854775808)],
    ['parse_json', ['9007199254740993'], 9007199254740993n],
    ['parse_json', ['1e3'], f(1000)],
    ['parse_json', ['-0'], f(-0)],
    ['parse_json', ['0'], 0],
    ['parse_json', ['-12'], -12],
    ['parse_json', ['\ufeff{"a":1}'], { a: 1 }],
    ['parse_json', ['{"a":1,"a":2}'], { a: 2 }],
    ['parse_json', ['{"__proto__":{"x":1},"constructor":2}'], JSON.parse('{"__proto__":{"x":1},"constructor":2}')],
    ['parse_json', ['"\\u00e9\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\\\\\\""'], 'é😀/\b\f\n\r\t\\"'],
    ['parse_json', [' [ ] '], []],
    ['parse_json', ['{ }'], {}],
  ]);
});

describe('parse_json tells what is wrong and where', () => {
  const at = (message: string, line: number, column: number) =>
    error(`unable to parse json: ${message} at line ${line} column ${column}`);
  testCalls(functions, [
    ['parse_json', [''], at('EOF while parsing a value', 1, 0)],
    ['parse_json', ['{'], at('EOF while parsing an object', 1, 1)],
    ['parse_json', ['[1'], at('EOF while parsing a list', 1, 2)],
    ['parse_json', ['{"a":1,}'], at('trailing comma', 1, 8)],
    ['parse_json', ['{"a" 1}'], at('expected `:`', 1, 6)],
    ['parse_json', ['{a:1}'], at('key must be a string', 1, 2)],
    ['parse_json', ['{"a":1 "b"}'], at('expected `,` or `}`', 1, 8)],
    ['parse_json', ['[1 2]'], at('expected `,` or `]`', 1, 4)],
    ['parse_json', ['{\n "a": bad\n}'], at('expected value', 2, 7)],
    ['parse_json', ['"é" x'], at('trailing characters', 1, 6)],
    ['parse_json', ['tru'], at('EOF while parsing a value', 1, 3)],
    ['parse_json', ['nope'], at('expected ident', 1, 2)],
    ['parse_json', ['01'], at('invalid number', 1, 2)],
    ['parse_json', ['1.x'], at('invalid number', 1, 3)],
    ['parse_json', ['1e+'], at('EOF while parsing a value', 1, 3)],
    ['parse_json', ['1e400'], at('number out of range', 1, 5)],
    ['parse_json', ['"\\x"'], at('invalid escape', 1, 3)],
    ['parse_json', ['"\\ud800"'], at('unexpected end of hex escape', 1, 8)],
    ['parse_json', ['"\\udc00"'], at('lone leading surrogate in hex escape', 1, 7)],
    ['parse_json', ['"abc'], at('EOF while parsing a string', 1, 4)],
    ['parse_json', ['"\u0001"'], at('control character (\\u0000-\\u001F) found while parsing a string', 1, 2)],
    ['parse_json', ['['.repeat(127) + ']'.repeat(127)], nested(127)],
    ['parse_json', ['['.repeat(128)], at('recursion limit exceeded', 1, 128)],
  ]);

  function nested(levels: number): unknown {
    return levels === 1 ? [] : [nested(levels - 1)];
  }
});

describe('parse_json with max_depth leaves deeper layers as text', () => {
  testCalls(functions, [
    ['parse_json', ['{"a": {"b": [1,  2]}, "c": 1}', 1], { a: '{"b": [1,  2]}', c: 1 }],
    ['parse_json', ['{"a": {"b": [1,  2]}}', 2], { a: { b: '[1,  2]' } }],
    ['parse_json', ['[1, "a,]\\"", {"k": "}"}, []]', 1], [1, 'a,]"', '{"k": "}"}', '[]']],
    ['parse_json', ['{}', 1], {}],
    ['parse_json', ['1.0', 1], f(1)],
    ['parse_json', ['{', 1], error('unable to read json: EOF while parsing an object at line 1 column 1')],
    ['parse_json', ['1', 0], error('max_depth value should be greater than 0 and less than 128, got 0')],
    ['parse_json', ['1', 129], error('max_depth value should be greater than 0 and less than 128, got 129')],
    ['parse_json', ['1', 300], error('out of range integral type conversion attempted')],
  ]);
});

describe('parse_json of bytes that are no text', () => {
  const invalid = new VrlBytes(Uint8Array.from([0x7b, 0x22, 0xc3, 0xa9, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]));
  testCalls(functions, [
    ['parse_json', [invalid], { é: '\ufffd' }],
    [
      'parse_json',
      [invalid, undefined, false],
      error('unable to parse json: invalid unicode code point at line 1 column 9'),
    ],
  ]);
});

const definition = functions[0]!;

test('parse_json reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const result = callFunction(definition, [text]) as { value: VrlValue };
      expect(JSON.parse(toJson(result.value))).toEqual(JSON.parse(toJson(fromJs(JSON.parse(text)))));
    }),
  );
});

function hasInfinity(value: unknown, layers = Infinity): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (layers === 0 || typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((member) => hasInfinity(member, layers - 1));
}

test('parse_json fails on what JSON.parse refuses and never in another way', () => {
  const mutated = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('{', '}', '[', ',', '"', ':', '\\', '1', '.', ' ', '\n', 'e'))
    .map(([text, at, char]) => text.slice(0, at % (text.length + 1)) + char + text.slice((at % (text.length + 1)) + 1));
  fc.assert(
    fc.property(mutated, (text) => {
      let valid = false;
      let validLayer = false;
      try {
        const value: unknown = JSON.parse(text);
        // Numbers beyond the range of a float are refused where they are read; JSON.parse reads them as infinite.
        valid = !hasInfinity(value);
        validLayer = !hasInfinity(value, 1);
      } catch {
        // Neither may read it.
      }
      expect('value' in callFunction(definition, [text])).toBe(valid);
      expect('value' in callFunction(definition, [text, 1])).toBe(validLayer);
    }),
  );
});
