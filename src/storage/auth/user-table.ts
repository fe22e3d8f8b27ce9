import { randomInt } from 'node:crypto';
import type { Knex } from 'knex';
import { byCodeUnit } from '../code-unit-order';
import type { User } from './auth-store';

export interface StoredUser extends User {
  readonly credentialsVersion: number;
}

/** What is needed to check a password. */
export interface Credentials {
  readonly passwordHash: string;
  readonly version: number;
}

interface UserRow {
  readonly name: string;
  readonly password_hash: string;
  /** A number in SQLite, a text in PostgreSQL; so are all 64-bit columns. */
  readonly credentials_version: number | string;
}

/** The largest range `randomInt` takes. */
const VERSION_RANGE = 2 ** 48 - 1;

/**
 * Versions are drawn, not counted: a user who is removed and made again, or comes back from a backup, never has a
 * version of the past, with which old login sessions would be good again.
 */
export function drawVersion(): number {
  return randomInt(VERSION_RANGE);
}

export async function listUsers(database: Knex): Promise<User[]> {
  const names = await database('users').pluck<string[]>('name');
  const rows: { user_name: string; role_name: string }[] = await database('user_roles')
    .select('user_name', 'role_name')
    .orderBy(['user_name', 'position']);
  const roles = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const row of rows) {
    roles.get(row.user_name)?.push(row.role_name);
  }
  return names.sort(byCodeUnit).map((name) => ({ name, roles: roles.get(name) ?? [] }));
}

export async function findUser(database: Knex, name: string): Promise<StoredUser | undefined> {
  const row: UserRow | undefined = await database('users').where({ name }).first();
  if (row === undefined) {
    return undefined;
  }
  return {
    name: row.name,
    roles: await database('user_roles').where({ user_name: name }).orderBy('position').pluck<string[]>('role_name'),
    credentialsVersion: Number(row.credentials_version),
  };
}

export async function findCredentials(database: Knex, name: string): Promise<Credentials | undefined> {
  const row: UserRow | undefined = await database('users').where({ name }).first();
  return row === undefined ? undefined : { passwordHash: row.password_hash, version: Number(row.credentials_version) };
}

/** Creates a user or sets the password of one. */
export async function writeUser(database: Knex, name: string, passwordHash: string): Promise<void> {
  await database('users')
    .insert({ name, password_hash: passwordHash, credentials_version: drawVersion() })
    .onConflict('name')
    .merge();
}

/** False when there is no such user (or, with `ifVersion`, none whose credentials have that version). */
export async function writePassword(
  database: Knex,
  name: string,
  passwordHash: string,
  ifVersion?: number,
): Promise<boolean> {
  const condition = ifVersion === undefined ? { name } : { name, credentials_version: ifVersion };
  const changed = await database('users')
    .where(condition)
    .update({ password_hash: passwordHash, credentials_version: drawVersion() });
  return changed > 0;
}

/** Replaces the roles of a user that exists. */
export async function writeUserRoles(database: Knex, name: string, roles: readonly string[]): Promise<void> {
  await database('user_roles').where({ user_name: name }).del();
  for (const [position, role] of roles.entries()) {
    await database('user_roles').insert({ user_name: name, role_name: role, position });
  }
}

/** Names of the users who have a role, whether it exists or not. */
export function usersWithRole(database: Knex, role: string): Promise<string[]> {
  return database('user_roles').where({ role_name: role }).pluck<string[]>('user_name');
}

/** Ends the login sessions of a user. */
export async function renewVersion(database: Knex, name: string): Promise<void> {
  await database('users').where({ name }).update({ credentials_version: drawVersion() });
}

/** Password and version of each user. */
export async function allCredentials(database: Knex): Promise<Map<string, Credentials>> {
  const rows: UserRow[] = await database('users').select('name', 'password_hash', 'credentials_version');
  return new Map(
    rows.map((row) => [row.name, { passwordHash: row.password_hash, version: Number(row.credentials_version) }]),
  );
}

/**
 * Ends the login sessions of users whose password or version is not what it was. A version that came back from the past, with
 * which sessions that have ended would be good again, is one of those.
 */
export async function renewChangedVersions(database: Knex, before: ReadonlyMap<string, Credentials>): Promise<void> {
  for (const [name, { passwordHash, version }] of await allCredentials(database)) {
    const known = before.get(name);
    if (known?.passwordHash !== passwordHash || known.version !== version) await renewVersion(database, name);
  }
}

export async function removeUser(database: Knex, name: string): Promise<boolean> {
  return (await database('users').where({ name }).del()) > 0;
}
