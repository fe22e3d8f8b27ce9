import { randomUUID } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ApiClient } from '../api-client';
import { CliError, NotFoundError } from '../cli-error';
import type { CliIo } from '../cli-io';
import { startExchange } from './http-exchange';
import { ProgressBar } from './progress-bar';

/** The form's field with the file: the peer's name. */
const FIELD = 'backup';

/**
 * Sends a file as the one part of a form (RFC 7578), a piece at a time.
 * @param to - path of the operation
 * @throws ApiError, ConnectionError, CliError when the file cannot be read
 */
export async function uploadFile(client: ApiClient, to: string, file: string, io: CliIo): Promise<void> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    const FileError = error.code === 'ENOENT' ? NotFoundError : CliError;
    throw new FileError(`cannot read ${file}: ${error.message}`);
  });
  try {
    await send(client, to, path.basename(file), handle, io);
  } finally {
    await handle.close();
  }
}

async function send(client: ApiClient, to: string, name: string, handle: FileHandle, io: CliIo): Promise<void> {
  const status = await handle.stat();
  if (!status.isFile()) throw new CliError(`cannot read ${name}: it is no file`);
  const { size } = status;
  const boundary = `logweir-${randomUUID()}`;
  // A quotation mark, a backslash or a line end would end the name.
  const disposition = `form-data; name="${FIELD}"; filename="${name.replace(/["\\\r\n]/g, '_')}"`;
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: ${disposition}\r\nContent-Type: application/octet-stream\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const bar = new ProgressBar(name, size, io);
  const { request, response } = startExchange(client, to, {
    method: 'POST',
    headers: {
      'Content-Type': `multipart/form-data; boundary=${boundary}`,
      'Content-Length': head.length + size + tail.length,
    },
  });
  // A server that refuses does so before the end: what is left need not be sent.
  let refusal: unknown;
  response.catch((error: unknown) => {
    refusal = error;
    request.destroy();
  });
  try {
    await pipeline(async function* () {
      yield head;
      if (size > 0) {
        for await (const chunk of handle.createReadStream({ autoClose: false, start: 0, end: size - 1 })) {
          bar.add((chunk as Buffer).length);
          yield chunk as Buffer;
        }
      }
      yield tail;
    }, request);
  } catch (error) {
    // The refusal says more than the connection that ended with it.
    await response;
    throw refusal ?? error;
  } finally {
    bar.end();
  }
  const answer = await response;
  answer.resume();
}
