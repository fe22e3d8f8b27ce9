import type { AuthStore } from '../../storage/auth/auth-store';
import type { Scope } from '../../storage/auth/scopes';
import type { Authorize } from '../../inputs';
import { ApiError } from '../errors/api-error';
import { Authenticator, type Sessions } from './authenticator';

/**
 * Decides for listeners outside of the API whether the bearer of a header `Authorization` has a scope: the tokens are the
 * API's, and what is revoked there is refused at once here.
 */
export function requestAuthorizer(
  tokens: Pick<AuthStore, 'authenticateToken'>,
  sessions: Sessions,
  scope: Scope,
): Authorize {
  const authenticator = new Authenticator(tokens, sessions);
  return async (header) => {
    try {
      const principal = await authenticator.authenticate(header);
      return principal.scopes.has(scope) ? 'allowed' : 'forbidden';
    } catch (error) {
      if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') return 'unauthenticated';
      throw error;
    }
  };
}
