import type { Principal } from '../../storage/auth/auth-store';
import type { Scope } from '../../storage/auth/scopes';
import { ApiError } from '../errors/api-error';

/** @throws ApiError `PERMISSION_DENIED` naming the scopes that the principal lacks */
export function requireScopes(principal: Principal, scopes: readonly Scope[]): void {
  const missing = scopes.filter((scope) => !principal.scopes.has(scope));
  if (missing.length === 0) return;
  throw new ApiError('PERMISSION_DENIED', `requires the scope${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`);
}
