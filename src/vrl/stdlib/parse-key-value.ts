import { arrayOf, BOOLEAN, objectOfKind, STRING, unionOf } from '../types/kind';
import { define, type FunctionDefinition } from './definition';
import { readPairs, type PairSyntax } from './key-value/pair-reader';
import { boolean, oneOf, text, withDefault } from './parameters';

const PAIRS = objectOfKind(unionOf(STRING, BOOLEAN, arrayOf(STRING)));

const parseKeyValue = define({
  name: 'parse_key_value',
  params: [
    text('value'),
    withDefault(text('key_value_delimiter'), '='),
    withDefault(text('field_delimiter'), ' '),
    withDefault(oneOf('whitespace', ['lenient', 'strict']), 'lenient'),
    withDefault(boolean('accept_standalone_key'), true),
  ],
  returns: PAIRS,
  fallible: true,
  fresh: true,
  run: (value, keyValueDelimiter, fieldDelimiter, whitespace, standaloneKeys) =>
    readPairs(value, { keyValueDelimiter, fieldDelimiter, lenient: whitespace === 'lenient', standaloneKeys }),
});

const LOGFMT: PairSyntax = { keyValueDelimiter: '=', fieldDelimiter: ' ', lenient: true, standaloneKeys: true };

const parseLogfmt = define({
  name: 'parse_logfmt',
  params: [text('value')],
  returns: PAIRS,
  fallible: true,
  fresh: true,
  run: (value) => readPairs(value, LOGFMT),
});

export const functions: readonly FunctionDefinition[] = [parseKeyValue, parseLogfmt];
