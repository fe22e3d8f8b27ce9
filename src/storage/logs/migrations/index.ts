import type { Migration } from '../../migrations';
import { journalSegments } from './001-journal-segments';

/** All schema steps of logs.db, oldest first. */
export const LOG_MIGRATIONS: readonly Migration[] = [journalSegments];
