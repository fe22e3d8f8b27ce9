import { checkStringLength } from '../../limits';
import { expandReplacement, matchAll, parseReplacement, type ReplacementPart } from '../../regex';
import { textOf } from '../../value/bytes';
import { VrlRegex, type VrlString } from '../../value/value';
import { occurrencesOf } from './split';

export type Pattern = VrlString | VrlRegex;

/** Replaces the first `limit` occurrences of a literal. */
export function replaceLiteral(text: string, pattern: string, replacement: string, limit: number): string {
  let result = '';
  let end = 0;
  let done = 0;
  for (const [from, to] of occurrencesOf(text, pattern)) {
    if (done++ >= limit) break;
    result += text.slice(end, from) + replacement;
    checkStringLength(result.length);
    end = to;
  }
  return done === 0 ? text : result + text.slice(end);
}

/** Replaces the first `limit` matches of a regex; `parts` may name its groups. */
export function replaceMatches(
  text: string,
  pattern: VrlRegex,
  parts: readonly ReplacementPart[],
  limit: number,
): string {
  let result = '';
  let end = 0;
  let done = 0;
  for (const match of matchAll(pattern, text)) {
    if (done++ >= limit) break;
    result += text.slice(end, match.index) + expandReplacement(parts, match, pattern);
    checkStringLength(result.length);
    end = match.index + match[0].length;
  }
  return done === 0 ? text : result + text.slice(end);
}

/** `replace` for one call site, which keeps the replacement text it read last: mostly it is the same every time. */
export function replacer(): (text: string, pattern: Pattern, replacement: string, limit: number) => string {
  let template: string | undefined;
  let parts: readonly ReplacementPart[] = [];
  return (text, pattern, replacement, limit) => {
    if (!(pattern instanceof VrlRegex)) return replaceLiteral(text, textOf(pattern), replacement, limit);
    if (replacement !== template) {
      parts = parseReplacement(replacement);
      template = replacement;
    }
    return replaceMatches(text, pattern, parts, limit);
  };
}
