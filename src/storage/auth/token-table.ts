import type { Knex } from 'knex';
import type { TokenInfo } from './auth-store';
import { formatScopes, parseScopes } from './role-table';

/** A token with whom it belongs to. */
export interface StoredToken extends TokenInfo {
  readonly user: string;
}

interface TokenRow {
  readonly uuid: string;
  readonly user_name: string;
  readonly name: string | null;
  readonly scopes: string | null;
  readonly created_at: number | string;
  readonly expires_at: number | string | null;
  readonly last_used_at: number | string | null;
}

export async function listTokens(database: Knex, user: string): Promise<StoredToken[]> {
  const rows: TokenRow[] = await database('tokens').where({ user_name: user }).orderBy(['created_at', 'uuid']);
  return rows.map(tokenOf);
}

export async function findToken(database: Knex, hash: string): Promise<StoredToken | undefined> {
  const row: TokenRow | undefined = await database('tokens').where({ hash }).first();
  return row === undefined ? undefined : tokenOf(row);
}

export async function countTokens(database: Knex, user: string): Promise<number> {
  const row = await database('tokens').where({ user_name: user }).count({ count: '*' }).first();
  return Number(row?.count ?? 0);
}

export async function addToken(database: Knex, token: StoredToken, hash: string): Promise<void> {
  await database('tokens').insert({
    uuid: token.uuid,
    hash,
    user_name: token.user,
    name: token.name ?? null,
    scopes: token.scopes === undefined ? null : formatScopes(token.scopes),
    created_at: token.createdAt,
    expires_at: token.expiresAt ?? null,
  });
}

export async function removeToken(database: Knex, user: string, uuid: string): Promise<boolean> {
  return (await database('tokens').where({ user_name: user, uuid }).del()) > 0;
}

export async function writeLastUse(database: Knex, uuid: string, lastUsedAt: number): Promise<void> {
  await database('tokens').where({ uuid }).update({ last_used_at: lastUsedAt });
}

function tokenOf(row: TokenRow): StoredToken {
  return {
    uuid: row.uuid,
    user: row.user_name,
    name: row.name ?? undefined,
    scopes: row.scopes === null ? undefined : parseScopes(row.scopes),
    createdAt: Number(row.created_at),
    expiresAt: row.expires_at === null ? undefined : Number(row.expires_at),
    lastUsedAt: row.last_used_at === null ? undefined : Number(row.last_used_at),
  };
}
