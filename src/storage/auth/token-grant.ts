import { invalidNameReason } from '../item-name';
import { AuthError } from './auth-error';
import type { CreateTokenOptions, Principal } from './auth-store';
import { expandScopes, isScope, type Scope } from './scopes';

/** What a new token may do and for how long. */
export interface TokenGrant {
  readonly name?: string;
  readonly scopes?: readonly Scope[];
  readonly expiresAt?: number;
}

/**
 * Checks a wish for a token. A token that is narrowed or ends cannot be used to get one that is wider or lives longer.
 * @throws AuthError `INVALID_NAME`, `INVALID_SCOPE`, `INVALID_EXPIRY`
 */
export function grantToken(principal: Principal, wish: CreateTokenOptions, now: number): TokenGrant {
  if (wish.name !== undefined) {
    const reason = invalidNameReason(wish.name);
    if (reason !== undefined) {
      throw new AuthError('INVALID_NAME', `the name of a token ${reason}`);
    }
  }
  return {
    name: wish.name,
    scopes: grantedScopes(principal, wish.scopes),
    expiresAt: grantedExpiry(principal, wish.expiresAt, now),
  };
}

function grantedScopes(principal: Principal, wish: readonly string[] | undefined): readonly Scope[] | undefined {
  if (wish === undefined) {
    return principal.tokenScopes;
  }
  const scopes = parseScopeNames(wish);
  if (principal.tokenScopes !== undefined) {
    const held = expandScopes(principal.tokenScopes);
    const wider = scopes.find((scope) => !held.has(scope));
    if (wider !== undefined) {
      throw new AuthError('INVALID_SCOPE', `the token in use does not have the scope ${wider}, so it cannot give it`);
    }
  }
  return scopes;
}

function grantedExpiry(principal: Principal, wish: number | undefined, now: number): number | undefined {
  if (wish === undefined) {
    return principal.tokenExpiresAt;
  }
  if (!Number.isSafeInteger(wish) || wish <= now) {
    throw new AuthError('INVALID_EXPIRY', 'the expiry of a token must lie in the future');
  }
  if (principal.tokenExpiresAt !== undefined && wish > principal.tokenExpiresAt) {
    throw new AuthError('INVALID_EXPIRY', 'a token cannot outlive the token it is made with');
  }
  return wish;
}

/**
 * Scopes by name, each once.
 * @throws AuthError `INVALID_SCOPE`
 */
export function parseScopeNames(names: readonly string[]): Scope[] {
  const scopes = new Set<Scope>();
  for (const name of names) {
    if (!isScope(name)) {
      throw new AuthError('INVALID_SCOPE', `there is no scope ${JSON.stringify(name)}`);
    }
    scopes.add(name);
  }
  return [...scopes];
}
