import type { RegexMatch, VrlRegex } from '../value/value';

/** Matches one after the other, none overlapping; after an empty match the search goes on one character later. */
export function* matchAll(regex: VrlRegex, text: string): Generator<RegexMatch> {
  let from = 0;
  let lastEnd = -1;
  while (from <= text.length) {
    const match = regex.exec(text, from);
    if (match === null) return;
    const end = match.index + match[0].length;
    if (match[0] === '') {
      from = end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
      // An empty match right behind the last one is not a match of its own.
      if (end === lastEnd) continue;
    } else {
      from = end;
    }
    lastEnd = end;
    yield match;
  }
}

/** Part of a replacement: literal text, or the group to insert (a number or a name). */
export type ReplacementPart = string | { readonly group: number | string };

/**
 * Reads replacement text: `$1`, `$name`, `${name}`, `$$`. A bare name is as long as possible, so `$1a` is a group named
 * `1a`.
 */
export function parseReplacement(template: string): ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  let literal = '';
  let i = 0;
  while (i < template.length) {
    const dollar = template.indexOf('$', i);
    if (dollar === -1) break;
    literal += template.slice(i, dollar);
    REFERENCE.lastIndex = dollar;
    const reference = REFERENCE.exec(template);
    const name = reference?.[1] ?? reference?.[2];
    if (template[dollar + 1] === '$') {
      literal += '$';
      i = dollar + 2;
    } else if (reference === null || name === undefined) {
      literal += '$';
      i = dollar + 1;
    } else {
      if (literal !== '') parts.push(literal);
      literal = '';
      parts.push({ group: /^[0-9]+$/.test(name) ? Number(name) : name });
      i = REFERENCE.lastIndex;
    }
  }
  literal += template.slice(i);
  if (literal !== '') parts.push(literal);
  return parts;
}
const REFERENCE = /\$(?:([0-9A-Za-z_]+)|\{([^}]*)\})/y;

/** The replacement for one match; a group that does not exist or took no part gives nothing. */
export function expandReplacement(parts: readonly ReplacementPart[], match: RegexMatch, regex: VrlRegex): string {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else text += match[typeof part.group === 'number' ? part.group : regex.groupNames.indexOf(part.group)] ?? '';
  }
  return text;
}
