import path from 'node:path';
import { writePrivateFile } from '../private-file';
import { storageErrorFrom } from '../sqlite-error';
import { AuthError } from './auth-error';
import type { AuthStore } from './auth-store';
import type { Scope } from './scopes';
import { randomText } from './token';

export interface BootstrapAuthOptions {
  /** Name of the first user; `root` unless set. */
  readonly initialUser?: string;
  /** Its password; a random one when absent or empty. */
  readonly initialPassword?: string;
  /** Sets `resetPassword` as the password of this user: the way back in when it is forgotten. */
  readonly resetUser?: string;
  readonly resetPassword?: string;
  /** Where `initial-password` is written. */
  readonly dataDir: string;
}

export interface BootstrapAuthResult {
  /** The user that was made; absent when there were users. */
  readonly createdUser?: string;
  /** Its random password, to be printed once. */
  readonly generatedPassword?: string;
  /** The file that has the random password. */
  readonly passwordFile?: string;
  /** The user whose password was reset; absent when it was that password already. */
  readonly resetUser?: string;
  /** For the log. */
  readonly warnings: readonly string[];
}

const DEFAULT_INITIAL_USER = 'root';
const ADMIN_ROLE = 'admin';
const VIEWER_ROLE = 'viewer';
const PASSWORD_FILE = 'initial-password';
/** 24 of 62 characters are 142 bits. */
const GENERATED_PASSWORD_LENGTH = 24;
/** NIST SP 800-63B asks for eight characters at least. */
const WEAK_BELOW_LENGTH = 8;

const ADMIN_SCOPES: readonly Scope[] = [
  'send_logs',
  'write_acls',
  'write_pipelines',
  'write_transformers',
  'write_streams',
  'write_forwarders',
  'read_system_configuration',
  'write_system_configuration',
  'read_auth_providers',
  'write_auth_providers',
];
const VIEWER_SCOPES: readonly Scope[] = ['read_streams'];

/**
 * Makes the store usable at each start. The roles `admin` and `viewer` are made at the first start alone: roles that
 * the administrator deletes stay deleted. The first user is made whenever there are no users at all, at whatever start,
 * with the role `admin` as it should be: a service that nobody can log in to is of no use. The random password is in
 * its file before the user is in the database, so that a crash cannot lose it.
 *
 * @throws AuthError `INCOMPLETE_RESET`, `UNKNOWN_USER` (of the reset), `INVALID_NAME`, `INVALID_PASSWORD`; StorageError
 * @example
 * const { generatedPassword } = await bootstrapAuth(store, { dataDir: '/var/lib/logweir' });
 */
export async function bootstrapAuth(store: AuthStore, options: BootstrapAuthOptions): Promise<BootstrapAuthResult> {
  const warnings: string[] = [];
  const firstStart = !(await store.isBootstrapped());
  if (firstStart) {
    await saveRoleIfMissing(store, ADMIN_ROLE, ADMIN_SCOPES);
    await saveRoleIfMissing(store, VIEWER_ROLE, VIEWER_SCOPES);
  }
  const created = (await store.listUsers()).length === 0 ? await createInitialUser(store, options, warnings) : {};
  if (firstStart) {
    await store.markBootstrapped();
  }
  const resetUser = await resetPassword(store, options, warnings);
  return { ...created, resetUser, warnings };
}

async function saveRoleIfMissing(store: AuthStore, name: string, scopes: readonly Scope[]): Promise<void> {
  if ((await store.getRole(name)) === undefined) {
    await store.saveRole(name, scopes);
  }
}

async function createInitialUser(
  store: AuthStore,
  options: BootstrapAuthOptions,
  warnings: string[],
): Promise<Pick<BootstrapAuthResult, 'createdUser' | 'generatedPassword' | 'passwordFile'>> {
  const createdUser = options.initialUser || DEFAULT_INITIAL_USER;
  await store.saveRole(ADMIN_ROLE, ADMIN_SCOPES);
  if (options.initialPassword) {
    warnAboutPassword(options.initialPassword, createdUser, 'auth.initial_password', warnings);
    await store.saveUser(createdUser, options.initialPassword, [ADMIN_ROLE], { allowShortPassword: true });
    return { createdUser };
  }
  const generatedPassword = randomText(GENERATED_PASSWORD_LENGTH);
  const passwordFile = path.join(options.dataDir, PASSWORD_FILE);
  try {
    await writePrivateFile(passwordFile, `${generatedPassword}\n`);
  } catch (error) {
    throw storageErrorFrom(error, `cannot write the first user's password to ${passwordFile}`);
  }
  await store.saveUser(createdUser, generatedPassword, [ADMIN_ROLE], { allowShortPassword: true });
  return { createdUser, generatedPassword, passwordFile };
}

async function resetPassword(
  store: AuthStore,
  options: BootstrapAuthOptions,
  warnings: string[],
): Promise<string | undefined> {
  const user = options.resetUser || undefined;
  const password = options.resetPassword || undefined;
  if (user === undefined && password === undefined) {
    return undefined;
  }
  if (user === undefined || password === undefined) {
    throw new AuthError('INCOMPLETE_RESET', 'auth.reset_user and auth.reset_password must be set both or not at all');
  }
  warnings.push('auth.reset_user and auth.reset_password are set: remove them once you can log in');
  // The settings may stay for a while; login sessions need not end at every start.
  if ((await store.verifyPassword(user, password)) !== undefined) {
    return undefined;
  }
  warnAboutPassword(password, user, 'auth.reset_password', warnings);
  await store.setPassword(user, password, { allowShortPassword: true });
  return user;
}

function warnAboutPassword(password: string, user: string, setting: string, warnings: string[]): void {
  if (password.length < WEAK_BELOW_LENGTH || password === user) {
    warnings.push(`${setting} is easy to guess: change the password of ${JSON.stringify(user)}`);
  }
}
