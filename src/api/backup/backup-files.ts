import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { ArchiveEntry } from './tar';
import { ARCHIVE_END, archiveHeader, archivePadding } from './tar';

/** A file that is put together for a request and gone after it. */
export function temporaryFile(directory: string): string {
  return path.join(directory, `${randomUUID()}.tmp`);
}

export async function removeFile(file: string): Promise<void> {
  await unlink(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** A file that only this process sees any more: it is gone when it is closed, or the process ends. */
export async function openUnlinked(file: string): Promise<FileHandle> {
  const handle = await open(file, 'r');
  await unlink(file);
  return handle;
}

/** Sends a file as a download. The handle is closed in any case. */
export async function sendFile(response: Response, handle: FileHandle, name: string): Promise<void> {
  try {
    prepareDownload(response, name, (await handle.stat()).size);
    await pipeline(handle.createReadStream({ autoClose: false, start: 0 }), response);
  } finally {
    await handle.close();
  }
}

/** Sends files as one tar archive. The handles are closed in any case. */
export async function sendArchive(
  response: Response,
  files: readonly { readonly name: string; readonly handle: FileHandle }[],
  archive: string,
  modifiedMs: number,
): Promise<void> {
  try {
    const parts: (Buffer | { readonly handle: FileHandle; readonly size: number })[] = [];
    for (const { name, handle } of files) {
      const { size } = await handle.stat();
      parts.push(archiveHeader(name, size, modifiedMs), { handle, size }, archivePadding(size));
    }
    parts.push(ARCHIVE_END);
    const length = parts.reduce((sum, part) => sum + ('handle' in part ? part.size : part.length), 0);
    prepareDownload(response, archive, length);
    await pipeline(async function* () {
      for (const part of parts) {
        if ('handle' in part) yield* part.handle.createReadStream({ autoClose: false, start: 0 });
        else yield part;
      }
    }, response);
  } finally {
    for (const { handle } of files) await handle.close();
  }
}

/** Copies a file out of an archive. */
export async function extract(archive: string, { start, size }: ArchiveEntry, file: string): Promise<void> {
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  if (size === 0) await pipeline([], target);
  else await pipeline(createReadStream(archive, { start, end: start + size - 1 }), target);
}

function prepareDownload(response: Response, name: string, length: number): void {
  response.type('application/octet-stream');
  response.setHeader('Content-Disposition', `attachment; filename=${name}`);
  response.setHeader('Content-Length', length);
}
