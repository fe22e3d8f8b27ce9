import { BOOLEAN } from '../types/kind';
import { textOf } from '../value/bytes';
import type { VrlString } from '../value/value';
import { compileQuery } from './datadog-search/match-query';
import { parseQuery } from './datadog-search/parse-query';
import { QuerySyntaxError } from './datadog-search/tree';
import { define, type FunctionDefinition } from './definition';
import { object, text } from './parameters';

const matchDatadogQuery = define({
  name: 'match_datadog_query',
  params: [object('value'), text('query', { compileTime: 'constant' })],
  returns: BOOLEAN,
  fallible: false,
  prepare: (call) => {
    const query = textOf((call.constant('query') ?? '') as VrlString);
    try {
      return compileQuery(parseQuery(query));
    } catch (error) {
      if (!(error instanceof QuerySyntaxError)) throw error;
      throw call.invalid('query', `invalid search query: ${error.message}`);
    }
  },
});

export const functions: readonly FunctionDefinition[] = [matchDatadogQuery];
