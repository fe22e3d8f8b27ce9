import { EVERY_CODE, normalize, type CodeRanges } from './code-ranges';

const DIGIT: CodeRanges = [0x30, 0x39];
const WORD: CodeRanges = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
/** `\s` has no vertical tab; `[[:space:]]` has. */
const PERL_SPACE: CodeRanges = [0x09, 0x0a, 0x0c, 0x0d, 0x20, 0x20];

/** Classes written as one letter behind a backslash; the upper case letter negates. */
export const PERL_CLASSES: ReadonlyMap<string, CodeRanges> = new Map([
  ['d', DIGIT],
  ['s', PERL_SPACE],
  ['w', WORD],
]);

/** Classes written as `[:name:]` inside brackets. */
export const POSIX_CLASSES: ReadonlyMap<string, CodeRanges> = new Map([
  ['alnum', [0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a]],
  ['alpha', [0x41, 0x5a, 0x61, 0x7a]],
  ['ascii', [0x00, 0x7f]],
  ['blank', [0x09, 0x09, 0x20, 0x20]],
  ['cntrl', [0x00, 0x1f, 0x7f, 0x7f]],
  ['digit', DIGIT],
  ['graph', [0x21, 0x7e]],
  ['lower', [0x61, 0x7a]],
  ['print', [0x20, 0x7e]],
  ['punct', [0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e]],
  ['space', [0x09, 0x0d, 0x20, 0x20]],
  ['upper', [0x41, 0x5a]],
  ['word', WORD],
  ['xdigit', [0x30, 0x39, 0x41, 0x46, 0x61, 0x66]],
]);

/** ASCII word characters, which `\b` looks for. */
export const WORD_CODES = WORD;

const known = new Map<string, CodeRanges | undefined>();

/** Set of a Unicode general category or script; undefined when there is none of the name. */
export function unicodeClass(name: string): CodeRanges | undefined {
  if (name === 'Any') return EVERY_CODE;
  if (!/^[A-Za-z_]{1,40}$/.test(name)) return undefined;
  const kept = known.get(name);
  if (kept !== undefined) return kept;
  const pattern = propertyPattern(`gc=${name}`) ?? propertyPattern(`sc=${name}`);
  if (pattern === undefined) return undefined;
  const ranges = scan(pattern);
  known.set(name, ranges);
  return ranges;
}

function propertyPattern(property: string): RegExp | undefined {
  try {
    return new RegExp(`\\p{${property}}+`, 'gu');
  } catch {
    return undefined;
  }
}

/** Planes with characters of their own, looked at one by one; surrogates are no characters. */
const SCANNED = [
  [0x0000, 0xd7ff],
  [0xe000, 0x3ffff],
  [0xe0000, 0xe0fff],
] as const;
/** Runs in which every code point has the same properties: unassigned, private use and noncharacters. */
const UNIFORM = [
  [0x40000, 0xdffff],
  [0xe1000, 0xeffff],
  [0xf0000, 0xffffd],
  [0xffffe, 0xfffff],
  [0x100000, 0x10fffd],
  [0x10fffe, 0x10ffff],
] as const;
const CHUNK = 0x2000;

let chunks: readonly { readonly first: number; readonly text: string }[] | undefined;

function scan(pattern: RegExp): CodeRanges {
  chunks ??= makeChunks();
  const runs: number[] = [];
  for (const { first, text } of chunks) {
    for (const match of text.matchAll(pattern)) {
      const unitsPerCode = first > 0xffff ? 2 : 1;
      const low = first + match.index / unitsPerCode;
      runs.push(low, low + match[0].length / unitsPerCode - 1);
    }
  }
  for (const [low, high] of UNIFORM) {
    if (String.fromCodePoint(low).match(pattern)) runs.push(low, high);
  }
  return normalize(runs);
}

/** A chunk holds either characters of one UTF-16 unit or pairs, never both. */
function makeChunks(): readonly { readonly first: number; readonly text: string }[] {
  const made: { first: number; text: string }[] = [];
  for (const [low, high] of SCANNED) {
    for (let first = low; first <= high;) {
      const plane = first <= 0xffff ? 0xffff : high;
      const last = Math.min(first + CHUNK - 1, high, plane);
      const codes: number[] = [];
      for (let code = first; code <= last; code++) codes.push(code);
      made.push({ first, text: String.fromCodePoint(...codes) });
      first = last + 1;
    }
  }
  return made;
}
