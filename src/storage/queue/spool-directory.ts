import path from 'node:path';

/** Where the spool of a queue.db is. */
export function spoolDirectory(file: string): string {
  return path.join(path.dirname(file), 'queue-spool');
}
