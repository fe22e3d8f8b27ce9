import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { CliError } from '../cli-error';

/** Backups and exports hold hashes and records: for their owner alone. */
const FILE_MODE = 0o600;

/**
 * Makes a file as a whole or not at all: it grows under another name beside its own, and gets that only when everything
 * is on disk. A file that was there stays until then.
 *
 * @param fill - writes and ends the stream
 * @throws CliError when the file cannot be written; what `fill` throws
 */
export async function writeWholeFile(file: string, fill: (target: Writable) => Promise<void>): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    await fill(createWriteStream(temporary, { flags: 'wx', mode: FILE_MODE }));
    const handle = await open(temporary, 'r');
    await handle.sync().finally(() => handle.close());
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    const { syscall, path, message } = error as NodeJS.ErrnoException;
    const isOurs = path === temporary || syscall === 'write' || syscall === 'fsync' || syscall === 'rename';
    throw isOurs ? new CliError(`cannot write ${file}: ${message}`) : error;
  }
}
