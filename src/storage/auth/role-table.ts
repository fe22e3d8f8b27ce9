import type { Knex } from 'knex';
import { byCodeUnit } from '../code-unit-order';
import type { Role } from './auth-store';
import { isScope, type Scope } from './scopes';

interface RoleRow {
  readonly name: string;
  readonly scopes: string;
}

export async function listRoles(database: Knex): Promise<Role[]> {
  const rows: RoleRow[] = await database('roles').select('name', 'scopes');
  return rows.map(roleOf).sort((a, b) => byCodeUnit(a.name, b.name));
}

export async function findRole(database: Knex, name: string): Promise<Role | undefined> {
  const row: RoleRow | undefined = await database('roles').where({ name }).first('name', 'scopes');
  return row === undefined ? undefined : roleOf(row);
}

export async function writeRole(database: Knex, role: Role): Promise<void> {
  await database('roles')
    .insert({ name: role.name, scopes: formatScopes(role.scopes) })
    .onConflict('name')
    .merge();
}

export async function removeRole(database: Knex, name: string): Promise<boolean> {
  return (await database('roles').where({ name }).del()) > 0;
}

/** The scopes of all roles of a user; roles that do not exist give none. */
export async function scopesOfUser(database: Knex, user: string): Promise<Scope[]> {
  const texts = await database('user_roles')
    .join('roles', 'roles.name', 'user_roles.role_name')
    .where('user_roles.user_name', user)
    .pluck<string[]>('roles.scopes');
  return texts.flatMap(parseScopes);
}

/** Whether anybody can change users and roles. */
export async function hasAdministrator(database: Knex): Promise<boolean> {
  // No other scope has this name within its own.
  const row: unknown = await database('user_roles')
    .join('roles', 'roles.name', 'user_roles.role_name')
    .where('roles.scopes', 'like', '%write_acls%')
    .first('user_roles.user_name');
  return row !== undefined;
}

export function formatScopes(scopes: readonly Scope[]): string {
  return scopes.join(' ');
}

/** Names that are unknown here (a newer version's) give nothing. */
export function parseScopes(text: string): Scope[] {
  return text.split(' ').filter(isScope);
}

function roleOf(row: RoleRow): Role {
  return { name: row.name, scopes: parseScopes(row.scopes) };
}
