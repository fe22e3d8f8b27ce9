import { expect, test } from '@jest/globals';
import { compileExpr } from './expression';
import { compileFilter } from './filter/filter';
import { evaluate } from './testing/evaluate';

const env = {
  text: 'abc',
  number: 5,
  flag: true,
  real: 1.5,
  list: [1, 2, 3],
  nothing: null,
  record: { name: 'x' },
  when: new Date('2024-01-01T00:00:00Z'),
  run: (): number => 1,
};

/** The message of what evaluating throws, its place aside. */
function reasonOf(source: string): unknown {
  try {
    return evaluate(source, env);
  } catch (error) {
    return error instanceof Error && 'reason' in error ? error.reason : error;
  }
}

const conversion = (kind: string, wanted: string): string =>
  `interface conversion: interface {} is ${kind}, not ${wanted}`;

test.each([
  // known before running
  ['1 + "a"', 'invalid operation: + (mismatched types int and string)'],
  ['1.5 - true', 'invalid operation: - (mismatched types float64 and bool)'],
  ['nil + 1', 'invalid operation: + (mismatched types unknown and int)'],
  ['[1] < {"a": 1}', 'invalid operation: < (mismatched types []interface {} and map[string]interface {})'],
  ['now() == duration("1s")', 'invalid operation: == (mismatched types time.Time and time.Duration)'],
  ['2 ^ "a"', 'invalid operation: ^ (mismatched types int and string)'],
  ['2 ** "a"', 'invalid operation: ** (mismatched types int and string)'],
  ['true && 1', 'invalid operation: && (mismatched types bool and int)'],
  ['"a" or true', 'invalid operation: or (mismatched types string and bool)'],
  ['true and true and 1', 'invalid operation: and (mismatched types bool and int)'],
  ['not 1', 'invalid operation: not (mismatched type int)'],
  ['!1', 'invalid operation: ! (mismatched type int)'],
  ['-"a"', 'invalid operation: - (mismatched type string)'],
  ['5 in ["a"]', 'cannot use int as type string in array'],
  ['type == "x"', 'invalid operation: == (mismatched types func(interface {}) string and string)'],
  ['duration > 5', 'invalid operation: > (mismatched types func(string) (time.Duration, error) and int)'],
  ['first + 1', 'invalid operation: + (mismatched types func(...interface {}) (interface {}, error) and int)'],
  ['"a" in b"abc"', 'cannot use string as type uint8 in array'],
  ['date("2024-01-01").Month() + 1', 'invalid operation: + (mismatched types time.Month and int)'],
  ['date("2024-01-01").Weekday() < 1', 'invalid operation: < (mismatched types time.Weekday and int)'],
  ['[1][date("2024-01-01").Month()]', 'array elements can only be selected using an integer (got time.Month)'],
  ['5 in {"a": 1}', 'cannot use int as type string in map key'],
  ['(nil).a', 'type nil has no field a'],
  ['"a".b', 'type string has no field b'],
  ['"a"[0]', 'type string[int] is undefined'],
  ['{"a": 1}[1]', 'cannot use int to get an element from map[string]interface {}'],
  ['[1]["a"]', 'array elements can only be selected using an integer (got string)'],
  ['now().Nope()', 'type time.Time has no method Nope'],
  ['(1..2)[true:]', 'non-integer slice index bool'],
  ['(true)[1:]', 'cannot slice bool'],
  ['1 "\\a\\x7f\\u200b\\u00a0\\u00e9"', 'unexpected token String("\\a\\x7f\\u200b\\u00a0é")'],
  ['1 "\\U000e0001"', 'unexpected token String("\\U000e0001")'],
  ['1 @ 2', "unrecognized character: U+0040 '@'"],
  ['1 \x07 2', 'unrecognized character: U+0007'],
  ['"a"()', 'unexpected token Bracket("(")'],
  ['1 ? 2 : 3', 'non-bool expression (type int) used as condition'],
  ['let a = 1; let a = 2; a', 'cannot redeclare variable a'],
  ['let len = 1; len', 'cannot redeclare builtin len'],
  ['map(1, #)', 'builtin map takes only array (got int)'],
  ['filter([1], 1)', 'predicate should return boolean (got int)'],
  ['all([1], nil)', 'predicate should has one input and one output param'],
  ['filter([1], #index > 0)', 'unknown pointer #index'],
  ['5 % 0', 'integer divide by zero'],
  ['"a" matches "["', 'error parsing regexp: missing closing ]: `[`'],
  ['"a" matches "a**"', 'error parsing regexp: invalid nested repetition operator: `**`'],
  ['"a" matches "*"', 'error parsing regexp: missing argument to repetition operator: `*`'],
  ['"a" matches "(a"', 'error parsing regexp: missing closing ): `(a`'],
  ['"a" matches "a)"', 'error parsing regexp: unexpected ): `a)`'],
  ['"a" matches "(?=a)"', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
  ['"a" matches "[z-a]"', 'error parsing regexp: invalid character class range: `z-a`'],
  ['"a" matches `\\1`', 'error parsing regexp: invalid escape sequence: `\\1`'],
  ['"a" matches "a{1001}"', 'error parsing regexp: invalid repeat count: `{1001}`'],
  ['len(1)', 'invalid argument for len (type int)'],
  ['len()', 'invalid number of arguments (expected 1, got 0)'],
  ['abs("a")', 'invalid argument for abs (type string)'],
  ['int(true)', 'invalid argument for int (type bool)'],
  ['upper(1)', 'cannot use int as argument (type string) to call upper '],
  ['upper(nil)', 'cannot use nil as argument (type string) to call upper'],
  ['upper()', 'not enough arguments to call upper'],
  ['upper("a", "b")', 'too many arguments to call upper'],
  ['trim(1)', 'not enough arguments to call trim'],
  ['trimPrefix(1)', 'cannot use int as argument (type string) to call trimPrefix '],
  ['repeat("a", 1.5)', 'cannot use float64 as argument (type int) to call repeat '],
  ['join(1)', 'cannot use int as argument (type []string) to call join '],
  ['sort(1)', 'cannot use int as argument (type []int) to call sort '],
  ['max()', 'not enough arguments to call max'],
  ['max("a")', 'invalid argument for max (type string)'],
  ['first(1)', 'cannot get first element from int'],
  ['keys(1)', 'cannot get keys from int'],
  ['toPairs(1)', 'cannot transform int to pairs'],
  ['fromPairs(1)', 'cannot transform int from pairs'],
  ['reverse("a")', 'cannot reverse string'],
  ['take(1, 2)', 'cannot take from int'],
  ['take([1], "a")', 'cannot take string elements'],
  ['concat(1)', 'cannot concat int'],
  ['get(1, 2)', 'type int does not support indexing'],
  ['get([1], "a")', 'non-integer slice index string'],
  ['bitand(1, "a")', 'cannot use string as argument (type int) to call bitand '],
  ['now(1)', 'invalid number of arguments (expected 0, got 1)'],
  // known from the values
  ['text + 1', 'invalid operation: string + int'],
  ['nothing < 1', 'invalid operation: <nil> < int'],
  ['-text', 'invalid operation: - string'],
  ['real % 2', 'invalid operation: float64 % int'],
  ['number % (number - 5)', 'runtime error: integer divide by zero'],
  ['text ** 2', 'invalid operation: float(string)'],
  ['text and flag', conversion('string', 'bool')],
  ['nothing and flag', conversion('nil', 'bool')],
  ['number contains "a"', conversion('int', 'string')],
  ['text matches number', conversion('int', 'string')],
  ['1 in number', 'operator "in" not defined on int'],
  ['text.name', 'invalid operation: int(string)'],
  ['number.name', 'cannot fetch name from int'],
  ['number[1:2]', 'cannot slice 1'],
  ['number[:2]', 'cannot slice 0'],
  ['number[1:]', 'invalid argument for len (type int)'],
  ['record[1:]', 'cannot slice 1'],
  ['record[1]', 'reflect.Value.MapIndex: value of type int is not assignable to type string'],
  ['list in record', 'reflect.Value.MapIndex: value of type []interface {} is not assignable to type string'],
  ['list in groupBy([1], #)', 'runtime error: hash of unhashable type []interface {}'],
  ['get(list, "a")', 'invalid operation: int(string)'],
  ['float(duration("1s"))', 'invalid operation: float(time.Duration)'],
  ['join(nothing)', 'invalid argument for join (type %!s(<nil>))'],
  ['filter(list, # > 9)[0]', 'reflect: slice index out of range'],
  ['map(record, #)', 'reflect: call of reflect.Value.Index on map Value'],
  ['nothing.name', 'cannot fetch name from <nil>'],
  ['when.year.day', 'cannot fetch year from time.Time'],
  ['list[7]', 'index out of range: 7 (array length is 3)'],
  ['list[-5]', 'index out of range: -2 (array length is 3)'],
  ['list[text]', 'invalid operation: int(string)'],
  ['number()', 'invalid operation: cannot call non-function of type int'],
  ['nothing()', 'invalid operation: cannot call nil'],
  ['when.Nope()', 'cannot fetch Nope from time.Time'],
  ['upper(number)', conversion('int', 'string')],
  ['abs(text)', 'invalid argument for abs (type string)'],
  ['int(text)', 'invalid operation: int(abc)'],
  ['float(nothing)', 'invalid operation: float(<nil>)'],
  ['keys(list)', 'cannot get keys from slice'],
  ['bitand(number, text)', 'cannot use string as argument (type int) to call bitand'],
  ['bitshl(1, -1)', 'invalid operation: negative shift count -1 (type int)'],
  ['repeat("a", -1)', 'invalid argument for repeat (expected positive integer, got -1)'],
  ['join(list)', conversion('int', 'string')],
  ['reduce([], #acc)', 'reduce of empty array with no initial value'],
  ['sort(list, "up")', 'invalid order up, expected asc or desc'],
  ['sortBy(list, #, "up")', 'unknown order, use asc or desc'],
  ['groupBy([[1]], #)', 'runtime error: hash of unhashable type []interface {}'],
  ['fromPairs([[1]])', 'invalid pair length [1]'],
  ['date("x")', 'invalid date x'],
  ['date("x", "2006")', 'parsing time "x" as "2006": cannot parse "x" as "2006"'],
  ['date("2024-x", "2006-01")', 'parsing time "2024-x" as "2006-01": cannot parse "x" as "01"'],
  ['date("2024/01", "2006-01")', 'parsing time "2024/01" as "2006-01": cannot parse "/01" as "-"'],
  ['date("2024-13", "2006-01")', 'parsing time "2024-13": month out of range'],
  ['date("2023-02-29", "2006-01-02")', 'parsing time "2023-02-29": day out of range'],
  ['date("2024-0110", "2006-01 02")', 'parsing time "2024-0110" as "2006-01 02": cannot parse "10" as " "'],
  ['date("10 +0299", "15 -0700")', 'parsing time "10 +0299": time zone offset minute out of range'],
  ['date("2024 400", "2006 002")', 'parsing time "2024 400": day-of-year out of range'],
  ['date("2024-02 001", "2006-01 002")', 'parsing time "2024-02 001": day-of-year does not match month'],
  ['date("2024-01-02 001", "2006-01-02 002")', 'parsing time "2024-01-02 001": day-of-year does not match day'],
  ['date("ä", "2006")', 'parsing time "\\xc3\\xa4" as "2006": cannot parse "\\xc3\\xa4" as "2006"'],
  ['date("25:00", "15:04")', 'parsing time "25:00": hour out of range'],
  ['date("2024 ", "2006")', 'parsing time "2024 ": extra text: " "'],
  ['timezone("Nope/Nope")', 'unknown time zone Nope/Nope'],
  ['duration("1")', 'time: missing unit in duration "1"'],
  ['duration("1µ")', 'time: unknown unit "\\xc2\\xb5" in duration "1\\xc2\\xb5"'],
  ['duration("7h-")', 'time: unknown unit "h-" in duration "7h-"'],
  ['duration("1h5")', 'time: missing unit in duration "1h5"'],
  ['duration("9999999999h5")', 'time: invalid duration "9999999999h5"'],
  ['duration("1d")', 'time: unknown unit "d" in duration "1d"'],
  ['duration("")', 'time: invalid duration ""'],
  ['fromJSON("{")', 'unexpected end of JSON input'],
  ['fromJSON("[1,]")', "invalid character ']' looking for beginning of value"],
  [`fromJSON('{"a" 1}')`, "invalid character '1' after object key"],
  [`fromJSON('{"a":1 2}')`, "invalid character '2' after object key:value pair"],
  ['fromJSON("[1 2]")', "invalid character '2' after array element"],
  ['fromJSON("1 2")', "invalid character '2' after top-level value"],
  [
    'toJSON(when.AddDate(9000, 0, 0))',
    'json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: year outside of range [0,9999]',
  ],
  ['fromJSON("tru")', "invalid character ' ' in literal true (expecting 'e')"],
  ['fromJSON("[1.")', "invalid character ' ' after decimal point in numeric literal"],
  ['fromJSON("-")', "invalid character ' ' in numeric literal"],
  ["fromJSON('\"\\\\')", "invalid character ' ' in string escape code"],
  ["fromJSON('\"a')", 'unexpected end of JSON input'],
  ['fromJSON("[1, -1e400]")', 'json: cannot unmarshal number -1e400 into Go value of type float64'],
  ['fromJSON(\'{"1e999": 1e999}\')', 'json: cannot unmarshal number 1e999 into Go value of type float64'],
  ['fromJSON("trux")', "invalid character 'x' in literal true (expecting 'e')"],
  ['fromJSON("-x")', "invalid character 'x' in numeric literal"],
  ['fromJSON("{1:2}")', "invalid character '1' looking for beginning of object key string"],
  [`fromJSON('"\\\\x"')`, "invalid character 'x' in string escape code"],
  ['fromBase64("a")', 'illegal base64 data at input byte 0'],
  ['fromBase64("YWJj!")', 'illegal base64 data at input byte 4'],
  ['toJSON(float("inf"))', 'json: unsupported value: +Inf'],
  ['toJSON(run)', 'json: unsupported type: func(...interface {}) (interface {}, error)'],
  ['len(1..2000000)', 'memory budget exceeded'],
])('%s: %s', (source, reason) => expect(reasonOf(source)).toBe(reason));

test.each([
  ['1 + "a"', 'invalid operation: + (mismatched types int and string) (1:3)\n | 1 + "a"\n | ..^'],
  ['list[9] == 1', 'index out of range: 9 (array length is 3) (1:5)\n | list[9] == 1\n | ....^'],
  ['number.name.first', 'cannot fetch name from int (1:8)\n | number.name.first\n | .......^'],
  ['text\n  | upper()\n  | int()', 'invalid operation: int(ABC) (3:5)\n |   | int()\n | ....^'],
  ['1 not in ["a"]', 'cannot use int as type string in array (1:7)\n | 1 not in ["a"]\n | ......^'],
  [
    'repeat("a", "b")',
    'cannot use string as argument (type int) to call repeat  (1:13)\n | repeat("a", "b")\n | ............^',
  ],
  [
    'flag && text && flag',
    'interface conversion: interface {} is string, not bool (1:14)\n | flag && text && flag\n | .............^',
  ],
])('%j is told with its place', (source, message) => {
  expect(() => evaluate(source, env)).toThrow(expect.objectContaining({ message }));
});

test('a name that the environment lacks is told with its place', () => {
  const message = 'unknown name nope (1:5)\n | 1 + nope\n | ....^';
  expect(() => compileExpr('1 + nope').evaluate({})).toThrow(expect.objectContaining({ message }));
  expect(() => compileExpr('1 + nope', { env: { a: 'int' } })).toThrow(expect.objectContaining({ message }));
  expect(() => compileExpr('1 + $env.nope', { env: { a: 'int' } })).toThrow(/^unknown name nope \(1:10\)/);
  expect(() => compileExpr('1 + $env.nope').evaluate({})).toThrow(/^unknown name nope \(1:10\)/);
  expect(compileExpr('$env?.nope').evaluate({})).toBeNull();
  expect(compileExpr('$env?.nope', { env: { a: 'int' } }).evaluate({})).toBeNull();
});

test('a filter tells what fails on a record', () => {
  const message = 'invalid operation: string >= int (1:8)\n | status >= 500\n | .......^';
  expect(() => compileFilter('status >= 500').matches({ status: '200' })).toThrow(expect.objectContaining({ message }));
  expect(() => compileFilter('level')).toThrow(/^expected bool, but got unknown$/);
});
