import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ExprSyntaxError } from '../errors';
import { parse } from './parser';
import { print } from './print';
import type { ExprNode } from './tree';

/** The tree without its positions, as one text. */
function shape(tree: ExprNode): string {
  return JSON.stringify(tree, (key, value: unknown) => {
    if (key === 'start' || key === 'end' || key === 'at') return undefined;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}

function expectRoundTrip(tree: ExprNode): void {
  expect(shape(parse(print(tree)))).toBe(shape(tree));
}

const name = fc.constantFrom('a', 'level', '$env', 'größe', '_x1');
const text = fc.string({
  unit: fc.constantFrom('a', 'é', '😀', '"', "'", '\\', '\n', '\0', '\u2028', '`', ' ', '\x7f'),
});

const { whole } = fc.letrec<Record<'whole' | 'operand', string>>((tie) => {
  const whole = tie('whole');
  const operand = tie('operand');
  const list = fc.array(whole, { maxLength: 3 }).map((items) => items.join(', '));
  return {
    operand: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      name,
      fc.constantFrom('1', '0x7fffffffffffffff', '1.5', '1e30', '2.0', 'true', 'nil', 'b"\\x00z"'),
      text.map((value) => JSON.stringify(value).replaceAll('\\u0000', '\\x00').replaceAll('\\u007f', '\\x7f')),
      whole.map((inner) => `(${inner})`),
      fc
        .tuple(
          name,
          fc.constantFrom('.b', '?.b', '[0]', '?.["c d"]', '[1:]', '[:2]', '[1:2]', '.not', '.f(1)'),
          fc.constantFrom('', '.z', '?.y', '[2]'),
        )
        .map((parts) => parts.join('')),
      list.map((items) => `[${items}]`),
      fc.tuple(name, list).map(([callee, items]) => `f${callee.length}(${items})`),
      fc.tuple(fc.constantFrom('len', 'max', 'trim'), list).map(([builtin, items]) => `${builtin}(${items})`),
      fc.tuple(whole, whole).map(([key, value]) => `{k: ${value}, (${key}): 1, "x y": nil}`),
      fc.tuple(whole, whole).map(([items, body]) => `filter(${items}, {${body}; #.x})`),
      fc.tuple(whole, operand).map(([items, body]) => `reduce(${items}, ${body} + #acc + #index, 0)`),
    ),
    whole: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      operand,
      fc
        .tuple(
          operand,
          fc.constantFrom(
            'or',
            'and',
            '||',
            '==',
            '<',
            'in',
            'not in',
            'not matches',
            'contains',
            '..',
            '+',
            '*',
            '**',
            '^',
            '%',
          ),
          operand,
        )
        .map((parts) => parts.join(' ')),
      fc.tuple(operand, operand, operand).map(([a, b, c]) => `${a} < ${b} >= ${c}`),
      fc.tuple(operand, operand).map(([a, b]) => `${a} ?? ${b}`),
      fc.tuple(fc.constantFrom('not ', '-', '+', '!'), operand).map((parts) => parts.join('')),
      fc.tuple(operand, operand, operand).map(([a, b, c]) => `${a} ? ${b} : ${c}`),
      fc.tuple(operand, operand).map(([a, b]) => `${a} ?: ${b}`),
      fc.tuple(whole, whole, whole).map(([a, b, c]) => `if ${a} { ${b}; ${a} } else { ${c} }`),
      fc.tuple(name, whole, whole).map(([variable, value, body]) => `let ${variable} = ${value}; ${body}`),
      fc.tuple(whole, whole).map(([a, b]) => `(${a}; ${b})`),
      fc.tuple(operand, operand).map(([a, b]) => `${a} | split(${b}) | upper()`),
    ),
  };
});

describe('print', () => {
  test('parsing what was printed gives the same tree', () => {
    fc.assert(
      fc.property(whole, (source) => {
        let tree: ExprNode;
        try {
          tree = parse(source);
        } catch (error) {
          // Only where parts that stand alone do not fit together, as ?? beside another operator.
          expect(error).toBeInstanceOf(ExprSyntaxError);
          return;
        }
        expectRoundTrip(tree);
      }),
      { numRuns: 1000 },
    );
  });

  test('most generated sources are expressions', () => {
    const sources = fc.sample(whole, 200);
    const parsed = sources.filter((source) => {
      try {
        parse(source);
        return true;
      } catch {
        return false;
      }
    });
    expect(parsed.length).toBeGreaterThan(120);
  });

  test('any text is parsed or refused, and printed so that it is read the same', () => {
    const pieces = fc.constantFrom(
      ...'a b # . .. ?. ? : :: ; , ( ) [ ] { } | || ! not in and or == = < <= + - * ** / % ^ ?? let if else "x" \'y\' `z` 1 1.5 0x 1e nil true map( filter( all( /* */ // \\ @ & \n $env'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 15 }), fc.constantFrom('', ' '), (parts, gap) => {
        const source = parts.join(gap);
        let tree: ExprNode;
        try {
          tree = parse(source);
        } catch (error) {
          expect(error).toBeInstanceOf(ExprSyntaxError);
          return;
        }
        expectRoundTrip(tree);
      }),
      { numRuns: 2000 },
    );
  });
});
