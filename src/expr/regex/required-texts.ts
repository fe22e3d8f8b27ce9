import { requiredTextsOf } from './analysis';
import { parsePattern } from './parser';

/** Texts that are in every text the pattern matches. */
export function requiredTexts(pattern: string): readonly string[] {
  return requiredTextsOf(parsePattern(pattern));
}
