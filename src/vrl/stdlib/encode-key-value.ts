import { fail } from '../failure';
import { STRING } from '../types/kind';
import { textOf } from '../value/bytes';
import { kindBitOf } from '../value/kind-of';
import { shapeText } from '../value/shape-text';
import { KindBit, type VrlArray, type VrlString } from '../value/value';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { writePairs } from './key-value/pair-writer';
import { array, boolean, object, text, withDefault } from './parameters';

/** An order of fields may hold what is no string; without one nothing can go wrong. */
const withOrdering = (call: CallSite): boolean => call.has('fields_ordering');

const encodeKeyValue = define({
  name: 'encode_key_value',
  params: [
    object('value'),
    withDefault(array('fields_ordering'), []),
    withDefault(text('key_value_delimiter'), '='),
    withDefault(text('field_delimiter'), ' '),
    withDefault(boolean('flatten_boolean'), false),
  ],
  returns: STRING,
  fallible: withOrdering,
  run: (value, ordering, keyValueDelimiter, fieldDelimiter, flattenBoolean) =>
    writePairs(value, fieldNames(ordering), { keyValueDelimiter, fieldDelimiter, flattenBoolean }),
});

const LOGFMT = { keyValueDelimiter: '=', fieldDelimiter: ' ', flattenBoolean: true };

const encodeLogfmt = define({
  name: 'encode_logfmt',
  params: [object('value'), withDefault(array('fields_ordering'), [])],
  returns: STRING,
  fallible: withOrdering,
  run: (value, ordering) => writePairs(value, fieldNames(ordering), LOGFMT),
});

function fieldNames(ordering: VrlArray): string[] {
  return ordering.map((name, i) => {
    if (kindBitOf(name) === KindBit.string) return textOf(name as VrlString);
    throw fail(`invalid field value type at index ${i}: expected string, got ${shapeText(name)}`);
  });
}

export const functions: readonly FunctionDefinition[] = [encodeKeyValue, encodeLogfmt];
