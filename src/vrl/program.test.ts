import type { VrlCompileError } from './index';
import { compile, compileTransformer, fromJson, kindOf, toJson, VrlRuntimeError, type VrlValue } from './index';
import { parsePathText, PathSyntaxError } from './checker/path-text';

describe('running', () => {
  test('gives value, event and metadata', () => {
    const result = compile('%seen = true\n.b = .a + 1 ?? 0').run(fromJson('{"a": 9223372036854775806}'));
    expect(toJson(result.value)).toBe('9223372036854775807');
    expect(toJson(result.event)).toBe('{"a":9223372036854775806,"b":9223372036854775807}');
    expect(toJson(result.metadata)).toBe('{"seen":true}');
  });
  test('runs do not see each other', () => {
    const program = compile('if exists(.a) { x = .a; .b = x } else { x = null; .b = x }');
    expect(program.run({ a: 1 }).event).toEqual({ a: 1, b: 1 });
    expect(program.run({}).event).toEqual({ b: null });
  });
  test('plain data is copied, own objects are changed in place', () => {
    const program = compile('.a.b = 2');
    const plain = { a: { b: 1 } };
    program.run(plain);
    expect(plain).toEqual({ a: { b: 1 } });
    const own = fromJson('{"a": {"b": 1}}');
    program.run(own);
    expect(own).toEqual({ a: { b: 2 } });
  });
  test('an error leaves the event as it was then', () => {
    const program = compile('.b = 1\n.c = int!(.a)\n.d = 1');
    expect(() => program.run({ a: 'x' })).toThrow(VrlRuntimeError);
    try {
      program.run({ a: 'x' });
    } catch (error) {
      expect((error as VrlRuntimeError).event).toEqual({ a: 'x', b: 1 });
    }
  });
  test('events need not be objects', () => {
    expect(compile('.a = 1').run([1]).event).toEqual({ a: 1 });
    expect(compile('.').run('text').value).toBe('text');
  });
  test.each([
    ['1', 'integer'],
    ['1.0', 'float'],
    ['"1"', 'string'],
    ['[]', 'array'],
    ['{}', 'object'],
    ['null', 'null'],
    ['true', 'boolean'],
  ])('kind of %s', (json, kind) => expect(kindOf(fromJson(json))).toBe(kind));
});

describe('options', () => {
  test('timezone', () => {
    const source = '.t = parse_timestamp!("2024-07-01 12:00", "%F %R")';
    const time = (timezone?: string) => toJson((compile(source, { timezone }).run({}).event as { t: VrlValue }).t);
    expect(time()).toBe('"2024-07-01T12:00:00Z"');
    expect(time('America/New_York')).toBe('"2024-07-01T16:00:00Z"');
    expect(() => time('Mars/Olympus')).toThrow(RangeError);
  });
  test('read-only paths that are none', () => {
    expect(() => compile('', { readOnlyPaths: [{ target: 'event', path: '.a[', recursive: false }] })).toThrow(
      PathSyntaxError,
    );
  });
});

test('warnings', () => {
  expect(compile('x = 1').warnings).toEqual([
    expect.objectContaining({ code: 900, severity: 'warning', start: 0, end: 1 }),
  ]);
  expect(compileTransformer('abs!(1)').warnings.map(({ code }) => code)).toEqual([620]);
});

test('a report shows the places in the source', () => {
  expect.assertions(1);
  try {
    compile('.a = 1\n\t.b = to_int(.c)\nx = y');
  } catch (error) {
    expect((error as VrlCompileError).message).toBe(
      [
        'error[E103]: unhandled fallible assignment',
        '  ┌─ :2:7',
        '  │',
        '2 │ \t.b = to_int(.c)',
        '  │ \t-- or take the error here: .b, err = ...',
        '  │ \t     ^^^^^^^^^^ this expression is fallible',
        '  │',
        '  = handle the error: abort with `!`, give a default with `??`, or assign it with `ok, err = ...`',
        '',
        'error[E701]: call to undefined variable',
        '  ┌─ :3:5',
        '  │',
        '3 │ x = y',
        '  │     ^ undefined variable',
      ].join('\n'),
    );
  }
});

describe('path texts', () => {
  test.each<[string, (string | number)[]]>([
    ['.', []],
    ['', []],
    ['.a.b', ['a', 'b']],
    ['a-b."c \\"d\\""[0][-1].e', ['a-b', 'c "d"', 0, -1, 'e']],
    ['[0]', [0]],
    ['%a', ['a']],
  ])('%s', (text, path) => expect(parsePathText(text)).toEqual(path));
  test.each(['.a..b', 'a b', '.a[', '.a[x]', '"a', '.a"b"'])('%s is none', (text) =>
    expect(() => parsePathText(text)).toThrow(PathSyntaxError),
  );
});
