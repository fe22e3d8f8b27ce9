import type { AuthStore, TokenInfo } from '../../storage/auth/auth-store';
import type { Call, OperationHandlers } from '../call';
import { withBodyPaths } from '../errors/body-paths';
import { parseRfc3339 } from '../time/rfc3339';

interface CreateTokenBody {
  readonly name?: string | null;
  readonly scopes?: readonly string[] | null;
  readonly expires_at?: string | null;
}

const TOKEN_PATHS = { INVALID_NAME: 'name', INVALID_SCOPE: 'scopes', INVALID_EXPIRY: 'expires_at' } as const;

/** The current user's personal access tokens. */
export function tokenOperations(store: AuthStore): OperationHandlers {
  return {
    async list_tokens(call: Call) {
      const tokens = await store.listTokens(call.principal.user);
      return { token_uuids: tokens.map(({ uuid }) => uuid), tokens: tokens.map(describeToken) };
    },

    async create_token(call: Call) {
      const { name, scopes, expires_at } = call.body<CreateTokenBody | undefined>() ?? {};
      const { token, uuid } = await withBodyPaths(TOKEN_PATHS, () =>
        store.createToken(call.principal, {
          name: name ?? undefined,
          scopes: scopes ?? undefined,
          expiresAt: typeof expires_at === 'string' ? parseRfc3339(expires_at) : undefined,
        }),
      );
      return { token, token_uuid: uuid };
    },

    async delete_token(call: Call) {
      await store.deleteToken(call.principal.user, call.param('token_uuid').toLowerCase());
      return {};
    },
  };
}

function describeToken(token: TokenInfo): object {
  return {
    uuid: token.uuid,
    name: token.name ?? null,
    scopes: token.scopes ?? null,
    created_at: new Date(token.createdAt).toISOString(),
    expires_at: isoOrNull(token.expiresAt),
    last_used_at: isoOrNull(token.lastUsedAt),
  };
}

function isoOrNull(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
