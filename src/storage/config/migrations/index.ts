import type { Migration } from '../../migrations';
import { items } from './001-items';

/** All schema steps of config.db, oldest first. */
export const CONFIG_MIGRATIONS: readonly Migration[] = [items];
