import { CliError } from './cli-error';

/** Milliseconds of each unit of a duration. */
const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
]);
const DURATION = /^(\d{1,15}(ms|s|m|h|d|w))+$/;
const DURATION_PART = /(\d+)(ms|s|m|h|d|w)/g;
/** RFC 3339 section 5.6; a blank instead of the T is common and allowed there. */
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
/** Longest text worth looking at. */
const MAX_LENGTH = 64;

/**
 * Reads a point in time: a duration counts back from now.
 *
 * @param text - RFC 3339 such as `2024-05-01T12:00:00Z`, a duration such as `15m` or `1h30m`, or `now`
 * @param now - milliseconds since the Unix epoch
 * @param option - the option's name, for the error
 * @returns milliseconds since the Unix epoch
 * @throws CliError when the text is none of these
 *
 * @example
 * parseTimePoint('15m', Date.now(), '--from');
 */
export function parseTimePoint(text: string, now: number, option: string): number {
  if (text === 'now') return now;
  const time = text.length > MAX_LENGTH ? Number.NaN : DURATION.test(text) ? now - durationOf(text) : instantOf(text);
  if (!Number.isNaN(new Date(time).getTime()) && time >= 0) return time;
  throw new CliError(
    `${option}: expected a duration such as 15m, 2h or 7d (back from now), or an RFC 3339 time such as 2024-05-01T12:00:00Z`,
  );
}

function durationOf(text: string): number {
  let total = 0;
  for (const [, amount, unit] of text.matchAll(DURATION_PART)) {
    total += Number(amount) * (UNIT_MS.get(unit ?? '') ?? Number.NaN);
  }
  return total;
}

function instantOf(text: string): number {
  return DATE_TIME.test(text) ? Date.parse(text.replace(' ', 'T').toUpperCase()) : Number.NaN;
}
