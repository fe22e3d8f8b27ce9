import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Compiler } from '../compile/compiler';
import { ExprRuntimeError } from '../errors';
import { parse } from '../syntax/parser';
import { print } from '../syntax/print';
import { anyFilter, anyRecord } from '../testing/random-filters';
import { RecordLookup } from '../value/field-map';
import { FIELD_TYPES, FieldFrame } from './field-frame';
import { compileFilter } from './filter';

type Fields = Readonly<Record<string, string>>;

function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof ExprRuntimeError) return `fails: ${error.code}`;
    throw error;
  }
}

/** The filter as one expression, without a tree of conditions. */
function evaluateWhole(source: string, fields: Fields): unknown {
  const { run } = new Compiler(source, FIELD_TYPES).compile(parse(source));
  const value = run(new FieldFrame(new RecordLookup(fields)));
  if (value === null) return false;
  if (typeof value === 'boolean') return value;
  throw new ExprRuntimeError('not_boolean', 'not a bool', 0);
}

test('the tree of conditions answers as the expression does', () => {
  fc.assert(
    fc.property(anyFilter, anyRecord, (source, fields) => {
      const filter = compileFilter(source, { legacy: 'off' });
      expect(attempt(() => filter.matches(fields))).toEqual(attempt(() => evaluateWhole(source, fields)));
    }),
    { numRuns: 1500 },
  );
});

test('a printed filter is the same filter', () => {
  fc.assert(
    fc.property(anyFilter, anyRecord, (source, fields) => {
      const printed = print(parse(source));
      const [original, copy] = [source, printed].map((text) => compileFilter(text, { legacy: 'off' }));
      expect(attempt(() => copy?.matches(fields))).toEqual(attempt(() => original?.matches(fields)));
      expect(copy?.constraint).toEqual(original?.constraint);
    }),
    { numRuns: 500 },
  );
});
