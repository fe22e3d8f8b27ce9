import { fstatSync } from 'node:fs';

/** What the journal takes in front of a line for an error; see sd-daemon(3). */
const ERROR_PRIORITY = '<3>';

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

/**
 * Text of one or more lines that tell of a failure, as the journal of standard error wants them: each line with its priority.
 * Elsewhere the text is as it was.
 */
export function asErrorLines(text: string, env: Readonly<Record<string, string | undefined>>): string {
  return isJournal(process.stderr.fd, env) ? text.replace(/^(?=.)/gm, ERROR_PRIORITY) : text;
}
