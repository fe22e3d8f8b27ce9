import { classHas } from './class-sets';
import type { Assertion, ClassNode } from './tree';
import { WORD } from './unicode';

const WORD_CLASS: ClassNode = { type: 'property', body: WORD };
const ASCII_WORD: ClassNode = { type: 'ranges', set: [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a] };

/** What assertions see of the character on one side of a position, as bits; none of them for any other character. */
export type Side = number;

/** There is no character: the text begins or ends. */
export const EDGE: Side = 1;
const LINE_FEED: Side = 2;
const CARRIAGE_RETURN: Side = 4;
const IN_WORD: Side = 8;
const IN_ASCII_WORD: Side = 16;

/** What assertions see of a character. */
export function sideOf(codePoint: number): Side {
  if (codePoint === 0x0a) return LINE_FEED;
  if (codePoint === 0x0d) return CARRIAGE_RETURN;
  const inWord = classHas(WORD_CLASS, codePoint) ? IN_WORD : 0;
  return inWord | (classHas(ASCII_WORD, codePoint) ? IN_ASCII_WORD : 0);
}

/** Does an assertion hold between two characters? */
export function holds(assertion: Assertion, before: Side, after: Side): boolean {
  switch (assertion) {
    case 'start':
      return before === EDGE;
    case 'end':
      return after === EDGE;
    case 'lineStart':
      return before === EDGE || before === LINE_FEED;
    case 'lineEnd':
      return after === EDGE || after === LINE_FEED;
    case 'crlfStart':
      return before === EDGE || before === LINE_FEED || (before === CARRIAGE_RETURN && after !== LINE_FEED);
    case 'crlfEnd':
      return after === EDGE || after === CARRIAGE_RETURN || (after === LINE_FEED && before !== CARRIAGE_RETURN);
    default:
      return holdsForWords(assertion, before, after);
  }
}

function holdsForWords(assertion: Assertion, before: Side, after: Side): boolean {
  const bit = assertion.startsWith('ascii') ? IN_ASCII_WORD : IN_WORD;
  const wordBefore = (before & bit) !== 0;
  const wordAfter = (after & bit) !== 0;
  switch (assertion) {
    case 'wordBoundary':
    case 'asciiWordBoundary':
      return wordBefore !== wordAfter;
    case 'notWordBoundary':
    case 'asciiNotWordBoundary':
      return wordBefore === wordAfter;
    case 'wordStart':
      return !wordBefore && wordAfter;
    case 'wordEnd':
      return wordBefore && !wordAfter;
    case 'wordStartHalf':
      return !wordBefore;
    default:
      return !wordAfter;
  }
}
