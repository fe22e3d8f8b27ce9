import { error, f, t, testCodes, testPrograms } from './testing/run';

const MAX = 9223372036854775807n;

describe('addition', () => {
  testPrograms([
    ['1 + 2', 3],
    ['1 + 2.5', f(3.5)],
    ['1.5 + 1', f(2.5)],
    ['9223372036854775807 + 1', -MAX - 1n],
    ['9007199254740991 + 1', 9007199254740992n],
    ['"a" + "b"', 'ab'],
    ['"a" + null', 'a'],
    ['null + "a"', 'a'],
    ['.a + 1 ?? "failed"', { a: true }, 'failed'],
    ['x = "b"; "a{{ x }}c"', 'abc'],
    ['x = null; "a{{ x }}c"', 'ac'],
  ]);
});

describe('other arithmetic', () => {
  testPrograms([
    ['5 - 7', -2],
    ['-9223372036854775808 - 1', MAX],
    ['3 * -4', -12],
    ['"ab" * 2', 'abab'],
    ['2 * "ab"', 'abab'],
    ['"ab" * -2', ''],
    ['6 / 4', f(1.5)],
    ['6 / 3', f(2)],
    ['x, err = 1 / 0; err', "can't divide by zero"],
    ['x, err = 1 - .a; err', { a: 'b' }, "can't subtract type string from integer"],
    ['x, err = 1 + .a; err', { a: 'b' }, "can't add type string to integer"],
    ['x, err = .a * 2; err', { a: true }, "can't multiply type boolean by integer"],
    ['x, err = .a / 2; err', { a: true }, "can't divide type boolean by integer"],
    ['mod(5, 3)', 2],
    ['to_int(.a) / 2', { a: '5' }, f(2.5)],
    [
      'to_int(.a) / 2',
      { a: 'x' },
      error('function call error for "to_int" at (0:10): Invalid integer "x": invalid digit found in string'),
    ],
  ]);
  testCodes([
    ['to_int(.a) / 2', []],
    ['to_int(.a) / 2 ?? 1', [651]],
    ['x, err = to_int(.a) / 2; [x, err]', [104, 701]],
    ['to_int(.a) / 0', [100]],
    ['to_int(.a) / .b', [100]],
    ['.a / 2', [100]],
  ]);
});

describe('equality', () => {
  testPrograms([
    ['1 == 1.0', true],
    ['[1] == [1.0]', false],
    ['{ "a": [1] } == { "a": [1] }', true],
    ['"1" == 1', false],
    ['null == .missing', true],
    ['"a" != "b"', true],
    ["t'2000-01-01T00:00:00Z' == t'2000-01-01T01:00:00+01:00'", true],
    ["r'a' == r'a'", true],
    ['9007199254740993 == 9007199254740993', true],
  ]);
});

describe('comparison', () => {
  testPrograms([
    ['1 < 2', true],
    ['2 <= 1.5', false],
    ['9223372036854775807 > 9007199254740993', true],
    ['"b" > "a"', true],
    ['"\u{ffff}" < "😀"', true],
    ["t'2000-01-01T00:00:00Z' < t'2000-01-01T00:00:00.000000001Z'", true],
    ['x, err = .a > 1; err', { a: true }, "can't calculate remainder of type boolean and integer"],
    ['x, err = .a < 1; err', { a: true }, "can't compare boolean >= integer"],
    ['x, err = 1 < .a; err', { a: 'x' }, "can't compare integer >= string"],
    ['x, err = "a" < .a; err', { a: 1 }, 'expected string, got integer'],
    ["x, err = t'2000-01-01T00:00:00Z' < .a; err", { a: 1 }, 'expected timestamp, got integer'],
  ]);
  testCodes([
    ['1 < 2 == true', [650]],
    ['1 < 2 < 3', [650]],
    ['1 == 1 == 1', [650]],
    ['(1 < 2) == true', []],
    ['.a < 1', [100]],
    ['"a" < 1', [100]],
  ]);
});

describe('logic', () => {
  testPrograms([
    ['true && false', false],
    ['.b == 1 && (x = 2) == 2; x', null],
    ['.b == null || (x = 2) == 2; x', null],
    ['.y = to_int("1") ?? (x = 2); x', null],
    ['null && true', false],
    ['true && null', false],
    ['false || 5', 5],
    ['null || "x"', 'x'],
    ['"a" || "b"', 'a'],
    ['.a || "b"', { a: 0 }, 0],
    ['!true', false],
    ['x, err = .a && true; err', { a: 'x' }, "can't apply an AND to types string and boolean"],
    ['x, err = .b && .a; err', { a: 'x', b: true }, "can't apply an AND to types boolean and string"],
    [
      'x, err = .a || { if .b == 1 { abort "no" }; to_int("1") }; err',
      { b: 1 },
      "can't apply an OR to these types - no",
    ],
    ['x = 1; false && { x = 2; true }; x', 1],
    ['x = 1; .a && { x = 2; true } ?? false; x', { a: true }, 2],
  ]);
  testCodes([
    ['!1', [660]],
    ['!.a', [660]],
    ['false && .a', []],
    // A variable that may not have got its value is none.
    ['x = {}; "a" + x.b', [100]],
    ['x = {}; 1 + x.b', [100]],
    // A constant on the left leaves it to the right side, which may be no boolean.
    ['true && .a', []],
    ['.b && .a', [100]],
    ['true && 1 == 1', []],
    ['.a && true', [100]],
  ]);
});

describe('coalescing', () => {
  testPrograms([
    ['to_int("x") ?? 5', 5],
    ['to_int("7") ?? 5', 7],
    ['to_int("x") ?? to_int("y") ?? 1', 1],
    ['{ if .a == 1 { abort }; to_int("x") } ?? 1', { a: 1 }, 1],
  ]);
  testCodes([
    ['1 ?? 2', [651]],
    ['{ abort; to_int("x") } ?? 1', [651]],
    ['to_int("a") ?? to_int("b")', [100]],
  ]);
});

describe('merging', () => {
  testPrograms([
    ['{ "a": 1, "b": 2 } | { "b": 3 }', { a: 1, b: 3 }],
    ['. |= { "b": 3 }; .', { a: 1 }, { a: 1, b: 3 }],
    ['.a = { "x": 1 }; .a |= { "y": 2 }; .', { a: { x: 1, y: 2 } }],
  ]);
  testCodes([
    ['{} | .a', [652]],
    ['.a |= {}', [652]],
    ['. |= object!(.a)', []],
  ]);
});

describe('literals', () => {
  testPrograms([
    ['[1, "a", null, true, 1.5]', [1, 'a', null, true, f(1.5)]],
    ['{ "b": 1, "a": { "c": [] } }', { a: { c: [] }, b: 1 }],
    ['{ "a": 1, "a": 2 }', { a: 2 }],
    ['{ "__proto__": 1 }.__proto__', 1],
    ["t'2000-01-01 00:00:00Z'", t('2000-01-01T00:00:00Z')],
    ["s'a\\n'", 'a\\n'],
    ['', null],
  ]);
  testCodes([
    ["r'('", [101]],
    ["t'yesterday'", [601]],
  ]);
});
