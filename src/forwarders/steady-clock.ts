/**
 * A clock that starts with the system's time and then runs on its own: when the system's clock is set while the service runs,
 * what waits does not get older or younger.
 */
export function steadyClock(): () => number {
  const origin = Date.now() - performance.now();
  return () => Math.round(origin + performance.now());
}
