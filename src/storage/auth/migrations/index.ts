import type { Migration } from '../../migrations';
import { usersRolesTokens } from './001-users-roles-tokens';

/** All schema steps of auth.db, oldest first. */
export const AUTH_MIGRATIONS: readonly Migration[] = [usersRolesTokens];
