import { fail } from '../failure';
import { BOOLEAN, NULL } from '../types/kind';
import { valuesEqual } from '../value/compare';
import { debugText } from '../value/text-forms';
import { define, type FunctionDefinition } from './definition';
import { any, boolean, count, oneOf, optional, text, withDefault } from './parameters';

const log = define({
  name: 'log',
  params: [
    any('value'),
    withDefault(oneOf('level', ['trace', 'debug', 'info', 'warn', 'error']), 'info'),
    withDefault(count('rate_limit_secs'), 1),
  ],
  returns: NULL,
  fallible: false,
  pure: false,
  prepare: (call) => (value, level, rateLimitSecs) => {
    call.host.log(level, typeof value === 'string' ? value : debugText(value), rateLimitSecs);
    return null;
  },
});

const assert = define({
  name: 'assert',
  params: [boolean('condition'), optional(text('message'))],
  returns: BOOLEAN,
  fallible: true,
  pure: false,
  run: (condition, message) => {
    if (!condition) throw fail(message ?? 'assertion failed');
    return true;
  },
});

const assertEq = define({
  name: 'assert_eq',
  params: [any('left'), any('right'), optional(text('message'))],
  returns: BOOLEAN,
  fallible: true,
  pure: false,
  run: (left, right, message) => {
    if (valuesEqual(left, right)) return true;
    throw fail(message ?? `assertion failed: ${debugText(left)} == ${debugText(right)}`);
  },
});

export const functions: readonly FunctionDefinition[] = [log, assert, assertEq];
