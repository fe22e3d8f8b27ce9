import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ExprRuntimeError } from '../errors';
import type { Constraint } from './constraint';
import { anyFilter, anyRecord } from '../testing/random-filters';
import { compileFilter, type Filter } from './filter';

type Fields = Readonly<Record<string, string>>;

/** Whether a record fulfils a constraint, as its words say. */
function satisfies(constraint: Constraint, fields: Fields): boolean {
  switch (constraint.kind) {
    case 'any':
      return true;
    case 'none':
      return false;
    case 'and':
      return constraint.children.every((child) => satisfies(child, fields));
    case 'or':
      return constraint.children.some((child) => satisfies(child, fields));
    case 'present':
      return Object.hasOwn(fields, constraint.field);
    case 'equals':
      return constraint.values.includes(fields[constraint.field] ?? '\0missing');
    case 'prefix':
      return fields[constraint.field]?.startsWith(constraint.value) ?? false;
    case 'suffix':
      return fields[constraint.field]?.endsWith(constraint.value) ?? false;
    case 'substring':
      return fields[constraint.field]?.includes(constraint.value) ?? false;
  }
}

function matchesOrFails(filter: Filter, fields: Fields): boolean {
  try {
    return filter.matches(fields);
  } catch (error) {
    expect(error).toBeInstanceOf(ExprRuntimeError);
    return false;
  }
}

const eq = (field: string, ...values: string[]): Constraint => ({ kind: 'equals', field, values });
const sub = (field: string, value: string): Constraint => ({ kind: 'substring', field, value });
const present = (field: string): Constraint => ({ kind: 'present', field });
const any: Constraint = { kind: 'any' };
const none: Constraint = { kind: 'none' };

describe('the constraint of a filter', () => {
  test.each<[string, Constraint]>([
    ['a == "x"', eq('a', 'x')],
    ['"x" == a', eq('a', 'x')],
    ['$env["a.b"] == "x"', eq('a.b', 'x')],
    ['a == "x" + "y"', eq('a', 'xy')],
    ['a == ""', any],
    ['a == 5', none],
    ['a == nil', none],
    ['a == b', any],
    ['a in ["x", "y", "x"]', eq('a', 'x', 'y')],
    ['a in ["x", ""]', any],
    ['a in ["x", 1]', eq('a', 'x')],
    ['a in [1, 2]', none],
    ['a in []', none],
    ['a in ["x", b]', any],
    ['a != "x"', any],
    ['a != ""', present('a')],
    ['not (a == "")', present('a')],
    ['a not in ["", "x"]', present('a')],
    ['not (a != "x")', eq('a', 'x')],
    ['not not (a == "x")', eq('a', 'x')],
    ['a contains "x"', sub('a', 'x')],
    ['a contains ""', any],
    ['a not contains "x"', any],
    ['a startsWith "x"', { kind: 'prefix', field: 'a', value: 'x' }],
    ['a endsWith "x"', { kind: 'suffix', field: 'a', value: 'x' }],
    ['hasPrefix(a, "x")', { kind: 'prefix', field: 'a', value: 'x' }],
    ['hasSuffix(a, "x")', { kind: 'suffix', field: 'a', value: 'x' }],
    ['m matches "user=(\\\\w+) failed"', { kind: 'and', children: [sub('m', ' failed'), sub('m', 'user=')] }],
    ['m matches "(?i)user"', any],
    ['m matches "a|b"', any],
    ['m matches b', any],
    ['"a" in $env', present('a')],
    ['"a" not in $env', any],
    ['a in $env', any],
    ['a > "x"', present('a')],
    ['a >= ""', any],
    ['a < "x"', any],
    ['int(a) >= 500', present('a')],
    ['500 <= int(a)', present('a')],
    ['date(a).Year() == 2024', any],
    ['date(a) < now()', present('a')],
    ['date(a, "") < now()', any],
    ['(fromJSON(a).ok ?? int(b)) and true', any],
    ['(int(a) ?? int(b)) == 1', any],
    ['not ((int(a) ?? int(b)) == 1)', any],
    ['int(a) == 1 and b == "x"', { kind: 'and', children: [present('a'), eq('b', 'x')] }],
    ['a == "x" and b == "y"', { kind: 'and', children: [eq('a', 'x'), eq('b', 'y')] }],
    ['a == "x" or b == "y"', { kind: 'or', children: [eq('a', 'x'), eq('b', 'y')] }],
    ['a == "x" and b != "y"', eq('a', 'x')],
    ['a == "x" or b != "y"', any],
    ['a == "x" or a == 5', eq('a', 'x')],
    ['a == "x" and a == 5', none],
    ['not (a != "x" or b != "y")', { kind: 'and', children: [eq('a', 'x'), eq('b', 'y')] }],
    ['not (a != "x" and b != "y")', { kind: 'or', children: [eq('a', 'x'), eq('b', 'y')] }],
    ['true', any],
    ['false', none],
    ['not true', none],
    ['a == "x" and true', eq('a', 'x')],
    ['a == "x" or true', any],
    ['let b = a; b == "x"', any],
    ['any(values($env), # contains "x")', any],
    ['a == "x" ? true : false', any],
  ])('of %s', (source, expected) => expect(compileFilter(source).constraint).toEqual(expected));

  test('holds for every record that matches', () => {
    let matched = 0;
    let excluded = 0;
    fc.assert(
      fc.property(anyFilter, fc.array(anyRecord, { minLength: 1, maxLength: 8 }), (source, list) => {
        const filter = compileFilter(source);
        for (const fields of list) {
          const fulfilled = satisfies(filter.constraint, fields);
          if (!fulfilled) excluded++;
          if (!matchesOrFails(filter, fields)) continue;
          matched++;
          if (!fulfilled) expect({ source, fields, constraint: filter.constraint }).toBe('fulfilled');
        }
      }),
      { numRuns: 2000 },
    );
    expect(matched).toBeGreaterThan(500);
    expect(excluded).toBeGreaterThan(500);
  });

  test('the fields of a filter are all that it reads', () => {
    fc.assert(
      fc.property(anyFilter, anyRecord, (source, fields) => {
        const filter = compileFilter(source);
        const read = new Set<string>();
        const lookup = {
          get: (name: string) => {
            read.add(name);
            return fields[name];
          },
          names: () => {
            read.add('*');
            return Object.keys(fields);
          },
        };
        try {
          filter.test(lookup);
        } catch (error) {
          expect(error).toBeInstanceOf(ExprRuntimeError);
        }
        if (filter.fields !== undefined) expect([...read].filter((name) => !filter.fields?.includes(name))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
