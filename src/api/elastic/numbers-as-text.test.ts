import fc from 'fast-check';
import { numbersAsText } from './numbers-as-text';

test.each([
  ['{"a":12345678901234567890}', '{"a":"12345678901234567890"}'],
  ['{"a": -1.50 , "b":[1e3,2.0E+5]}', '{"a": "-1.50" , "b":["1e3","2.0E+5"]}'],
  ['[0.10,\n1234567890123456]', '["0.10",\n"1234567890123456"]'],
  // Nothing to lose, nothing to do.
  ['{"a":1,"b":-20,"c":[0]}', '{"a":1,"b":-20,"c":[0]}'],
  ['{"t":"2024-05-01T12:00:00.123Z, 1.5e"}', '{"t":"2024-05-01T12:00:00.123Z, 1.5e"}'],
  ['{"t":"a \\" 1.5, \\\\","n":2.50}', '{"t":"a \\" 1.5, \\\\","n":"2.50"}'],
])('%s is read as %s', (json, expected) => {
  expect(numbersAsText(json)).toBe(expected);
});

test.each([
  '{1.5 :2}',
  '{"a":01.50 }',
  '{"a":1.,"b":1.0}',
  '{"a":-,"b":1.0}',
  '{"a":+1.0}',
  '{"a":1.0e,"b":1.0}',
  '{"a":1.0 2.0}',
  '{"a":1.0.0,"b":1.0}',
  '{"a":1.0"x"}',
  '{"a":tru1.0 }',
  '{"a":NaN,"b":1.0}',
  '{"a":"1.0, ',
])('%s is no JSON before and none after', (json) => {
  expect(() => JSON.parse(json)).toThrow();
  expect(() => JSON.parse(numbersAsText(json))).toThrow();
});

test('every JSON text stays the same but for its numbers, which become texts', () => {
  const textOfNumbers = (_key: string, value: unknown): unknown => (typeof value === 'number' ? String(value) : value);
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false }), fc.constantFrom(undefined, 1), (json, indent) => {
      const value: unknown = JSON.parse(json);
      const written = JSON.stringify([1.5, value], undefined, indent);
      const read = JSON.parse(numbersAsText(written)) as unknown;
      expect(read).toEqual(JSON.parse(JSON.stringify([1.5, value], textOfNumbers)));
    }),
  );
});
