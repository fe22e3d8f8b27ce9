import { STRING } from '../types/kind';
import type { VrlArray, VrlValue } from '../value/value';
import {
  boundariesOf,
  capitalize,
  CASES,
  DEFAULT_BOUNDARIES,
  splitWords,
  type Boundary,
  type CaseName,
} from './casing/words';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { array, oneOf, optional, text } from './parameters';

type Style = (words: readonly string[]) => string;

const STYLES: readonly (readonly [string, Style])[] = [
  ['camelcase', (words) => words.map((word, i) => (i === 0 ? word.toLowerCase() : capitalize(word))).join('')],
  ['pascalcase', (words) => words.map(capitalize).join('')],
  ['kebabcase', (words) => words.join('-').toLowerCase()],
  ['screamingsnakecase', (words) => words.join('_').toUpperCase()],
];

/** Boundaries that the call's constant `original_case` asks for. */
function boundariesFor(call: CallSite): ReadonlySet<Boundary> {
  const style = call.constant('original_case');
  return typeof style === 'string' ? boundariesOf(style as CaseName) : DEFAULT_BOUNDARIES;
}

const conversions = STYLES.map(([name, style]) =>
  define({
    name,
    params: [text('value'), optional(oneOf('original_case', CASES))],
    returns: STRING,
    fallible: false,
    prepare: (call) => {
      const boundaries = boundariesFor(call);
      return (value) => style(splitWords(value, boundaries));
    },
  }),
);

const EXCLUDABLE = [
  'lower_upper',
  'upper_lower',
  'acronym',
  'lower_digit',
  'upper_digit',
  'digit_lower',
  'digit_upper',
] as const satisfies readonly Boundary[];

/** The boundary of a name; a program with another name does not compile. */
function excludable(call: CallSite, name: VrlValue): Boundary {
  const boundary = EXCLUDABLE.find((known) => known === name);
  if (boundary === undefined) throw call.reject(0, `boundary must match one of: ${EXCLUDABLE.join(', ')}`);
  return boundary;
}

const snakecase = define({
  name: 'snakecase',
  params: [
    text('value'),
    optional(oneOf('original_case', CASES)),
    optional(array('excluded_boundaries', { compileTime: 'array' })),
  ],
  returns: STRING,
  fallible: false,
  prepare: (call) => {
    const boundaries = new Set(boundariesFor(call));
    const excluded = (call.constant('excluded_boundaries') ?? []) as VrlArray;
    for (const name of excluded) boundaries.delete(excludable(call, name));
    return (value) => splitWords(value, boundaries).join('_').toLowerCase();
  },
});

const downcase = define({
  name: 'downcase',
  params: [text('value')],
  returns: STRING,
  fallible: false,
  run: (value) => value.toLowerCase(),
});

const upcase = define({
  name: 'upcase',
  params: [text('value')],
  returns: STRING,
  fallible: false,
  run: (value) => value.toUpperCase(),
});

export const functions: readonly FunctionDefinition[] = [...conversions, snakecase, downcase, upcase];
