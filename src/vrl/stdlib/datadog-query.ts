import { BOOLEAN } from '../types/kind';
import { textOf } from '../value/bytes';
import { isObject } from '../value/kind-of';
import { emptyObject, type VrlString } from '../value/value';
import { compileQuery } from './datadog-search/match-query';
import { parseQuery } from './datadog-search/parse-query';
import { QuerySyntaxError } from './datadog-search/tree';
import { define, type FunctionDefinition } from './definition';
import { object, text } from './parameters';

const NO_FIELDS = Object.freeze(emptyObject());

const matchDatadogQuery = define({
  name: 'match_datadog_query',
  // What is no object has none of the fields that a query asks for.
  params: [object('value', { lenient: true }), text('query', { compileTime: 'constant' })],
  returns: BOOLEAN,
  fallible: false,
  prepare: (call) => {
    const query = textOf((call.constant('query') ?? '') as VrlString);
    try {
      const matches = compileQuery(parseQuery(query));
      return (value) => matches(isObject(value) ? value : NO_FIELDS);
    } catch (error) {
      if (!(error instanceof QuerySyntaxError)) throw error;
      throw call.invalid('query', `invalid search query: ${error.message}`);
    }
  },
});

export const functions: readonly FunctionDefinition[] = [matchDatadogQuery];
