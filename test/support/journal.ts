import path from 'node:path';
import Database from 'better-sqlite3';

/** Whether every record of the log store in `directory` is in a segment, and none in the journal any more. */
export function isSealed(directory: string): boolean {
  return count(directory, 'SELECT count(*) AS count FROM journal') === 0;
}

/** Number of sealed segments of a stream. */
export function countSegments(directory: string, stream: string): number {
  return count(
    directory,
    'SELECT count(*) AS count FROM segments WHERE stream_id = (SELECT id FROM streams WHERE name = ?)',
    stream,
  );
}

function count(directory: string, sql: string, ...parameters: readonly string[]): number {
  const database = new Database(path.join(directory, 'logs.db'), { readonly: true });
  try {
    return (database.prepare(sql).get(...parameters) as { count: number }).count;
  } finally {
    database.close();
  }
}
