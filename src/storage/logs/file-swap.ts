import { rename, stat, unlink } from 'node:fs/promises';
import { StorageError } from '../errors';

/** The file that a restore replaced, until the new one has proven to open. */
const PREVIOUS_SUFFIX = '.previous';

/**
 * Puts `replacement` in the place of a database file that nobody has open; the replaced one is kept beside it.
 * @throws StorageError `STORE_FAILED` when another program still has the database open; nothing is changed then
 */
export async function swapIn(file: string, replacement: string): Promise<void> {
  if (((await sizeOf(`${file}-wal`)) ?? 0) > 0) {
    throw new StorageError('STORE_FAILED', `another program has ${file} open`);
  }
  await rename(file, file + PREVIOUS_SUFFIX);
  try {
    await rename(replacement, file);
  } catch (error) {
    await rename(file + PREVIOUS_SUFFIX, file);
    throw error;
  }
}

/** Undoes {@link swapIn}: the replacement did not open. */
export async function swapBack(file: string): Promise<void> {
  await Promise.all([unlinkIfThere(`${file}-wal`), unlinkIfThere(`${file}-shm`)]);
  await rename(file + PREVIOUS_SUFFIX, file);
}

/** Forgets the replaced file: the new one is open. */
export async function dropPrevious(file: string): Promise<void> {
  await unlinkIfThere(file + PREVIOUS_SUFFIX);
}

/** After a crash between the two steps of {@link swapIn} there is only the replaced file: it gets its name back. */
export async function recoverSwap(file: string): Promise<void> {
  if ((await sizeOf(file)) === undefined && (await sizeOf(file + PREVIOUS_SUFFIX)) !== undefined) {
    await rename(file + PREVIOUS_SUFFIX, file);
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  return (await stat(file).catch(() => undefined))?.size;
}

async function unlinkIfThere(file: string): Promise<void> {
  await unlink(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
