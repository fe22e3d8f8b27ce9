/**
 * A set of code points: first and last of each run, ascending, with a gap between runs. `[97, 122, 945, 969]` is a-z and
 * α-ω.
 */
export type CodeRanges = readonly number[];

export const MAX_CODE_POINT = 0x10ffff;

export const NO_CODE: CodeRanges = [];
export const EVERY_CODE: CodeRanges = [0, MAX_CODE_POINT];
export const NOT_NEWLINE: CodeRanges = [0, 9, 11, MAX_CODE_POINT];

/** Sorts and joins runs that may be in any order and overlap. */
export function normalize(runs: CodeRanges): CodeRanges {
  const pairs: [number, number][] = [];
  for (let at = 0; at < runs.length; at += 2) pairs.push([runs[at] ?? 0, runs[at + 1] ?? 0]);
  pairs.sort((left, right) => left[0] - right[0]);
  const result: number[] = [];
  for (const [low, high] of pairs) {
    const last = result.at(-1);
    if (last === undefined || low > last + 1) result.push(low, high);
    else if (high > last) result[result.length - 1] = high;
  }
  return result;
}

/** Every code point that is not in the set. */
export function negate(ranges: CodeRanges): CodeRanges {
  const result: number[] = [];
  let next = 0;
  for (let at = 0; at < ranges.length; at += 2) {
    const low = ranges[at] ?? 0;
    if (low > next) result.push(next, low - 1);
    next = (ranges[at + 1] ?? 0) + 1;
  }
  if (next <= MAX_CODE_POINT) result.push(next, MAX_CODE_POINT);
  return result;
}

/** Whether the set has the code point. */
export function hasCode(ranges: CodeRanges, code: number): boolean {
  let low = 0;
  let high = ranges.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[2 * middle + 1] ?? 0) < code) low = middle + 1;
    else high = middle;
  }
  return 2 * low < ranges.length && (ranges[2 * low] ?? 0) <= code;
}

/** The part of the set between two code points, both included. */
export function within(ranges: CodeRanges, first: number, last: number): CodeRanges {
  const result: number[] = [];
  for (let at = 0; at < ranges.length; at += 2) {
    const low = Math.max(ranges[at] ?? 0, first);
    const high = Math.min(ranges[at + 1] ?? 0, last);
    if (low <= high) result.push(low, high);
  }
  return result;
}
