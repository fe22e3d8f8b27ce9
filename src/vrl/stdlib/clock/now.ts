import { VrlTimestamp } from '../../value/value';

/** Difference to the system's clock from which on the monotonic clock is set anew: one of them was changed. */
const MAX_DRIFT_MS = 2;

let anchorMs = Number.NEGATIVE_INFINITY;
let anchorMark = 0;

/** The time, finer than the milliseconds that Date gives: the monotonic clock tells how far into one we are. */
export function now(): VrlTimestamp {
  const wall = Date.now();
  const mark = performance.now();
  let ms = anchorMs + (mark - anchorMark);
  if (!(Math.abs(ms - wall) <= MAX_DRIFT_MS)) {
    anchorMs = wall;
    anchorMark = mark;
    ms = wall;
  }
  const seconds = Math.floor(ms / 1000);
  return new VrlTimestamp(seconds, Math.min(Math.floor((ms - seconds * 1000) * 1_000_000), 999_999_999));
}
