import { randomBytes } from 'node:crypto';

/** Enough that no two queues of a site are alike; with numbers of an entry and a row behind it an id has at most 32 characters. */
const UID_BYTES = 6;

/** What tells a queue from all others, whatever their names and wherever they are. */
export function newQueueUid(): string {
  return randomBytes(UID_BYTES).toString('hex');
}
