/** Sorted, disjoint, non-adjacent inclusive ranges of code points, flat: `[lo, hi, lo, hi, ...]`. */
export type CodePoints = readonly number[];

export const MAX_CODE_POINT = 0x10ffff;
export const ALL_CODE_POINTS: CodePoints = [0, MAX_CODE_POINT];

/** Brings ranges in any order into the one form. */
export function normalizeRanges(pairs: readonly (readonly [number, number])[]): CodePoints {
  const sorted = pairs.filter(([lo, hi]) => lo <= hi).sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [lo, hi] of sorted) {
    const last = out.length - 1;
    if (last > 0 && lo <= (out[last] as number) + 1) out[last] = Math.max(out[last] as number, hi);
    else out.push(lo, hi);
  }
  return out;
}

function pairsOf(set: CodePoints): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < set.length; i += 2) pairs.push([set[i] as number, set[i + 1] as number]);
  return pairs;
}

export function unionSets(sets: readonly CodePoints[]): CodePoints {
  return normalizeRanges(sets.flatMap(pairsOf));
}

export function complement(set: CodePoints): CodePoints {
  const out: number[] = [];
  let next = 0;
  for (const [lo, hi] of pairsOf(set)) {
    if (lo > next) out.push(next, lo - 1);
    next = hi + 1;
  }
  if (next <= MAX_CODE_POINT) out.push(next, MAX_CODE_POINT);
  return out;
}

export function intersect(a: CodePoints, b: CodePoints): CodePoints {
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const lo = Math.max(a[i] as number, b[j] as number);
    const hi = Math.min(a[i + 1] as number, b[j + 1] as number);
    if (lo <= hi) out.push(lo, hi);
    if ((a[i + 1] as number) < (b[j + 1] as number)) i += 2;
    else j += 2;
  }
  return out;
}

export function hasCodePoint(set: CodePoints, codePoint: number): boolean {
  let low = 0;
  let high = set.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (codePoint < (set[2 * middle] as number)) high = middle - 1;
    else if (codePoint > (set[2 * middle + 1] as number)) low = middle + 1;
    else return true;
  }
  return false;
}
