import { describe, expect, test } from '@jest/globals';
import { COMPILE_ARGUMENT, outcome, RUN_ARGUMENT, RUN_TYPE, RUN_VALUE } from '../testing/evaluate';

const env = {
  list: [3, 1, 2],
  empty: [],
  words: ['b', 'a', 'b'],
  people: [
    { name: 'ann', age: 30 },
    { name: 'bob', age: 20 },
    { name: 'cid', age: 30 },
  ],
  flags: [true, false, true],
  mapping: { b: 1, a: 2 },
  text: 'abc',
  nothing: null,
};

const NOT_BOOL = 'ExprCompileError:not_boolean';
const NOT_BOOL_AT_RUN = 'ExprRuntimeError:not_boolean';

describe('predicate builtins', () => {
  test.each<[string, unknown]>([
    ['all(list, # > 0)', true],
    ['all(list, # > 1)', false],
    ['all(empty, # > 1)', true],
    ['any(list, # == 2)', true],
    ['any(empty, true)', false],
    ['one(list, # == 2)', true],
    ['one(words, # == "b")', false],
    ['one(empty, true)', false],
    ['none(list, # == 9)', true],
    ['none(empty, true)', true],
    ['none(list, # == 1)', false],
    ['all(list, # )', NOT_BOOL_AT_RUN],
    ['all([1], #)', NOT_BOOL],
    ['all(list, "a")', NOT_BOOL],
    ['all(list, nil)', 'ExprCompileError:predicate'],
    ['all("abc", true)', COMPILE_ARGUMENT],
    ['all(text, true)', RUN_ARGUMENT],
    ['all(nothing, true)', RUN_ARGUMENT],
    ['filter(list, # > 1)', [3, 2]],
    ['filter(list, {# > 1})', [3, 2]],
    ['filter(people, .age == 30) | map(.name)', ['ann', 'cid']],
    ['filter([1, 2], # > 1)[0] + 1', 3],
    ['map(list, # * 2)', [6, 2, 4]],
    ['map(list, #index)', [0, 1, 2]],
    ['map(people, .name)', ['ann', 'bob', 'cid']],
    ['map(list, {let x = # + 1; x * x})', [16, 4, 9]],
    ['map(list, {1; #})', [3, 1, 2]],
    [
      'map(list, map(list, #))',
      [
        [3, 1, 2],
        [3, 1, 2],
        [3, 1, 2],
      ],
    ],
    [
      'map([1, 2], {let outer = #; map([10, 20], # + outer)})',
      [
        [11, 21],
        [12, 22],
      ],
    ],
    ['filter(list, #index > 0)', 'ExprCompileError:unknown_name'],
    ['map(list, #acc)', 'ExprCompileError:unknown_name'],
    ['map(list, #nope)', 'ExprCompileError:unknown_name'],
    ['find(list, # < 3)', 1],
    ['find(list, # > 9)', null],
    ['findLast(list, # < 3)', 2],
    ['findIndex(list, # < 3)', 1],
    ['findIndex(list, # > 9)', null],
    ['findLastIndex(list, # < 3)', 2],
    ['findLastIndex(empty, true)', null],
    ['count(list, # > 1)', 2],
    ['count(flags)', 2],
    ['count(list)', NOT_BOOL_AT_RUN],
    ['groupBy(people, .age) | keys()', [30, 20]],
    ['groupBy(people, .age)[30] | map(.name)', ['ann', 'cid']],
    ['groupBy(people, .age)[99]', null],
    ['groupBy([1, 1.0, "1"], #) | len()', 3],
    ['groupBy(words, #)', { b: ['b', 'b'], a: ['a'] }],
    ['groupBy(people, #)', RUN_VALUE],
    ['sortBy(people, .age) | map(.name)', ['bob', 'ann', 'cid']],
    ['sortBy(people, .age, "desc") | map(.name)', ['ann', 'cid', 'bob']],
    ['sortBy(people, .age, "up")', RUN_VALUE],
    ['sortBy(people, .age, 1)', RUN_VALUE],
    ['sortBy(people, #)', RUN_TYPE],
    ['sort(list)', [1, 2, 3]],
    ['sort(list, "desc")', [3, 2, 1]],
    ['sort(words)', ['a', 'b', 'b']],
    ['sort(["\u{1F600}", "\uffee"])', ['\uffee', '\u{1F600}']],
    ['sort([1, "a"])', RUN_TYPE],
    ['sort(list, "x")', RUN_VALUE],
    ['sort(text)', RUN_ARGUMENT],
    ['reduce(list, #acc + #)', 6],
    ['reduce(list, #acc + #, 10)', 16],
    ['reduce(list, #acc + #index, 0)', 3],
    ['reduce(empty, #acc + #, 7)', 7],
    ['reduce(empty, #acc + #)', RUN_VALUE],
    ['reduce(words, #acc + #)', 'bab'],
    ['list | filter(# > 1) | map(# * 2) | sum()', 10],
  ])('%s', (source, expected) => expect(outcome(source, env)).toEqual(expected));
});

describe('array builtins', () => {
  test.each<[string, unknown]>([
    ['first(list)', 3],
    ['first(empty)', null],
    ['first(nothing)', null],
    ['first(1)', COMPILE_ARGUMENT],
    ['last(list)', 2],
    ['last([])', null],
    ['take(list, 2)', [3, 1]],
    ['take(list, 9)', [3, 1, 2]],
    ['take(list, 0)', []],
    ['take(list, -1)', RUN_VALUE],
    ['take(list, "a")', COMPILE_ARGUMENT],
    ['take(text, 1)', RUN_ARGUMENT],
    ['reverse(list)', [2, 1, 3]],
    ['uniq(words)', ['b', 'a']],
    ['uniq([1, 1.0, 2, "1", nil, nil])', [1, 2, '1', null]],
    ['uniq([[1], [1.0], [2]])', [[1], [2]]],
    ['concat([1], [2, 3], list)', [1, 2, 3, 3, 1, 2]],
    ['concat([1], 2)', COMPILE_ARGUMENT],
    ['concat(list, text)', RUN_ARGUMENT],
    ['concat()', COMPILE_ARGUMENT],
    ['flatten([1, [2, [3, []]]])', [1, 2, 3]],
    ['flatten(text)', RUN_ARGUMENT],
    ['get(list, 1)', 1],
    ['get(list, -1)', 2],
    ['get(list, 9)', null],
    ['get(list, "a")', null],
    ['get(mapping, "a")', 2],
    ['get(mapping, "z")', null],
    ['get(nothing, "z")', null],
    ['get($env, "text")', 'abc'],
    ['get($env, "zzz")', null],
    ['get(text, 0)', 97],
    ['get("abc", 0)', COMPILE_ARGUMENT],
    ['get([1], "a")', COMPILE_ARGUMENT],
    ['get({"a": 1}, 1)', COMPILE_ARGUMENT],
    ['get(1)', COMPILE_ARGUMENT],
  ])('%s', (source, expected) => expect(outcome(source, env)).toEqual(expected));
});

describe('map builtins', () => {
  test.each<[string, unknown]>([
    ['keys(mapping)', ['b', 'a']],
    ['values(mapping)', [1, 2]],
    [
      'toPairs(mapping)',
      [
        ['b', 1],
        ['a', 2],
      ],
    ],
    ['fromPairs([["x", 1], ["y", 2]])', { x: 1, y: 2 }],
    ['fromPairs(toPairs(mapping))', { b: 1, a: 2 }],
    ['fromPairs([["x"]])', RUN_VALUE],
    ['fromPairs([[1, 2]])[1]', 2],
    ['fromPairs([[[1], 2]])', RUN_VALUE],
    ['fromPairs([["a", 1]]) == {"a": 1}', true],
    ['fromPairs([1])', RUN_VALUE],
    ['keys(list)', RUN_ARGUMENT],
    ['keys([1])', COMPILE_ARGUMENT],
    ['values(nothing)', RUN_ARGUMENT],
  ])('%s', (source, expected) => expect(outcome(source, env)).toEqual(expected));
});

describe('JSON', () => {
  test.each<[string, unknown]>([
    [
      'toJSON({"b": 1, "a": [1.5, nil, true], "c": {}})',
      '{\n  "a": [\n    1.5,\n    null,\n    true\n  ],\n  "b": 1,\n  "c": {}\n}',
    ],
    ['toJSON([])', '[]'],
    ['toJSON("<a&b>\\u2028")', '"\\u003ca\\u0026b\\u003e\\u2028"'],
    ['toJSON(1.0)', '1'],
    ['toJSON(1e21)', '1e+21'],
    ['toJSON(9007199254740993)', '9007199254740993'],
    ['toJSON(1 / 0)', RUN_VALUE],
    ['toJSON(b"ab")', '"YWI="'],
    ['toJSON(date("2024-01-01 00:00:00.5", "2006-01-02 15:04:05"))', '"2024-01-01T00:00:00.5Z"'],
    ['toJSON(duration("1s"))', '1000000000'],
    ['toJSON(groupBy([1], #))', '{\n  "1": [\n    1\n  ]\n}'],
    ['toJSON(groupBy([true], #))', RUN_VALUE],
    ['fromJSON("{\\"a\\": [1, \\"x\\", null]}")', { a: [1, 'x', null] }],
    ['type(fromJSON("1"))', 'float'],
    ['fromJSON("{\\"a\\": 1}").a == 1', true],
    ['fromJSON("{")', RUN_VALUE],
    ['fromJSON("")', RUN_VALUE],
    ['fromJSON("1e999")', RUN_VALUE],
    ['fromJSON(list)', RUN_ARGUMENT],
    ['fromJSON("{\\"__proto__\\": 1}").__proto__', 1],
  ])('%s', (source, expected) => expect(outcome(source, env)).toEqual(expected));

  test('text nested too deeply ends in an error', () => {
    expect(outcome('fromJSON(repeat("[", 100000) + repeat("]", 100000))')).toMatch(/^ExprRuntimeError:/);
  });
});
