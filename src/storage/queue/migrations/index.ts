import type { Migration } from '../../migrations';
import { queues } from './001-queues';

/** All schema steps of queue.db, oldest first. */
export const QUEUE_MIGRATIONS: readonly Migration[] = [queues];
