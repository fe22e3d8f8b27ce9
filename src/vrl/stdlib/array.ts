import { fail } from '../failure';
import { arrayOf, NEVER, STRING } from '../types/kind';
import { bytesOf, isAscii, stringFromBytes } from '../value/bytes';
import type { VrlArray, VrlString } from '../value/value';
import { checkArgument } from './bind';
import { appendedKind, arrayShape, poppedKind } from './collections/kinds';
import { define, type FunctionDefinition } from './definition';
import { any, array, count, optional, string } from './parameters';
import { spend } from '../limits';

const append = define({
  name: 'append',
  params: [array('value'), array('items')],
  returns: (call) => appendedKind(arrayShape(call, 'value'), arrayShape(call, 'items')),
  fallible: false,
  run: (value, items) => value.concat(items),
});

const push = define({
  name: 'push',
  params: [array('value'), any('item')],
  returns: (call) => {
    const item = call.kind('item') ?? NEVER;
    return appendedKind(arrayShape(call, 'value'), { known: new Map([[0, item]]), unknown: NEVER });
  },
  fallible: false,
  run: (value, item) => {
    const longer = value.slice();
    longer.push(item);
    return longer;
  },
});

const pop = define({
  name: 'pop',
  params: [array('value')],
  returns: (call) => poppedKind(arrayShape(call, 'value')),
  fallible: false,
  run: (value) => value.slice(0, -1),
});

const CHUNK_SIZE_PROBLEM = '"chunk_size" must be at least 1 byte';

const chunks = define({
  name: 'chunks',
  params: [string('value'), count('chunk_size')],
  returns: arrayOf(STRING),
  fallible: (call) => call.constant('chunk_size') === undefined,
  fresh: true,
  prepare: (call) => {
    const constant = call.constant('chunk_size');
    if (constant !== undefined && Number(constant) < 1) throw call.invalid('chunk_size', CHUNK_SIZE_PROBLEM);
    return (value, size) => {
      if (size < 1) throw fail(CHUNK_SIZE_PROBLEM);
      // ASCII text is cut as text; anything else is turned into bytes once, not once a part.
      const whole = typeof value === 'string' && isAscii(value) ? value : bytesOf(value);
      spend(Math.ceil(whole.length / size));
      const parts: VrlString[] = [];
      for (let start = 0; start < whole.length; start += size) {
        const end = Math.min(start + size, whole.length);
        parts.push(typeof whole === 'string' ? whole.slice(start, end) : stringFromBytes(whole.slice(start, end)));
      }
      return parts;
    };
  },
});

const ELEMENT = array('value');

const zip = define({
  name: 'zip',
  params: [array('array_0'), optional(array('array_1'))],
  returns: arrayOf(),
  fallible: false,
  run: (first, second) => {
    if (second !== undefined) return zipped([first, second]);
    for (const element of first) checkArgument(ELEMENT, element);
    return zipped(first as VrlArray[]);
  },
});

/** The n-th elements of all arrays together, as far as the shortest goes. */
function zipped(arrays: readonly VrlArray[]): VrlArray {
  if (arrays.length === 0) return [];
  let rows = Infinity;
  for (const one of arrays) rows = Math.min(rows, one.length);
  spend(rows * arrays.length);
  return Array.from({ length: rows }, (_, row) => arrays.map((one) => one[row] as VrlArray[number]));
}

export const functions: readonly FunctionDefinition[] = [append, push, pop, chunks, zip];
