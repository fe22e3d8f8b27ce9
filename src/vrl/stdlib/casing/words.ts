import { graphemesOf } from '../text/graphemes';

/** Places where a text is cut into words. */
export type Boundary =
  | 'hyphen'
  | 'underscore'
  | 'space'
  | 'lower_upper'
  | 'upper_lower'
  | 'acronym'
  | 'lower_digit'
  | 'upper_digit'
  | 'digit_lower'
  | 'digit_upper';

const LETTER_BOUNDARIES: readonly Boundary[] = [
  'lower_upper',
  'acronym',
  'lower_digit',
  'upper_digit',
  'digit_lower',
  'digit_upper',
];

/** What separates words in a text of unknown style. */
export const DEFAULT_BOUNDARIES: ReadonlySet<Boundary> = new Set([
  'underscore',
  'hyphen',
  'space',
  ...LETTER_BOUNDARIES,
]);

/** Styles by the names that programs use for them. */
export const CASES = ['kebab-case', 'camelCase', 'PascalCase', 'SCREAMING_SNAKE', 'snake_case'] as const;
export type CaseName = (typeof CASES)[number];

/** What separates words in a text of a known style. */
export function boundariesOf(style: CaseName): ReadonlySet<Boundary> {
  switch (style) {
    case 'kebab-case':
      return new Set(['hyphen']);
    case 'camelCase':
    case 'PascalCase':
      return new Set(LETTER_BOUNDARIES);
    default:
      return new Set(['underscore']);
  }
}

const SEPARATORS = new Map<string, Boundary>([
  ['-', 'hyphen'],
  ['_', 'underscore'],
  [' ', 'space'],
]);

type Letter = 'lower' | 'upper' | 'digit' | 'other';

function letterOf(character: string): Letter {
  if (character >= '0' && character <= '9') return 'digit';
  const upper = character.toUpperCase();
  const lower = character.toLowerCase();
  if (upper === lower) return 'other';
  if (character === upper) return 'upper';
  return character === lower ? 'lower' : 'other';
}

const ASCII = /^[\x00-\x7f]*$/;

function charactersOf(text: string): string[] {
  return ASCII.test(text) ? text.split('') : [...graphemesOf(text)];
}

/**
 * Cuts a text into its words.
 *
 * @example splitWords('parseHTTPRequest', DEFAULT_BOUNDARIES) // ['parse', 'HTTP', 'Request']
 */
export function splitWords(text: string, boundaries: ReadonlySet<Boundary>): string[] {
  const characters = charactersOf(text);
  const letters = characters.map(letterOf);
  const words: string[] = [];
  let word = '';
  characters.forEach((character, i) => {
    const separator = SEPARATORS.get(character);
    if (separator !== undefined && boundaries.has(separator)) {
      words.push(word);
      word = '';
      return;
    }
    word += character;
    if (cutsBehind(letters, i, boundaries)) {
      words.push(word);
      word = '';
    }
  });
  words.push(word);
  return words.filter((candidate) => candidate !== '');
}

function cutsBehind(letters: readonly Letter[], i: number, boundaries: ReadonlySet<Boundary>): boolean {
  const here = letters[i];
  const next = letters[i + 1];
  if (here === undefined || next === undefined) return false;
  // Capitals before a capitalized word: in "HTTPRequest" the cut is before the R.
  if (here === 'upper' && next === 'upper') return letters[i + 2] === 'lower' && boundaries.has('acronym');
  return here !== next && boundaries.has(`${here}_${next}` as Boundary);
}

/** First character in upper case, the rest in lower case. */
export function capitalize(word: string): string {
  const first = ASCII.test(word) ? word.charAt(0) : (charactersOf(word)[0] ?? '');
  return first.toUpperCase() + word.slice(first.length).toLowerCase();
}
