import { fromJson } from '../from-json';
import { compileRegex } from '../regex';
import { valueKindText } from './value-kind-text';
import { VrlTimestamp, objectOf } from '../value/value';

test.each([
  ['1', 'integer'],
  ['1.0', 'float'],
  ['null', 'null'],
  ['[]', 'array'],
  ['{}', 'object'],
  ['[1, 1.5, "a", [], [true], {}]', '[integer, float, string, array, [boolean], object]'],
  ['{"b": 1, "a": {"c": null}}', '{ a: { c: null }, b: integer }'],
])('%s is %s', (json, shown) => {
  expect(valueKindText(fromJson(json))).toBe(shown);
});

test('names stand without quotes where a path takes them bare, and as they are', () => {
  const value = fromJson('{"": 1, "0": 1, "1a": 1, "@t": 1, "a-b": 1, "a\\"b": 1, "a_b": 1, "ü": 1, "if": 1}');
  expect(valueKindText(value)).toBe(
    '{ "": integer, "0": integer, 1a: integer, @t: integer, "a"b": integer, "a-b": integer, a_b: integer, ' +
      'if: integer, "ü": integer }',
  );
});

test('every kind has its name', () => {
  const value = objectOf([
    ['r', compileRegex('a')],
    ['t', VrlTimestamp.fromEpochMs(0)],
  ]);
  expect(valueKindText(value)).toBe('{ r: regex, t: timestamp }');
});

test('a shape that would fill pages is the name of the kind', () => {
  expect(valueKindText(Array.from({ length: 10_000 }, () => 1))).toBe('array');
  expect(valueKindText(objectOf([['a', Array.from({ length: 10_000 }, () => 1)]]))).toBe('object');
});
