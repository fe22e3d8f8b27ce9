import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { storageErrorFrom } from './sqlite-error';

/** Beside the databases: what could not be read, or belongs to none of them. */
export const QUARANTINE_FOLDER = 'quarantine';
const FOLDER_MODE = 0o700;
/** The write-ahead log has what the database has not; its index goes along, so that none of another file is taken for it. */
const COMPANIONS = ['-wal', '-shm'];

/**
 * Moves a database that cannot be read, and what belongs to it, to `quarantine/` beside it. Nobody may have it open.
 *
 * @returns where it is now
 * @throws StorageError `STORE_FULL`, `STORE_FAILED`
 */
export async function setAside(file: string): Promise<string> {
  const { dir, name, ext } = path.parse(file);
  const folder = path.join(dir, QUARANTINE_FOLDER);
  const target = path.join(folder, `${name}-${new Date().toISOString().replace(/[:.]/g, '-')}${ext}`);
  try {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    for (const companion of COMPANIONS) await renameIfThere(`${file}${companion}`, `${target}${companion}`);
    await rename(file, target);
    return target;
  } catch (error) {
    throw storageErrorFrom(error, `cannot move ${file} away`);
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
