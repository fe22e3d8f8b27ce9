import { fstatSync } from 'node:fs';

/**
 * True when a file descriptor is the journal's stream that `JOURNAL_STREAM` names (systemd.exec(5)): lines on it may begin
 * with a priority such as `<4>`, see sd-daemon(3). A pipe or a file that output was redirected to is not.
 */
export function isJournal(descriptor: number, env: Readonly<Record<string, string | undefined>>): boolean {
  const { JOURNAL_STREAM: stream } = env;
  if (stream === undefined || stream === '') return false;
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return stream === `${dev}:${ino}`;
  } catch {
    return false;
  }
}
