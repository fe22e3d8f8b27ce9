import { fail } from '../failure';
import { STRING } from '../types/kind';
import { debugText } from '../value/text-forms';
import type { VrlArray, VrlValue } from '../value/value';
import { wrongKind } from './bind';
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
import { KindBit } from '../value/value';

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

const EXCLUDABLE: ReadonlySet<string> = new Set([
  'lower_upper',
  'upper_lower',
  'acronym',
  'lower_digit',
  'upper_digit',
  'digit_lower',
  'digit_upper',
]);

function excluded(boundaries: ReadonlySet<Boundary>, names: VrlArray): ReadonlySet<Boundary> {
  const rest = new Set(boundaries);
  for (const name of names) rest.delete(excludable(name));
  return rest;
}

function excludable(name: VrlValue): Boundary {
  if (typeof name !== 'string') throw wrongKind(KindBit.string, name);
  if (!EXCLUDABLE.has(name)) throw fail(`unknown boundary: ${debugText(name)}`);
  return name as Boundary;
}

const snakecase = define({
  name: 'snakecase',
  params: [text('value'), optional(oneOf('original_case', CASES)), optional(array('excluded_boundaries'))],
  returns: STRING,
  fallible: false,
  prepare: (call) => {
    const all = boundariesFor(call);
    const constant = call.constant('excluded_boundaries');
    const known = Array.isArray(constant) ? knownExclusions(call, all, constant) : undefined;
    return (value, _style, names) => {
      const boundaries = known ?? (names === undefined ? all : excluded(all, names));
      return splitWords(value, boundaries).join('_').toLowerCase();
    };
  },
});

/** Refuses bad names when the program is compiled. */
function knownExclusions(call: CallSite, all: ReadonlySet<Boundary>, names: VrlArray): ReadonlySet<Boundary> {
  const unknown = names.find((name) => typeof name !== 'string' || !EXCLUDABLE.has(name));
  if (unknown !== undefined) throw call.invalid('excluded_boundaries', `unknown boundary: ${debugText(unknown)}`);
  return excluded(all, names);
}

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
