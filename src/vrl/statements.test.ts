import { compile } from './compile';
import { VrlAbort } from './errors';
import { run, testCodes, testPrograms } from './testing/run';

describe('blocks and variables', () => {
  testPrograms([
    ['x = { y = 1; y + 1 }; x', 2],
    ['x = 1; { x = 2; null }; x', 2],
    ['a = b = 3; [a, b]', [3, 3]],
    ['x = { "a": 1 }; y = x; y.a = 2; [x, y]', [{ a: 1 }, { a: 2 }]],
    ['.x = .a; .x.b = 9; .', { a: { b: 1 } }, { a: { b: 1 }, x: { b: 9 } }],
    ['x.a.b = 1; x', { a: { b: 1 } }],
    ['x = [.a, .a]; x[0].b = 2; x', { a: { b: 1 } }, [{ b: 2 }, { b: 1 }]],
    ['x = { "e": .a, "f": { .a.b = 5; 1 } }; x.e', { a: { b: 1 } }, { b: 1 }],
    ['x = .a; del(.a.b); x', { a: { b: 1 } }, { b: 1 }],
    ['%m.a = 1; %m', { a: 1 }],
    ['return 5; 6', 5],
    ['if .a == 1 { return "early" }; "late"', { a: 1 }, 'early'],
    ['if .a == 1 { return "early" }; "late"', { a: 2 }, 'late'],
  ]);
  testCodes([
    ['{ y = 1; y }; y', [701]],
    ['if true { y = 1 }; y', [701]],
    ['x', [701]],
    ['x = y; x', [701]],
    ['_ = 1', [640]],
    ['_, _ = to_int("x")', [640]],
    ['string("1").a = 1', [641]],
    ['.a = to_int(.b)', [103]],
    ['.a = string(.b)', [103]],
    ['x, err = 1', [104]],
    ['.a = 1; .a.b = 2', [642]],
    ['.a = [1]; .a.b = 2', [642]],
    ['.a = {}; .a[0] = 2', [642]],
    ['x = "s"; x.a = 1', [642]],
    ['.a.b.c = 1', []],
    ['x = {}; x.a.b = 1', [642]],
    ['x = {}; x.a = {}; x.a.b = 1; x', []],
    ['y.a.b = 1; y', []],
    ['.a = null; .a.b = 1', [642]],
  ]);
});

describe('if', () => {
  testPrograms([
    ['if true { 1 } else { 2 }', 1],
    ['if false { 1 }', null],
    ['if .a == 1 { "one" } else if .a == 2 { "two" } else { "many" }', { a: 2 }, 'two'],
    ['if (x = 5; x == 5) { x }', 5],
    ['x = null; if true { x = 1 }; x', 1],
  ]);
  testCodes([
    ['if 1 { 2 }', [102]],
    ['if .a { 2 }', [102]],
    ['if to_bool("x") { 1 }', [100]],
    ['if starts_with(.a, "x") { 1 }', [110]],
    ['if is_empty(.a) { 1 }', [110]],
    ['x = null; if true { x = 1 }; x + 1', [100]],
    ['x = 2; if true { x = 1 }; x + 1', []],
  ]);
});

describe('infallible assignment', () => {
  testPrograms([
    ['x, err = to_int("7"); [x, err]', [7, null]],
    [
      'x, err = to_int("x"); [x, err]',
      [0, 'function call error for "to_int" at (9:20): Invalid integer "x": invalid digit found in string'],
    ],
    ['x, err = string(.a); [x, is_string(err)]', ['', true]],
    ['x, err = object(.a); x', {}],
    ['x, err = array(.a); x', []],
    ['_, err = to_int("x"); is_string(err)', true],
    ['x, _ = to_int("8"); x', 8],
    ['.a.b, .err = to_int("8"); .', { a: { b: 8 }, err: null }],
    // Even the end of the program is a failure there.
    ['x, err = { return 5 } - to_int(.a); [x == 0.0, err]', { a: 'x' }, [true, 'return']],
    ['_, err = append(.a, (x = [1])); [x, is_string(err)]', { a: 'x' }, [[1], true]],
    ['x, err = {if .a == 1 { abort "stop" }; to_int("1")}; err', { a: 1 }, 'stop'],
  ]);
});

describe('abort', () => {
  test.each([
    ['.b = 1; abort', 'aborted'],
    ['.b = 1; abort "because"', 'because'],
  ])('%s', (source, message) => {
    const program = compile(source);
    let abort: unknown;
    try {
      program.run({ a: 1 });
    } catch (failure) {
      abort = failure;
    }
    expect(abort).toBeInstanceOf(VrlAbort);
    expect(abort).toMatchObject({ message, event: { a: 1, b: 1 } });
  });
  testCodes([
    ['abort to_string(.a)', [631]],
    ['abort 1', [113]],
    ['return to_int("x")', [631]],
    ['if true { abort }; .a = 1', []],
  ]);
});

describe('paths', () => {
  testPrograms([
    ['.a', { a: 1 }, 1],
    ['.a.b', { a: 1 }, null],
    ['.a[1]', { a: [1, 2] }, 2],
    ['.a[-1]', { a: [1, 2] }, 2],
    ['.a[5]', { a: [1, 2] }, null],
    ['.a[0]', { a: {} }, null],
    ['."a b".c', { 'a b': { c: 3 } }, 3],
    ['.constructor', null],
    ['.__proto__', null],
    ['[1, 2][1]', 2],
    ['{ "a": { "b": 4 } }.a.b', 4],
    ['.a[3] = 1; .a', { a: [0] }, [0, null, null, 1]],
    ['.a[-3] = 9; .a', { a: [1] }, [9, null, 1]],
    ['.a.b[0].c = 1; .', { a: { b: [{ c: 1 }] } }],
    ['.a.b = 1; .', { a: 5 }, { a: { b: 1 } }],
    ['. = [1]; .[1] = 2; .', [1, 2]],
  ]);
  test('writing to __proto__ makes a plain member', () => {
    const outcome = run('.__proto__.polluted = 1; .constructor.prototype.polluted = 2; .__proto__');
    expect(outcome).toMatchObject({ value: { polluted: 1 } });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('read-only paths', () => {
  const options = {
    readOnlyPaths: [
      { target: 'event' as const, path: '.a.b', recursive: false },
      { target: 'event' as const, path: 'r-o', recursive: true },
      { target: 'metadata' as const, path: 'm', recursive: false },
    ],
  };
  testCodes(
    [
      ['.a.b = 1', [315]],
      ['.a = 1', [315]],
      ['. = {}', [315]],
      ['.a.b.c = 1', []],
      ['x = {}; x.a.b = 1', [642]],
      ['x = {}; x.a = {}; x.a.b = 1; x', []],
      ['y.a.b = 1; y', []],
      ['.a.c = 1', []],
      ['."r-o".x = 1', [315]],
      ['%m = 1', [315]],
      ['.m = 1', []],
      ['del(.a.b)', [610]],
      ['del(.a.c)', []],
    ],
    options,
  );
});
