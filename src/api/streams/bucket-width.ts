const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Widths that people can read off an axis, in milliseconds. */
const WIDTHS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 28].map((n) => n * DAY),
];

/**
 * The smallest readable width (milliseconds) of which about `buckets` cover a time range of `length` milliseconds. Beyond
 * weeks it is a multiple of four weeks.
 *
 * @example
 * bucketWidth(3_600_000, 60) // 60_000: an hour in minutes
 */
export function bucketWidth(length: number, buckets: number): number {
  const least = length / buckets;
  const longest = WIDTHS[WIDTHS.length - 1] as number;
  return WIDTHS.find((width) => width >= least) ?? Math.ceil(least / longest) * longest;
}
