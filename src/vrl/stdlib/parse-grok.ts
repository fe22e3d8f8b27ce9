import { fail } from '../failure';
import { OBJECT } from '../types/kind';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { GrokPattern, GrokPatternError } from './grok/grok-pattern';
import { text } from './parameters';

const parseGrok = define({
  name: 'parse_grok',
  params: [text('value'), text('pattern', { compileTime: 'constant' })],
  returns: OBJECT,
  fallible: true,
  fresh: true,
  prepare: (call) => {
    const pattern = compilePattern(call);
    return (value) => {
      const fields = pattern.match(value);
      if (fields === undefined) throw fail('unable to parse input with grok pattern');
      return fields;
    };
  },
});

/** Code of the compile error for a grok pattern that is not valid. */
const INVALID_GROK_PATTERN = 112;

function compilePattern(call: CallSite): GrokPattern {
  try {
    return new GrokPattern(String(call.constant('pattern')));
  } catch (error) {
    if (!(error instanceof GrokPatternError)) throw error;
    throw call.reject(INVALID_GROK_PATTERN, error.message);
  }
}

export const functions: readonly FunctionDefinition[] = [parseGrok];
