import type { RegexMatch } from '../value/value';

/** Positions of groups: start and end of group n at 2n and 2n + 1, -1 where it took no part. */
export type Captures = readonly number[];

export function noCaptures(groups: number): Captures {
  return new Array<number>(2 * groups).fill(-1);
}

/** A match as the engine's own searches give it. */
export function matchOf(text: string, captures: Captures, groups: number): RegexMatch {
  const parts: (string | undefined)[] = [];
  for (let group = 0; group < groups; group++) {
    const start = captures[2 * group] as number;
    const end = captures[2 * group + 1] as number;
    parts.push(start === -1 || end === -1 ? undefined : text.slice(start, end));
  }
  return Object.assign(parts, { index: captures[0] as number }) as RegexMatch;
}
