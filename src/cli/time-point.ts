import { UsageError } from './cli-error';

/** Milliseconds of each unit of a duration. */
const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
  ['y', 365 * 86_400_000],
]);
const DURATION = /^(\d{1,15}(ns|us|ms|s|m|h|d|w|y))+$/;
const DURATION_PART = /(\d+)(ns|us|ms|s|m|h|d|w|y)/g;
/** RFC 3339 section 5.6; a blank instead of the T is common and allowed there. */
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
/** Longest text worth looking at. */
const MAX_LENGTH = 64;

/**
 * Reads a point in time: a duration counts back from now.
 *
 * @param text - RFC 3339 such as `2024-05-01T12:00:00Z`, a duration such as `15m` or `1h30m`, `now`, or `now-15m`
 * @param now - milliseconds since the Unix epoch
 * @param option - the option's name, for the error
 * @returns milliseconds since the Unix epoch
 * @throws UsageError when the text is none of these
 *
 * @example
 * parseTimePoint('15m', Date.now(), '--from');
 */
export function parseTimePoint(text: string, now: number, option: string): number {
  if (text === 'now') return now;
  const back = text.startsWith('now-') ? text.slice('now-'.length) : text;
  const time = text.length > MAX_LENGTH ? Number.NaN : DURATION.test(back) ? now - durationOf(back) : instantOf(text);
  if (!Number.isNaN(new Date(time).getTime()) && time >= 0) return time;
  throw new UsageError(
    `${option}: expected a duration such as 15m, 2h or 7d (back from now), or an RFC 3339 time such as 2024-05-01T12:00:00Z`,
  );
}

function durationOf(text: string): number {
  let total = 0;
  for (const [, amount, unit] of text.matchAll(DURATION_PART)) {
    total += Number(amount) * (UNIT_MS.get(unit ?? '') ?? Number.NaN);
  }
  return Math.floor(total);
}

function instantOf(text: string): number {
  return DATE_TIME.test(text) ? Date.parse(text.replace(' ', 'T').toUpperCase()) : Number.NaN;
}
