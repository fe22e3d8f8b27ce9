import fc from 'fast-check';
import { parseJson } from './parse-json';

describe('parseJson', () => {
  it('reads JSON without large integers as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        if (!/\d{16}/.test(text)) expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps every digit of large integers and every character of strings that look like them', () => {
    const integer = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n });
    const text = fc.string({ unit: fc.constantFrom('"', '\\', ':', ' ', ',', '1234567890123456', '-', '\n') });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, integer, text)), fc.constantFrom('', ' ', '\n\t'), (rows, space) => {
        const entries = rows.map(
          ([a, i, b]) => `{${JSON.stringify(`${a}k`)}:${space}${i}${space},"b":${JSON.stringify(b)}}`,
        );
        const parsed = parseJson(`[${space}${entries.join(`,${space}`)}]`) as Record<string, unknown>[];
        rows.forEach(([a, i, b], row) => {
          expect(String(parsed[row]![`${a}k`])).toBe(String(i));
          expect(parsed[row]!['b']).toBe(b);
        });
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['[9007199254740993]', ['9007199254740993']],
    ['[-1234567890123456]', ['-1234567890123456']],
    ['[ 123456789012345]', [123456789012345]],
    ['[1234567890123456.5, 1234567890123456E2]', [1234567890123456.5, 123456789012345600]],
    ['{"a\\"": 9007199254740993}', { 'a"': '9007199254740993' }],
  ])('reads %s', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  it.each(['[01234567890123456789]', '[--1234567890123456]', '[1234567890123456', '{1234567890123456 : 1}', '[- 1]'])(
    'refuses %s',
    (text) => {
      expect(() => parseJson(text)).toThrow(expect.objectContaining({ code: 'INVALID_JSON' }));
    },
  );
});
