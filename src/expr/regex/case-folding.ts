import { hasCode, normalize, type CodeRanges } from './code-ranges';

/** Beyond the last character with case (Adlam, U+1E943). */
const CASED_END = 0x1f000;
const ASCII_END = 0x80;

/** The two ASCII letters that fold with a character outside of ASCII: K with the Kelvin sign, S with the long s. */
const KELVIN_SIGN = 0x212a;
const LONG_S = 0x17f;
/** Its upper case is I, but only Turkic folding takes the two for one. */
const DOTLESS_I = 0x131;

/** Adds to the set whatever differs from one of its characters by case alone (simple folding, one to one). */
export function foldCase(ranges: CodeRanges): CodeRanges {
  const last = ranges.at(-1);
  if (last === undefined) return ranges;
  return last < ASCII_END ? foldAscii(ranges) : foldAll(ranges);
}

function foldAscii(ranges: CodeRanges): CodeRanges {
  const added: number[] = [];
  for (let upper = 0x41; upper <= 0x5a; upper++) {
    const lower = upper + 0x20;
    if (!hasCode(ranges, upper) && !hasCode(ranges, lower)) continue;
    added.push(upper, upper, lower, lower);
    if (lower === 0x6b) added.push(KELVIN_SIGN, KELVIN_SIGN);
    if (lower === 0x73) added.push(LONG_S, LONG_S);
  }
  return added.length === 0 ? ranges : normalize([...ranges, ...added]);
}

/** Up to this many characters are looked up one by one; a wider range asks every group instead. */
const NARROW = 64;

function foldAll(ranges: CodeRanges): CodeRanges {
  const { all, of } = foldingGroups();
  const added: number[] = [];
  const addGroup = (group: Iterable<number>): void => {
    for (const code of group) added.push(code, code);
  };
  const [low = 0, high = 0] = ranges;
  if (ranges.length === 2 && high - low < NARROW) {
    for (let code = low; code <= high; code++) addGroup(of.get(code) ?? []);
  } else {
    for (const group of all) {
      if (group.some((code) => hasCode(ranges, code))) addGroup(group);
    }
  }
  return added.length === 0 ? ranges : normalize([...ranges, ...added]);
}

interface FoldingGroups {
  readonly all: readonly (readonly number[])[];
  readonly of: ReadonlyMap<number, readonly number[]>;
}

let groups: FoldingGroups | undefined;

/** Characters that fold together; made once, from what the host knows of case. */
function foldingGroups(): FoldingGroups {
  groups ??= makeGroups();
  return groups;
}

function makeGroups(): FoldingGroups {
  const groupOf = new Map<number, Set<number>>();
  for (let code = 0; code < CASED_END; code++) {
    if (code === DOTLESS_I || (code >= 0xd800 && code <= 0xdfff)) continue;
    const character = String.fromCodePoint(code);
    for (const other of [character.toLowerCase(), character.toUpperCase()]) {
      const otherCode = singleCode(other);
      if (otherCode === undefined || otherCode === code) continue;
      join(groupOf, code, otherCode);
    }
  }
  const all = [...new Set(groupOf.values())].map((group) => [...group]);
  return { all, of: new Map(all.flatMap((group) => group.map((code) => [code, group] as const))) };
}

function singleCode(text: string): number | undefined {
  const code = text.codePointAt(0);
  return code !== undefined && String.fromCodePoint(code) === text ? code : undefined;
}

function join(groupOf: Map<number, Set<number>>, left: number, right: number): void {
  const merged = new Set([left, right, ...(groupOf.get(left) ?? []), ...(groupOf.get(right) ?? [])]);
  for (const code of merged) groupOf.set(code, merged);
}
