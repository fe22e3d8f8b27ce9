import { ARRAY, BOOLEAN, FLOAT, NULL, OBJECT, objectOfKind, STRING, unionOf } from '../types/kind';
import { define, type FunctionDefinition } from './definition';
import { text } from './parameters';
import { readRubyHash } from './ruby-hash/read-ruby-hash';

const HASH = objectOfKind(unionOf(NULL, BOOLEAN, FLOAT, STRING, ARRAY, OBJECT));

const parseRubyHash = define({
  name: 'parse_ruby_hash',
  params: [text('value')],
  returns: HASH,
  fallible: true,
  fresh: true,
  run: (value) => readRubyHash(value),
});

export const functions: readonly FunctionDefinition[] = [parseRubyHash];
