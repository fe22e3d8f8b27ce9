import type { Scope } from './scopes';

export interface User {
  readonly name: string;
  /** In the order given; may name roles that do not exist, which give nothing. */
  readonly roles: readonly string[];
}

export interface Role {
  readonly name: string;
  /** As saved, without what they imply. */
  readonly scopes: readonly Scope[];
}

/** Who makes a request and what this request may do. */
export interface Principal {
  readonly user: string;
  readonly roles: readonly string[];
  /** With all they imply; narrowed to the token's own scopes when it has some. */
  readonly scopes: ReadonlySet<Scope>;
  /** Changes whenever the user's password or roles do; login sessions end with the version they began with. */
  readonly credentialsVersion: number;
  /** Set when the request came with a personal access token. */
  readonly tokenUuid?: string;
  /** What the token was narrowed to; absent when it carries all rights of its user. */
  readonly tokenScopes?: readonly Scope[];
  /** When the token ends, milliseconds since the Unix epoch; absent when never. */
  readonly tokenExpiresAt?: number;
}

/** A personal access token without its secret. Times are milliseconds since the Unix epoch. */
export interface TokenInfo {
  readonly uuid: string;
  readonly name?: string;
  /** Absent: all rights of the user. */
  readonly scopes?: readonly Scope[];
  readonly createdAt: number;
  /** Absent: never. */
  readonly expiresAt?: number;
  /** Right to the minute; absent: never used. */
  readonly lastUsedAt?: number;
}

export interface CreateTokenOptions {
  readonly name?: string;
  /** Milliseconds since the Unix epoch, in the future. */
  readonly expiresAt?: number;
  /** Rights to narrow the token to; it never has more than its user has at the time of a request. */
  readonly scopes?: readonly string[];
}

export interface CreatedToken extends TokenInfo {
  /** The secret, `pat_` and 32 characters; it is not stored and cannot be shown again. */
  readonly token: string;
}

export interface SaveUserOptions {
  /** Takes a password shorter than the least length (never an empty one): for what the configuration file says. */
  readonly allowShortPassword?: boolean;
}

/**
 * Users, roles and personal access tokens. Every write is one transaction; what it changed holds for the next request.
 * A write that would leave nobody with the scope `write_acls` is refused with `LAST_ADMINISTRATOR`.
 *
 * All methods reject with StorageError when the database fails.
 */
export interface AuthStore {
  /** In code unit order of the names. */
  listUsers(): Promise<User[]>;
  getUser(name: string): Promise<User | undefined>;
  /**
   * Creates a user or sets password and roles of one; tokens stay, login sessions end.
   * @throws AuthError `INVALID_NAME` (of the user or a role), `INVALID_PASSWORD`, `LAST_ADMINISTRATOR`, `TOO_MANY_LOGINS`
   */
  saveUser(name: string, password: string, roles: readonly string[], options?: SaveUserOptions): Promise<void>;
  /** @throws AuthError `UNKNOWN_USER`, `INVALID_NAME`, `LAST_ADMINISTRATOR` */
  setUserRoles(name: string, roles: readonly string[]): Promise<void>;
  /** Sets a password without asking for the old one. @throws AuthError `UNKNOWN_USER`, `INVALID_PASSWORD`, `TOO_MANY_LOGINS` */
  setPassword(name: string, password: string, options?: SaveUserOptions): Promise<void>;
  /** @throws AuthError `WRONG_PASSWORD` (unknown users too), `INVALID_PASSWORD`, `TOO_MANY_LOGINS` */
  changePassword(name: string, oldPassword: string, newPassword: string): Promise<void>;
  /** Removes a user with all tokens; false when there was none. @throws AuthError `LAST_ADMINISTRATOR` */
  deleteUser(name: string): Promise<boolean>;
  /**
   * The user, when the password is right. Takes as long for an unknown user as for a wrong password.
   * @throws AuthError `TOO_MANY_LOGINS` when too many checks are waiting already: answer 429
   */
  verifyPassword(name: string, password: string): Promise<Principal | undefined>;

  /** In code unit order of the names. */
  listRoles(): Promise<Role[]>;
  getRole(name: string): Promise<Role | undefined>;
  /** Creates or replaces a role. @throws AuthError `INVALID_NAME`, `INVALID_SCOPE`, `LAST_ADMINISTRATOR` */
  saveRole(name: string, scopes: readonly string[]): Promise<void>;
  /** False when there was none; users keep the name. @throws AuthError `LAST_ADMINISTRATOR` */
  deleteRole(name: string): Promise<boolean>;

  /** Tokens of a user, oldest first. */
  listTokens(user: string): Promise<TokenInfo[]>;
  /**
   * Makes a token for the principal's user. Made with a narrowed or ending token, the new one is no wider and lives no
   * longer than that one.
   * @throws AuthError `INVALID_NAME`, `INVALID_SCOPE`, `INVALID_EXPIRY`, `TOO_MANY_TOKENS`, `UNKNOWN_USER`
   */
  createToken(principal: Principal, options?: CreateTokenOptions): Promise<CreatedToken>;
  /** Removes a token of this user; false when the user has no such token. */
  deleteToken(user: string, uuid: string): Promise<boolean>;

  /**
   * Whom a personal access token (`pat_…`) belongs to; undefined when nobody. Answers without a promise when it is in
   * memory, which is the rule under load.
   * @example
   * const found = store.authenticateToken(token);
   * const principal = found instanceof Promise ? await found : found;
   */
  authenticateToken(token: string): Principal | undefined | Promise<Principal | undefined>;
  /** A user as principal, as it is now; undefined when there is none. Answers like {@link authenticateToken}. */
  principalOf(user: string): Principal | undefined | Promise<Principal | undefined>;

  /** True once {@link markBootstrapped} was called on this database, in this or an earlier run. */
  isBootstrapped(): Promise<boolean>;
  markBootstrapped(): Promise<void>;

  /** Writes a consistent copy of the database to a new file with mode 0600. */
  backup(file: string): Promise<void>;
  /** Looks at a file as {@link restore} would, and changes nothing. @throws what {@link restore} throws */
  checkBackup(file: string): Promise<void>;
  /**
   * Replaces all users, roles and tokens by those of a backup, in one transaction; login sessions of users whose credentials change end. The file is
   * brought to the newest schema on the way.
   * @throws StorageError `CORRUPT_DATA`, `UNSUPPORTED_FORMAT`; AuthError `LAST_ADMINISTRATOR` when it has no administrator
   */
  restore(file: string): Promise<void>;

  /** Writes what is still in memory (last use of tokens) and closes the database. */
  close(): Promise<void>;
}
