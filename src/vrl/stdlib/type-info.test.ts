import { f, r, t, testCalls, testPrograms } from '../testing/run';
import { functions } from './type-info';

describe('type_def', () => {
  testPrograms([
    ['type_def(1)', { integer: true }],
    ['type_def(.a)', { any: true }],
    ['type_def(.)', { object: {}, object_unknown_infinite: { any: true } }],
    ['type_def([1, "a"])', { array: { 0: { integer: true }, 1: { bytes: true } } }],
    ['.a = 1; type_def(.a)', { integer: true }],
    ['.a.b = 1; type_def(.a.c)', { any: true }],
    ['. = {}; .a = { "b": 1 }; type_def(.a.c)', { undefined: true }],
    ['x = array!(.a); x[-1] = "s"; type_def(x).array_unknown_infinite', { a: [] }, { any: true }],
    ['type_def(filter([1]) -> |_i, _v| { true })', { array: {}, array_unknown_infinite: { any: true } }],
    ['x = if .a == 1 { "s" } else { null }; type_def(x)', { bytes: true, null: true }],
    ['x, err = to_int(.a); type_def([x, err])', { array: { 0: { integer: true }, 1: { bytes: true, null: true } } }],
    ['.a = "x"; del(.a); type_def(.a)', { any: true }],
    ['. = { "a": 1 }; .b = true; type_def(.)', { object: { a: { integer: true }, b: { boolean: true } } }],
    ['x = [1]; x[2] = "s"; type_def(x)', { array: { 0: { integer: true }, 1: { null: true }, 2: { bytes: true } } }],
    ['x = [1, "a"]; x[-1] = true; type_def(x)', { array: { 0: { integer: true }, 1: { boolean: true } } }],
    ['type_def({ "a": 1 } | { "b": "s" })', { object: { a: { integer: true }, b: { bytes: true } } }],
    ['type_def(map_values({ "a": 1 }) -> |v| { to_string(v) })', { object: { a: { bytes: true } } }],
    ['type_def(1 + 1.5)', { float: true }],
    ['type_def(true || .a)', { boolean: true }],
  ]);
});

describe('tag_types_externally', () => {
  testCalls(functions, [
    ['tag_types_externally', ['a'], { string: 'a' }],
    ['tag_types_externally', [null], null],
    ['tag_types_externally', [{ a: [1, f(2), true] }], { a: [{ integer: 1 }, { float: f(2) }, { boolean: true }] }],
    ['tag_types_externally', [t('2000-01-01T00:00:00Z')], { timestamp: '2000-01-01T00:00:00Z' }],
    ['tag_types_externally', [r('a')], { regex: 'a' }],
  ]);
});

describe('is_json', () => {
  testCalls(functions, [
    ['is_json', ['{"a": 1}'], true],
    ['is_json', ['{"a": 1} x'], false],
    ['is_json', ['{}', 'object'], true],
    ['is_json', ['{}', 'array'], false],
    ['is_json', ['1.5', 'number'], true],
    ['is_json', ['null', 'null'], true],
    ['is_json', ['true', 'bool'], true],
    ['is_json', [''], false],
    ['is_json', [new Uint8Array([0x22, 0xff, 0x22])], false],
  ]);
});
