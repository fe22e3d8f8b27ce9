import * as fc from 'fast-check';
import { compileRegex } from '../regex';
import { error, f, t, testCalls } from '../testing/run';
import { fromJs } from '../value/from-js';
import type { VrlObject } from '../value/value';
import { flattenObject } from './collections/flatten';
import { unflatten } from './collections/unflatten';
import { functions } from './enumerate';

const r = compileRegex;

describe('compact', () => {
  testCalls(functions, [
    ['compact', [{ a: null, b: '', c: [], d: {}, e: 1, f: { g: null } }], { e: 1 }],
    ['compact', [[null, '', [], {}, 1, [null]]], [1]],
    ['compact', [{ a: { b: null } }, false], { a: { b: null } }],
    ['compact', [{ a: null, b: '' }, true, false], { a: null }],
    ['compact', [{ a: null, b: '' }, true, true, false], { b: '' }],
    ['compact', [{ a: {}, b: [] }, true, true, true, false], { a: {} }],
    ['compact', [{ a: {}, b: [] }, true, true, true, true, false], { b: [] }],
    ['compact', [{ a: '-', b: ' \t', c: 'x' }, true, true, true, true, true, true], { c: 'x' }],
    ['compact', [{ a: '-', b: ' ' }], { a: '-', b: ' ' }],
    ['compact', [{ a: null, b: '' }, true, false, false, true, true, true], {}],
  ]);
});

describe('flatten', () => {
  testCalls(functions, [
    ['flatten', [{ a: { b: 1, c: { d: [1, { e: 2 }] } }, f: 3 }], { 'a.b': 1, 'a.c.d': [1, { e: 2 }], f: 3 }],
    ['flatten', [{ a: { b: 1 } }, '_'], { a_b: 1 }],
    ['flatten', [{ a: {}, b: 1 }], { b: 1 }],
    ['flatten', [{ a: { b: 1 }, c: { d: 2 } }, '.', ['c']], { 'a.b': 1, c: { d: 2 } }],
    ['flatten', [{ a: { b: { c: 1 } } }, '.', ['a.b']], { 'a.b': { c: 1 } }],
    ['flatten', [[1, [2, [3, []]], { a: [4] }]], [1, 2, 3, { a: [4] }]],
  ]);
});

describe('unflatten', () => {
  testCalls(functions, [
    ['unflatten', [{ 'a.b': 1, 'a.c.d': 2, e: 3 }], { a: { b: 1, c: { d: 2 } }, e: 3 }],
    ['unflatten', [{ a: 1, 'a.b': 2 }], { a: { b: 2 } }],
    ['unflatten', [{ a: { b: 1 }, 'a.c': 2 }], { a: { c: 2 } }],
    ['unflatten', [{ a: { 'b.c': 1 } }], { a: { b: { c: 1 } } }],
    ['unflatten', [{ a: { 'b.c': 1 } }, '.', false], { a: { 'b.c': 1 } }],
    ['unflatten', [{ 'a.b': { 'c.d': 1 } }, '.', false], { a: { b: { 'c.d': 1 } } }],
    ['unflatten', [{ a_b: 1 }, '_'], { a: { b: 1 } }],
    ['unflatten', [{ 'a.': 1, '.b': 2 }], { a: { '': 1 }, '': { b: 2 } }],
    ['unflatten', [{ a: [{ 'b.c': 1 }] }], { a: [{ 'b.c': 1 }] }],
    ['unflatten', [{ ab: 1 }, ''], { ab: 1 }],
    ['unflatten', [{ '__proto__.polluted': 1 }], JSON.parse('{"__proto__": {"polluted": 1}}')],
  ]);

  test('gives back what flatten took', () => {
    const tree = fc.letrec((tie) => ({
      node: fc.dictionary(fc.stringMatching(/^[a-c]{1,2}$/), fc.oneof({ depthSize: 'small' }, fc.nat(), tie('node')), {
        minKeys: 1,
        maxKeys: 3,
      }),
    })).node;
    fc.assert(
      fc.property(tree, (data) => {
        const object = fromJs(data) as VrlObject;
        expect(unflatten(flattenObject(object, '.', new Set()), '.', true)).toEqual(object);
      }),
    );
  });

  test('a key of many levels is cut off at some depth', () => {
    let level = unflatten(fromJs({ [new Array(10_000).fill('a').join('.')]: 1 }) as VrlObject, '.', true);
    let depth = 0;
    while (typeof Object.values(level)[0] === 'object') {
      level = Object.values(level)[0] as VrlObject;
      depth++;
    }
    expect(depth).toBe(128);
  });
});

describe('contents of collections', () => {
  testCalls(functions, [
    ['includes', [['a', 1], 1], true],
    ['includes', [['a', 1], f(1)], false],
    ['includes', [[[1, { a: 2 }]], [1, { a: 2 }]], true],
    ['includes', [['apple'], 'app'], false],
    ['keys', [{ b: 1, a: 2 }], ['a', 'b']],
    ['values', [{ b: 1, a: [2] }], [[2], 1]],
    ['length', [{ a: 1, b: 2 }], 2],
    ['length', [[1, 2, 3]], 3],
    ['length', ['é'], 2],
    ['length', [new Uint8Array([255, 255])], 2],
    ['strlen', ['é😀'], 2],
    ['match_array', [['foo', 1, 'bar'], r('^b')], true],
    ['match_array', [['foo', 'bar'], r('^b'), true], false],
    ['match_array', [['bar', 1], r('^b'), true], false],
    ['match_array', [[], r('x'), true], true],
    ['match_array', [[], r('x')], false],
  ]);
});

describe('tallies', () => {
  testCalls(functions, [
    ['tally', [['foo', 'bar', 'foo']], { foo: 2, bar: 1 }],
    ['tally', [['__proto__']], JSON.parse('{"__proto__": 1}')],
    [
      'tally',
      [[{ a: r('b') }]],
      error('all values must be strings, found: Object({KeyString("a"): Regex(ValueRegex(Regex("b")))})'),
    ],
    ['tally', [['foo', 1]], error('all values must be strings, found: Integer(1)')],
    ['tally', [['foo', [f(1.5)]]], error('all values must be strings, found: Array([Float(NotNan(1.5))])')],
    ['tally', [['foo', null]], error('all values must be strings, found: Null')],
    ['tally_value', [['foo', 1, f(1), 'foo'], 'foo'], 2],
    ['tally_value', [[1, f(1)], 1], 1],
  ]);
});

describe('unique', () => {
  testCalls(functions, [
    ['unique', [['b', 'a', 'b', 'a']], ['b', 'a']],
    ['unique', [[1, f(1), '1', true, 'true', 1, f(1)]], [1, f(1), '1', true, 'true']],
    ['unique', [[{ a: [1], b: 2 }, { b: 2, a: [1] }, { a: 1 }]], [{ a: [1], b: 2 }, { a: 1 }]],
    ['unique', [[['a,b'], ['a', 'b'], ['a"', 'b'], null, null]], [['a,b'], ['a', 'b'], ['a"', 'b'], null]],
    ['unique', [[t('2020-01-01T00:00:00Z'), t('2020-01-01T01:00:00+01:00')]], [t('2020-01-01T00:00:00Z')]],
  ]);
});
