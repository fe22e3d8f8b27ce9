export { AuthError, type AuthErrorCode } from './auth-error';
export type {
  AuthStore,
  CreatedToken,
  CreateTokenOptions,
  Principal,
  Role,
  SaveUserOptions,
  TokenInfo,
  User,
} from './auth-store';
export { bootstrapAuth, type BootstrapAuthOptions, type BootstrapAuthResult } from './bootstrap-auth';
export { JwtAuthority, type JwtAuthorityOptions } from './jwt-authority';
export { MAX_PASSWORD_LENGTH, MAX_TOKENS_PER_USER, openAuthStore, type AuthStoreOptions } from './knex-auth-store';
export { SCOPES, expandScopes, isScope, permissionsOf, type Permissions, type Scope } from './scopes';
export { loadSecretKey, type SecretKey } from './secret-key';
