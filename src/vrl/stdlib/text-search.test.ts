import { compileRegex } from '../regex';
import { error, testCalls } from '../testing/run';
import { functions } from './text-search';

const r = compileRegex;
const bytes = (...values: number[]) => new Uint8Array(values);

describe('contains', () => {
  testCalls(functions, [
    ['contains', ['The Needle', 'Needle'], true],
    ['contains', ['The Needle', 'needle'], false],
    ['contains', ['The Needle', 'needle', false], true],
    ['contains', ['ÉTÉ', 'été', false], true],
    ['contains_all', ['the needle in the haystack', ['needle', 'hay']], true],
    ['contains_all', ['the needle in the haystack', ['Needle', 'hay']], false],
    ['contains_all', ['the needle in the haystack', ['Needle', 'HAY'], false], true],
    ['contains_all', ['text', []], true],
    ['contains_all', ['text', ['t', 1]], error('expected string, got integer')],
  ]);
});

describe('starts_with and ends_with', () => {
  testCalls(functions, [
    ['starts_with', ['The Needle', 'The'], true],
    ['starts_with', ['The Needle', 'the'], false],
    ['starts_with', ['The Needle', 'THE', false], true],
    ['starts_with', [bytes(0xff, 1, 2), bytes(0xff)], true],
    ['starts_with', ['a', 'ab'], false],
    ['ends_with', ['The Needle', 'Needle'], true],
    ['ends_with', ['The Needle', 'NEEDLE', false], true],
    ['ends_with', [bytes(0xff, 0xfe), bytes(0xfe)], true],
    ['ends_with', [bytes(0xfe), bytes(0xff, 0xfe)], false],
  ]);
});

describe('find gives byte offsets', () => {
  testCalls(functions, [
    ['find', ['foobar', 'bar'], 3],
    ['find', ['foobar', 'baz'], null],
    ['find', ['foobarfoobar', 'bar', 4], 9],
    ['find', ['foobar', r('b.r')], 3],
    ['find', ['éa', 'a'], 2],
    ['find', ['éaéa', r('a'), 3], 5],
    ['find', ['ab', '', 2], 2],
    ['find', ['ab', '', 3], null],
    ['find', ['ab', r(''), 3], null],
    ['find', ['ab', 'a', -1], null],
    ['find', [bytes(0xff, 0xfe, 0x61), 'a'], 2],
  ]);
});

describe('match', () => {
  testCalls(functions, [
    ['match', ['The needle', r('need')], true],
    ['match', ['The needle', r('^need')], false],
    ['match_any', ['The needle', [r('hay'), r('need')]], true],
    ['match_any', ['The needle', [r('hay')]], false],
    ['match_any', ['The needle', []], false],
    ['match_any', ['The needle', ['hay']], error(/regex/)],
  ]);
});
