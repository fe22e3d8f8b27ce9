import { fail } from '../failure';
import { OBJECT } from '../types/kind';
import { define, type FunctionDefinition } from './definition';
import { text } from './parameters';
import { readRubyHash, RubyHashError } from './ruby-hash/read-ruby-hash';

const parseRubyHash = define({
  name: 'parse_ruby_hash',
  params: [text('value')],
  returns: OBJECT,
  fallible: true,
  fresh: true,
  run: (value) => {
    try {
      return readRubyHash(value);
    } catch (error) {
      throw error instanceof RubyHashError ? fail(error.message) : error;
    }
  },
});

export const functions: readonly FunctionDefinition[] = [parseRubyHash];
