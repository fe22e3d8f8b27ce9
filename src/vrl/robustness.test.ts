import * as fc from 'fast-check';
import { checkProgram } from './checker/check-program';
import { ReadOnlyPaths } from './checker/read-only';
import { compile } from './compile';
import { VrlAbort, VrlCompileError, VrlRuntimeError } from './errors';
import { readNoFile } from './stdlib/files/read-file';
import { STANDARD_LIBRARY } from './stdlib/registry';
import { parseProgram } from './syntax/parser';
import { printProgram } from './syntax/print';
import { Source } from './syntax/source';
import { anyCharacter } from './testing/any-character';
import { run } from './testing/run';
import { contains, undefinedToNull } from './types/kind';
import { kindOfValue } from './types/kind-of-value';

/** Functions that neither wait nor draw nor look around, so that runs are quick and repeatable. */
const PURE_FUNCTIONS = [
  ...[
    'abs',
    'ceil',
    'mod',
    'to_string',
    'to_int',
    'to_float',
    'to_bool',
    'string',
    'int',
    'float',
    'bool',
    'array',
    'object',
  ],
  ...[
    'is_string',
    'is_null',
    'is_empty',
    'is_nullish',
    'exists',
    'del',
    'type_def',
    'format_int',
    'get',
    'set',
    'remove',
  ],
];

const leaf = fc.constantFrom(
  ...[
    '1',
    '0',
    '-2',
    '1.5',
    '"a"',
    '""',
    'true',
    'false',
    'null',
    '.',
    '.a',
    '.b',
    '.c.d',
    '.e[0]',
    '.e[-1]',
    '%m',
    'x',
    'y',
  ],
  ...['[]', '{}', "t'2000-01-01T00:00:00Z'", "r'a+'", '"{{ x }}"', '9223372036854775807'],
);

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie('expression');
  const operator = fc.constantFrom('+', '-', '*', '/', '==', '!=', '<', '>=', '&&', '||', '??', '|');
  const target = fc.constantFrom('.a', '.c.d', '.e[0]', '.e[-2]', 'x', 'y', 'x.k', '%m', '.');
  return {
    expression: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.tuple(inner, operator, inner).map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc
        .tuple(fc.constantFrom(...PURE_FUNCTIONS), fc.constantFrom('', '!'), inner)
        .map(([f, bang, a]) => `${f}${bang}(${a})`),
      fc.tuple(inner, inner).map(([a, b]) => `[${a}, ${b}]`),
      fc.tuple(inner, inner).map(([a, b]) => `{ "p": ${a}, "q": ${b} }`),
      fc.tuple(inner, inner, inner).map(([p, a, b]) => `{ if (${p} == 1) { ${a} } else { ${b} } }`),
      fc.tuple(target, inner).map(([t, a]) => `(${t} = ${a})`),
      fc.tuple(target, target, inner).map(([t, e, a]) => `(${t}, ${e} = ${a})`),
      inner.map((a) => `!${a}`),
      inner.map((a) => `{ abort ${a} }`),
      inner.map((a) => `{ return ${a} }`),
      fc.tuple(inner, inner).map(([a, b]) => `map_values(object!(${a})) -> |v| { [v, ${b}] }`),
      fc.tuple(inner, inner).map(([a, b]) => `for_each(array!(${a})) -> |i, v| { x = [i, v, ${b}] }`),
    ),
  };
});

const program = fc
  .array(expression, { minLength: 1, maxLength: 4 })
  .map((lines) => `x = 1\ny = .b\n${lines.join('\n')}`);

const event = fc.record(
  {
    a: fc.anything(),
    b: fc.oneof(fc.integer(), fc.string()),
    c: fc.oneof(fc.constant(null), fc.dictionary(fc.string(), fc.integer())),
    e: fc.array(fc.integer()),
  },
  { requiredKeys: [] },
);

/** A tree as one text, places in the source aside. */
function shape(tree: unknown): string {
  return JSON.stringify(tree, (key, value: unknown) => {
    if (/^(start|end|baseEnd|lastSegmentStart)$|Span$/.test(key)) return undefined;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}

test('a printed program is read as the same tree', () => {
  let read = 0;
  fc.assert(
    fc.property(program, (source) => {
      const { tree, errors } = parseProgram(source);
      if (errors.length > 0) return;
      read++;
      const again = parseProgram(printProgram(tree));
      expect(again.errors).toEqual([]);
      expect(shape(again.tree)).toBe(shape(tree));
    }),
    { numRuns: 1000 },
  );
  expect(read).toBeGreaterThan(500);
});

test('a program compiles or tells why not, and a run ends well or with an error of the language', () => {
  let compiled = 0;
  fc.assert(
    fc.property(program, event, (source, data) => {
      try {
        compile(source).run(structuredClone(data));
        compiled++;
      } catch (failure) {
        expect([VrlCompileError, VrlRuntimeError, VrlAbort]).toContain((failure as Error).constructor);
      }
    }),
    { numRuns: 600 },
  );
  expect(compiled).toBeGreaterThan(20);
});

test('what the checker calls infallible does not fail, and values are of the kinds it tells', () => {
  const options = {
    functions: STANDARD_LIBRARY,
    timezone: 'UTC',
    host: { log: () => undefined, readFile: readNoFile },
    readOnlyPaths: new ReadOnlyPaths([]),
  };
  let checkedPrograms = 0;
  fc.assert(
    fc.property(program, event, (source, data) => {
      const { tree, errors } = parseProgram(source);
      if (errors.length > 0 || /!\(|abort|return/.test(source)) return;
      const checked = checkProgram(tree, new Source(source), options);
      if (checked.findings.some((finding) => finding.severity === 'error')) return;
      const outcome = run(source, structuredClone(data));
      expect(outcome).toHaveProperty('value');
      checkedPrograms++;
      const last = checked.roots.at(-1);
      if (last !== undefined && 'value' in outcome) {
        expect(contains(undefinedToNull(last.kind), kindOfValue(outcome.value))).toBe(true);
      }
    }),
    { numRuns: 1500 },
  );
  expect(checkedPrograms).toBeGreaterThan(20);
});

test('any text is compiled or refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 200 }), (source) => {
      try {
        compile(source);
      } catch (failure) {
        expect(failure).toBeInstanceOf(VrlCompileError);
      }
    }),
    { numRuns: 600 },
  );
});

describe('limits', () => {
  test.each([
    [
      'a string that doubles',
      'x = "0123456789"; for_each(array!(.list)) -> |_i, _v| { x = x + x }; length(x)',
      /longer than/,
    ],
    ['a long repetition', '"abc" * 9007199254740991', /longer than/],
    ['a list that doubles', 'x = [1]; for_each(array!(.list)) -> |_i, _v| { x = [x, x] }; x', /limit of steps/],
    [
      'rounds within rounds',
      `${'for_each(array!(.list)) -> |_i, _v| {'.repeat(5)} 1 ${'}'.repeat(5)}`,
      /limit of steps/,
    ],
    [
      'a limit that `??` would catch',
      '{ x = [1]; for_each(array!(.list)) -> |_i, _v| { x = [x, x] }; to_int("x") } ?? "caught"',
      /limit of steps/,
    ],
    [
      'hashes of a long text',
      'x = "ab" * 2000000; for_each(array!(.list)) -> |_i, _v| { for_each(array!(.list)) -> |_j, _w| { sha2(x) } }',
      /limit of|longer than/,
    ],
    [
      'a text that doubles in a codec',
      `x = "ab" * 200000; ${'encode_base16('.repeat(8)}x${')'.repeat(8)}`,
      /longer than/,
    ],
    [
      'long texts kept',
      'x = []; for_each(array!(.list)) -> |_i, v| { x = push(x, upcase("ab" * 8000000)) }',
      /limit of/,
    ],
    [
      'comparisons of long texts',
      'x = "ab" * 8000000; y = "a" + "ba" * 7999999 + "b"; for_each(array!(.list)) -> |_i, _v| { for_each(array!(.list)) -> |_j, _w| { x == y } }',
      /limit of/,
    ],
    [
      'parsing over and over',
      'x = "[" + "[]," * 500000 + "1]"; for_each(array!(.list)) -> |_i, _v| { .kept = push(array(.kept) ?? [], parse_json!(x)) }',
      /limit of/,
    ],
    [
      'objects over and over',
      'for_each(array!(.list)) -> |_i, _v| { for_each(array!(.list)) -> |_j, _w| { for_each(array!(.list)) -> |_k, _u| { encode_json(.list) } } }',
      /limit of|takes longer/,
    ],
    [
      'patterns on the linear machine',
      'x = "ab" * 500000; for_each(array!(.list)) -> |i, _v| { y = x + to_string(i); match(y, r\'((a+b?)*){9,40}c$\') }',
      /limit of/,
    ],
    ['a far negative index', '.a[-200000] = 1; length(.a) == 200000', undefined],
  ])('%s', (_name, source, message) => {
    if (message === undefined) {
      expect(run(source)).toMatchObject({ value: true });
      return;
    }
    expect(run(source, { list: new Array(100).fill(0) })).toEqual({ error: expect.stringMatching(message) });
  });
  test.each([
    ['brackets', '('.repeat(100_000)],
    ['operators', `1${' + 1'.repeat(100_000)}`],
    ['negations', '!'.repeat(100_000)],
    ['assignments', 'a = '.repeat(100_000)],
    ['else ifs', `if true { 1 }${' else if true { 1 }'.repeat(10_000)}`],
    ['objects', '{"a":'.repeat(50_000)],
    ['predicates', 'if ('.repeat(50_000)],
    ['empty lines', 'a = 1\n'.repeat(2) + '\n'.repeat(500_000)],
    ['comments', '#\n'.repeat(250_000)],
    ['a long path', `.a${'.a'.repeat(100_000)} = 1`],
  ])('deep nesting of %s is refused or works', (_name, source) => {
    try {
      compile(source).run({});
    } catch (failure) {
      expect([VrlCompileError, VrlRuntimeError]).toContain((failure as Error).constructor);
    }
  });
});
