import type { RetrySettings } from './delivery-settings';

/** A destination may ask to be left alone for a day, not for ever. */
const MAX_ASKED_PAUSE_MS = 86_400_000;

/**
 * Milliseconds until the next attempt: anything up to a limit that grows with each failure ("full jitter"), so that many who
 * failed together do not come back together; at least what the destination asked for.
 *
 * @param failures how often in a row it failed, 1 or more
 * @param random from 0 up to 1
 */
export function backoffMs(
  retry: RetrySettings,
  failures: number,
  askedMs: number | undefined,
  random: () => number = Math.random,
): number {
  // The power may become infinite; the smaller of the two is a number in any case.
  const limit = Math.min(retry.max_ms, retry.initial_ms * retry.multiplier ** (failures - 1));
  const pause = random() * limit;
  if (askedMs === undefined || !(askedMs > 0)) return pause;
  return Math.max(pause, Math.min(askedMs, MAX_ASKED_PAUSE_MS));
}
