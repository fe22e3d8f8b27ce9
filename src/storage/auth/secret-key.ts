import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { chmod, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { writePrivateFile } from '../private-file';
import { storageErrorFrom } from '../sqlite-error';
import { AuthError } from './auth-error';

/** Shorter keys can be guessed offline from any login token. */
const MIN_KEY_BYTES = 16;
/** A key for HS256 has at least the size of the hash (RFC 7518, section 3.2). */
const RECOMMENDED_KEY_BYTES = 32;
const KEY_FILE = 'secret-key';
/** What has secrets that were encrypted with the key. */
const CONFIG_FILE = 'config.db';
const GROUP_AND_OTHERS = 0o077;

export interface SecretKey {
  readonly key: KeyObject;
  /** What the administrator should know about the key; for the log. */
  readonly warnings: readonly string[];
}

/**
 * The key that signs login tokens and encrypts secrets at rest: the configured one, else the one in
 * `<dataDir>/secret-key`, which is made on first use (256 random bits, mode 0600) and must be kept with backups.
 *
 * @throws AuthError `INVALID_SECRET_KEY` when the configured key or the file's is shorter than 16 bytes; StorageError
 * @example
 * const { key, warnings } = await loadSecretKey({ configured: settings.secret_key, dataDir: settings.data_dir });
 */
export async function loadSecretKey(options: {
  readonly configured?: string;
  readonly dataDir: string;
}): Promise<SecretKey> {
  if (options.configured !== undefined && options.configured !== '') {
    return secretKeyOf(options.configured, 'the configured secret_key');
  }
  const file = path.join(options.dataDir, KEY_FILE);
  try {
    const stored = await readKeyFile(file);
    if (stored !== undefined) {
      return secretKeyOf(stored, `the key in ${file}`);
    }
    // Asked before the first of them is made.
    const isFirstStart = !(await exists(path.join(options.dataDir, CONFIG_FILE)));
    const generated = randomBytes(RECOMMENDED_KEY_BYTES).toString('base64url');
    await writePrivateFile(file, `${generated}\n`);
    const made = secretKeyOf(generated, `the key in ${file}`);
    return isFirstStart ? made : { ...made, warnings: [...made.warnings, missingKey(file)] };
  } catch (error) {
    throw storageErrorFrom(error, `cannot use the secret key in ${file}`);
  }
}

function missingKey(file: string): string {
  return (
    `${file} was not there, so there is a new one: logins have ended, and forwarders and auth providers that were saved with the ` +
    'old key cannot be used; put the old file back and start again, or save them again'
  );
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

function secretKeyOf(text: string, what: string): SecretKey {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length < MIN_KEY_BYTES) {
    throw new AuthError(
      'INVALID_SECRET_KEY',
      `${what} has ${bytes.length} bytes; it must have at least ${MIN_KEY_BYTES}, better ${RECOMMENDED_KEY_BYTES}`,
    );
  }
  const warnings =
    bytes.length < RECOMMENDED_KEY_BYTES
      ? [`${what} has ${bytes.length} bytes; at least ${RECOMMENDED_KEY_BYTES} random ones are recommended`]
      : [];
  return { key: createSecretKey(bytes), warnings };
}

async function readKeyFile(file: string): Promise<string | undefined> {
  const status = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
  if (status === undefined) {
    return undefined;
  }
  if ((status.mode & GROUP_AND_OTHERS) !== 0) {
    await chmod(file, 0o600);
  }
  return (await readFile(file, 'utf8')).trim();
}
