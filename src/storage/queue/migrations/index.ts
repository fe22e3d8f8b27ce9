import type { Migration } from '../../migrations';
import { queues } from './001-queues';
import { queueUids } from './002-queue-uids';
import { queueMemory } from './003-queue-memory';
import { spool } from './004-spool';

/** All schema steps of queue.db, oldest first. */
export const QUEUE_MIGRATIONS: readonly Migration[] = [queues, queueUids, queueMemory, spool];
