import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileFilter } from './filter';
import { LegacyFilterError, translateLegacyFilter } from './legacy';

describe('translateLegacyFilter', () => {
  test.each([
    ['level = "error"', 'level == "error"'],
    ['level != "error"', 'level != "error"'],
    ['level in ["a", "b"]', 'level in ["a", "b"]'],
    ['level in []', 'level in []'],
    ['level not in ["a"]', 'level not in ["a"]'],
    ['level NOT in ["a"]', 'level not in ["a"]'],
    ['level = "a" AND NOT n IN ["2"]', 'level == "a" and not (n in ["2"])'],
    ['\'http.status\' = "500"', '$env["http.status"] == "500"'],
    ["'it\\'s' = \"x\"", '$env["it\'s"] == "x"'],
    ['\'plain\' = "x"', 'plain == "x"'],
    ['count = "5"', '$env["count"] == "5"'],
    ['contains = "5"', '$env["contains"] == "5"'],
    ['nil = "5"', '$env["nil"] == "5"'],
    ['a = "1" AND b = "2" or c = "3"', 'a == "1" and b == "2" or c == "3"'],
    ['not a = "1"', 'not (a == "1")'],
    ['NOT (a = "1" OR b = "2")', 'not (a == "1" or b == "2")'],
    ['not not a = "1"', 'a == "1"'],
    ['(a = "1")', '(a == "1")'],
    ['a="x\\"y\\\\z\\n"', 'a == "x\\"y\\\\z\\n"'],
    [' \n a = "é😀" ', 'a == "é😀"'],
  ])('%s', (source, expected) => {
    expect(translateLegacyFilter(source)).toBe(expected);
    expect(compileFilter(expected).source).toBe(expected);
  });

  test.each([
    ['', 'unexpected_token', 0],
    ['a', 'unexpected_token', 1],
    ['a = ', 'unexpected_token', 4],
    ['a = b', 'unexpected_token', 4],
    ['a = "x" b', 'unexpected_token', 8],
    ['a = "x" and', 'unexpected_token', 11],
    ["a = 'x'", 'unexpected_token', 4],
    ['"a" = "x"', 'unexpected_token', 0],
    ['a == "x"', 'unexpected_token', 3],
    ['a in "x"', 'unexpected_token', 5],
    ['a in ["x",, "y"]', 'unexpected_token', 10],
    ['(a = "x"', 'unexpected_token', 8],
    ['a = "x', 'unexpected_character', 3],
    ['a > "x"', 'unexpected_character', 1],
    ['('.repeat(1000), 'too_deep', 300],
    ['a = "' + 'x'.repeat(70_000) + '"', 'source_too_long', 65_536],
  ])('%j is refused', (source, code, offset) => {
    expect(() => translateLegacyFilter(source)).toThrow(LegacyFilterError);
    expect(() => translateLegacyFilter(source)).toThrow(expect.objectContaining({ code, offset }));
  });

  test('any text is translated to Expr or refused', () => {
    const pieces = fc.constantFrom(
      'a',
      "'b c'",
      '"x"',
      '"\\',
      '=',
      '!=',
      'in',
      'not',
      'NOT',
      'and',
      'OR',
      '(',
      ')',
      '[',
      ']',
      ',',
      ' ',
      '\\',
      "'",
      '"',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const source = parts.join(' ');
        let translated: string;
        try {
          translated = translateLegacyFilter(source);
        } catch (error) {
          expect(error).toBeInstanceOf(LegacyFilterError);
          return;
        }
        compileFilter(translated, { legacy: 'off' });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('compileFilter with the old language', () => {
  const record = { level: 'error', 'http.status': '500' };

  test.each([
    ['level = "error"', true],
    ['level = "warn" OR \'http.status\' = "500"', true],
    ['missing = ""', true],
    ['missing != "x"', true],
    ['missing in ["x"]', false],
    ['NOT level in ["error"]', false],
  ])('%s is %s', (source, expected) => {
    const filter = compileFilter(source);
    expect(filter.source).toBe(source);
    expect(filter.matches(record)).toBe(expected);
  });

  test('a source that is Expr is never read as the old language', () => {
    // In the old language this would compare the field named level.
    expect(compileFilter("level in ['error']").matches(record)).toBe(true);
    expect(compileFilter("'level' == 'level'").matches({})).toBe(true);
  });

  test('when both fail the error is that of Expr', () => {
    expect(() => compileFilter('level = ')).toThrow(expect.objectContaining({ name: 'ExprSyntaxError', offset: 6 }));
    expect(() => compileFilter('lower(level)')).toThrow(expect.objectContaining({ name: 'ExprCompileError' }));
  });

  test('the old language can be switched off', () => {
    expect(() => compileFilter('level = "error"', { legacy: 'off' })).toThrow(
      expect.objectContaining({ name: 'ExprSyntaxError' }),
    );
  });
});
