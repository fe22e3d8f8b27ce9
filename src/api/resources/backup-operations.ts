import { open, stat, type FileHandle } from 'node:fs/promises';
import { ConfigError } from '../../storage/config/config-error';
import { StorageError } from '../../storage/errors';
import { extract, openUnlinked, removeFile, sendArchive, sendFile, temporaryFile } from '../backup/backup-files';
import { FLOWG_KINDS, isCompressed, readFlowgConfiguration } from '../backup/flowg-configuration';
import { readArchive } from '../backup/tar';
import type { Call, OperationHandlers } from '../call';
import type { ApiDependencies } from '../dependencies';
import { bodyTooLarge, validationError } from '../errors/api-error';

/** What can be backed up: a copy of each goes to a file, and comes from one. */
interface Part {
  readonly name: string;
  /** Largest file that is restored, in bytes. */
  readonly maxBytes: number;
  readonly store: {
    backup(file: string): Promise<void>;
    checkBackup(file: string): Promise<void>;
    restore(file: string): Promise<void>;
  };
}

/**
 * Users and configuration are read into memory and written in one transaction: hundreds of thousands of tokens, or thousands
 * of the largest scripts, are a tenth of it.
 */
const MAX_SMALL_BYTES = 128 * 2 ** 20;

/** Copies of all there is, and their return. */
export function backupOperations(deps: ApiDependencies): OperationHandlers {
  const directory = deps.temporaryDirectory;
  const auth: Part = { name: 'auth.db', maxBytes: MAX_SMALL_BYTES, store: deps.auth };
  const config: Part = { name: 'config.db', maxBytes: MAX_SMALL_BYTES, store: deps.config };
  const logs: Part = { name: 'logs.db', maxBytes: Infinity, store: deps.logs };
  const all = [auth, config, logs];
  const now = deps.now ?? Date.now;

  const copyOf = async ({ store }: Part): Promise<FileHandle> => {
    const file = temporaryFile(directory);
    try {
      await store.backup(file);
      return await openUnlinked(file);
    } catch (error) {
      await removeFile(file);
      throw error;
    }
  };
  const backup = (part: Part) => async (call: Call) => {
    await sendFile(call.response, await copyOf(part), part.name);
    return undefined;
  };
  const restore = (part: Part) => async (call: Call) => {
    await restoreParts([{ part, file: uploadOf(call) }], directory);
    return {};
  };

  return {
    backup_auth: backup(auth),
    backup_config: backup(config),
    backup_logs: backup(logs),
    async backup_all(call: Call) {
      // All begin at once, so that each shows the same moment.
      const copies = await Promise.allSettled(
        all.map(async (part) => ({ name: part.name, handle: await copyOf(part) })),
      );
      const files = copies.filter((copy) => copy.status === 'fulfilled').map(({ value }) => value);
      const failed = copies.find((copy) => copy.status === 'rejected');
      if (failed !== undefined) {
        for (const { handle } of files) await handle.close();
        throw failed.reason;
      }
      await sendArchive(call.response, files, 'logweir.tar', now());
      return undefined;
    },
    restore_auth: restore(auth),
    async restore_config(call: Call) {
      const file = uploadOf(call);
      if (!(await isCompressed(file))) return restore(config)(call);
      if ((await stat(file)).size > MAX_SMALL_BYTES) throw bodyTooLarge(MAX_SMALL_BYTES);
      const items = await readFlowgConfiguration(file, MAX_SMALL_BYTES);
      await deps.config.replaceItems(FLOWG_KINDS, items).catch((error: unknown) => refuse(config, error));
      return {};
    },
    restore_logs: restore(logs),
    async restore_all(call: Call) {
      const parts = await unpack(uploadOf(call), all, directory);
      try {
        await restoreParts(parts, directory);
      } finally {
        for (const { file } of parts) await removeFile(file);
      }
      return {};
    },
  };
}

function uploadOf(call: Call): string {
  const file = call.request.file?.path;
  if (file === undefined) throw validationError({ body: ['backup is required'] });
  return file;
}

/** Takes the files out of an archive: it must have one for each part. */
async function unpack(
  archive: string,
  all: readonly Part[],
  directory: string,
): Promise<{ part: Part; file: string }[]> {
  const handle = await open(archive, 'r');
  const entries = await readArchive(handle).finally(() => handle.close());
  if (entries === undefined) throw validationError({ body: ['backup is not a complete tar archive'] });
  const found: { part: Part; file: string }[] = [];
  try {
    for (const part of all) {
      const entry = entries.find(({ name }) => name === part.name);
      if (entry === undefined) throw validationError({ body: [`backup has no ${part.name}`] });
      const file = temporaryFile(directory);
      found.push({ part, file });
      await extract(archive, entry, file);
    }
    return found;
  } catch (error) {
    for (const { file } of found) await removeFile(file);
    throw error;
  }
}

/**
 * Restores parts one after the other, once all of them have been checked. When one fails all the same, those before it become
 * again what they were.
 */
async function restoreParts(parts: readonly { part: Part; file: string }[], directory: string): Promise<void> {
  for (const { part, file } of parts) {
    if ((await stat(file)).size > part.maxBytes) throw bodyTooLarge(part.maxBytes);
    // A single part checks its file itself.
    if (parts.length > 1) await part.store.checkBackup(file).catch((error: unknown) => refuse(part, error));
  }
  const previous: { part: Part; file: string }[] = [];
  try {
    for (const [i, { part, file }] of parts.entries()) {
      if (i + 1 < parts.length) {
        const copy = temporaryFile(directory);
        await part.store.backup(copy);
        previous.push({ part, file: copy });
      }
      try {
        await part.store.restore(file);
      } catch (error) {
        // The part that was refused is as it was.
        for (const { part: before, file: copy } of previous.slice(0, i)) await before.store.restore(copy);
        refuse(part, error);
      }
    }
  } finally {
    for (const { file } of previous) await removeFile(file);
  }
}

/** @throws ApiError 400 when the file is at fault, else the error */
function refuse({ name }: Part, error: unknown): never {
  const isAtFault =
    (error instanceof StorageError && (error.code === 'CORRUPT_DATA' || error.code === 'UNSUPPORTED_FORMAT')) ||
    (error instanceof ConfigError && error.code === 'WRONG_SECRET_KEY');
  throw isAtFault ? validationError({ body: [`backup: ${name}: ${error.message}`] }) : error;
}
