import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { backupDatabase, readBackup, replaceTables, type BackupContent } from '../backup';
import { hasBootstrapMark, setBootstrapMark } from '../bootstrap-mark';
import { openDatabase } from '../database';
import { StorageError } from '../errors';
import { invalidNameReason } from '../item-name';
import { migrate } from '../migrations';
import { storageErrorFrom } from '../sqlite-error';
import { AuthError } from './auth-error';
import type {
  AuthStore,
  CreatedToken,
  CreateTokenOptions,
  Principal,
  Role,
  SaveUserOptions,
  TokenInfo,
  User,
} from './auth-store';
import { BoundedMap } from './bounded-map';
import { AUTH_MIGRATIONS } from './migrations';
import { PasswordHasher } from './password';
import * as roleTable from './role-table';
import { expandScopes } from './scopes';
import { looksLikeToken, newToken, tokenHash } from './token';
import { grantToken, parseScopeNames } from './token-grant';
import * as tokenTable from './token-table';
import { TokenUsage } from './token-usage';
import * as userTable from './user-table';

export interface AuthStoreOptions {
  /**
   * Least length of a new password. The default refuses the empty one alone: accounts that scripts made on the peer
   * (`guest`/`guest`) can be made here, and the choice of a policy stays with the administrator.
   */
  readonly minPasswordLength?: number;
  /** Milliseconds since the Unix epoch; for tests. */
  readonly now?: () => number;
}

const DEFAULT_MIN_PASSWORD_LENGTH = 1;
/** Far above any passphrase; bounds what is hashed for a caller who is not yet known. */
export const MAX_PASSWORD_LENGTH = 1_024;
/** A script that makes a token on each run must not fill the database. */
export const MAX_TOKENS_PER_USER = 1_000;
/** More senders than one host serves; about 300 bytes each. */
const MAX_CACHED_TOKENS = 10_000;
const MAX_CACHED_PRINCIPALS = 1_000;

/** How soon what another process wrote (`logweir user reset-password`) holds here, in milliseconds. */
const FOREIGN_WRITES_INTERVAL_MS = 1_000;

/** Tables in the order in which rows may be added. */
const TABLES = ['roles', 'users', 'user_roles', 'tokens'];

interface CachedToken {
  readonly principal: Principal;
  lastUsedAt: number | undefined;
}

/**
 * Opens auth.db, at the newest schema.
 * @throws StorageError `UNSUPPORTED_FORMAT`, `CORRUPT_DATA`, `STORE_FULL`, `STORE_FAILED`
 * @example
 * const store = await openAuthStore('/var/lib/logweir/auth.db');
 */
export async function openAuthStore(file: string, options: AuthStoreOptions = {}): Promise<AuthStore> {
  const database = await openDatabase(file);
  try {
    await migrate(database, AUTH_MIGRATIONS);
  } catch (error) {
    await database.destroy();
    throw error;
  }
  const store = new KnexAuthStore(database, options);
  await store.begin();
  return store;
}

class KnexAuthStore implements AuthStore {
  readonly #database: Knex;
  readonly #minPasswordLength: number;
  readonly #now: () => number;
  readonly #hasher = new PasswordHasher();
  readonly #usage: TokenUsage;
  readonly #tokens = new BoundedMap<string, CachedToken>(MAX_CACHED_TOKENS);
  readonly #principals = new BoundedMap<string, Principal>(MAX_CACHED_PRINCIPALS);
  /** Rises with each change: what was read before a change is not kept after it. */
  #generation = 0;
  #closed = false;
  /** Of `PRAGMA data_version`: it differs after another connection has written to the file. */
  #dataVersion: number | undefined;
  readonly #foreignWritesTimer: NodeJS.Timeout;

  constructor(database: Knex, options: AuthStoreOptions) {
    this.#database = database;
    this.#minPasswordLength = Math.max(1, options.minPasswordLength ?? DEFAULT_MIN_PASSWORD_LENGTH);
    this.#now = options.now ?? Date.now;
    this.#usage = new TokenUsage((lastUses) => this.#writeLastUses(lastUses));
    const notice = (): void => void this.#noticeForeignWrites().catch(() => undefined);
    this.#foreignWritesTimer = setInterval(notice, FOREIGN_WRITES_INTERVAL_MS).unref();
  }

  /** Notes the state of the file: what differs later was written by somebody else. */
  async begin(): Promise<void> {
    await this.#read('open the users', () => this.#noticeForeignWrites());
  }

  listUsers(): Promise<User[]> {
    return this.#read('list users', () => userTable.listUsers(this.#database));
  }

  async getUser(name: string): Promise<User | undefined> {
    const user = await this.#read('read a user', () => userTable.findUser(this.#database, name));
    return user === undefined ? undefined : { name: user.name, roles: user.roles };
  }

  async saveUser(name: string, password: string, roles: readonly string[], options?: SaveUserOptions): Promise<void> {
    requireName(name, 'a user');
    const uniqueRoles = requireRoleNames(roles);
    this.#requirePassword(password, options);
    const passwordHash = await this.#hasher.hash(password);
    await this.#change('save a user', async (transaction) => {
      await userTable.writeUser(transaction, name, passwordHash);
      await userTable.writeUserRoles(transaction, name, uniqueRoles);
    });
  }

  async setUserRoles(name: string, roles: readonly string[]): Promise<void> {
    const uniqueRoles = requireRoleNames(roles);
    await this.#change('save the roles of a user', async (transaction) => {
      if ((await userTable.findUser(transaction, name)) === undefined) {
        throw unknownUser(name);
      }
      await userTable.writeUserRoles(transaction, name, uniqueRoles);
      await userTable.renewVersion(transaction, name);
    });
  }

  async setPassword(name: string, password: string, options?: SaveUserOptions): Promise<void> {
    this.#requirePassword(password, options);
    const passwordHash = await this.#hasher.hash(password);
    await this.#change('set a password', async (transaction) => {
      if (!(await userTable.writePassword(transaction, name, passwordHash))) {
        throw unknownUser(name);
      }
    });
  }

  async changePassword(name: string, oldPassword: string, newPassword: string): Promise<void> {
    this.#requirePassword(newPassword);
    const verified = await this.verifyPassword(name, oldPassword);
    const wrong = new AuthError('WRONG_PASSWORD', 'invalid credentials');
    if (verified === undefined) {
      throw wrong;
    }
    const passwordHash = await this.#hasher.hash(newPassword);
    await this.#change('change a password', async (transaction) => {
      // Of two changes at once the second no longer knows the password.
      if (!(await userTable.writePassword(transaction, name, passwordHash, verified.credentialsVersion))) {
        throw wrong;
      }
    });
  }

  deleteUser(name: string): Promise<boolean> {
    return this.#change('delete a user', (transaction) => userTable.removeUser(transaction, name));
  }

  async verifyPassword(name: string, password: string): Promise<Principal | undefined> {
    await this.#read('read a user', () => this.#noticeForeignWrites());
    const credentials = await this.#read('read a user', () => userTable.findCredentials(this.#database, name));
    // Too long for any password there is: takes as long as a wrong one, and is one.
    const tooLong = password.length > MAX_PASSWORD_LENGTH;
    const matches = await this.#hasher.verify(credentials?.passwordHash, tooLong ? '' : password);
    if (credentials === undefined || tooLong || !matches) {
      return undefined;
    }
    const principal = await this.principalOf(name);
    // Otherwise the password was changed while it was being checked.
    return principal?.credentialsVersion === credentials.version ? principal : undefined;
  }

  listRoles(): Promise<Role[]> {
    return this.#read('list roles', () => roleTable.listRoles(this.#database));
  }

  getRole(name: string): Promise<Role | undefined> {
    return this.#read('read a role', () => roleTable.findRole(this.#database, name));
  }

  async saveRole(name: string, scopes: readonly string[]): Promise<void> {
    requireName(name, 'a role');
    const known = parseScopeNames(scopes);
    await this.#change('save a role', (transaction) => roleTable.writeRole(transaction, { name, scopes: known }));
  }

  deleteRole(name: string): Promise<boolean> {
    return this.#change('delete a role', async (transaction) => {
      const removed = await roleTable.removeRole(transaction, name);
      if (removed) {
        for (const user of await userTable.usersWithRole(transaction, name)) {
          await userTable.renewVersion(transaction, user);
        }
      }
      return removed;
    });
  }

  async listTokens(user: string): Promise<TokenInfo[]> {
    const tokens = await this.#read('list tokens', () => tokenTable.listTokens(this.#database, user));
    return tokens.map(({ user: _owner, ...token }) => ({
      ...token,
      lastUsedAt: this.#usage.pending(token.uuid) ?? token.lastUsedAt,
    }));
  }

  async createToken(principal: Principal, options: CreateTokenOptions = {}): Promise<CreatedToken> {
    const createdAt = this.#now();
    const info: TokenInfo = { uuid: randomUUID(), createdAt, ...grantToken(principal, options, createdAt) };
    const token = newToken();
    await this.#change('create a token', async (transaction) => {
      if ((await userTable.findUser(transaction, principal.user)) === undefined) {
        throw unknownUser(principal.user);
      }
      if ((await tokenTable.countTokens(transaction, principal.user)) >= MAX_TOKENS_PER_USER) {
        throw new AuthError('TOO_MANY_TOKENS', `a user can have ${MAX_TOKENS_PER_USER} tokens; delete one first`);
      }
      await tokenTable.addToken(transaction, { ...info, user: principal.user }, tokenHash(token));
    });
    return { ...info, token };
  }

  deleteToken(user: string, uuid: string): Promise<boolean> {
    return this.#change('delete a token', (transaction) => tokenTable.removeToken(transaction, user, uuid));
  }

  authenticateToken(token: string): Principal | undefined | Promise<Principal | undefined> {
    if (!looksLikeToken(token)) {
      return undefined;
    }
    const hash = tokenHash(token);
    const cached = this.#tokens.get(hash);
    return cached === undefined ? this.#authenticateStored(hash) : this.#use(cached);
  }

  principalOf(user: string): Principal | undefined | Promise<Principal | undefined> {
    return this.#principals.get(user) ?? this.#loadPrincipal(user);
  }

  isBootstrapped(): Promise<boolean> {
    return this.#read('read the state of the first start', () => hasBootstrapMark(this.#database));
  }

  markBootstrapped(): Promise<void> {
    return this.#change('note the end of the first start', setBootstrapMark);
  }

  backup(file: string): Promise<void> {
    return this.#read('back up users and roles', () => backupDatabase(this.#database, file));
  }

  async checkBackup(file: string): Promise<void> {
    const content = await this.#contentOf(file);
    // As in every change: somebody must keep the right, if anybody had it.
    const hadAdministrator = await this.#read('read the roles', () => roleTable.hasAdministrator(this.#database));
    if (hadAdministrator && !backupHasAdministrator(content)) throw lastAdministrator();
  }

  async restore(file: string): Promise<void> {
    const content = await this.#contentOf(file);
    await this.#change('restore users and roles', async (transaction) => {
      const before = await userTable.allCredentials(transaction);
      await replaceTables(transaction, TABLES, content);
      await userTable.renewChangedVersions(transaction, before);
    });
  }

  #contentOf(file: string): Promise<BackupContent> {
    return this.#read('read the backup', () => readBackup(file, this.#database, AUTH_MIGRATIONS, TABLES));
  }

  async close(): Promise<void> {
    if (this.#closed) {
      return;
    }
    clearInterval(this.#foreignWritesTimer);
    await this.#usage.flush();
    this.#closed = true;
    this.#forget();
    await this.#database.destroy();
  }

  async #authenticateStored(hash: string): Promise<Principal | undefined> {
    const generation = this.#generation;
    const token = await this.#read('read a token', () => tokenTable.findToken(this.#database, hash));
    const user = token === undefined ? undefined : await this.principalOf(token.user);
    if (token === undefined || user === undefined) {
      return undefined;
    }
    const cached: CachedToken = {
      principal: narrow(user, token),
      lastUsedAt: this.#usage.pending(token.uuid) ?? token.lastUsedAt,
    };
    if (generation === this.#generation) {
      this.#tokens.set(hash, cached);
    }
    return this.#use(cached);
  }

  #use(cached: CachedToken): Principal | undefined {
    const { principal } = cached;
    const now = this.#now();
    if (principal.tokenExpiresAt !== undefined && now >= principal.tokenExpiresAt) {
      return undefined;
    }
    if (principal.tokenUuid !== undefined && TokenUsage.isDue(cached.lastUsedAt, now)) {
      cached.lastUsedAt = now;
      this.#usage.note(principal.tokenUuid, now);
    }
    return principal;
  }

  async #loadPrincipal(name: string): Promise<Principal | undefined> {
    const generation = this.#generation;
    const principal = await this.#read('read a user', () =>
      // One transaction, so that user and scopes are of one moment.
      this.#database.transaction(async (transaction) => {
        const user = await userTable.findUser(transaction, name);
        return user === undefined
          ? undefined
          : Object.freeze({
              user: user.name,
              roles: Object.freeze(user.roles),
              scopes: expandScopes(await roleTable.scopesOfUser(transaction, name)),
              credentialsVersion: user.credentialsVersion,
            });
      }),
    );
    if (principal !== undefined && generation === this.#generation) {
      this.#principals.set(name, principal);
    }
    return principal;
  }

  async #writeLastUses(lastUses: ReadonlyMap<string, number>): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      for (const [uuid, time] of lastUses) {
        await tokenTable.writeLastUse(transaction, uuid, time);
      }
    });
  }

  #requirePassword(password: string, options: SaveUserOptions = {}): void {
    const least = options.allowShortPassword === true ? 1 : this.#minPasswordLength;
    if (password.length < least || password.length > MAX_PASSWORD_LENGTH) {
      throw new AuthError('INVALID_PASSWORD', `a password must have ${least} to ${MAX_PASSWORD_LENGTH} characters`);
    }
  }

  async #read<T>(what: string, read: () => Promise<T>): Promise<T> {
    this.#requireOpen();
    try {
      return await read();
    } catch (error) {
      throw storageErrorFrom(error, `cannot ${what}`);
    }
  }

  /** Runs a change as one transaction, unless it takes the last administrator away. */
  async #change<T>(what: string, change: (transaction: Knex.Transaction) => Promise<T>): Promise<T> {
    this.#requireOpen();
    try {
      return await this.#database.transaction(async (transaction) => {
        const hadAdministrator = await roleTable.hasAdministrator(transaction);
        const result = await change(transaction);
        if (hadAdministrator && !(await roleTable.hasAdministrator(transaction))) {
          throw lastAdministrator();
        }
        return result;
      });
    } catch (error) {
      throw storageErrorFrom(error, `cannot ${what}`);
    } finally {
      this.#forget();
    }
  }

  /** Forgets what is in memory when another process has changed the file. */
  async #noticeForeignWrites(): Promise<void> {
    if (this.#closed) return;
    const [row]: { data_version: number }[] = await this.#database.raw('PRAGMA data_version');
    const before = this.#dataVersion;
    this.#dataVersion = row?.data_version;
    if (before !== undefined && before !== this.#dataVersion) this.#forget();
  }

  #forget(): void {
    this.#generation++;
    this.#tokens.clear();
    this.#principals.clear();
  }

  #requireOpen(): void {
    if (this.#closed) {
      throw new StorageError('STORE_CLOSED', 'the auth store is closed');
    }
  }
}

function narrow(user: Principal, token: tokenTable.StoredToken): Principal {
  return Object.freeze({
    ...user,
    scopes: token.scopes === undefined ? user.scopes : intersection(user.scopes, expandScopes(token.scopes)),
    tokenUuid: token.uuid,
    tokenScopes: token.scopes,
    tokenExpiresAt: token.expiresAt,
  });
}

function intersection<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): Set<T> {
  return new Set([...a].filter((value) => b.has(value)));
}

function requireName(name: string, whose: string): void {
  const reason = invalidNameReason(name);
  if (reason !== undefined) {
    throw new AuthError('INVALID_NAME', `the name of ${whose} ${reason}`);
  }
}

function requireRoleNames(roles: readonly string[]): string[] {
  for (const role of roles) {
    requireName(role, 'a role');
  }
  return [...new Set(roles)];
}

function unknownUser(name: string): AuthError {
  return new AuthError('UNKNOWN_USER', `there is no user ${JSON.stringify(name)}`);
}

function lastAdministrator(): AuthError {
  return new AuthError('LAST_ADMINISTRATOR', 'somebody must keep the scope write_acls: nobody would have it');
}

function backupHasAdministrator(content: BackupContent): boolean {
  const roles = (content.get('roles') ?? []).filter(({ scopes }) =>
    roleTable.parseScopes(String(scopes)).includes('write_acls'),
  );
  const names = new Set(roles.map(({ name }) => name));
  return (content.get('user_roles') ?? []).some(({ role_name }) => names.has(role_name ?? ''));
}
