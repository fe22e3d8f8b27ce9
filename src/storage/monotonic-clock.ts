const MS_PER_SECOND = 1_000;
const NS_PER_MS = 1_000_000;

/**
 * Milliseconds on a clock that nobody sets: for deadlines and pauses, which must not end early or never because the time of day
 * was corrected. All threads of the process have the same one, which `performance.now()` does not promise.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * MS_PER_SECOND + nanoseconds / NS_PER_MS;
}
