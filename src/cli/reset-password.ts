import { access } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigFlags } from '../config';
import { AuthError, openAuthStore } from '../storage/auth';
import { StorageError } from '../storage/errors';
import { CliError, NotFoundError } from './cli-error';
import { print, type CliIo } from './cli-io';
import { loadCliConfig } from './config-options';
import { readPassword } from './read-password';

/** Works beside a running server too: the database locks, and the server notices what others wrote. */
export async function resetPassword(name: string, flags: ConfigFlags, io: CliIo): Promise<void> {
  const { config } = loadCliConfig(flags, io);
  const file = path.join(config.data_dir, 'auth.db');
  // Opening would make an empty one.
  await access(file).catch(() => {
    throw new NotFoundError(`there is no ${file}: is the data directory right (--data-dir, --config)?`);
  });
  try {
    const auth = await openAuthStore(file, { minPasswordLength: config.auth.min_password_length });
    try {
      if ((await auth.getUser(name)) === undefined) {
        const names = (await auth.listUsers()).map((user) => JSON.stringify(user.name));
        throw new NotFoundError(`there is no user ${JSON.stringify(name)}; there are: ${names.join(', ')}`);
      }
      await auth.setPassword(name, await readPassword(io));
    } finally {
      await auth.close();
    }
  } catch (error) {
    throw error instanceof AuthError || error instanceof StorageError ? new CliError(error.message) : error;
  }
  await print(io.stderr, `set a new password for ${JSON.stringify(name)}\n`);
}
