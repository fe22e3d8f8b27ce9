import { hasCodePoint, intersect, MAX_CODE_POINT, normalizeRanges, type CodePoints } from './code-points';

// The engine's own Unicode tables are the only ones used; a table is read out of the engine when a text beyond Latin-1
// first needs it.

/** What the shorthand classes mean: Unicode's annex C definitions, as Rust's regex has them. */
export const DIGIT = '\\p{Nd}';
export const SPACE = '\\p{White_Space}';
export const WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';

let everything: string | undefined;
const tables = new Map<string, CodePoints>();

/** All code points (surrogates excluded) that a class body such as `\p{L}` matches. */
export function tableOf(classBody: string): CodePoints {
  const cached = tables.get(classBody);
  if (cached !== undefined) return cached;
  everything ??= allText();
  const pairs: [number, number][] = [];
  for (const match of everything.matchAll(new RegExp(`[${classBody}]+`, 'gu'))) {
    const end = match.index + match[0].length;
    const lo = codePointAtIndex(match.index);
    const hi = codePointAtIndex(end) - 1;
    // The text leaves the surrogates out, so a run may seem to go through them.
    if (lo < 0xd800 && hi >= 0xd800) pairs.push([lo, 0xd7ff], [0xe000, hi]);
    else pairs.push([lo, hi]);
  }
  const table = normalizeRanges(pairs);
  tables.set(classBody, table);
  return table;
}

/** Every code point but the surrogates, in order. */
function allText(): string {
  const parts: string[] = [];
  for (let start = 0; start <= MAX_CODE_POINT; start += 0x400) {
    if (start >= 0xd800 && start < 0xe000) continue;
    parts.push(String.fromCodePoint(...Array.from({ length: 0x400 }, (_, i) => start + i)));
  }
  return parts.join('');
}

const BMP_UNITS = 0x10000 - 0x800;

/** The code point at an index of {@link allText}. */
function codePointAtIndex(index: number): number {
  if (index < 0xd800) return index;
  if (index < BMP_UNITS) return index + 0x800;
  return 0x10000 + (index - BMP_UNITS) / 2;
}

const latin1Members = new Map<string, readonly boolean[]>();

/** Which of the code points 0 to 255 a class body matches; needs no table. */
export function latin1MembersOf(classBody: string): readonly boolean[] {
  let members = latin1Members.get(classBody);
  if (members === undefined) {
    const pattern = new RegExp(`^[${classBody}]$`, 'u');
    members = Array.from({ length: 256 }, (_, c) => pattern.test(String.fromCharCode(c)));
    latin1Members.set(classBody, members);
  }
  return members;
}

/** True when the engine knows the class body, for instance a property that a pattern names. */
export function isClassBody(classBody: string): boolean {
  try {
    new RegExp(`[${classBody}]`, 'u');
    return true;
  } catch {
    return false;
  }
}

/** Characters outside Latin-1 that fold onto one inside it (Unicode CaseFolding.txt, statuses C and S). */
const LATIN1_EXTRAS: readonly (readonly [number, readonly number[]])[] = [
  [0x6b, [0x212a]],
  [0x4b, [0x212a]],
  [0x73, [0x17f]],
  [0x53, [0x17f]],
  [0xe5, [0x212b]],
  [0xc5, [0x212b]],
  [0xb5, [0x3bc, 0x39c]],
  [0xff, [0x178]],
  [0xdf, [0x1e9e]],
];

const latin1Equivalents: readonly (readonly number[])[] = Array.from({ length: 256 }, (_, c) => {
  const set = new Set([c]);
  const char = String.fromCharCode(c);
  for (const other of [char.toLowerCase(), char.toUpperCase()]) {
    if (other.length === 1 && other.charCodeAt(0) < 256) set.add(other.charCodeAt(0));
  }
  for (const [base, extras] of LATIN1_EXTRAS) if (base === c) extras.forEach((extra) => set.add(extra));
  return [...set];
});

let equivalents: ReadonlyMap<number, readonly number[]> | undefined;

/** The code points that are the same as this one when case is ignored (simple folding), itself included. */
export function caseEquivalents(codePoint: number): readonly number[] {
  const latin1 = latin1Equivalents[codePoint];
  if (latin1 !== undefined) return latin1;
  equivalents ??= buildEquivalents();
  return equivalents.get(codePoint) ?? [codePoint];
}

function buildEquivalents(): Map<number, number[]> {
  const groups = new Map<number, Set<number>>();
  for (const codePoint of casedCodePoints()) {
    const char = String.fromCodePoint(codePoint);
    const pattern = new RegExp(char.codePointAt(0) === codePoint ? `^\\u{${codePoint.toString(16)}}$` : '', 'iu');
    for (const other of [char.toLowerCase(), char.toUpperCase(), char.toUpperCase().toLowerCase()]) {
      const otherPoint = other.codePointAt(0) as number;
      const single = other.length === (otherPoint > 0xffff ? 2 : 1);
      // Asking the engine keeps out pairs that only full mappings connect, such as dotless i and I.
      if (single && otherPoint !== codePoint && pattern.test(other)) join(groups, codePoint, otherPoint);
    }
  }
  return new Map([...groups].map(([codePoint, group]) => [codePoint, [...group]]));
}

function* casedCodePoints(): Generator<number> {
  const cased = tableOf('\\p{Changes_When_Casemapped}');
  for (let i = 0; i < cased.length; i += 2) {
    for (let c = cased[i] as number; c <= (cased[i + 1] as number); c++) yield c;
  }
}

function join(groups: Map<number, Set<number>>, a: number, b: number): void {
  const merged = new Set([a, b, ...(groups.get(a) ?? []), ...(groups.get(b) ?? [])]);
  for (const member of merged) groups.set(member, merged);
}

/** The set with everything that equals one of its members when case is ignored. */
export function closeUnderCase(set: CodePoints): CodePoints {
  const extra: [number, number][] = [];
  for (const codePoint of casedCodePoints()) {
    for (const other of caseEquivalents(codePoint)) {
      if (other !== codePoint && hasCodePoint(set, other)) extra.push([codePoint, codePoint]);
    }
  }
  for (let i = 0; i < set.length; i += 2) extra.push([set[i] as number, set[i + 1] as number]);
  return intersect(normalizeRanges(extra), [0, MAX_CODE_POINT]);
}
